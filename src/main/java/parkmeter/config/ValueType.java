package parkmeter.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What fits a key.
 *
 * @param name what it is called in the documentation
 * @param rule the rule as a sentence's end: "must be …"
 * @param later documented values that are not available yet
 * @param reader the value, or nothing where it doesn't fit
 */
record ValueType<T>(String name, String rule, List<String> later, Function<JsonNode, Optional<T>> reader) {

    static ValueType<String> text(String rule, String pattern) {
        Pattern whole = Pattern.compile(pattern);
        return of("text", rule, node -> Optional.of(node)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(text -> whole.matcher(text).matches()));
    }

    static ValueType<Integer> wholeNumber(int from, int to) {
        return of("whole number", "must be a whole number from " + from + " to " + to, node -> Optional.of(node)
                .filter(n -> n.isIntegralNumber() && n.canConvertToInt())
                .map(JsonNode::intValue)
                .filter(n -> n >= from && n <= to));
    }

    static ValueType<Double> numberAbove0(int to) {
        return of("number", "must be a number above 0, at most " + to, node -> Optional.of(node)
                .filter(JsonNode::isNumber)
                .map(JsonNode::decimalValue)
                .filter(n -> n.signum() > 0 && n.compareTo(BigDecimal.valueOf(to)) <= 0)
                .map(BigDecimal::doubleValue));
    }

    static ValueType<Boolean> flag() {
        return of("true or false", "must be true or false", node -> Optional.of(node)
                .filter(JsonNode::isBoolean)
                .map(JsonNode::booleanValue));
    }

    static <T> ValueType<T> choice(Map<String, T> available, String... later) {
        String words = String.join(", ", new TreeMap<>(available).keySet());
        return new ValueType<>(
                "choice",
                available.size() == 1 ? "must be " + words : "must be one of " + words,
                List.of(later),
                node -> word(node).map(available::get));
    }

    static ValueType<InstanceType> instanceType() {
        return of(
                "text",
                "must be ml.<family>.<size> with GPUs, of one of the families " + InstanceType.families(),
                node -> Optional.of(node)
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::textValue)
                        .flatMap(InstanceType::of));
    }

    static ValueType<JsonNode> section() {
        return of("section", "must be a section of keys", node -> Optional.of(node)
                .filter(JsonNode::isObject));
    }

    static ValueType<JsonNode> list() {
        return of("list", "must be a list with at least one entry", node -> Optional.of(node)
                .filter(n -> n.isArray() && !n.isEmpty()));
    }

    /** A documented key that nothing fits yet. */
    static ValueType<JsonNode> notYet(String available) {
        return of("not available yet", "is not available yet; " + available, node -> Optional.empty());
    }

    /** The value, or nothing where it doesn't fit. */
    Optional<T> read(JsonNode node) {
        return reader.apply(node);
    }

    /** Whether the value is a documented one that is not available yet. */
    boolean isLater(JsonNode node) {
        return word(node).filter(later::contains).isPresent();
    }

    boolean isText() {
        return name.equals("text");
    }

    /** A choice is a word, or a section whose only key is the word: {@code via: {function: name}}. */
    private static Optional<String> word(JsonNode node) {
        return node.isObject() && node.size() == 1
                ? Optional.of(node.fieldNames().next())
                : Optional.ofNullable(node.textValue());
    }

    private static <T> ValueType<T> of(String name, String rule, Function<JsonNode, Optional<T>> reader) {
        return new ValueType<>(name, rule, List.of(), reader);
    }
}
