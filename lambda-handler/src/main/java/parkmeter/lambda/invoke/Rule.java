package parkmeter.lambda.invoke;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a parameter's value must be.
 *
 * @param sentence the end of a sentence that starts with the parameter's name
 * @param keeps true for a value that keeps the rule
 */
record Rule(String sentence, Predicate<Object> keeps) {
    private static final BigInteger LARGEST_U64 = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    private static final Set<String> SCHEMA_GRAMMARS = Set.of("json", "json_object", "json_schema");

    /** A boolean. */
    static Rule flag() {
        return new Rule("must be true or false", Boolean.class::isInstance);
    }

    /** An integer that has 32 bits, as TGI's have. */
    static Rule integer(int least) {
        return new Rule(
                "must be an integer from " + least + " to " + Integer.MAX_VALUE,
                value -> value instanceof Integer number && number >= least);
    }

    /** TGI's seed is an unsigned 64-bit number. */
    static Rule seed() {
        return new Rule("must be an integer from 0 to " + LARGEST_U64, value -> {
            BigInteger number = value instanceof BigInteger big
                    ? big
                    : value instanceof Integer || value instanceof Long
                            ? BigInteger.valueOf(((Number) value).longValue())
                            : BigInteger.ONE.negate();
            return number.signum() >= 0 && number.compareTo(LARGEST_U64) <= 0;
        });
    }

    /** A number from {@code least} to {@code most}. */
    static Rule number(String least, String most) {
        return new Rule("must be a number from " + least + " to " + most, between(least, most));
    }

    /** 0, or a number that is not 0 also as the 32-bit one that TGI reads: {@code 1e-45} is the least such. */
    static Rule zeroOr(String least, String most) {
        Predicate<Object> between = between(least, most);
        return new Rule(
                "must be 0 or a number from " + least + " to " + most,
                value -> between.test(value)
                        || (value instanceof Number number && decimal(number).signum() == 0));
    }

    /** A part of the whole: above 0, also as the 32-bit number that TGI reads. */
    static Rule share() {
        return new Rule(
                "must be a number above 0 and at most 1",
                value -> value instanceof Number number
                        && number.floatValue() > 0
                        && decimal(number).compareTo(BigDecimal.ONE) <= 0);
    }

    /** A string, or a list of them. */
    static Rule texts() {
        return new Rule(
                "must be a string or an array of strings, none of them empty",
                value -> isText(value)
                        || (value instanceof List<?> list && list.stream().allMatch(Rule::isText)));
    }

    /** TGI's own shape: it can't even read a request with another one. */
    static Rule grammar() {
        return new Rule(
                "must be {\"type\": \"json\", \"value\": <JSON Schema>} or {\"type\": \"regex\", \"value\": <string>}",
                value -> value instanceof Map<?, ?> grammar
                        && grammar.keySet().equals(Set.of("type", "value"))
                        && ("regex".equals(grammar.get("type"))
                                ? isText(grammar.get("value"))
                                : SCHEMA_GRAMMARS.contains(grammar.get("type"))
                                        && grammar.get("value") instanceof Map));
    }

    /** For what TGI knows and this API has no use for. */
    static Rule never(String why) {
        return new Rule("can't be given: " + why, value -> false);
    }

    private static Predicate<Object> between(String least, String most) {
        BigDecimal low = new BigDecimal(least);
        BigDecimal high = new BigDecimal(most);
        return value -> value instanceof Number number
                && decimal(number).compareTo(low) >= 0
                && decimal(number).compareTo(high) <= 0;
    }

    private static BigDecimal decimal(Number number) {
        return number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
    }

    private static boolean isText(@Nullable Object value) {
        return value instanceof String text && !text.isEmpty();
    }
}
