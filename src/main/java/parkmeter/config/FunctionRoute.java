package parkmeter.config;

import java.util.Optional;

/**
 * A path under which a function is called that is not this stack's.
 *
 * @param path starts with a slash; unique in the stack
 * @param method the HTTP method, or {@code ANY}
 * @param function the function's name or ARN
 * @param qualifier a version or an alias; absent: what is newest
 * @param access who may call it
 * @param throttle its own limit over all callers; absent: the API's. A public route has one
 */
public record FunctionRoute(
        String path,
        String method,
        String function,
        Optional<String> qualifier,
        Access access,
        Optional<Throttle> throttle) {}
