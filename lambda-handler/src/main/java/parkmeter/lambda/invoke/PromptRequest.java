package parkmeter.lambda.invoke;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.gateway.CallFailed;
import parkmeter.lambda.gateway.Code;
import parkmeter.lambda.gateway.GatewayEvent;
import parkmeter.lambda.gateway.Problem;

/**
 * A prompt and how to complete it, checked.
 *
 * @param prompt not empty
 * @param parameters those in effect, by name: the defaults, and what the caller gave
 */
record PromptRequest(String prompt, Map<String, Object> parameters) {
    private static final String UNKNOWN_PARAMETER = "is no parameter; the parameters are "
            + Stream.of(Parameter.values()).map(Parameter::key).collect(Collectors.joining(", "));

    /**
     * Reads a request for a model of this engine, with this template.
     *
     * @throws CallFailed when it is not a request, with every problem in it
     */
    static PromptRequest read(String body, Engine engine, Template template) throws CallFailed {
        Map<?, ?> fields = GatewayEvent.object(body);
        List<Problem> problems = new ArrayList<>();
        Object prompt = fields.get("prompt");
        if (prompt == null || prompt.equals("")) {
            problems.add(Problem.with("prompt", prompt, "is missing or empty"));
        } else if (!(prompt instanceof String)) {
            problems.add(Problem.withText("prompt", prompt, "must be a string"));
        } else if (!isUnicode(prompt)) {
            problems.add(Problem.withText("prompt", prompt, "must be Unicode text: it has half a surrogate pair"));
        }
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            String name = String.valueOf(field.getKey());
            if (!name.equals("prompt") && !name.equals("parameters")) {
                problems.add(
                        Problem.withText(name, field.getValue(), "is unknown; the fields are prompt and parameters"));
            }
        }
        Map<String, Object> parameters = parameters(fields.get("parameters"), engine, template, problems);
        if (prompt instanceof String text && problems.isEmpty()) {
            return new PromptRequest(text, parameters);
        }
        CallFailed invalid = CallFailed.invalid(problems);
        throw prompt == null || prompt.equals("")
                ? new CallFailed(Code.INVALID_REQUEST, "Missing 'prompt' in request body", invalid.problems())
                : invalid;
    }

    /** Whether the likeliest token is to be taken each time. */
    boolean greedy() {
        return Boolean.FALSE.equals(parameters.get(Parameter.DO_SAMPLE.key()));
    }

    private static Map<String, Object> parameters(
            @Nullable Object given, Engine engine, Template template, List<Problem> problems) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put(Parameter.MAX_NEW_TOKENS.key(), 512);
        parameters.put(Parameter.TEMPERATURE.key(), 0.7);
        parameters.put(Parameter.TOP_P.key(), 0.9);
        parameters.put(Parameter.DO_SAMPLE.key(), true);
        if (given instanceof Map<?, ?> fields) {
            for (Map.Entry<?, ?> field : fields.entrySet()) {
                String name = String.valueOf(field.getKey());
                Object value = field.getValue();
                Optional<Parameter> parameter = Parameter.named(name);
                if (parameter.isEmpty()) {
                    problems.add(Problem.withText("parameters." + name, value, UNKNOWN_PARAMETER));
                } else if (value != null) { // null is how many clients say that they leave it to us
                    check(parameter.get(), value, engine, template)
                            .ifPresentOrElse(problems::add, () -> parameters.put(name, plain(parameter.get(), value)));
                }
            }
        } else if (given != null) {
            problems.add(Problem.withText("parameters", given, "must be an object"));
        }
        if (parameters.get(Parameter.TEMPERATURE.key()) instanceof Number temperature
                && temperature.floatValue() == 0) {
            parameters.put(Parameter.DO_SAMPLE.key(), false);
        }
        return parameters;
    }

    private static Optional<Problem> check(Parameter parameter, Object value, Engine engine, Template template) {
        return parameter
                .brokenRule(value, engine, template)
                .or(() -> isUnicode(value)
                        ? Optional.empty()
                        : Optional.of("must be Unicode text: it has half a surrogate pair"))
                .map(rule -> Problem.with("parameters." + parameter.key(), value, rule));
    }

    /** TGI takes stop sequences as an array only. */
    private static Object plain(Parameter parameter, Object value) {
        return parameter == Parameter.STOP && value instanceof String ? List.of(value) : value;
    }

    /** JSON can escape half a surrogate pair; UTF-8 can't hold it. */
    private static boolean isUnicode(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return isUnicode(map.keySet()) && isUnicode(map.values());
        }
        if (value instanceof Collection<?> values) {
            return values.stream().allMatch(PromptRequest::isUnicode);
        }
        return !(value instanceof String text)
                || StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
