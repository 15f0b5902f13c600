package parkmeter.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Holds what {@code make plan PLAN=json} says of a stack against what {@code pulumi preview --json --show-sames} says of it:
 * resource by resource, each one's parent, provider, dependencies and options, and input by input.
 *
 * <p>Two things may differ. An id that AWS makes up (of an API, a deployment, a key, a plan, a provider) is another one, but
 * wherever the plan has the one, the preview has the other. And before a stack stands the engine does not know yet what comes of
 * a resource: there only what it knows is compared.
 */
final class Agreement {

    /** What the engine shows for a value that it does not know yet (Pulumi's plugin.UnknownStringValue). */
    private static final String UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

    /** How Pulumi's wire format marks an archive (resource.AssetSig of its SDK). */
    private static final String ASSET = "4dabf18193072939515e22adb298388d";

    /** Options that both show; {@link #NOT_SHOWN} is what a preview does not, and what the change stories prove. */
    private static final Set<String> COMPARED = Set.of("additionalSecretOutputs", "customTimeouts");

    private static final Set<String> NOT_SHOWN =
            Set.of("aliases", "version", "deleteBeforeReplace", "replaceOnChanges");

    /** What Application Auto Scaling writes before a policy's name in its ARN: an id that it makes up, and what the policy changes. */
    private static final Pattern POLICY = Pattern.compile("(:scalingPolicy:)[0-9a-f-]{36}:resource/.+:policyName/");

    /** What stands before the name in a secret's id, which is its ARN: the name's last letters are made up. */
    private static final Pattern SECRET = Pattern.compile("^arn:[^:]+:secretsmanager:.*:secret:");

    private static final Pattern SEPARATORS = Pattern.compile("[/:.]+");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Set<String> ids = new TreeSet<>();
    private final Map<String, String> made = new HashMap<>();
    private final List<String> differences = new ArrayList<>();

    private Agreement() {}

    /** What differs, a line each; empty where the two agree. */
    static List<String> differences(JsonNode plan, JsonNode preview) {
        Agreement agreement = new Agreement();
        var previewed = new TreeMap<String, JsonNode>();
        preview.path("steps").forEach(step -> {
            previewed.put(step.path("urn").asText(), step.path("newState"));
            String id = step.at("/oldState/id").asText();
            agreement.ids.add(SECRET.matcher(id).replaceFirst(""));
        });
        plan.path("resources").forEach(planned -> {
            String urn = planned.path("urn").asText();
            JsonNode state = previewed.remove(urn);
            if (state == null) {
                agreement.differences.add(urn + ": only in the plan");
            } else {
                agreement.resource(urn.substring(urn.lastIndexOf("::") + 2), planned, state);
            }
        });
        previewed.keySet().forEach(urn -> agreement.differences.add(urn + ": only in the preview"));
        return List.copyOf(agreement.differences);
    }

    private void resource(String name, JsonNode planned, JsonNode state) {
        boolean standing = !state.path("created").isMissingNode();
        compare(name + " type", planned.path("type"), state.path("type"));
        compare(name + " custom", planned.path("custom"), state.path("custom"));
        compare(name + " parent", planned.path("parent"), state.path("parent"));
        compare(name + " provider", planned.path("provider"), state.path("provider"));
        compare(name + " inputs", tidied(planned, planned.path("inputs")), tidied(planned, state.path("inputs")));
        if (standing) {
            // An output that is not known yet has no dependencies in the SDK's eyes.
            compare(name + " dependencies", texts(planned.path("dependencies")), texts(state.path("dependencies")));
            compare(
                    name + " property dependencies",
                    dependencies(planned.path("propertyDependencies")),
                    dependencies(state.path("propertyDependencies")));
        }
        planned.path("options").properties().forEach(option -> {
            String key = option.getKey();
            if (COMPARED.contains(key)) {
                compare(name + " " + key, option(option.getValue()), option(state.path(key)));
            } else if (!NOT_SHOWN.contains(key)) {
                differences.add(name + ": nobody compares the option " + key);
            }
        });
    }

    private void compare(String where, JsonNode planned, JsonNode real) {
        if (real.asText().equals(UNKNOWN)) {
            return;
        }
        if (planned.isObject() && real.isObject()) {
            var keys = new TreeSet<String>();
            planned.fieldNames().forEachRemaining(keys::add);
            real.fieldNames().forEachRemaining(keys::add);
            keys.forEach(key -> compare(where + "." + key, planned.path(key), real.path(key)));
        } else if (planned.isArray() && real.isArray() && planned.size() == real.size()) {
            for (int i = 0; i < planned.size(); i++) {
                compare(where + "[" + i + "]", planned.path(i), real.path(i));
            }
        } else if (!planned.equals(real) && !sameButForIds(planned.asText(), real.asText())) {
            differences.add(where + ": the plan has " + shown(planned) + ", the preview " + shown(real));
        }
    }

    /** Whether two texts differ only where the real one has an id, and the plan always the same other id for it. */
    private boolean sameButForIds(String planned, String real) {
        String[] plannedParts = SEPARATORS.split(planned, -1);
        String[] realParts = SEPARATORS.split(real, -1);
        if (plannedParts.length != realParts.length || planned.isEmpty()) {
            return false;
        }
        for (int i = 0; i < realParts.length; i++) {
            String ours = plannedParts[i];
            String theirs = realParts[i];
            if (ours.equals(theirs) || theirs.equals(UNKNOWN)) {
                continue;
            }
            boolean known = ids.contains(theirs)
                    && made.getOrDefault(ours, theirs).equals(theirs)
                    && (made.containsKey(ours) || !made.containsValue(theirs));
            if (!known) {
                return false;
            }
            made.put(ours, theirs);
        }
        return true;
    }

    /** Inputs in one form: the plan's marks and the engine's own additions taken away, JSON in texts as JSON. */
    private static JsonNode tidied(JsonNode resource, JsonNode inputs) {
        JsonNode tidied = tidied(inputs);
        if (inputs.isMissingNode()) {
            return NODES.objectNode();
        }
        if (resource.path("type").asText().startsWith("pulumi:providers:") && tidied instanceof ObjectNode provider) {
            // The engine's own; and a provider's numbers are texts, which the engine writes in its own way.
            provider.remove(List.of("__internal", "version"));
            provider.properties().forEach(each -> each.setValue(number(each.getValue())));
        }
        return tidied;
    }

    private static JsonNode tidied(JsonNode value) {
        if (value.isObject() && value.has("json")) {
            return tidied(value.path("json"));
        }
        if (value.isObject() && value.has("secret")) {
            return value.path("secret");
        }
        if (value.isObject() && value.has("unknown")) {
            return NODES.textNode(UNKNOWN);
        }
        if (value.isObject() && value.has("archive")) {
            return value.path("archive");
        }
        if (value.isObject() && value.has(ASSET)) {
            return NODES.objectNode().set("path", value.path("path"));
        }
        if (value.isObject()) {
            ObjectNode copy = NODES.objectNode();
            value.properties().stream()
                    .filter(each -> !each.getKey().equals("__defaults"))
                    .forEach(each -> copy.set(each.getKey(), tidied(each.getValue())));
            return copy;
        }
        if (value.isArray()) {
            ArrayNode copy = NODES.arrayNode();
            value.forEach(each -> copy.add(tidied(each)));
            return copy;
        }
        return value.isTextual()
                ? parsed(NODES.textNode(POLICY.matcher(value.asText()).replaceFirst("$1")))
                : value;
    }

    private static JsonNode parsed(JsonNode text) {
        String trimmed = text.asText().strip();
        if (trimmed.startsWith("{") || trimmed.startsWith("[")) {
            try {
                return tidied(JSON.readTree(trimmed));
            } catch (JsonProcessingException e) {
                return text;
            }
        }
        return text;
    }

    private static JsonNode number(JsonNode text) {
        try {
            return NODES.textNode(
                    new BigDecimal(text.asText()).stripTrailingZeros().toPlainString());
        } catch (NumberFormatException e) {
            return text;
        }
    }

    /** A timeout in seconds, whether it is given so or as a Go duration; a list as a set. */
    private static JsonNode option(JsonNode value) {
        if (value.isObject()) {
            ObjectNode copy = NODES.objectNode();
            value.properties().forEach(each -> {
                String text = each.getValue().asText();
                copy.put(
                        each.getKey(),
                        text.endsWith("ns")
                                ? Long.parseLong(text.substring(0, text.length() - 2)) / 1_000_000_000
                                : Long.parseLong(text));
            });
            return copy;
        }
        return texts(value);
    }

    private static JsonNode dependencies(JsonNode byProperty) {
        ObjectNode copy = NODES.objectNode();
        byProperty.properties().stream()
                .filter(each -> !each.getValue().isEmpty())
                .forEach(each -> copy.set(each.getKey(), texts(each.getValue())));
        return copy;
    }

    private static JsonNode texts(JsonNode list) {
        var sorted = new TreeSet<String>();
        list.forEach(each -> sorted.add(each.asText()));
        ArrayNode copy = NODES.arrayNode();
        sorted.forEach(copy::add);
        return copy;
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "nothing" : value.toString();
    }
}
