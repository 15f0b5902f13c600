package parkmeter.lambda.invoke;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/** TGI (text-generation-inference) from 2.4 on: what 3.3 reads and writes on {@code /invocations}. */
final class Tgi extends Engine {
    /** TGI's own limit on a request (its {@code PAYLOAD_LIMIT}), in bytes: what is longer can't reach the model. */
    static final int LONGEST_REQUEST = 2_000_000;

    /** {@code router/src/validation.rs}. */
    private static final KnownSentences KNOWN = new KnownSentences(
            "`inputs` cannot be empty",
            "`inputs` must have less than # tokens. Given: #",
            "`inputs` tokens + `max_new_tokens` must be <= #. Given: # `inputs` tokens and # `max_new_tokens`",
            "`max_new_tokens` must be strictly positive",
            "`max_new_tokens` must be <= #. Given: #",
            "`truncate` must be strictly positive and less than #. Given: #",
            "`temperature` must be strictly positive",
            "`repetition_penalty` must be strictly positive",
            "`frequency_penalty` must be >= -2.0 and <= 2.0",
            "`top_p` must be > 0.0 and < 1.0",
            "`typical_p` must be > 0.0 and < 1.0",
            "`top_k` must be strictly positive",
            "`top_n_tokens` must be >= 0 and <= #. Given: #",
            "`stop` supports up to # stop sequences. Given: #",
            "`seed` must not be set when `best_of` > 1",
            "you must use sampling when `best_of` is > 1",
            "`best_of` must be > 0 and <= #. Given: #",
            "`best_of` != 1 is not allowed for this endpoint",
            "`watermark` = true is not allowed with FP8 quantization.",
            "grammar is not supported");

    private static final String VALIDATION = "Input validation error: ";
    private static final String INVALID_GRAMMAR = VALIDATION + "grammar is not valid: ";

    Tgi() {
        super("TGI");
    }

    @Override
    int longestRequest() {
        return LONGEST_REQUEST;
    }

    @Override
    Said said(Parameter parameter, Object value, Template template) {
        return template == Template.CHAT ? saidInChat(parameter, value) : saidBesideInputs(parameter, value);
    }

    /** TGI refuses most values that ask for nothing. */
    private static Said saidInChat(Parameter parameter, Object value) {
        if (parameter.isOff(value)) {
            return Said.NOTHING;
        }
        return switch (parameter) {
            case MAX_NEW_TOKENS -> new Said.At("max_tokens", value);
            case TEMPERATURE, TOP_P, STOP, SEED, FREQUENCY_PENALTY -> new Said.At(parameter.key(), value);
            // A chat says it by its temperature: 0 is greedy.
            case DO_SAMPLE -> Said.NOTHING;
            // TGI adds 2 to a chat's presence penalty and takes the sum for the repetition penalty.
            case REPETITION_PENALTY ->
                new Said.At("presence_penalty", new BigDecimal(value.toString()).subtract(BigDecimal.valueOf(2)));
            case GRAMMAR -> new Said.At("response_format", value);
            default -> new Said.Refused("can't be given to this model: a chat has no place for it");
        };
    }

    static Said saidBesideInputs(Parameter parameter, Object value) {
        return parameter == Parameter.DO_SAMPLE || parameter.isOff(value)
                ? Said.NOTHING
                : new Said.At(parameter.key(), value);
    }

    @Override
    String request(PromptRequest request, Template template) {
        if (template == Template.NONE) {
            return inputs(this, request, template, request.prompt());
        }
        Map<String, Object> body = parameters(request, template, chat(request));
        if (request.greedy()) {
            body.put("temperature", 0);
        }
        return Json.text(body);
    }

    /** A {@code generate} request. */
    static String inputs(Engine engine, PromptRequest request, Template template, String inputs) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        // TGI prepends the prompt unless it is told not to, and counts tokens only in the details.
        parameters.put("return_full_text", false);
        parameters.put("details", true);
        engine.parameters(request, template, parameters);
        parameters.put("do_sample", !request.greedy());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("inputs", inputs);
        body.put("parameters", parameters);
        return Json.text(body);
    }

    @Override
    Fault fault(int status, @Nullable Object body) {
        return faultOf(status, body);
    }

    /** {@code {"error", "error_type"}}, or a text of the HTTP server's that it is built on. */
    static Fault faultOf(int status, @Nullable Object body) {
        return Fault.ofStatus(status == 0 ? statusOf(Json.textAt(body, "error_type")) : status, reason(body));
    }

    private static int statusOf(@Nullable String errorType) {
        return errorType == null
                ? 0
                : switch (errorType) {
                    case "validation", "template_error", "missing_template_variable", "tool_error" -> 422;
                    case "overloaded" -> 429;
                    case "healthcheck" -> 503;
                    default -> 424;
                };
    }

    private static String reason(@Nullable Object answer) {
        String words = Json.textAt(answer, "error");
        if (words == null) {
            return Fault.CHECK;
        }
        if (words.startsWith("Template error: ")) {
            return "its chat template can't be applied to the prompt.";
        }
        if (words.startsWith(INVALID_GRAMMAR)) { // what follows quotes the grammar
            return "`grammar` is not valid.";
        }
        String sentence = words.startsWith(VALIDATION) ? words.substring(VALIDATION.length()) : words;
        return Optional.of(sentence).flatMap(KNOWN::known).orElse(Fault.CHECK);
    }
}
