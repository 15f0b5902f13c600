package parkmeter.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A payload template, {@code Parameters} or {@code ResultSelector} (states-language.net, "Payload Template"): a field whose name ends in
 * {@code .$} has a path or an intrinsic function as its value.
 *
 * @param declared as it stands in the definition
 */
record Template(JsonNode declared) {

    static Template of(JsonNode declared, String where) {
        check(declared, where);
        return new Template(declared);
    }

    private static void check(JsonNode node, String where) {
        if (node.isObject()) {
            node.properties().forEach(field -> {
                if (!field.getKey().endsWith(".$")) {
                    check(field.getValue(), where + "." + field.getKey());
                } else if (field.getValue().isTextual()) {
                    Expression.of(field.getValue().asText(), where + "." + field.getKey());
                } else {
                    throw new Unrunnable(where + "." + field.getKey(), "a path or an intrinsic function is a text");
                }
            });
        }
        if (node.isArray()) {
            node.forEach(one -> check(one, where));
        }
    }

    /**
     * The payload.
     *
     * @throws TaskFailed where a path leads nowhere
     */
    JsonNode fill(JsonNode data, JsonNode context) {
        return fill(declared, data, context);
    }

    private static JsonNode fill(JsonNode node, JsonNode data, JsonNode context) {
        if (node.isObject()) {
            ObjectNode filled = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(field -> {
                String name = field.getKey();
                if (name.endsWith(".$")) {
                    filled.set(
                            name.substring(0, name.length() - 2),
                            Expression.of(field.getValue().asText(), name).evaluate(data, context));
                } else {
                    filled.set(name, fill(field.getValue(), data, context));
                }
            });
            return filled;
        }
        if (node.isArray()) {
            ArrayNode filled = JsonNodeFactory.instance.arrayNode();
            node.forEach(one -> filled.add(fill(one, data, context)));
            return filled;
        }
        return node;
    }
}
