package parkmeter;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.pulumi.aws.AwsFunctions;
import com.pulumi.aws.Provider;
import com.pulumi.aws.ProviderArgs;
import com.pulumi.aws.inputs.GetCallerIdentityPlainArgs;
import com.pulumi.aws.inputs.GetPartitionPlainArgs;
import com.pulumi.aws.inputs.ProviderAssumeRoleArgs;
import com.pulumi.aws.inputs.ProviderDefaultTagsArgs;
import com.pulumi.aws.lambda.LambdaFunctions;
import com.pulumi.aws.lambda.inputs.GetFunctionArgs;
import com.pulumi.aws.lambda.outputs.GetFunctionResult;
import com.pulumi.core.Output;
import com.pulumi.deployment.InvokeOptions;
import com.pulumi.exceptions.RunException;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import parkmeter.access.Authorizer;
import parkmeter.access.Tokens;
import parkmeter.access.Users;
import parkmeter.api.Clients;
import parkmeter.api.Front;
import parkmeter.api.FrontRoute;
import parkmeter.api.Guards;
import parkmeter.api.HttpFront;
import parkmeter.api.Plans;
import parkmeter.api.RestFront;
import parkmeter.config.Access;
import parkmeter.config.Api;
import parkmeter.config.AwsSettings;
import parkmeter.config.Client;
import parkmeter.config.FunctionRoute;
import parkmeter.config.Lifecycle;
import parkmeter.config.Names;
import parkmeter.config.Network;
import parkmeter.config.Route;
import parkmeter.config.ServedModel;
import parkmeter.config.Source;
import parkmeter.config.StackConfig;
import parkmeter.config.WatchSettings;
import parkmeter.function.JsonVariable;
import parkmeter.function.LambdaFunction;
import parkmeter.iam.Account;
import parkmeter.jobs.Answers;
import parkmeter.meter.Meter;
import parkmeter.model.HubSecret;
import parkmeter.model.ModelEndpoint;
import parkmeter.network.PrivateNetwork;
import parkmeter.price.PriceList;

/**
 * The whole of one environment: the clients' keys, the meter, for each model an endpoint and the function that calls it, one API in
 * front of them.
 *
 * @param outputs the stack's outputs by name
 */
record ServingStack(Map<String, Output<?>> outputs) {

    static ServingStack declare(StackConfig config) {
        Provider provider = provider(config.names(), config.aws());
        var options = ComponentResourceOptions.builder().providers(provider).build();
        Account account = account(config.aws(), provider);
        Optional<Clients> clients = config.needsKeys()
                ? Optional.of(new Clients(config.clients(), config.names(), options))
                : Optional.empty();
        Optional<Output<String>> topic = Watching.topic(config, account, options);
        Optional<Meter> meter = config.hasMeter()
                ? clients.map(known -> new Meter(meter(config, known, topic), config.names(), account, options))
                : Optional.empty();

        Optional<PrivateNetwork> network =
                config.vpc().map(vpc -> new PrivateNetwork(vpc, inside(config), config.names(), account, options));
        Optional<Answers> answers = config.hasJobs()
                ? Optional.of(new Answers(config.jobs().keepDays(), config.names(), account, options))
                : Optional.empty();
        Optional<HubSecret> token =
                config.huggingFaceToken().map(given -> new HubSecret(given, config.names(), options));
        var ground = new ModelEndpoint.Ground(token, meter, answers, network);
        PriceList prices = PriceList.checkedIn();
        var endpoints = new ArrayList<ModelEndpoint>();
        var routes = new ArrayList<FrontRoute>();
        for (ServedModel each : config.models()) {
            ServedModel model = each.priced(prices, config.aws().region());
            var endpoint = new ModelEndpoint(model, config.names(), account, ground, options);
            endpoints.add(endpoint);
            Optional<LambdaFunction> function = model.routes().stream().anyMatch(ServingStack::hasFunction)
                    ? Optional.of(new LambdaFunction(
                            invokeFunction(model, endpoint, meter), config.names(), account, options))
                    : Optional.empty();
            for (Route route : LongRoutes.without(model.routes())) {
                function.filter(known -> hasFunction(route))
                        .ifPresentOrElse(
                                known -> routes.add(new FrontRoute.Invoke(route, known.name(), known.invokeArn())),
                                () -> routes.add(new FrontRoute.Direct(
                                        route,
                                        endpoint.endpointName(),
                                        endpoint.invokeGrant(),
                                        model.lifecycle() instanceof Lifecycle.Metered)));
            }
        }
        LongRoutes.Declared longRoutes = LongRoutes.declare(config, endpoints, answers, meter, account, options);
        routes.addAll(longRoutes.routes());
        var lookup = InvokeOptions.builder().provider(provider).build();
        config.functions().forEach(route -> routes.add(existing(route, lookup)));
        Optional<Users> users =
                config.users().map(settings -> new Users(settings, config.names(), account, lookup, options));
        Optional<Tokens> tokens = config.takes(Access.Token.class)
                ? Optional.of(
                        new Tokens(config.tokens(), issuing(config, clients), config.names(), account, lookup, options))
                : Optional.empty();
        meter.map(Meter::api)
                .ifPresent(function -> routes.add(new FrontRoute.Meters(function.name(), function.invokeArn())));
        tokens.flatMap(Tokens::issuer)
                .ifPresent(function ->
                        routes.add(new FrontRoute.Tokens(operators(config), function.name(), function.invokeArn())));
        Optional<Authorizer> authorizer = config.hasAuthorizer()
                ? Optional.of(new Authorizer(routes, tokens, clients, config.names(), account, options))
                : Optional.empty();
        var guards = new Guards(authorizer.map(Authorizer::guard), users.map(Users::guard));
        Front api = front(config, routes, guards, clients, network, account, options);
        Optional<Output<String>> authorizing = guards.authorizer().map(Guards.Authorizer::functionName);
        Watching.declare(config, topic, api, routes, longRoutes.worker(), meter, authorizing, account, options);

        var outputs = new LinkedHashMap<String, Output<?>>();
        outputs.put("invokeUrl", api.url(firstPath(config)));
        clients.ifPresent(known -> {
            outputs.put("apiKeyId", known.firstKeyId());
            outputs.put("apiKey", known.firstKeyValue());
            outputs.put("clients", known.keyIds());
        });
        endpoints.stream().findFirst().ifPresent(first -> outputs.put("endpointName", first.standing()));
        meter.ifPresent(known -> outputs.put("meterUrl", api.url(RestFront.METERS)));
        tokens.flatMap(Tokens::issuer).ifPresent(known -> outputs.put("tokensUrl", api.url(RestFront.TOKENS)));
        users.ifPresent(known -> {
            outputs.put("userPoolId", known.poolId());
            outputs.put("userPoolClientId", known.clientId());
        });
        token.ifPresent(known -> outputs.put("huggingFaceTokenSecret", known.arn()));
        outputs.put("region", Output.of(config.aws().region()));
        return new ServingStack(outputs);
    }

    /** Who of the stack is in its private network. */
    private static PrivateNetwork.Inside inside(StackConfig config) {
        return new PrivateNetwork.Inside(
                config.models().stream().anyMatch(model -> model.network() == Network.PRIVATE),
                config.api().isPrivate());
    }

    private static String firstPath(StackConfig config) {
        return config.models().stream()
                .map(model -> model.routes().get(0).path())
                .findFirst()
                .orElseGet(() -> config.functions().get(0).path());
    }

    /** Looks the function up: it has to be there, and the API is deployed again when anything about it has changed. */
    private static FrontRoute.Existing existing(FunctionRoute route, InvokeOptions options) {
        var args = GetFunctionArgs.builder().functionName(route.function());
        route.qualifier().ifPresent(args::qualifier);
        Output<GetFunctionResult> found = LambdaFunctions.getFunction(args.build(), options);
        return new FrontRoute.Existing(
                route,
                found.applyValue(function ->
                        route.qualifier().isPresent() ? function.qualifiedInvokeArn() : function.invokeArn()),
                found.applyValue(function ->
                        String.join(" ", function.codeSha256(), function.version(), function.lastModified())));
    }

    private static Front front(
            StackConfig config,
            List<FrontRoute> routes,
            Guards guards,
            Optional<Clients> clients,
            Optional<PrivateNetwork> network,
            Account account,
            ComponentResourceOptions options) {
        if (config.api() instanceof Api.Http http) {
            List<FrontRoute.ToFunction> functions =
                    routes.stream().map(FrontRoute.ToFunction.class::cast).toList();
            return new HttpFront(http, functions, guards, config.names(), options);
        }
        if (!(config.api() instanceof Api.Rest rest)) {
            throw new IllegalStateException("api " + config.api());
        }
        boolean accessLog = config.watch().filter(WatchSettings::accessLog).isPresent();
        var front = new RestFront(
                rest,
                routes,
                guards,
                network.flatMap(PrivateNetwork::apiEndpoint),
                accessLog,
                config.names(),
                account,
                options);
        clients.ifPresent(known -> new Plans(config.plans(), known, front, config.names(), options));
        return front;
    }

    /** Who issues tokens: operators by their keys, and users where there are no keys. */
    private static Access operators(StackConfig config) {
        return config.api() instanceof Api.Rest ? new Access.Key() : new Access.Cognito();
    }

    private static Optional<Tokens.Issuing> issuing(StackConfig config, Optional<Clients> clients) {
        if (!config.issuesTokens()) {
            return Optional.empty();
        }
        return Optional.of(new Tokens.Issuing(
                clients.map(Clients::issuerKeyIds)
                        .orElseGet(() ->
                                Output.of(JsonVariable.list(config.tokens().operators()))),
                config.clients().stream().map(Client::name).toList()));
    }

    private static Meter.Spec meter(StackConfig config, Clients clients, Optional<Output<String>> topic) {
        Map<String, String> tags = tags(config.names(), config.aws());
        tags.put("ManagedBy", "parkmeter");
        List<ServedModel> metered = config.models().stream()
                .filter(model -> model.lifecycle() instanceof Lifecycle.Metered)
                .toList();
        return new Meter.Spec(
                config.meter(),
                clients.operatorKeyIds(),
                metered.stream()
                        .flatMap(model -> model.source() instanceof Source.EndpointConfig existing
                                ? Stream.of(existing.name())
                                : Stream.empty())
                        .toList(),
                metered.stream()
                        .anyMatch(
                                model -> model.lifecycle() instanceof Lifecycle.Metered each && each.countsInstances()),
                tags,
                Watching.metrics(config),
                Watching.alarms(config, topic));
    }

    private static LambdaFunction.Spec invokeFunction(
            ServedModel model, ModelEndpoint endpoint, Optional<Meter> meter) {
        ObjectNode routes = JsonNodeFactory.instance.objectNode();
        model.routes().stream()
                .filter(ServingStack::hasFunction)
                .forEach(route -> routes.put("POST " + route.path(), FunctionWords.of(route.body())));
        var environment = new TreeMap<String, Output<String>>();
        environment.put("PARKMETER_MODEL", Output.of(model.name()));
        environment.put("PARKMETER_ENDPOINT", Output.of(endpoint.endpointName()));
        environment.put("PARKMETER_ROUTES", Output.of(routes.toString()));
        environment.put("PARKMETER_ENGINE", Output.of(FunctionWords.of(model.engine())));
        var grants = new ArrayList<>(List.of(endpoint.invokeGrant()));
        if (model.lifecycle() instanceof Lifecycle.Metered) {
            meter.ifPresent(known -> {
                environment.put("PARKMETER_TABLE", known.tableName());
                grants.add(known.wakeGrant());
            });
        }
        return new LambdaFunction.Spec(
                model.name() + "-invoke",
                LambdaFunction.Code.FUNCTION,
                "parkmeter.lambda.invoke.InvokeHandler::handleRequest",
                RestFront.TIMEOUT,
                Optional.empty(),
                environment,
                grants);
    }

    private static boolean hasFunction(Route route) {
        return route.via() instanceof Route.Integration.Lambda;
    }

    private static Provider provider(Names names, AwsSettings aws) {
        var args = ProviderArgs.builder()
                .region(aws.region())
                .defaultTags(
                        ProviderDefaultTagsArgs.builder().tags(tags(names, aws)).build());
        aws.profile().ifPresent(args::profile);
        aws.assumeRoleArn()
                .ifPresent(arn -> args.assumeRole(
                        ProviderAssumeRoleArgs.builder().roleArn(arn).build()));
        aws.maxRetries().ifPresent(args::maxRetries);
        if (!aws.allowedAccountIds().isEmpty()) {
            args.allowedAccountIds(aws.allowedAccountIds());
        }
        aws.flags().forEach((flag, value) -> {
            switch (flag) {
                case SKIP_CREDENTIALS_VALIDATION -> args.skipCredentialsValidation(value);
                case SKIP_METADATA_API_CHECK -> args.skipMetadataApiCheck(value);
                case SKIP_REGION_VALIDATION -> args.skipRegionValidation(value);
                case SKIP_REQUESTING_ACCOUNT_ID -> args.skipRequestingAccountId(value);
                case S3_USE_PATH_STYLE -> args.s3UsePathStyle(value);
                case USE_FIPS_ENDPOINT -> args.useFipsEndpoint(value);
                case USE_DUALSTACK_ENDPOINT -> args.useDualstackEndpoint(value);
            }
        });
        // Else the provider would look in the new region for what stands in the old one, and find nothing. The old goes
        // first: a role's name is taken in every region at once.
        return new Provider(
                "aws",
                args.build(),
                CustomResourceOptions.builder()
                        .replaceOnChanges("region")
                        .deleteBeforeReplace(true)
                        .build());
    }

    /** What every resource is marked with. */
    private static Map<String, String> tags(Names names, AwsSettings aws) {
        var tags = new TreeMap<>(aws.tags());
        tags.put("Project", names.project());
        tags.put("Stack", names.stack());
        tags.put("ManagedBy", "pulumi");
        return tags;
    }

    /**
     * Asks AWS which account the credentials are for, and waits for the answer: without one nothing can be declared, and AWS's own
     * word on it is all that a person has to read. An output that failed would be told with each resource that wanted it, and
     * with the SDK's stack trace.
     */
    private static Account account(AwsSettings aws, Provider provider) {
        var options = InvokeOptions.builder().provider(provider).build();
        try {
            return AwsFunctions.getCallerIdentityPlain(GetCallerIdentityPlainArgs.Empty, options)
                    .thenCombine(
                            AwsFunctions.getPartitionPlain(GetPartitionPlainArgs.Empty, options),
                            (identity, partition) -> new Account(
                                    Output.of(identity.accountId()), Output.of(partition.partition()), aws.region()))
                    .join();
        } catch (CompletionException e) {
            throw new RunException("AWS does not say which account this is: "
                    + Objects.requireNonNullElse(e.getCause(), e).getMessage()
                    + "\n`aws sts get-caller-identity` has to work in this shell before `pulumi` can.");
        }
    }
}
