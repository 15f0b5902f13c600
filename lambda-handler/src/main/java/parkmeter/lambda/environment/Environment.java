package parkmeter.lambda.environment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/** A function's environment while it is read: what is missing or wrong is gathered, and told at once. */
public final class Environment {
    private final Map<String, String> variables;
    private final List<String> problems = new ArrayList<>();

    /** Over {@code System.getenv()}. */
    public Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    /** A variable that must be there. */
    public String text(String name) {
        String value = variables.getOrDefault(name, "");
        if (value.isBlank()) {
            problems.add(name + " is missing.");
        }
        return value;
    }

    /** A variable that may be left out; null where it is. */
    public @Nullable String textOrNull(String name) {
        return variables.get(name);
    }

    /** A variable that says {@code true}, or is left out. */
    public boolean flag(String name) {
        String value = variables.get(name);
        if (value != null && !value.equals("true")) {
            wrong(name, "true, or left out");
        }
        return value != null;
    }

    /** A JSON list of texts; empty where it is left out. */
    public List<String> texts(String name) {
        if (json(name, "[]") instanceof List<?> list) {
            return list.stream().map(String::valueOf).toList();
        }
        wrong(name, "a JSON list");
        return List.of();
    }

    /** A JSON object from texts to texts, in its order; empty where it is left out. */
    public Map<String, String> textsByName(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        object(name).forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
        return texts;
    }

    /** A JSON object, in its order; empty where it is left out. */
    public Map<?, ?> object(String name) {
        if (json(name, "{}") instanceof Map<?, ?> object) {
            return object;
        }
        wrong(name, "a JSON object");
        return Map.of();
    }

    /** Notes that a variable is not what it must be. */
    public void wrong(String name, String rule) {
        problems.add(name + " must be " + rule + ".");
    }

    /**
     * To be called when all is read.
     *
     * @throws IllegalStateException with a sentence for everything that is missing or wrong
     */
    public void check() {
        if (!problems.isEmpty()) {
            throw new IllegalStateException("The function's environment can't be read: " + String.join(" ", problems)
                    + " The Pulumi program sets PARKMETER_*, and Lambda sets AWS_REGION.");
        }
    }

    private @Nullable Object json(String name, String otherwise) {
        return Json.readOrNull(variables.getOrDefault(name, otherwise));
    }
}
