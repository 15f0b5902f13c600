package parkmeter.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.Option;
import com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;
import java.util.Optional;

/** JSONPath in a state machine: {@code $} is the state's data, {@code $$} the context object. */
final class Paths {
    private static final Configuration JSON_PATH = Configuration.builder()
            .jsonProvider(new JacksonJsonNodeJsonProvider())
            .mappingProvider(new JacksonMappingProvider())
            .options(Option.SUPPRESS_EXCEPTIONS)
            .build();

    private Paths() {}

    /**
     * A path that is read.
     *
     * @throws Unrunnable for one that is none
     */
    static JsonPath read(String path, String where) {
        try {
            return JsonPath.compile(path.startsWith("$$") ? path.substring(1) : path);
        } catch (InvalidPathException | IllegalArgumentException wrong) {
            throw new Unrunnable(where, "'" + path + "' is no JSONPath");
        }
    }

    /** What stands there; empty for nothing. */
    static Optional<JsonNode> find(String path, JsonNode data, JsonNode context) {
        JsonNode root = path.startsWith("$$") ? context : data;
        JsonPath compiled = read(path, "path");
        JsonNode found = compiled.read(root, JSON_PATH);
        boolean nothing = found == null || (!compiled.isDefinite() && found.isEmpty());
        return nothing ? Optional.empty() : Optional.of(found);
    }

    /**
     * Puts a value where a reference path points, and makes objects on the way.
     *
     * @param path {@code $} or {@code $.a.b}
     */
    static JsonNode put(String path, JsonNode data, JsonNode value) {
        if (path.equals("$")) {
            return value;
        }
        if (!data.isObject()) {
            throw new TaskFailed(
                    "States.ResultPathMatchFailure", "There is no object that " + path + " could be put into.");
        }
        ObjectNode whole = data.deepCopy();
        ObjectNode at = whole;
        String[] names = path.substring(2).split("\\.", -1);
        for (int i = 0; i < names.length - 1; i++) {
            JsonNode next = at.path(names[i]);
            if (next instanceof ObjectNode object) {
                at = object;
            } else if (next.isMissingNode()) {
                at = at.putObject(names[i]);
            } else {
                throw new TaskFailed("States.ResultPathMatchFailure", path + " leads through what is no object.");
            }
        }
        at.set(names[names.length - 1], value);
        return whole;
    }

    /** Whether a path can be written to. */
    static boolean isReference(String path) {
        return path.matches("\\$(\\.[A-Za-z_][\\w-]*)*");
    }
}
