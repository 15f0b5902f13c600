package parkmeter.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import parkmeter.local.edge.Throttle;
import parkmeter.local.engine.Plan;
import parkmeter.local.engine.Registration;
import parkmeter.local.gateway.Api;
import parkmeter.local.gateway.ApiKey;
import parkmeter.local.gateway.Quota;
import parkmeter.local.gateway.UsagePlan;
import parkmeter.local.lambda.FunctionSpec;

/**
 * A plan in the words of the servers that stand in for AWS: what was declared, and nothing that was not.
 *
 * @param api the API with its keys and plans
 * @param functions the functions
 * @param models what stands behind the endpoints
 * @param clients the keys' values by the clients' names
 * @param invokePath the exported invoke URL's path, {@code /prod/invoke}
 * @param region the stack's region
 */
record Deployment(
        Api api,
        List<FunctionSpec> functions,
        List<Model> models,
        Map<String, String> clients,
        String invokePath,
        String region) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A model behind an endpoint.
     *
     * @param endpoint the endpoint's name
     * @param environment the container's variables
     */
    record Model(String endpoint, Map<String, String> environment) {

        /** The model's id on the hub. */
        String id() {
            return environment.getOrDefault("HF_MODEL_ID", endpoint);
        }
    }

    /**
     * Takes from a plan what is to be served.
     *
     * @param project the folder that the plan's paths start from
     */
    static Deployment of(Plan plan, Path project) throws CannotRun {
        JsonNode outputs = plan.outputs();
        String region = outputs.path("region").asText();
        Registration restApi = only(plan, "aws:apigateway/restApi:RestApi");
        Registration stage = only(plan, "aws:apigateway/stage:Stage");
        String stageName = stage.inputs().path("stageName").asText();
        List<ApiKey> keys = plan.ofType("aws:apigateway/apiKey:ApiKey").stream()
                .map(key -> new ApiKey(
                        key.outputs().path("id").asText(),
                        key.outputs().path("name").asText(),
                        key.outputs().path("value").asText(),
                        key.inputs().path("enabled").asBoolean(true)))
                .toList();
        var api = new Api(
                restApi.outputs().path("id").asText(),
                stageName,
                restApi.outputs().path("executionArn").asText().split(":", -1)[4],
                region,
                json(restApi.inputs().path("body").asText()),
                plan.ofType("aws:apigateway/methodSettings:MethodSettings").stream()
                        .findFirst()
                        .flatMap(settings -> throttle(
                                settings.inputs().path("settings"), "throttlingRateLimit", "throttlingBurstLimit")),
                keys,
                plan.ofType("aws:apigateway/usagePlan:UsagePlan").stream()
                        .map(usagePlan -> usagePlan(usagePlan, plan))
                        .toList());
        return new Deployment(
                api,
                plan.ofType("aws:lambda/function:Function").stream()
                        .map(function -> function(function, project))
                        .toList(),
                plan.ofType("aws:sagemaker/endpoint:Endpoint").stream()
                        .map(endpoint -> model(endpoint, plan))
                        .toList(),
                clients(outputs.path("clients"), keys),
                URI.create(outputs.path("invokeUrl").asText()).getPath(),
                region);
    }

    private static Registration only(Plan plan, String type) throws CannotRun {
        List<Registration> found = plan.ofType(type);
        if (found.size() != 1) {
            throw new CannotRun("The stack declares " + found.size() + " resources of type " + type
                    + "; the local run serves stacks that declare one.");
        }
        return found.get(0);
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

    private static Optional<Throttle> throttle(JsonNode settings, String rate, String burst) {
        return settings.has(rate) && settings.has(burst)
                ? Optional.of(new Throttle(
                        settings.path(rate).asDouble(), settings.path(burst).asInt()))
                : Optional.empty();
    }

    private static FunctionSpec function(Registration function, Path project) {
        JsonNode inputs = function.inputs();
        JsonNode reserved = inputs.path("reservedConcurrentExecutions");
        return new FunctionSpec(
                inputs.path("name").asText(),
                function.outputs().path("arn").asText(),
                inputs.path("handler").asText(),
                inputs.path("runtime").asText(),
                project.resolve(inputs.at("/code/archive/path").asText()),
                inputs.path("memorySize").asInt(128),
                Duration.ofSeconds(inputs.path("timeout").asInt(3)),
                texts(inputs.at("/environment/variables")),
                reserved.isInt() ? OptionalInt.of(reserved.asInt()) : OptionalInt.empty());
    }

    private static Model model(Registration endpoint, Plan plan) {
        JsonNode configuration = named(
                plan,
                "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
                endpoint.inputs().path("endpointConfigName").asText());
        JsonNode model = named(
                plan,
                "aws:sagemaker/model:Model",
                configuration.at("/productionVariants/0/modelName").asText());
        return new Model(endpoint.inputs().path("name").asText(), texts(model.at("/primaryContainer/environment")));
    }

    private static JsonNode named(Plan plan, String type, String name) {
        return plan.ofType(type).stream()
                .map(Registration::outputs)
                .filter(outputs -> outputs.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the plan refers to no " + type));
    }

    private static Map<String, String> clients(JsonNode keyIds, List<ApiKey> keys) {
        Map<String, String> clients = new LinkedHashMap<>();
        for (var client : keyIds.properties()) {
            keys.stream()
                    .filter(key -> key.id().equals(client.getValue().asText()))
                    .forEach(key -> clients.put(client.getKey(), key.value()));
        }
        return clients;
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new HashMap<>();
        object.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the program declared a document that is no JSON", e);
        }
    }
}
