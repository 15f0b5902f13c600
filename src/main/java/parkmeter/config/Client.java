package parkmeter.config;

/**
 * Somebody with an API key.
 *
 * @param name the client's name in the stack
 * @param plan the name of the client's usage plan
 */
public record Client(String name, String plan) {}
