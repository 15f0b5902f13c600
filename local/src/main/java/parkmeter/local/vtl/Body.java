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
import com.jayway.jsonpath.Option;
import com.jayway.jsonpath.spi.json.JacksonJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;
import java.util.ArrayList;
import java.util.List;
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
            .options(Option.SUPPRESS_EXCEPTIONS)
            .build();

    /** What API Gateway takes no body for. */
    private static final String NOTHING = "{}";

    private final String text;
    private @Nullable Object parsed;

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
     * What stands at a JSONPath: a map, a list, a text, a number or a truth value; null for nothing.
     *
     * @throws BadBody when the body is no JSON
     * @throws BadTemplate when the path is none
     */
    public @Nullable Object path(String path) {
        Object root = root();
        try {
            Object found = JsonPath.compile(path).read(root, JSON_PATH);
            return found instanceof List<?> list ? new JsonList(list) : found;
        } catch (InvalidPathException | IllegalArgumentException wrong) {
            throw new BadTemplate("'" + path + "' is no JSONPath");
        }
    }

    /**
     * The same as JSON; two quotes for nothing.
     *
     * @throws BadBody when the body is no JSON
     */
    public String json(String path) {
        Object found = path(path);
        return found == null ? "\"\"" : toJson(found);
    }

    /** JSON as Velocity can walk through it. */
    static Object parse(String text) {
        try {
            return JSON.readValue(text, Object.class);
        } catch (JsonProcessingException notJson) {
            throw new BadBody(notJson.getOriginalMessage());
        }
    }

    private Object root() {
        if (parsed == null) {
            parsed = parse(text);
        }
        return parsed;
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
