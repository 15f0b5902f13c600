package parkmeter.lambda.access.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a token: not the token.
 *
 * @param id names it among people
 * @param owner whom it was issued to
 * @param client whose plan applies; null where there are no clients
 * @param createdAt when it was issued
 * @param expiresAt from when on it is refused
 * @param lastUsedAt a time of the last use, to some minutes; null where it was not used yet
 */
public record AccessToken(
        String id,
        String owner,
        @Nullable String client,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant lastUsedAt) {}
