package parkmeter.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One environment: everything that its stack file says, checked.
 *
 * @param names the names of the stack's resources
 * @param aws where it stands
 * @param models what it serves
 * @param functions routes to functions of others; there is a model or one of these
 * @param api how it is reached
 * @param plans the usage plans; names are unique; empty where nobody needs a key
 * @param clients who may call with a key, each on one of the plans; empty where nobody needs one
 * @param tokens where access tokens are, if a route takes any
 * @param userPool where those who sign in are, if a route takes any
 * @param meter what the meter does beside keeping the models' time
 * @param jobs what becomes of the jobs of long routes
 * @param vpc the private network, where anything of the stack is in it
 * @param watch what is watched; absent: nothing
 * @param huggingFaceToken the token with which the containers fetch gated or private models
 */
public record StackConfig(
        Names names,
        AwsSettings aws,
        List<ServedModel> models,
        List<FunctionRoute> functions,
        Api api,
        List<Plan> plans,
        List<Client> clients,
        TokenSettings tokens,
        UserPoolSettings userPool,
        MeterSettings meter,
        JobSettings jobs,
        Optional<VpcSettings> vpc,
        Optional<WatchSettings> watch,
        Optional<HubToken> huggingFaceToken) {

    public StackConfig {
        models = List.copyOf(models);
        functions = List.copyOf(functions);
        plans = List.copyOf(plans);
        clients = List.copyOf(clients);
    }

    /** Whether the stack has a meter: a model on it, or names that callers may put on it. */
    public boolean hasMeter() {
        return !meter.adopt().isEmpty()
                || models.stream().anyMatch(model -> model.lifecycle() instanceof Lifecycle.Metered);
    }

    /** Whether the stack has jobs: a long route. */
    public boolean hasJobs() {
        return models.stream()
                .flatMap(model -> model.routes().stream())
                .anyMatch(route -> route.via() instanceof Route.Integration.Job);
    }

    /** Whether a route is for callers of that kind. */
    public boolean takes(Class<? extends Access> kind) {
        return Stream.concat(
                        models.stream()
                                .flatMap(model -> model.routes().stream())
                                .map(Route::access),
                        functions.stream().map(FunctionRoute::access))
                .anyMatch(kind::isInstance);
    }

    /** Whether anything of the stack is called with a key, or counts on the plan of one: a route, or the meter. */
    public boolean needsKeys() {
        return api instanceof Api.Rest && (hasMeter() || takes(Access.Key.class) || takes(Access.Token.class));
    }

    /** Whether a function looks at callers' credentials before API Gateway lets them pass. */
    public boolean hasAuthorizer() {
        return takes(Access.Token.class) || (needsKeys() && api instanceof Api.Rest rest && rest.bearerKeys());
    }

    /** Whether operators issue the stack's tokens here. */
    public boolean issuesTokens() {
        return takes(Access.Token.class)
                && !tokens.clearText()
                && (api instanceof Api.Rest || !tokens.operators().isEmpty());
    }

    /** The user pool, where anybody signs in. */
    public Optional<UserPoolSettings> users() {
        boolean signIn = takes(Access.Cognito.class) || (issuesTokens() && api instanceof Api.Http);
        return signIn ? Optional.of(userPool) : Optional.empty();
    }

    /** The same without clients and plans, who would have nothing to call. */
    StackConfig withoutKeys() {
        return new StackConfig(
                names,
                aws,
                models,
                functions,
                api,
                List.of(),
                List.of(),
                tokens,
                userPool,
                meter,
                jobs,
                vpc,
                watch,
                huggingFaceToken);
    }
}
