package parkmeter.local.vtl;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.PathNotFoundException;
import com.jayway.jsonpath.spi.json.JacksonJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A payload as templates and parameter mappings see it. JSONPath is Jayway's, which API Gateway's guide names; an object that is
 * printed as it is looks like {@code {a=1}} and a list like {@code [{"a":1}]}, as from AWS.
 */
public final class Body {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNumberLength(Integer.MAX_VALUE)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .addModule(new SimpleModule().addAbstractTypeMapping(List.class, JsonList.class))
            .build();
    private static final Configuration JSON_PATH = Configuration.builder()
            .jsonProvider(new JacksonJsonProvider(JSON))
            .mappingProvider(new JacksonMappingProvider(JSON))
            .options(Set.of())
            .build();

    /** What API Gateway takes no body for. */
    private static final String NOTHING = "{}";

    private final String text;
    private @Nullable Found root;

    private Body(String text) {
        this.text = text;
    }

    /** A body that is parsed when it is first asked for something. */
    public static Body of(String text) {
        return new Body(text.isEmpty() ? NOTHING : text);
    }

    /** As it is. */
    public String text() {
        return text;
    }

    /**
     * What stands at a JSONPath: a map, a list, a text, a number or a truth value; null for nothing, and for JSON's null.
     *
     * @throws BadBody when the body is no JSON
     * @throws BadTemplate when the path is none
     */
    public @Nullable Object path(String path) {
        return find(path).flatMap(Found::value).orElse(null);
    }

    /**
     * The same as JSON; two quotes for nothing.
     *
     * @throws BadBody when the body is no JSON
     * @throws BadTemplate when the path is none
     */
    public String json(String path) {
        return find(path)
                .map(found -> found.value().map(Body::toJson).orElse("null"))
                .orElse("\"\"");
    }

    /** What is there, though it be null. */
    private record Found(Optional<Object> value) {}

    private Optional<Found> find(String path) {
        if (root == null) {
            root = new Found(Optional.ofNullable(parse(text)));
        }
        try {
            JsonPath compiled = JsonPath.compile(path);
            if (root.value().isEmpty()) {
                return path.equals("$") ? Optional.of(root) : Optional.empty();
            }
            Object found = compiled.read(root.value().get(), JSON_PATH);
            return Optional.of(
                    new Found(Optional.ofNullable(found instanceof List<?> list ? new JsonList(list) : found)));
        } catch (PathNotFoundException nothing) {
            return Optional.empty();
        } catch (InvalidPathException | IllegalArgumentException wrong) {
            throw new BadTemplate("'" + path + "' is no JSONPath");
        }
    }

    /** JSON as Velocity can walk through it. */
    static @Nullable Object parse(String text) {
        try {
            return JSON.readValue(text, Object.class);
        } catch (JsonProcessingException notJson) {
            throw new BadBody(notJson.getOriginalMessage());
        }
    }

    private static String toJson(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("what was JSON can be written as JSON", impossible);
        }
    }

    /** A list that prints as JSON. */
    static final class JsonList extends ArrayList<Object> {
        private static final long serialVersionUID = 1;

        JsonList() {}

        JsonList(List<?> list) {
            super(list);
        }

        @Override
        public String toString() {
            return toJson(this);
        }
    }
}
