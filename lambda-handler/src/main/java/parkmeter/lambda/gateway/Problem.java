package parkmeter.lambda.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with a request.
 *
 * @param field where, e.g. {@code parameters.temperature}
 * @param value what was found there, fit to be shown
 * @param rule what must be there, as the end of a sentence that starts with the field
 */
public record Problem(String field, @Nullable Object value, String rule) {
    private static final int LONGEST = 64;

    public Problem {
        // Half a surrogate pair can't be written as UTF-8; as a question mark it can.
        field = new String(shortened(field).getBytes(UTF_8), UTF_8);
    }

    /** A problem with a value that is no secret: a parameter's. Long or nested ones are described instead of shown. */
    public static Problem with(String field, @Nullable Object value, String rule) {
        return new Problem(
                field,
                value instanceof String text && text.length() <= LONGEST ? printable(text) : described(value),
                rule);
    }

    /** A problem with a value that may be a prompt, or a part of one: text is described, never shown. */
    public static Problem withText(String field, @Nullable Object value, String rule) {
        return new Problem(field, described(value), rule);
    }

    private static @Nullable Object described(@Nullable Object value) {
        if (value instanceof String text) {
            return "(a string of " + text.length() + " characters)";
        }
        if (value instanceof List<?> list) {
            return "(an array of " + list.size() + ")";
        }
        if (value instanceof Map<?, ?>) {
            return "(an object)";
        }
        return value instanceof Number number && number.toString().length() > LONGEST ? "(a long number)" : value;
    }

    private static String printable(String text) {
        return new String(text.getBytes(UTF_8), UTF_8);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /** In words; without the value. */
    public String sentence() {
        return "'" + field + "' " + rule;
    }

    /** As one of an answer's {@code problems}. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("field", field);
        json.put("value", value);
        json.put("rule", rule);
        return json;
    }
}
