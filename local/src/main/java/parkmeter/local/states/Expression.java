package parkmeter.local.states;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** A path, a literal or an intrinsic function (states-language.net, "Intrinsic Functions"), as far as they are run here. */
interface Expression {
    /**
     * Its value.
     *
     * @throws TaskFailed where a path leads nowhere, or a function's arguments don't fit
     */
    JsonNode evaluate(JsonNode data, JsonNode context);

    /**
     * Reads one.
     *
     * @throws Unrunnable for what is none, or isn't run here
     */
    static Expression of(String text, String where) {
        Reader reader = new Reader(text, where);
        Expression expression = reader.expression();
        reader.end();
        return expression;
    }

    /** Reads the text from left to right. */
    final class Reader {
        private static final String STATES = "States.";
        private static final Set<String> FUNCTIONS = Set.of(
                "Format", "JsonToString", "StringToJson", "Array", "UUID", "Hash", "Base64Encode", "Base64Decode");

        private final String text;
        private final String where;
        private int at;

        Reader(String text, String where) {
            this.text = text;
            this.where = where;
        }

        Expression expression() {
            skipSpaces();
            if (text.startsWith(STATES, at)) {
                return function();
            }
            if (at < text.length() && text.charAt(at) == '$') {
                return path();
            }
            if (at < text.length() && text.charAt(at) == '\'') {
                JsonNode value = TextNode.valueOf(quoted());
                return (data, context) -> value;
            }
            return literal();
        }

        void end() {
            skipSpaces();
            if (at < text.length()) {
                throw wrong();
            }
        }

        private Expression function() {
            int open = text.indexOf('(', at);
            if (open < 0) {
                throw wrong();
            }
            String name = text.substring(at + STATES.length(), open);
            if (!FUNCTIONS.contains(name)) {
                throw new Unrunnable(where, "the function States." + name + " is not run locally");
            }
            at = open + 1;
            List<Expression> arguments = new ArrayList<>();
            skipSpaces();
            while (at < text.length() && text.charAt(at) != ')') {
                arguments.add(expression());
                skipSpaces();
                if (at < text.length() && text.charAt(at) == ',') {
                    at++;
                    skipSpaces();
                }
            }
            if (at >= text.length()) {
                throw wrong();
            }
            at++;
            return (data, context) -> Functions.call(
                    name,
                    arguments.stream()
                            .map(argument -> argument.evaluate(data, context))
                            .toList());
        }

        private Expression path() {
            int begin = at;
            int brackets = 0;
            while (at < text.length() && (brackets > 0 || ",) ".indexOf(text.charAt(at)) < 0)) {
                brackets += text.charAt(at) == '[' ? 1 : text.charAt(at) == ']' ? -1 : 0;
                at++;
            }
            String path = text.substring(begin, at);
            Paths.read(path, where);
            return (data, context) -> Paths.find(path, data, context)
                    .orElseThrow(() -> new TaskFailed(
                            "States.ParameterPathFailure", "The JSONPath '" + path + "' could not be found."));
        }

        /** A backslash makes the next character an ordinary one. */
        private String quoted() {
            StringBuilder value = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != '\''; at++) {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                    if ("{}".indexOf(text.charAt(at)) >= 0) {
                        value.append('\\'); // for States.Format to see
                    }
                }
                value.append(text.charAt(at));
            }
            if (at >= text.length()) {
                throw wrong();
            }
            at++;
            return value.toString();
        }

        private Expression literal() {
            int begin = at;
            while (at < text.length() && ",) ".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            String literal = text.substring(begin, at);
            JsonNode value =
                    switch (literal) {
                        case "true", "false" -> JsonNodeFactory.instance.booleanNode(literal.equals("true"));
                        case "null" -> JsonNodeFactory.instance.nullNode();
                        default -> number(literal);
                    };
            return (data, context) -> value;
        }

        private JsonNode number(String literal) {
            try {
                return JsonNodeFactory.instance.numberNode(new BigDecimal(literal));
            } catch (NumberFormatException none) {
                throw wrong();
            }
        }

        private void skipSpaces() {
            while (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
        }

        private Unrunnable wrong() {
            return new Unrunnable(where, "'" + text + "' is neither a path nor an intrinsic function");
        }
    }

    /** The functions. */
    final class Functions {
        private static final JsonMapper JSON = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        private static final Map<String, Integer> ARGUMENTS = Map.of(
                "JsonToString", 1, "StringToJson", 1, "UUID", 0, "Hash", 2, "Base64Encode", 1, "Base64Decode", 1);

        private Functions() {}

        static JsonNode call(String name, List<JsonNode> arguments) {
            if (ARGUMENTS.getOrDefault(name, arguments.size()) != arguments.size()) {
                throw failure("States." + name + " has another number of arguments.");
            }
            return switch (name) {
                case "Format" -> TextNode.valueOf(format(arguments));
                case "JsonToString" -> TextNode.valueOf(arguments.get(0).toString());
                case "StringToJson" -> parsed(text(arguments.get(0)));
                case "UUID" -> TextNode.valueOf(UUID.randomUUID().toString());
                case "Hash" -> TextNode.valueOf(hash(arguments.get(0), text(arguments.get(1))));
                case "Base64Encode" ->
                    TextNode.valueOf(Base64.getEncoder()
                            .encodeToString(text(arguments.get(0)).getBytes(StandardCharsets.UTF_8)));
                case "Base64Decode" -> TextNode.valueOf(decoded(text(arguments.get(0))));
                default -> {
                    ArrayNode array = JsonNodeFactory.instance.arrayNode();
                    arguments.forEach(array::add);
                    yield array;
                }
            };
        }

        private static String format(List<JsonNode> arguments) {
            if (arguments.isEmpty()) {
                throw failure("States.Format needs a template.");
            }
            StringBuilder made = new StringBuilder();
            String template = text(arguments.get(0));
            int next = 1;
            for (int i = 0; i < template.length(); i++) {
                char c = template.charAt(i);
                if (c == '\\' && i + 1 < template.length() && "{}".indexOf(template.charAt(i + 1)) >= 0) {
                    made.append(template.charAt(++i));
                } else if (c == '{' && template.startsWith("{}", i)) {
                    if (next >= arguments.size()) {
                        throw failure("States.Format has fewer arguments than places.");
                    }
                    JsonNode value = arguments.get(next++);
                    made.append(value.isTextual() ? value.asText() : value.toString());
                    i++;
                } else {
                    made.append(c);
                }
            }
            return made.toString();
        }

        private static JsonNode parsed(String text) {
            try {
                return JSON.readTree(text);
            } catch (JsonProcessingException notJson) {
                throw failure("States.StringToJson got a text that is no JSON.");
            }
        }

        private static String hash(JsonNode data, String algorithm) {
            try {
                byte[] bytes = (data.isTextual() ? data.asText() : data.toString()).getBytes(StandardCharsets.UTF_8);
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
            } catch (NoSuchAlgorithmException unknown) {
                throw failure("States.Hash knows no algorithm '" + algorithm + "'.");
            }
        }

        private static String decoded(String text) {
            try {
                return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException notBase64) {
                throw failure("States.Base64Decode got a text that is no base64.");
            }
        }

        private static String text(JsonNode argument) {
            if (!argument.isTextual()) {
                throw failure("An intrinsic function got what is no text.");
            }
            return argument.asText();
        }

        private static TaskFailed failure(String cause) {
            return new TaskFailed("States.IntrinsicFailure", cause);
        }
    }
}
