package parkmeter.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import parkmeter.local.aws.EndpointConfig;
import parkmeter.local.engine.Plan;
import parkmeter.local.engine.Registration;
import parkmeter.local.lambda.FunctionSpec;
import parkmeter.local.models.ModelServer;
import parkmeter.local.models.WireFormat;

/**
 * What a plan says of the containers behind its endpoints.
 *
 * @param configurations the endpoint configurations by name: those that the stack declares
 * @param primary the models' primary containers, as declared, by the configurations' names and their variants'
 * @param expected what the functions expect of endpoints, by the endpoints' names
 */
record ModelContainers(
        Map<String, EndpointConfig> configurations,
        Map<String, Map<String, JsonNode>> primary,
        Map<String, WireFormat> expected)
        implements ModelServers.Declaration {

    private static final String MODEL_DATA = "/opt/ml/model";

    static ModelContainers of(Plan plan, List<FunctionSpec> functions) {
        Map<String, EndpointConfig> configurations = new LinkedHashMap<>();
        Map<String, Map<String, JsonNode>> primary = new HashMap<>();
        for (Registration each : plan.ofType("aws:sagemaker/endpointConfiguration:EndpointConfiguration")) {
            EndpointConfig configuration = configuration(each.inputs());
            configurations.put(configuration.name(), configuration);
            Map<String, JsonNode> variants = new HashMap<>();
            for (JsonNode variant : each.inputs().path("productionVariants")) {
                JsonNode model = Deployment.named(
                        plan,
                        "aws:sagemaker/model:Model",
                        variant.path("modelName").asText());
                variants.put(name(variant), model.path("primaryContainer"));
            }
            primary.put(configuration.name(), variants);
        }
        return new ModelContainers(configurations, primary, expected(functions));
    }

    /** One that is in AWS and not in the stack: what is not known of it is as SageMaker has it where nothing is said. */
    static EndpointConfig ofOthers(String name) {
        return new EndpointConfig(
                name,
                List.of(new EndpointConfig.Variant(EndpointConfig.ALL_TRAFFIC, Optional.of("unknown"), 1, 1)),
                Optional.empty());
    }

    @Override
    public ModelServer.Container container(String endpoint, String configuration, String variant) {
        JsonNode declared = primary.getOrDefault(configuration, Map.of())
                .getOrDefault(variant, JsonNodeFactory.instance.objectNode());
        Map<String, String> environment = Deployment.texts(declared.path("environment"));
        WireFormat format = WireFormat.ofImage(declared.path("image").asText())
                .orElseGet(() -> expected.getOrDefault(endpoint, WireFormat.DEFAULT));
        return new ModelServer.Container(format, servedName(format, declared, environment, endpoint), environment);
    }

    /** By what name the container answers. */
    private static String servedName(
            WireFormat format, JsonNode declared, Map<String, String> environment, String endpoint) {
        if (format instanceof WireFormat.Vllm
                || format instanceof WireFormat.Lmi) { // in this order (AWS's container, configuration.md)
            if (environment.containsKey("SM_VLLM_MODEL")) {
                return environment.get("SM_VLLM_MODEL");
            }
            if (data(declared).isPresent()) {
                return MODEL_DATA;
            }
        }
        return environment.getOrDefault("HF_MODEL_ID", endpoint);
    }

    /** What a person knows the model by: its id on the hub, where its data are, its package's name, or the configuration's. */
    String id(String endpoint, String configuration) {
        Map<String, JsonNode> variants = primary.get(configuration);
        if (variants == null) {
            return configuration;
        }
        JsonNode declared = variants.values().iterator().next();
        Map<String, String> environment = Deployment.texts(declared.path("environment"));
        String packageName = declared.path("modelPackageName").asText();
        return Optional.ofNullable(environment.get("HF_MODEL_ID"))
                .filter(id -> !id.equals(MODEL_DATA))
                .or(() -> data(declared))
                .or(() -> Optional.of(packageName.substring(packageName.lastIndexOf('/') + 1))
                        .filter(name -> !name.isEmpty()))
                .orElse(endpoint);
    }

    /** Where a container's model data are. */
    private static Optional<String> data(JsonNode declared) {
        return Optional.of(declared.at("/modelDataSource/s3DataSource/s3Uri")
                        .asText(declared.path("modelDataUrl").asText()))
                .filter(uri -> !uri.isEmpty());
    }

    /** Tokens that the longest prompt with its answer needs, of all that is declared. */
    int window(List<Deployment.Model> models) {
        List<ModelServer.Container> containers = new ArrayList<>();
        models.forEach(model -> primary.getOrDefault(model.configuration(), Map.of(EndpointConfig.ALL_TRAFFIC, empty()))
                .keySet()
                .forEach(variant -> containers.add(container(model.endpoint(), model.configuration(), variant))));
        return containers.stream()
                .map(ModelContainers::window)
                .flatMapToInt(OptionalInt::stream)
                .max()
                .orElse(1);
    }

    private static JsonNode empty() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Empty for variables that the real server refuses: it will say so when it is started. */
    private static OptionalInt window(ModelServer.Container container) {
        try {
            return OptionalInt.of(container.window());
        } catch (IllegalArgumentException refused) {
            return OptionalInt.empty();
        }
    }

    private static EndpointConfig configuration(JsonNode inputs) {
        List<EndpointConfig.Variant> variants = new ArrayList<>();
        for (JsonNode variant : inputs.path("productionVariants")) {
            variants.add(new EndpointConfig.Variant(
                    name(variant),
                    Optional.of(variant.path("instanceType").asText()).filter(type -> !type.isEmpty()),
                    variant.path("initialInstanceCount").asInt(1),
                    variant.path("initialVariantWeight").asDouble(1)));
        }
        JsonNode async = inputs.path("asyncInferenceConfig");
        return new EndpointConfig(
                inputs.path("name").asText(),
                variants,
                async.isObject() ? Optional.of(async(async)) : Optional.empty());
    }

    private static EndpointConfig.Async async(JsonNode async) {
        JsonNode output = async.path("outputConfig");
        return new EndpointConfig.Async(
                output.path("s3OutputPath").asText(),
                text(output.path("s3FailurePath")),
                text(output.at("/notificationConfig/successTopic")),
                text(output.at("/notificationConfig/errorTopic")),
                async.at("/clientConfig/maxConcurrentInvocationsPerInstance").asInt(1));
    }

    private static Optional<String> text(JsonNode value) {
        return Optional.of(value.asText()).filter(text -> !text.isEmpty());
    }

    private static String name(JsonNode variant) {
        return variant.path("variantName").asText(EndpointConfig.ALL_TRAFFIC);
    }

    /** What functions say of the endpoints that they call. */
    private static Map<String, WireFormat> expected(List<FunctionSpec> functions) {
        Map<String, WireFormat> expected = new HashMap<>();
        for (FunctionSpec function : functions) {
            Map<String, String> environment = function.environment();
            Optional.ofNullable(environment.get("PARKMETER_ENGINE"))
                    .ifPresent(engine -> expected.put(
                            environment.getOrDefault("PARKMETER_ENDPOINT", ""), expected(Deployment.json(engine))));
            Deployment.json(environment.getOrDefault("PARKMETER_ENGINES", "{}"))
                    .properties()
                    .forEach(each -> expected.put(each.getKey(), expected(each.getValue())));
        }
        return expected;
    }

    private static WireFormat expected(JsonNode engine) {
        return WireFormat.expected(engine.path("type").asText("tgi"), !engine.has("inputs"));
    }
}
