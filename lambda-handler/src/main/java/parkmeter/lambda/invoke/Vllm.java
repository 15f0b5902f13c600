package parkmeter.lambda.invoke;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/**
 * vLLM, from 0.11 on: a chat is its {@code ChatCompletionRequest}, a prompt as it stands its {@code CompletionRequest}. It
 * drops what it does not know, so nothing is sent that it has no place for.
 */
final class Vllm extends Engine {
    /** Of its versions, one after the other; one prompt is too long in many words. */
    private static final KnownSentences KNOWN = new KnownSentences(
            "This model's maximum context length is # tokens. However, you requested # tokens (# in the messages, # in the"
                    + " completion). Please reduce the length of the messages or completion.",
            "This model's maximum context length is # tokens. However, you requested # tokens in the messages, Please reduce"
                    + " the length of the messages.",
            "This model's maximum context length is # tokens. However, your request has # input tokens. Please reduce the"
                    + " length of the input messages.",
            "This model's maximum context length is # tokens. However, you requested # output tokens and your prompt contains"
                    + " at least # input tokens, for a total of at least # tokens. Please reduce the length of the input"
                    + " prompt or the number of requested output tokens.",
            "'max_tokens' or 'max_completion_tokens' is too large: #. This model's maximum context length is # tokens and"
                    + " your request has # input tokens (# > # - #).",
            "You passed # input tokens and requested # output tokens. However, the model's context length is only # tokens,"
                    + " resulting in a maximum input length of # tokens. Please reduce the length of the input prompt.",
            "You passed # input characters and requested # output tokens. However, the model's context length is only #"
                    + " tokens, resulting in a maximum input length of # tokens (at most # characters). Please reduce the"
                    + " length of the input prompt.");

    /** What it writes after its sentence: the name and the number of the sentence once more. */
    private static final Pattern TAIL = Pattern.compile("( \\(parameter=[a-z_]{1,40}, value=[0-9]{1,20}\\)| None)$");

    private static final List<String> NO_TEMPLATE =
            List.of("default chat template is no longer allowed", "Chat template does not exist");

    private static final String NO_GENERATOR = "Cannot find suitable handler for request";

    Vllm() {
        super("vLLM");
    }

    @Override
    Said said(Parameter parameter, Object value, Template template) {
        return switch (parameter) {
            case MAX_NEW_TOKENS -> new Said.At("max_tokens", value);
            case TEMPERATURE ->
                exceeds(value, "2")
                        ? new Said.Refused("must be at most 2: this model's vLLM takes no more")
                        : new Said.At("temperature", value);
            case SEED ->
                exceeds(value, Long.toString(Long.MAX_VALUE))
                        ? new Said.Refused("must be at most " + Long.MAX_VALUE + ": this model's vLLM takes no more")
                        : new Said.At("seed", value);
            case TOP_P, TOP_K, STOP, FREQUENCY_PENALTY, REPETITION_PENALTY -> new Said.At(parameter.key(), value);
            case DO_SAMPLE -> Said.NOTHING;
            case GRAMMAR -> grammar(value);
            case TRUNCATE -> new Said.At("truncate_prompt_tokens", value);
            case RETURN_FULL_TEXT ->
                template == Template.NONE && !parameter.isOff(value)
                        ? new Said.At("echo", value)
                        : inChat(parameter, value);
            default -> without(parameter, value);
        };
    }

    private static Said inChat(Parameter parameter, Object value) {
        return parameter.isOff(value)
                ? Said.NOTHING
                : new Said.Refused("can't be given to this model: a chat has no place for it");
    }

    private static Said grammar(Object value) {
        String regex = Parameter.regex(value);
        return regex == null
                ? new Said.At("response_format", responseFormat(Parameter.schema(value)))
                : new Said.At("structured_outputs", Map.of("regex", regex));
    }

    @Override
    String request(PromptRequest request, Template template) {
        Map<String, Object> body = new LinkedHashMap<>();
        if (template == Template.CHAT) {
            body = chat(request);
        } else {
            body.put("prompt", request.prompt());
        }
        parameters(request, template, body);
        if (request.greedy()) {
            body.put("temperature", 0);
        }
        return Json.text(body);
    }

    /** {@code {"error": {"message", "type", "param", "code"}}}; before 0.11 the same without the object around it. */
    @Override
    Fault fault(int status, @Nullable Object body) {
        Object error = Json.at(body, "error") instanceof Map<?, ?> nested ? nested : body;
        int meant = status == 0 && Json.at(error, "code") instanceof Integer code ? code : status;
        String message = Objects.requireNonNullElse(Json.textAt(error, "message"), "");
        if (message.startsWith(NO_GENERATOR)) {
            return Fault.of(Fault.Kind.MISFIT);
        }
        // It refuses with 400 whatever it refuses, and says 404 for a model of another name.
        return meant == 400 ? Fault.refused(reason(message)) : Fault.ofStatus(meant, Fault.CHECK);
    }

    private static String reason(String message) {
        if (NO_TEMPLATE.stream().anyMatch(message::contains)) {
            return "its chat template can't be applied to the prompt.";
        }
        return Optional.of(TAIL.matcher(message).replaceFirst(""))
                .flatMap(KNOWN::known)
                .orElse(Fault.CHECK);
    }
}
