package parkmeter.local.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The fields of one object of a configuration; a field that is null is absent. */
final class Fields {

    private final String path;
    private final JsonNode node;
    private final List<String> problems;
    private final List<String> known = new ArrayList<>();

    Fields(String path, JsonNode node, List<String> problems) {
        this.path = path;
        this.node = node;
        this.problems = problems;
    }

    /**
     * Adds a problem.
     *
     * @param name the field
     * @param rule what is wrong
     * @param mend the line that mends it
     */
    void refuse(String name, String rule, String mend) {
        JsonNode value = node.path(name);
        String shown = value.isValueNode() ? " = " + value : "";
        problems.add(("  " + place(name) + shown + "\n    " + rule + "\n    " + mend)
                .replaceAll("[\\p{Cntrl}&&[^\n]]", "?"));
    }

    private String place(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private JsonNode find(String name) {
        known.add(name);
        JsonNode value = node.path(name);
        return value.isNull() ? node.path("") : value;
    }

    boolean has(String name) {
        return !find(name).isMissingNode();
    }

    /** A text that must be there and fit; an empty one where it is not or does not. */
    String text(String name, String pattern, String rule, String example) {
        Optional<String> text = textIfAny(name, pattern, rule, example);
        if (!has(name)) {
            refuse(name, "is missing: it must be " + rule, "write \"" + name + "\": \"" + example + "\"");
        }
        return text.orElse("");
    }

    Optional<String> textIfAny(String name, String pattern, String rule, String example) {
        JsonNode value = find(name);
        if (value.isMissingNode() || (value.isTextual() && value.textValue().matches(pattern))) {
            return Optional.ofNullable(value.textValue());
        }
        refuse(name, "must be " + rule, "write \"" + name + "\": \"" + example + "\"");
        return Optional.empty();
    }

    int number(String name, int least, int most, int fallback) {
        JsonNode value = find(name);
        if (value.isMissingNode() || (value.isInt() && value.intValue() >= least && value.intValue() <= most)) {
            return value.asInt(fallback);
        }
        refuse(
                name,
                "must be a whole number from " + least + " to " + most,
                "write \"" + name + "\": " + Math.max(least, fallback));
        return fallback;
    }

    boolean flag(String name) {
        JsonNode value = find(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            refuse(name, "must be true or false", "write \"" + name + "\": false");
        }
        return value.asBoolean();
    }

    Optional<Fields> section(String name) {
        JsonNode value = find(name);
        if (!value.isMissingNode() && !value.isObject()) {
            refuse(name, "must be an object", "write \"" + name + "\": {…}");
        }
        return value.isObject() ? Optional.of(new Fields(place(name), value, problems)) : Optional.empty();
    }

    boolean isList(String name) {
        return find(name) instanceof ArrayNode;
    }

    /** A list of objects. */
    List<Fields> list(String name) {
        JsonNode value = find(name);
        var list = new ArrayList<Fields>();
        if (!(value instanceof ArrayNode) || value.valueStream().anyMatch(each -> !each.isObject())) {
            refuse(name, "must be a list of objects", "write \"" + name + "\": [{…}]");
            return list;
        }
        value.forEach(each -> list.add(new Fields(place(name) + "[" + list.size() + "]", each, problems)));
        return list;
    }

    /** A list of texts. */
    List<String> texts(String name) {
        return find(name).valueStream().map(JsonNode::asText).toList();
    }

    /** Refuses what has not been asked for. */
    void done() {
        node.properties().stream()
                .filter(each -> !known.contains(each.getKey()))
                .forEach(each -> refuse(
                        each.getKey(),
                        "is no field that is known here; the nearest is '"
                                + known.stream()
                                        .min(Comparator.comparingInt(field -> LevenshteinDistance.getDefaultInstance()
                                                .apply(field, each.getKey())))
                                        .orElse("")
                                + "'",
                        "take it out of the configuration"));
    }
}
