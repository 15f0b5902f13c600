package parkmeter.api;

import com.pulumi.aws.apigatewayv2.Api;
import com.pulumi.aws.apigatewayv2.Authorizer;
import com.pulumi.aws.apigatewayv2.AuthorizerArgs;
import com.pulumi.aws.apigatewayv2.RouteArgs;
import com.pulumi.aws.apigatewayv2.inputs.AuthorizerJwtConfigurationArgs;
import com.pulumi.aws.lambda.Permission;
import com.pulumi.core.Output;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import java.util.List;
import java.util.Optional;
import parkmeter.config.Access;
import parkmeter.config.Names;

/**
 * Who may call an HTTP API (API Gateway developer guide, "Control and manage access to HTTP APIs"). Tokens go to the authorizer; users'
 * tokens API Gateway checks itself.
 */
final class HttpAuthorizers {

    private static final String AUTHORIZATION = "$request.header.Authorization";

    private final Api api;
    private final Names names;
    private final Resource parent;
    private final Optional<Authorizer> tokens;
    private final Optional<Authorizer> users;

    /**
     * Declares those that the operations need.
     *
     * @param parent the component that they belong to
     */
    HttpAuthorizers(Api api, Guards guards, List<Operation> operations, Names names, Resource parent) {
        this.api = api;
        this.names = names;
        this.parent = parent;
        this.tokens = Operation.any(operations, Access.Token.class)
                ? Optional.of(tokens(guards.requiredAuthorizer()))
                : Optional.empty();
        this.users = Operation.any(operations, Access.Cognito.class)
                ? Optional.of(users(guards.requiredUserPool()))
                : Optional.empty();
    }

    /** A route's beginning: who may call it. */
    RouteArgs.Builder guard(Access access) {
        if (access instanceof Access.Token) {
            return guard("CUSTOM", tokens);
        }
        if (access instanceof Access.Cognito) {
            return guard("JWT", users);
        }
        if (access instanceof Access.Public) {
            return RouteArgs.builder().authorizationType("NONE");
        }
        throw new IllegalArgumentException("HTTP APIs have no access " + access);
    }

    private static RouteArgs.Builder guard(String type, Optional<Authorizer> authorizer) {
        return RouteArgs.builder()
                .authorizationType(type)
                .authorizerId(authorizer.orElseThrow().id());
    }

    private Authorizer tokens(Guards.Authorizer guard) {
        Authorizer authorizer = new Authorizer(
                "api-authorizer-token",
                AuthorizerArgs.builder()
                        .apiId(api.id())
                        .name(names.of("token"))
                        .authorizerType("REQUEST")
                        .authorizerUri(guard.invokeArn())
                        .authorizerPayloadFormatVersion("2.0")
                        .enableSimpleResponses(false)
                        .identitySources(AUTHORIZATION)
                        .authorizerResultTtlInSeconds(guard.cacheSeconds())
                        .build(),
                child().build());
        new Permission(
                "api-permission-authorizer",
                FunctionPermission.of(guard)
                        .sourceArn(Output.format("%s/authorizers/%s", api.executionArn(), authorizer.id()))
                        .build(),
                child().deleteBeforeReplace(true).build());
        return authorizer;
    }

    private Authorizer users(Guards.UserPool pool) {
        return new Authorizer(
                "api-authorizer-cognito",
                AuthorizerArgs.builder()
                        .apiId(api.id())
                        .name(names.of("cognito"))
                        .authorizerType("JWT")
                        .identitySources(AUTHORIZATION)
                        .jwtConfiguration(AuthorizerJwtConfigurationArgs.builder()
                                .issuer(pool.issuer())
                                .audiences(pool.client().applyValue(List::of))
                                .build())
                        .build(),
                child().build());
    }

    private CustomResourceOptions.Builder child() {
        return CustomResourceOptions.builder().parent(parent);
    }
}
