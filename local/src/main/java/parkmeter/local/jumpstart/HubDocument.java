package parkmeter.local.jumpstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the hub says of one version of a model: the JSON that {@code DescribeHubContent} has as a text. Its keys are written
 * {@code LikeThis}, and inside {@code like_this} too; here they are {@code likethis}, and what is null is absent.
 */
final class HubDocument {

    /** Their keys are data: names of variables, aliases, instance types, configs. */
    private static final Set<String> MAPS = Set.of(
            "environmentvariables",
            "aliases",
            "variants",
            "inferenceconfigs",
            "inferenceconfigcomponents",
            "instancetypeoverrides");

    private final ObjectNode root;

    private HubDocument(ObjectNode root) {
        this.root = root;
    }

    /**
     * Reads a document.
     *
     * @throws JsonProcessingException where it is no JSON
     */
    static HubDocument parse(String text) throws JsonProcessingException {
        JsonNode root = plain(new ObjectMapper().readTree(text), false);
        return new HubDocument(root instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode());
    }

    private static JsonNode plain(JsonNode node, boolean keysAreData) {
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            array.forEach(each -> copy.add(plain(each, false)));
            return copy;
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        node.properties().forEach(each -> {
            if (!each.getValue().isNull()) {
                String key = keysAreData
                        ? each.getKey()
                        : each.getKey().replace("_", "").toLowerCase(Locale.ROOT);
                copy.set(key, plain(each.getValue(), !keysAreData && MAPS.contains(key)));
            }
        });
        return copy;
    }

    /** The names of the inference configs, the first in rank first, on that instance type; all others behind, by name. */
    List<String> configs(String instanceType) {
        var names = new ArrayList<String>();
        JsonNode configs = root.path("inferenceconfigs");
        JsonNode overall = root.path("inferenceconfigrankings").path("overall");
        overall.path("instancetypeoverrides").path(instanceType).forEach(each -> names.add(each.asText()));
        overall.path("rankings").forEach(each -> names.add(each.asText()));
        configs.properties().stream().map(Map.Entry::getKey).sorted().forEach(names::add);
        return names.stream().filter(configs::has).distinct().toList();
    }

    /** The document as a config has it: its components lie over the rest, one after the other. */
    HubDocument with(String config) {
        ObjectNode merged = root.deepCopy();
        for (JsonNode component : root.path("inferenceconfigs").path(config).path("componentnames")) {
            if (root.path("inferenceconfigcomponents").path(component.asText()) instanceof ObjectNode over) {
                // Which bucket a model is in belongs to the model, as the SageMaker SDK has it.
                lay(over.deepCopy().without("gatedbucket"), merged);
            }
        }
        return new HubDocument(merged);
    }

    private static void lay(JsonNode over, ObjectNode under) {
        over.properties().forEach(each -> {
            if (each.getValue().isObject() && under.path(each.getKey()) instanceof ObjectNode both) {
                lay(each.getValue(), both);
            } else {
                under.set(each.getKey(), each.getValue());
            }
        });
    }

    /** A text of the document; an empty one is absent. */
    Optional<String> text(String name) {
        return text(root.path(name));
    }

    /** A whole number above 0, which may also be written as a text. */
    Optional<Integer> number(String name) {
        int number = root.path(name).asInt();
        return number > 0 ? Optional.of(number) : Optional.empty();
    }

    /** A switch; absent is off. */
    boolean flag(String name) {
        return root.path(name).asBoolean();
    }

    /** Whether a section has anything in it, a list or a map in it counting as much as what is in them. */
    boolean hasAny(String name) {
        return any(root.path(name));
    }

    private static boolean any(JsonNode node) {
        return node.isValueNode() || node.valueStream().anyMatch(HubDocument::any);
    }

    /** Whether weights of this model are to be had only by way of a hub that is not public. */
    boolean needsHubAccess() {
        return !root.findValues("hubaccessconfig").isEmpty();
    }

    /** The instance types that the model is known to run on. */
    List<String> instanceTypes() {
        return root.path("supportedinferenceinstancetypes")
                .valueStream()
                .map(JsonNode::asText)
                .toList();
    }

    /** The environment of the container: what the model sets, what the family of instances does, what the very type does. */
    Map<String, String> environment(String instanceType) {
        var environment = new TreeMap<String, String>();
        for (JsonNode variable : root.path("inferenceenvironmentvariables")) {
            // The others are for the SDK, such as where it puts a script that it uploads; there is none here.
            if (!variable.path("requiredformodelclass").asBoolean(false)) {
                continue;
            }
            JsonNode value = variable.has("default") ? variable.path("default") : variable.path("defaultvalue");
            environment.put(variable.path("name").asText(), value.asText());
        }
        variants(instanceType).forEach(variant -> variant.path("environmentvariables")
                .properties()
                .forEach(each -> environment.put(each.getKey(), each.getValue().asText())));
        // Without a value it would override what the image sets itself.
        environment.values().removeIf(String::isEmpty);
        environment.remove("");
        return environment;
    }

    /** What the variants say of an instance type, a text: its own word before its family's. */
    Optional<String> ofVariant(String instanceType, String name) {
        return variants(instanceType).stream()
                .flatMap(variant -> text(variant.path(name)).stream())
                .reduce((family, type) -> type);
    }

    /** What an alias of the variants stands for. */
    Optional<String> alias(String name) {
        return text(root.path("hostinginstancetypevariants").path("aliases").path(name));
    }

    /** The properties of the family and of the type, in this order. */
    private List<JsonNode> variants(String instanceType) {
        JsonNode variants = root.path("hostinginstancetypevariants").path("variants");
        String[] parts = instanceType.split("\\.", -1);
        String family = parts.length > 1 ? parts[1] : "";
        return List.of(
                variants.path(family).path("properties"),
                variants.path(instanceType).path("properties"));
    }

    private static Optional<String> text(JsonNode node) {
        return Optional.ofNullable(node.textValue()).filter(text -> !text.isEmpty());
    }
}
