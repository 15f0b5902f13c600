package parkmeter.api;

import com.pulumi.aws.apigateway.Deployment;
import com.pulumi.aws.apigateway.DeploymentArgs;
import com.pulumi.aws.apigateway.MethodSettings;
import com.pulumi.aws.apigateway.MethodSettingsArgs;
import com.pulumi.aws.apigateway.RestApi;
import com.pulumi.aws.apigateway.RestApiArgs;
import com.pulumi.aws.apigateway.Stage;
import com.pulumi.aws.apigateway.StageArgs;
import com.pulumi.aws.apigateway.inputs.MethodSettingsSettingsArgs;
import com.pulumi.aws.apigateway.inputs.RestApiEndpointConfigurationArgs;
import com.pulumi.aws.apigateway.inputs.StageAccessLogSettingsArgs;
import com.pulumi.aws.lambda.Permission;
import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import parkmeter.config.Api;
import parkmeter.config.ContentHash;
import parkmeter.config.Names;
import parkmeter.config.Throttle;
import parkmeter.iam.Account;
import parkmeter.iam.PolicyDocument;
import parkmeter.iam.Statement;

/** An API Gateway REST API, deployed to one stage. */
public final class RestFront extends ComponentResource implements Front {

    /** How long an answer may take: API Gateway waits no longer unless AWS raises the account's quota. */
    public static final Duration TIMEOUT = Duration.ofSeconds(29);

    /** The path under which all meters are. */
    public static final String METERS = "/meters";

    /** The path under which all access tokens are. */
    public static final String TOKENS = "/tokens";

    private final Optional<Output<String>> vpcEndpoint;
    private final RestApi api;
    private final Stage stage;
    private final String name;

    /**
     * Declares the API.
     *
     * @param config the stage and its limits
     * @param routes what it offers; at least one
     * @param guards what looks at callers' credentials
     * @param vpcEndpoint the id of the VPC endpoint through which alone it can be reached; absent: it is public
     * @param accessLog whether each request leaves a line in a log
     * @param names the stack's names
     * @param account where the stack stands
     * @param options the component's options, with the provider
     */
    public RestFront(
            Api.Rest config,
            List<FrontRoute> routes,
            Guards guards,
            Optional<Output<String>> vpcEndpoint,
            boolean accessLog,
            Names names,
            Account account,
            ComponentResourceOptions options) {
        super("parkmeter:api:RestFront", "api", options);
        this.vpcEndpoint = vpcEndpoint;
        List<Operation> operations =
                routes.stream().flatMap(route -> Operation.of(route).stream()).toList();
        Output<String> document = OpenApiDocument.of(
                names,
                operations,
                new DirectCalls(routes, names, account, this),
                new Security(guards, operations),
                vpcEndpoint.map(RestFront::fromThereAlone));
        this.api = new RestApi(
                "api-rest",
                RestApiArgs.builder()
                        .name(names.stackWide())
                        .description("Parkmeter, stack " + names.stack())
                        .body(document)
                        .endpointConfiguration(endpoint())
                        .build(),
                child().build());
        Deployment deployment = new Deployment(
                "api-deployment",
                DeploymentArgs.builder()
                        .restApi(api.id())
                        .triggers(triggers(document, routes))
                        .build(),
                child().build());
        var args = StageArgs.builder()
                .restApi(api.id())
                .deployment(deployment.id())
                .stageName(config.stage());
        if (accessLog) {
            args.accessLogSettings(StageAccessLogSettingsArgs.builder()
                    .destinationArn(AccessLog.group(names, this))
                    .format(AccessLog.restLine())
                    .build());
        }
        this.name = names.stackWide();
        this.stage = new Stage("api-stage", args.build(), child().build());
        MethodSettings all = settings("", "*/*", config.throttle(), List.of());
        // One at a time: each is a change of the one stage.
        List<Resource> before = new ArrayList<>(List.of(all));
        operations.forEach(operation -> operation
                .throttle()
                .ifPresent(throttle -> before.add(settings(
                        FunctionPermission.suffix(operation) + "-" + operation.path(),
                        operation.path().substring(1) + "/" + operation.method(),
                        throttle,
                        List.copyOf(before)))));
        for (Operation operation : operations) {
            if (operation.route() instanceof FrontRoute.ToFunction function) {
                permission(operation, function, config.stage(), names);
            }
        }
        guards.authorizer()
                .ifPresent(authorizer -> new Permission(
                        "api-permission-authorizer",
                        FunctionPermission.of(authorizer)
                                .sourceArn(Output.format("%s/authorizers/*", api.executionArn()))
                                .build(),
                        child().deleteBeforeReplace(true).build()));
        registerOutputs(Map.of("stageUrl", stage.invokeUrl()));
    }

    /** The API's id. */
    public Output<String> id() {
        return api.id();
    }

    /** The stage's name, known once the stage stands. */
    public Output<String> stage() {
        return stage.stageName();
    }

    /** The API is deployed again with each change of the document, or of a function that others may change. */
    private static Output<Map<String, String>> triggers(Output<String> document, List<FrontRoute> routes) {
        var triggers = Output.<String>mapBuilder();
        triggers.put("openapi", document.applyValue(text -> ContentHash.of(text).hex()));
        for (FrontRoute route : routes) {
            if (route instanceof FrontRoute.Existing existing) {
                triggers.put(
                        existing.route().method() + " " + existing.route().path(),
                        existing.state()
                                .applyValue(state -> ContentHash.of(state).hex()));
            }
        }
        return triggers.build();
    }

    @Override
    public Output<String> url(String path) {
        Output<String> url = stage.invokeUrl().applyValue(known -> known + path);
        // The name that leads to the endpoint wherever the VPC can be reached, whatever its DNS says (API Gateway
        // developer guide,
        // "Invoke a private API").
        return vpcEndpoint
                .map(endpoint -> Output.tuple(url, endpoint)
                        .applyValue(
                                known -> known.t1.replaceFirst("\\.execute-api\\.", "-" + known.t2 + ".execute-api.")))
                .orElse(url);
    }

    private RestApiEndpointConfigurationArgs endpoint() {
        var args = RestApiEndpointConfigurationArgs.builder();
        return vpcEndpoint
                .map(id -> args.types("PRIVATE").vpcEndpointIds(id.applyValue(List::of)))
                .orElseGet(() -> args.types("REGIONAL"))
                .build();
    }

    /** The policy of a private API: whoever comes through the endpoint, and nobody else, may come to the routes' own guards. */
    private static PolicyDocument fromThereAlone(Output<String> vpcEndpoint) {
        List<String> call = List.of("execute-api:Invoke");
        List<Output<String>> all = List.of(Output.of("execute-api:/*"));
        return PolicyDocument.of(
                Statement.allow("FromTheVpc", call, all).by("*"),
                Statement.deny("FromThereAlone", call, all).when("StringNotEquals", "aws:SourceVpce", vpcEndpoint));
    }

    @Override
    public Output<Map<String, String>> metricDimensions() {
        return stage.stageName().applyValue(stageName -> Map.of("ApiName", name, "Stage", stageName));
    }

    private MethodSettings settings(String part, String methodPath, Throttle throttle, List<Resource> before) {
        return new MethodSettings(
                "api-method-settings" + part,
                MethodSettingsArgs.builder()
                        .restApi(api.id())
                        .stageName(stage.stageName())
                        .methodPath(methodPath)
                        .settings(MethodSettingsSettingsArgs.builder()
                                .throttlingRateLimit(throttle.rate())
                                .throttlingBurstLimit(throttle.burst())
                                .metricsEnabled(true)
                                .build())
                        .build(),
                child().dependsOn(before).build());
    }

    /** Lets this API call the function, on this stage, by this method and path alone. */
    private void permission(Operation operation, FrontRoute.ToFunction function, String stageName, Names names) {
        new Permission(
                "api-permission" + FunctionPermission.suffix(operation) + operation.path(),
                FunctionPermission.of(operation, function, names)
                        .sourceArn(Output.format("%s/%s/%s", api.executionArn(), stageName, operation.arnSuffix()))
                        .build(),
                // Lambda takes no second statement of one id, so the old one has to go first.
                child().deleteBeforeReplace(true).build());
    }

    private CustomResourceOptions.Builder child() {
        return CustomResourceOptions.builder().parent(this);
    }
}
