package parkmeter.api;

import com.pulumi.aws.apigatewayv2.Api;
import com.pulumi.aws.apigatewayv2.ApiArgs;
import com.pulumi.aws.apigatewayv2.Integration;
import com.pulumi.aws.apigatewayv2.IntegrationArgs;
import com.pulumi.aws.apigatewayv2.Route;
import com.pulumi.aws.apigatewayv2.Stage;
import com.pulumi.aws.apigatewayv2.StageArgs;
import com.pulumi.aws.apigatewayv2.inputs.ApiCorsConfigurationArgs;
import com.pulumi.aws.apigatewayv2.inputs.StageAccessLogSettingsArgs;
import com.pulumi.aws.apigatewayv2.inputs.StageDefaultRouteSettingsArgs;
import com.pulumi.aws.apigatewayv2.inputs.StageRouteSettingArgs;
import com.pulumi.aws.lambda.Permission;
import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import parkmeter.config.Access;
import parkmeter.config.Api.Http;
import parkmeter.config.Names;

/**
 * An API Gateway HTTP API, deployed to one stage by itself with each change (API Gateway developer guide, "Work with HTTP APIs"). Its
 * functions get payload format 2.0.
 */
public final class HttpFront extends ComponentResource implements Front {

    private static final int PREFLIGHT_SECONDS = 3600;

    private final Api api;
    private final Stage stage;

    /**
     * Declares the API.
     *
     * @param config the stage and its limits
     * @param routes what it offers; at least one
     * @param guards what looks at callers' credentials
     * @param names the stack's names
     * @param options the component's options, with the provider
     */
    public HttpFront(
            Http config,
            List<FrontRoute.ToFunction> routes,
            Guards guards,
            Names names,
            ComponentResourceOptions options) {
        super("parkmeter:api:HttpFront", "api", options);
        List<Operation> operations =
                routes.stream().flatMap(route -> Operation.of(route).stream()).toList();
        this.api = new Api(
                "api-http",
                ApiArgs.builder()
                        .name(names.stackWide())
                        .description("Parkmeter, stack " + names.stack())
                        .protocolType("HTTP")
                        .corsConfiguration(cors(config, operations))
                        .build(),
                child().build());
        List<Resource> declared = new ArrayList<>();
        var authorizers = new HttpAuthorizers(api, guards, operations, names, this);
        operations.forEach(operation -> declared.add(route(operation, authorizers)));
        this.stage = new Stage(
                "api-stage",
                StageArgs.builder()
                        .apiId(api.id())
                        .name(config.stage())
                        .autoDeploy(true)
                        .defaultRouteSettings(StageDefaultRouteSettingsArgs.builder()
                                .throttlingRateLimit(config.throttle().rate())
                                .throttlingBurstLimit(config.throttle().burst())
                                .detailedMetricsEnabled(true)
                                .build())
                        .routeSettings(ownLimits(operations))
                        .accessLogSettings(StageAccessLogSettingsArgs.builder()
                                .destinationArn(AccessLog.group(names, this))
                                .format(AccessLog.httpLine())
                                .build())
                        .build(),
                // A route's own limits name a route that stands.
                child().dependsOn(declared).build());
        operations.forEach(operation -> permission(operation, config.stage(), names));
        registerOutputs(Map.of("stageUrl", stage.invokeUrl()));
    }

    @Override
    public Output<String> url(String path) {
        return stage.invokeUrl().applyValue(url -> url + path);
    }

    @Override
    public Output<Map<String, String>> metricDimensions() {
        return Output.tuple(api.id(), stage.name()).applyValue(known -> Map.of("ApiId", known.t1, "Stage", known.t2));
    }

    /** An HTTP API answers preflights itself, and replaces what a function says of it. */
    private static ApiCorsConfigurationArgs cors(Http config, List<Operation> operations) {
        List<String> allowed = new ArrayList<>(List.of("content-type"));
        List<String> exposed = new ArrayList<>(List.of("retry-after", "apigw-requestid"));
        if (operations.stream()
                .flatMap(operation -> operation.modelRoute().stream())
                .anyMatch(route -> !ModelOperation.takesPrompt(route))) {
            allowed.add(ModelOperation.CUSTOM_ATTRIBUTES.toLowerCase(Locale.ROOT));
            exposed.add(ModelOperation.CUSTOM_ATTRIBUTES.toLowerCase(Locale.ROOT));
        }
        if (operations.stream().anyMatch(operation -> operation.route() instanceof FrontRoute.Later)) {
            exposed.add("location");
        }
        if (operations.stream().anyMatch(operation -> !(operation.access() instanceof Access.Public))) {
            allowed.add("authorization");
        }
        List<String> methods = operations.stream()
                .map(Operation::method)
                .distinct()
                .sorted()
                .map(method -> method.equals(Operation.ANY) ? "*" : method)
                .toList();
        return ApiCorsConfigurationArgs.builder()
                .allowOrigins(config.corsOrigins())
                .allowMethods(methods)
                .allowHeaders(allowed)
                .exposeHeaders(exposed)
                .maxAge(PREFLIGHT_SECONDS)
                .build();
    }

    private Route route(Operation operation, HttpAuthorizers authorizers) {
        String part = FunctionPermission.suffix(operation) + operation.path();
        Integration integration = new Integration(
                "api-integration" + part,
                IntegrationArgs.builder()
                        .apiId(api.id())
                        .integrationType("AWS_PROXY")
                        .integrationUri(function(operation).invokeArn())
                        .payloadFormatVersion("2.0")
                        .timeoutMilliseconds((int) RestFront.TIMEOUT.toMillis())
                        .build(),
                child().build());
        return new Route(
                "api-route" + part,
                authorizers
                        .guard(operation.access())
                        .apiId(api.id())
                        .routeKey(operation.routeKey())
                        .target(Output.format("integrations/%s", integration.id()))
                        .build(),
                child().build());
    }

    private static List<StageRouteSettingArgs> ownLimits(List<Operation> operations) {
        List<StageRouteSettingArgs> settings = new ArrayList<>();
        operations.forEach(operation -> operation
                .throttle()
                .ifPresent(throttle -> settings.add(StageRouteSettingArgs.builder()
                        .routeKey(operation.routeKey())
                        .throttlingRateLimit(throttle.rate())
                        .throttlingBurstLimit(throttle.burst())
                        .detailedMetricsEnabled(true)
                        .build())));
        return settings;
    }

    private static FrontRoute.ToFunction function(Operation operation) {
        return (FrontRoute.ToFunction) operation.route();
    }

    /** Lets this API call the function, on this stage, by this method and path alone. */
    private void permission(Operation operation, String stageName, Names names) {
        new Permission(
                "api-permission" + FunctionPermission.suffix(operation) + operation.path(),
                FunctionPermission.of(operation, function(operation), names)
                        .sourceArn(Output.format("%s/%s/%s", api.executionArn(), stageName, operation.arnSuffix()))
                        .build(),
                child().deleteBeforeReplace(true).build());
    }

    private CustomResourceOptions.Builder child() {
        return CustomResourceOptions.builder().parent(this);
    }
}
