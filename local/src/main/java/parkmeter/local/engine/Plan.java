package parkmeter.local.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a program declares for a stack.
 *
 * @param resources every registration, the stack's own included, sorted by URN
 * @param notes what the program logged for information, in its order
 * @param warnings what the program logged as warnings, in its order
 */
public record Plan(
        String project, String stack, List<Registration> resources, List<String> notes, List<String> warnings) {
    private static final String STACK = "pulumi:pulumi:Stack";

    /** Sorts the resources: a program registers them from several threads. */
    public Plan {
        resources = resources.stream()
                .sorted(Comparator.comparing(Registration::urn))
                .toList();
        notes = List.copyOf(notes);
        warnings = List.copyOf(warnings);
    }

    /** The stack's own registration; its outputs are the program's exports. */
    public Optional<Registration> root() {
        return resources.stream().filter(each -> each.type().equals(STACK)).findFirst();
    }

    /** What the program exports, secrets in plain text; an empty object when it exports nothing. */
    public JsonNode outputs() {
        return root().map(Registration::outputs).orElseGet(JsonNodeFactory.instance::objectNode);
    }

    /** The resources of one type, sorted by URN. */
    public List<Registration> ofType(String type) {
        return resources.stream().filter(each -> each.type().equals(type)).toList();
    }

    /** How many resources of each type, sorted by type. */
    public Map<String, Long> countsByType() {
        return resources.stream()
                .filter(each -> !each.type().equals(STACK))
                .collect(Collectors.groupingBy(Registration::type, TreeMap::new, Collectors.counting()));
    }

    /** What would run on GPUs while the stack is up: one entry per variant of an endpoint configuration. */
    public List<Gpus> gpus() {
        Map<String, Registration> models = ofType("aws:sagemaker/model:Model").stream()
                .collect(Collectors.toMap(
                        each -> each.outputs().path("name").asText(), Function.identity(), (first, second) -> first));
        return ofType("aws:sagemaker/endpointConfiguration:EndpointConfiguration").stream()
                .flatMap(each -> each.inputs().path("productionVariants").valueStream())
                .map(variant -> Gpus.of(
                        variant,
                        Optional.ofNullable(models.get(variant.path("modelName").asText()))))
                .toList();
    }

    /**
     * The GPUs of one variant.
     *
     * @param model the model's name
     * @param instanceType SageMaker's instance type; empty: serverless
     * @param instances how many instances it starts with
     * @param perInstance the GPUs that the model's container is told to use; 0 where it isn't told
     */
    public record Gpus(String model, String instanceType, int instances, int perInstance) {
        private static Gpus of(JsonNode variant, Optional<Registration> model) {
            JsonNode inputs = model.map(Registration::inputs).orElseGet(JsonNodeFactory.instance::objectNode);
            JsonNode container = inputs.path("primaryContainer").isObject()
                    ? inputs.path("primaryContainer")
                    : inputs.at("/containers/0");
            return new Gpus(
                    variant.path("modelName").asText(),
                    variant.path("instanceType").asText(),
                    variant.path("initialInstanceCount").asInt(1),
                    Stream.of("SM_NUM_GPUS", "SM_VLLM_TENSOR_PARALLEL_SIZE")
                            .mapToInt(name ->
                                    container.path("environment").path(name).asInt(0))
                            .max()
                            .orElse(0));
        }

        /** Over all instances. */
        public int total() {
            return instances * perInstance;
        }
    }
}
