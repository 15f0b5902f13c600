package parkmeter.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import parkmeter.local.edge.Throttle;
import parkmeter.local.engine.Plan;
import parkmeter.local.engine.Registration;
import parkmeter.local.gateway.Api;
import parkmeter.local.gateway.ApiKey;
import parkmeter.local.gateway.Backends;
import parkmeter.local.gateway.Gateway;
import parkmeter.local.gateway.Quota;
import parkmeter.local.gateway.UsagePlan;

/**
 * A REST API.
 *
 * @param api the API with its keys and plans
 */
record RestServed(Api api) implements ServedApi {

    private static final String ALL_METHODS = "*/*";

    static RestServed of(Plan plan, String region, List<ApiKey> keys) throws CannotRun {
        Registration restApi = Deployment.only(plan, "aws:apigateway/restApi:RestApi");
        Registration stage = Deployment.only(plan, "aws:apigateway/stage:Stage");
        Map<String, Throttle> throttles = throttles(plan);
        Optional<Throttle> all = Optional.ofNullable(throttles.remove(ALL_METHODS));
        return new RestServed(new Api(
                restApi.outputs().path("id").asText(),
                stage.inputs().path("stageName").asText(),
                restApi.outputs().path("executionArn").asText().split(":", -1)[4],
                region,
                Deployment.json(restApi.inputs().path("body").asText()),
                all,
                throttles,
                Map.of(),
                keys,
                plan.ofType("aws:apigateway/usagePlan:UsagePlan").stream()
                        .map(usagePlan -> usagePlan(usagePlan, plan))
                        .toList()));
    }

    @Override
    public String stage() {
        return api.stage();
    }

    @Override
    public String account() {
        return api.account();
    }

    @Override
    public Optional<String> integration(String path) {
        return Optional.of(operation(path)
                        .at("/x-amazon-apigateway-integration/uri")
                        .asText())
                .filter(uri -> !uri.isEmpty());
    }

    @Override
    public boolean takesPrompt(String path) {
        return operation(path).has("requestBody");
    }

    /** A key's own authorizer takes it where API Gateway would, and has nothing to remember its answer by. */
    @Override
    public Way way(String path) {
        Way way = Way.OPEN;
        for (JsonNode requirement : operation(path).path("security")) {
            for (String name : (Iterable<String>) requirement::fieldNames) {
                JsonNode authorizer = api.openApi()
                        .path("components")
                        .path("securitySchemes")
                        .path(name)
                        .path("x-amazon-apigateway-authorizer");
                if (authorizer.path("type").asText().equals("cognito_user_pools")) {
                    return Way.USER;
                }
                if (authorizer.has("identitySource")) {
                    return Way.TOKEN;
                }
                way = Way.KEY;
            }
        }
        return way;
    }

    private JsonNode operation(String path) {
        JsonNode operations = api.openApi().path("paths").path(path);
        return operations.has("post") ? operations.path("post") : operations.path("x-amazon-apigateway-any-method");
    }

    @Override
    public Open open(Surroundings surroundings, Clock clock, int port) {
        var backends = new Backends(surroundings.functions(), surroundings.services(), surroundings.keys());
        Gateway gateway = Gateway.start(api, backends, clock, port);
        return new Open(gateway.port(), gateway::close);
    }

    /** By {@code METHOD /path}, and for all methods without a limit of their own. */
    private static Map<String, Throttle> throttles(Plan plan) {
        Map<String, Throttle> throttles = new HashMap<>();
        for (Registration each : plan.ofType("aws:apigateway/methodSettings:MethodSettings")) {
            String path = each.inputs().path("methodPath").asText();
            int slash = path.lastIndexOf('/');
            throttle(each.inputs().path("settings"), "throttlingRateLimit", "throttlingBurstLimit")
                    .ifPresent(throttle -> throttles.put(
                            path.equals(ALL_METHODS)
                                    ? ALL_METHODS
                                    : path.substring(slash + 1) + " /" + path.substring(0, slash),
                            throttle));
        }
        return throttles;
    }

    static Optional<Throttle> throttle(JsonNode settings, String rate, String burst) {
        return settings.has(rate) && settings.has(burst)
                ? Optional.of(new Throttle(
                        settings.path(rate).asDouble(), settings.path(burst).asInt()))
                : Optional.empty();
    }

    private static UsagePlan usagePlan(Registration usagePlan, Plan plan) {
        JsonNode inputs = usagePlan.inputs();
        JsonNode quota = inputs.path("quotaSettings");
        String id = usagePlan.outputs().path("id").asText();
        return new UsagePlan(
                inputs.path("name").asText(),
                throttle(inputs.path("throttleSettings"), "rateLimit", "burstLimit"),
                quota.isMissingNode()
                        ? Optional.empty()
                        : Optional.of(new Quota(
                                quota.path("limit").asLong(),
                                Quota.Period.valueOf(quota.path("period").asText()))),
                plan.ofType("aws:apigateway/usagePlanKey:UsagePlanKey").stream()
                        .map(Registration::inputs)
                        .filter(key -> key.path("usagePlanId").asText().equals(id))
                        .map(key -> key.path("keyId").asText())
                        .toList());
    }
}
