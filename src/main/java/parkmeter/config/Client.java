package parkmeter.config;

/**
 * Somebody with an API key.
 *
 * @param name the client's name in the stack
 * @param plan the name of the client's usage plan
 * @param operator whether the client may use the meter's API where not every client may
 */
public record Client(String name, String plan, boolean operator) {}
