package parkmeter.lambda.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as maps (in their order), lists, strings, numbers, booleans and null. Strict: one value, no key twice. */
public final class Json {
    /** Deep enough for any JSON Schema that a caller sends as a grammar. */
    public static final int MAX_DEPTH = 100;

    private static final JSON JR = JSON.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(JSON.Feature.WRITE_NULL_PROPERTIES)
            // As it was written: 1e999 and 1e-999 would be infinite and 0 as a double.
            .enable(JSON.Feature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {}

    /**
     * Reads one value.
     *
     * @throws IOException when it is not JSON
     */
    public static @Nullable Object read(String json) throws IOException {
        try (JsonParser parser = JR.createParser(json)) {
            Object value = JR.anyFrom(parser);
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "more than one value");
            }
            return value;
        }
    }

    /** Reads one value; null also when it is not JSON. */
    public static @Nullable Object readOrNull(String json) {
        try {
            return read(json);
        } catch (IOException e) {
            return null;
        }
    }

    /** Why a text can't be read, as the end of a sentence. Jackson's own words quote the text: they are for nobody. */
    public static String fault(JacksonException e) {
        String words = String.valueOf(e.getOriginalMessage());
        String fault = words.startsWith("Duplicate field")
                ? "holds a key twice"
                : words.startsWith("Document nesting depth") ? "is nested deeper than " + MAX_DEPTH : "can't be read";
        JsonLocation where = e.getLocation();
        return where == null ? fault : fault + " at line " + where.getLineNr() + ", column " + where.getColumnNr();
    }

    /** Writes a value that {@link #read} could have given. */
    public static byte[] bytes(Object value) {
        try {
            return JR.asBytes(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a value that {@link #read} could have given. */
    public static String text(Object value) {
        try {
            return JR.asString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value under {@code keys}, one object deeper with each; null when it or one on the way is not there. */
    public static @Nullable Object at(@Nullable Object value, String... keys) {
        Object found = value;
        for (String key : keys) {
            found = found instanceof Map<?, ?> object ? object.get(key) : null;
        }
        return found;
    }

    /** The string under {@code keys}; null when there is none. */
    public static @Nullable String textAt(@Nullable Object value, String... keys) {
        return at(value, keys) instanceof String text ? text : null;
    }

    /** The first element; null when there is none. */
    public static @Nullable Object first(@Nullable Object value) {
        return value instanceof List<?> list && !list.isEmpty() ? list.get(0) : null;
    }
}
