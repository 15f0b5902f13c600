package parkmeter.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** When a Choice state takes a way (states-language.net, "Choice State"), as far as it is run here. */
@FunctionalInterface
interface Condition {
    /** Whether it holds. */
    boolean holds(JsonNode data, JsonNode context);

    /** What a variable is compared with; those that take a value also take a path under {@code <name>Path}, StringMatches apart. */
    Map<String, BiPredicate<JsonNode, JsonNode>> COMPARISONS = Map.of(
            "StringEquals", (value, wanted) -> value.isTextual() && value.equals(wanted),
            "BooleanEquals", (value, wanted) -> value.isBoolean() && value.equals(wanted),
            "NumericEquals", (value, wanted) -> numbers(value, wanted) && compared(value, wanted) == 0,
            "NumericLessThan", (value, wanted) -> numbers(value, wanted) && compared(value, wanted) < 0,
            "NumericLessThanEquals", (value, wanted) -> numbers(value, wanted) && compared(value, wanted) <= 0,
            "NumericGreaterThan", (value, wanted) -> numbers(value, wanted) && compared(value, wanted) > 0,
            "NumericGreaterThanEquals", (value, wanted) -> numbers(value, wanted) && compared(value, wanted) >= 0,
            "StringMatches", (value, wanted) -> value.isTextual() && matches(wanted.asText(), value.asText()));

    /** What is asked about a variable. */
    Map<String, BiPredicate<Optional<JsonNode>, String>> TESTS = Map.of(
            "IsPresent", (value, name) -> value.isPresent(),
            "IsNull", (value, name) -> there(value, name).isNull(),
            "IsString", (value, name) -> there(value, name).isTextual(),
            "IsNumeric", (value, name) -> there(value, name).isNumber(),
            "IsBoolean", (value, name) -> there(value, name).isBoolean());

    /** Reads a rule: one comparison, or And, Or and Not of others. */
    static Condition of(JsonNode rule, String where) {
        if (rule.has("And") || rule.has("Or")) {
            List<Condition> parts = new ArrayList<>();
            rule.path(rule.has("And") ? "And" : "Or").forEach(part -> parts.add(of(part, where)));
            return rule.has("And")
                    ? (data, context) -> parts.stream().allMatch(part -> part.holds(data, context))
                    : (data, context) -> parts.stream().anyMatch(part -> part.holds(data, context));
        }
        if (rule.has("Not")) {
            Condition not = of(rule.path("Not"), where);
            return (data, context) -> !not.holds(data, context);
        }
        List<String> operators = StreamSupport.stream(((Iterable<String>) rule::fieldNames).spliterator(), false)
                .filter(name -> !List.of("Variable", "Next", "Comment").contains(name))
                .toList();
        if (operators.size() != 1 || !rule.path("Variable").isTextual()) {
            throw new Unrunnable(where, "a choice has a Variable and one comparison");
        }
        return comparison(rule.path("Variable").asText(), operators.get(0), rule.path(operators.get(0)), where);
    }

    private static Condition comparison(String variable, String operator, JsonNode wanted, String where) {
        Paths.read(variable, where);
        BiPredicate<Optional<JsonNode>, String> test = TESTS.get(operator);
        if (test != null) {
            return (data, context) -> test.test(Paths.find(variable, data, context), variable) == wanted.asBoolean();
        }
        BiPredicate<JsonNode, JsonNode> plain = COMPARISONS.get(operator);
        if (plain != null) {
            return (data, context) -> plain.test(value(variable, data, context), wanted);
        }
        BiPredicate<JsonNode, JsonNode> byPath = operator.endsWith("Path") && !operator.startsWith("StringMatches")
                ? COMPARISONS.get(operator.substring(0, operator.length() - "Path".length()))
                : null;
        if (byPath == null) {
            throw new Unrunnable(
                    where,
                    "the comparison " + operator + " is not run locally; there are "
                            + COMPARISONS.keySet().stream().sorted().collect(Collectors.joining(", ")) + ", "
                            + TESTS.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        String path = wanted.asText();
        Paths.read(path, where);
        return (data, context) -> byPath.test(value(variable, data, context), value(path, data, context));
    }

    private static JsonNode value(String path, JsonNode data, JsonNode context) {
        return there(Paths.find(path, data, context), path);
    }

    private static JsonNode there(Optional<JsonNode> value, String path) {
        return value.orElseThrow(
                () -> new TaskFailed("States.Runtime", "Invalid path '" + path + "': there is nothing there."));
    }

    private static boolean numbers(JsonNode value, JsonNode wanted) {
        return value.isNumber() && wanted.isNumber();
    }

    private static int compared(JsonNode value, JsonNode wanted) {
        return value.decimalValue().compareTo(wanted.decimalValue());
    }

    private static boolean matches(String pattern, String text) {
        String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q");
        return Pattern.compile(regex, Pattern.DOTALL).matcher(text).matches();
    }
}
