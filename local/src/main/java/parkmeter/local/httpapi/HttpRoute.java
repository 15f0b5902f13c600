package parkmeter.local.httpapi;

import java.time.Duration;

/**
 * A route with the function behind it.
 *
 * @param key {@code METHOD /path} with parameters such as <code>{id}</code> or, at the end, <code>{proxy+}</code>; {@code ANY} for each
 *     method; or {@code $default}
 * @param integrationUri the function's ARN, or its invoke ARN
 * @param payloadFormat {@code 2.0}
 * @param timeout the longest wait for the function, 30 seconds at most
 * @param access who may call it
 */
public record HttpRoute(
        String key, String integrationUri, String payloadFormat, Duration timeout, RouteAccess access) {}
