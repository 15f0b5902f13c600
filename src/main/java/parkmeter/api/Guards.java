package parkmeter.api;

import com.pulumi.core.Output;
import java.util.Optional;

/**
 * What API Gateway asks before it lets a call pass, beside looking at {@code x-api-key}.
 *
 * @param authorizer the function that looks at tokens, and on a REST API at keys too
 * @param userPool where those who sign in are
 */
public record Guards(Optional<Authorizer> authorizer, Optional<UserPool> userPool) {

    /**
     * A Lambda authorizer (API Gateway developer guide, "Use API Gateway Lambda authorizers").
     *
     * @param functionName the function's name
     * @param invokeArn the address under which API Gateway calls it
     * @param cacheSeconds how long API Gateway may remember what it said of a token
     */
    public record Authorizer(Output<String> functionName, Output<String> invokeArn, int cacheSeconds) {}

    /**
     * A Cognito user pool.
     *
     * @param arn its ARN
     * @param issuer what its tokens have as {@code iss}
     * @param client the id of the app client through which users sign in
     */
    public record UserPool(Output<String> arn, Output<String> issuer, Output<String> client) {}

    Authorizer requiredAuthorizer() {
        return authorizer.orElseThrow(() -> new IllegalArgumentException("a route for tokens came without authorizer"));
    }

    UserPool requiredUserPool() {
        return userPool.orElseThrow(() -> new IllegalArgumentException("a route for users came without user pool"));
    }
}
