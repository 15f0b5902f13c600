package parkmeter.local.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A plan for machines, and for git: keys and resources sorted, the same plan the same bytes.
 *
 * <pre>{@code
 * {"project", "stack",
 *  "resources": [{"urn", "type", "name", "parent"?, "provider"?, "custom", "dependencies", "propertyDependencies",
 *                 "inputs", "options"}],
 *  "outputs": {…}}
 * }</pre>
 *
 * A secret is {@code {"secret": "[secret]"}}; a text that holds a JSON object or array, such as a policy, is
 * {@code {"json": …}}, so that a difference in it is seen line by line; a value known only after deployment is
 * {@code {"unknown": true}}.
 */
public final class PlanJson {
    static final String SECRET = "secret";
    static final String JSON_TEXT = "json";
    static final String UNKNOWN = "unknown";

    private static final JsonMapper JSON = new JsonMapper();

    private PlanJson() {}

    /** The plan as indented JSON that ends with a new line. */
    public static String write(Plan plan) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("project", plan.project()).put("stack", plan.stack());
        ArrayNode resources = root.putArray("resources");
        plan.resources().forEach(each -> resources.add(resource(each)));
        root.set("outputs", exports(plan));
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator(""));
        printer.indentObjectsWith(lines);
        printer.indentArraysWith(lines);
        try {
            return JSON.writer(printer).writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new AssertionError("a tree of JSON nodes is always JSON", e);
        }
    }

    /** What the program exports, marked as in {@link #marked}. */
    static JsonNode exports(Plan plan) {
        return plan.root()
                .map(root -> marked(root.outputs(), root.secrets()))
                .orElseGet(JsonNodeFactory.instance::objectNode);
    }

    /** The value with keys sorted and the marks of this format in place of secrets, unknowns and JSON in texts. */
    static JsonNode marked(JsonNode value, Set<String> secrets) {
        return marked(value, "", secrets);
    }

    private static JsonNode marked(JsonNode value, String pointer, Set<String> secrets) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (secrets.contains(pointer)) {
            return json.objectNode().put(SECRET, "[secret]");
        }
        if (value.isObject()) {
            ObjectNode sorted = json.objectNode();
            value.propertyStream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(member -> sorted.set(
                            member.getKey(),
                            marked(member.getValue(), Wire.pointer(pointer, member.getKey()), secrets)));
            return sorted;
        }
        if (value.isArray()) {
            ArrayNode array = json.arrayNode();
            value.forEach(each -> array.add(marked(each, pointer + "/" + array.size(), secrets)));
            return array;
        }
        if (value.asText().equals(Registration.UNKNOWN)) {
            return json.objectNode().put(UNKNOWN, true);
        }
        return value.isTextual() ? text(value) : value;
    }

    private static JsonNode text(JsonNode text) {
        String trimmed = text.asText().strip();
        if (trimmed.startsWith("{") || trimmed.startsWith("[")) {
            try {
                JsonNode parsed = JSON.readTree(trimmed);
                return JsonNodeFactory.instance.objectNode().set(JSON_TEXT, marked(parsed, Set.of()));
            } catch (JsonProcessingException e) {
                return text;
            }
        }
        return text;
    }

    private static ObjectNode resource(Registration registration) {
        ObjectNode resource = JsonNodeFactory.instance.objectNode();
        resource.put("urn", registration.urn()).put("type", registration.type()).put("name", registration.name());
        registration.parent().ifPresent(parent -> resource.put("parent", parent));
        registration.provider().ifPresent(provider -> resource.put("provider", provider));
        resource.put("custom", registration.custom());
        resource.set("dependencies", array(registration.dependencies()));
        ObjectNode byProperty = resource.putObject("propertyDependencies");
        new TreeMap<>(registration.propertyDependencies())
                .forEach((property, urns) -> byProperty.set(property, array(urns)));
        resource.set("inputs", marked(registration.inputs(), registration.secrets()));
        resource.set("options", marked(registration.options(), Set.of()));
        return resource;
    }

    private static ArrayNode array(List<String> texts) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        texts.forEach(array::add);
        return array;
    }
}
