package parkmeter.lambda.invoke;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/**
 * llama.cpp's server behind a container that maps {@code /invocations} to chats alone. Beside OpenAI's it reads its own names
 * for sampling, and drops what it does not know, so nothing is sent that it has no place for.
 */
final class LlamaCpp extends Engine {
    /** 2^32 - 1 is its word for any seed. */
    private static final String LARGEST_SEED = "4294967294";

    private static final KnownSentences KNOWN = new KnownSentences(
            "the request exceeds the available context size, try increasing it",
            "request (# tokens) exceeds the available context size (# tokens), try increasing it",
            "input (# tokens) is larger than the max context size (# tokens). skipping");

    LlamaCpp() {
        super("llama.cpp");
    }

    @Override
    boolean takes(Template template) {
        return template == Template.CHAT;
    }

    @Override
    Said said(Parameter parameter, Object value, Template template) {
        return switch (parameter) {
            case MAX_NEW_TOKENS -> new Said.At("max_tokens", value);
            case TEMPERATURE, TOP_P, TOP_K, TYPICAL_P, STOP, FREQUENCY_PENALTY -> new Said.At(parameter.key(), value);
            case DO_SAMPLE -> Said.NOTHING;
            case SEED ->
                exceeds(value, LARGEST_SEED)
                        ? new Said.Refused("must be at most " + LARGEST_SEED + ": this model's llama.cpp takes no more")
                        : new Said.At("seed", value);
            case REPETITION_PENALTY -> new Said.At("repeat_penalty", value);
            case GRAMMAR ->
                Parameter.regex(value) == null
                        ? new Said.At("response_format", responseFormat(Parameter.schema(value)))
                        : new Said.Refused(
                                "must be {\"type\": \"json\", \"value\": <JSON Schema>}: this model's llama.cpp takes"
                                        + " no regular expression");
            default -> without(parameter, value);
        };
    }

    @Override
    String request(PromptRequest request, Template template) {
        Map<String, Object> body = parameters(request, template, chat(request));
        if (request.greedy()) {
            body.put("temperature", 0);
        }
        return Json.text(body);
    }

    /** {@code {"error": {"code", "message", "type"}}}. */
    @Override
    Fault fault(int status, @Nullable Object body) {
        Object error = Json.at(body, "error");
        String message = Objects.requireNonNullElse(Json.textAt(error, "message"), "");
        String type = Objects.requireNonNullElse(Json.textAt(error, "type"), "");
        return switch (type) {
            case "exceed_context_size_error" ->
                Fault.refused(KNOWN.known(message).orElse("the prompt is longer than the model's context."));
            case "invalid_request_error" -> Fault.refused(KNOWN.known(message).orElse(Fault.CHECK));
            case "unavailable_error" -> Fault.of(Fault.Kind.NOT_READY);
            default ->
                Fault.ofStatus(
                        status == 0 && Json.at(error, "code") instanceof Integer code ? code : status, Fault.CHECK);
        };
    }
}
