package parkmeter.access;

import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import parkmeter.api.Clients;
import parkmeter.api.FrontRoute;
import parkmeter.api.Guards;
import parkmeter.config.Access;
import parkmeter.config.Names;
import parkmeter.function.JsonVariable;
import parkmeter.function.LambdaFunction;
import parkmeter.iam.Account;
import parkmeter.iam.Statement;

/** The function that API Gateway asks what a call's token or key is good for. */
public final class Authorizer extends ComponentResource {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final LambdaFunction function;
    private final int cacheSeconds;

    /**
     * Declares the function.
     *
     * @param routes what the API offers; the function tells API Gateway which of these a credential may call
     * @param tokens the access tokens; absent where only keys are looked at
     * @param clients the clients with their keys; absent where the API has no keys
     * @param names the stack's names
     * @param account where the stack stands
     * @param options the component's options, with the provider
     */
    public Authorizer(
            List<FrontRoute> routes,
            Optional<Tokens> tokens,
            Optional<Clients> clients,
            Names names,
            Account account,
            ComponentResourceOptions options) {
        super("parkmeter:access:Authorizer", "access", options);
        this.cacheSeconds = tokens.map(known -> known.settings().cacheSeconds()).orElse(0);
        var environment = new TreeMap<String, Output<String>>();
        List<Statement> grants = new ArrayList<>();
        tokens.ifPresent(known -> {
            environment.put("PARKMETER_TOKEN_TABLE", known.tableName());
            environment.put(
                    "PARKMETER_TOKEN_ROUTES",
                    Output.of(JsonVariable.list(FrontRoute.offered(routes, Access.Token.class))));
            if (known.settings().clearText()) {
                environment.put("PARKMETER_LEGACY_CLEAR_TEXT", Output.of("true"));
            }
            grants.add(known.readGrant());
        });
        clients.ifPresent(known -> {
            environment.put("PARKMETER_CLIENT_KEYS", known.keyIdsJson());
            environment.put(
                    "PARKMETER_KEY_ROUTES", Output.of(JsonVariable.list(FrontRoute.offered(routes, Access.Key.class))));
            grants.add(Statement.allow(
                    "ReadKeys",
                    List.of("apigateway:GET"),
                    known.allKeyIds().stream()
                            .map(id -> account.arn("apigateway", Output.of(""), Output.format("/apikeys/%s", id)))
                            .toList()));
        });
        this.function = new LambdaFunction(
                new LambdaFunction.Spec(
                        "authorizer",
                        LambdaFunction.Code.ACCESS,
                        "parkmeter.lambda.access.AuthorizerHandler::handleRequest",
                        TIMEOUT,
                        Optional.empty(),
                        environment,
                        grants),
                names,
                account,
                ComponentResourceOptions.builder().parent(this).build());
        registerOutputs(Map.of("functionName", function.name()));
    }

    /** The same as what API Gateway asks. */
    public Guards.Authorizer guard() {
        return new Guards.Authorizer(function.name(), function.invokeArn(), cacheSeconds);
    }
}
