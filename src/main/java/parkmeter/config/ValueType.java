package parkmeter.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What fits a key.
 *
 * @param kind what it is
 * @param rule what it must be, as the end of a sentence
 * @param later documented words that are not available yet
 * @param reader the value, or nothing where it doesn't fit
 */
record ValueType<T>(Kind kind, String rule, List<String> later, Function<JsonNode, Optional<T>> reader) {

    /** The kinds, as the documentation calls them. */
    enum Kind {
        TEXT("text"),
        WHOLE_NUMBER("whole number"),
        NUMBER("number"),
        FLAG("true or false"),
        CHOICE("choice"),
        SECTION("section"),
        LIST("list");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** No key takes more, and a pattern has no business with a text that long. */
    private static final int LONGEST_TEXT = 512;

    static ValueType<String> text(String rule, String pattern) {
        Pattern whole = Pattern.compile(pattern);
        return of(Kind.TEXT, rule, node -> text(node)
                .filter(text -> whole.matcher(text).matches()));
    }

    static ValueType<Integer> wholeNumber(int from, int to) {
        return of(Kind.WHOLE_NUMBER, "a whole number from " + from + " to " + to, node -> Optional.of(node)
                .filter(n -> n.isIntegralNumber() && n.canConvertToInt())
                .map(JsonNode::intValue)
                .filter(n -> n >= from && n <= to));
    }

    /** A whole number in a range, or 0, which {@code meaning} explains. */
    static ValueType<Integer> wholeNumberOr0(String meaning, int from, int to) {
        ValueType<Integer> range = wholeNumber(from, to);
        return of(
                Kind.WHOLE_NUMBER,
                range.rule() + ", or 0: " + meaning,
                node -> node.isInt() && node.intValue() == 0 ? Optional.of(0) : range.read(node));
    }

    static ValueType<Double> numberAbove0(int to) {
        return of(Kind.NUMBER, "a number above 0, at most " + to, node -> Optional.of(node)
                .filter(JsonNode::isNumber)
                .map(JsonNode::doubleValue)
                .filter(n -> n > 0 && n <= to));
    }

    /** As {@link #numberAbove0}, of money: to the last digit. */
    static ValueType<BigDecimal> amountAbove0(int to) {
        ValueType<Double> number = numberAbove0(to);
        return of(Kind.NUMBER, number.rule(), node -> number.read(node).map(any -> node.decimalValue()));
    }

    static ValueType<Boolean> flag() {
        return of(Kind.FLAG, "true or false", node -> Optional.of(node)
                .filter(JsonNode::isBoolean)
                .map(JsonNode::booleanValue));
    }

    static <T> ValueType<T> choice(Map<String, T> available, String... later) {
        String words = String.join(", ", new TreeMap<>(available).keySet());
        return new ValueType<>(
                Kind.CHOICE, available.size() == 1 ? words : "one of " + words, List.of(later), node -> text(node)
                        .map(available::get));
    }

    static ValueType<InstanceType> instanceType() {
        return of(Kind.TEXT, "ml.<family>.<size>, one of " + InstanceType.known(), node -> text(node)
                .flatMap(InstanceType::of));
    }

    /** A prefix in S3, or one archive there. */
    static ValueType<S3Location> s3Location() {
        return of(Kind.TEXT, "s3://<bucket>/<prefix>/ or s3://<bucket>/<key>.tar.gz", node -> text(node)
                .flatMap(S3Location::of));
    }

    static ValueType<S3Location> s3Prefix() {
        return of(Kind.TEXT, "s3://<bucket>/<prefix>/", node -> text(node)
                .flatMap(S3Location::of)
                .filter(location -> !location.isArchive()));
    }

    static ValueType<String> chatTemplate() {
        return of(
                Kind.TEXT,
                "a text of at most " + LONGEST_TEXT + " characters that holds {prompt} once",
                node -> text(node).filter(text -> text.split("\\{prompt}", -1).length == 2));
    }

    static ValueType<LocalTime> time() {
        return of(Kind.TEXT, "a time from 00:00 to 23:59, in quotes", node -> text(node)
                .filter(text -> text.matches("([01][0-9]|2[0-3]):[0-5][0-9]"))
                .map(LocalTime::parse));
    }

    static ValueType<LocalDate> date() {
        return of(
                Kind.TEXT, "a date as yyyy-MM-dd, in quotes", node -> text(node).flatMap(text -> {
                    try {
                        return Optional.of(LocalDate.parse(text));
                    } catch (DateTimeParseException e) {
                        return Optional.empty();
                    }
                }));
    }

    static ValueType<ZoneId> timeZone() {
        Set<String> known = ZoneId.getAvailableZoneIds();
        return of(Kind.TEXT, "an IANA time zone, such as Europe/London or UTC", node -> text(node)
                .filter(known::contains)
                .map(ZoneId::of));
    }

    static ValueType<JsonNode> section() {
        return of(Kind.SECTION, "a section of keys", node -> Optional.of(node).filter(JsonNode::isObject));
    }

    static ValueType<JsonNode> list() {
        return of(Kind.LIST, "a list with at least one entry", node -> Optional.of(node)
                .filter(n -> n.isArray() && !n.isEmpty()));
    }

    static ValueType<JsonNode> anyList() {
        return of(Kind.LIST, "a list", node -> Optional.of(node).filter(JsonNode::isArray));
    }

    /** The value, or nothing where it doesn't fit. */
    Optional<T> read(JsonNode node) {
        return reader.apply(node);
    }

    /** Whether the value is a documented word that is not available yet. */
    boolean isLater(JsonNode node) {
        return text(node).filter(later::contains).isPresent();
    }

    private static Optional<String> text(JsonNode node) {
        return Optional.ofNullable(node.textValue()).filter(text -> text.length() <= LONGEST_TEXT);
    }

    private static <T> ValueType<T> of(Kind kind, String rule, Function<JsonNode, Optional<T>> reader) {
        return new ValueType<>(kind, rule, List.of(), reader);
    }
}
