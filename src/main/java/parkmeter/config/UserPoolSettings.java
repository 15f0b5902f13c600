package parkmeter.config;

import java.util.Optional;

/**
 * The user pool of those who sign in.
 *
 * @param id the id of a pool that is there; absent: one of the stack's own
 */
public record UserPoolSettings(Optional<String> id) {}
