package parkmeter.lambda.invoke;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/** What TGI (text-generation-inference 3.3) reads and writes on {@code /invocations}. */
final class Tgi {
    private Tgi() {}

    /** The body of a request to a model with this template. */
    static String request(PromptRequest request, Template template) {
        Map<String, Object> body = new LinkedHashMap<>();
        if (template == Template.CHAT) {
            Map<String, Object> message = new LinkedHashMap<>();
            message.put("role", "user");
            message.put("content", request.prompt());
            body.put("messages", List.of(message));
            carried(request, template, body);
            if (request.greedy()) {
                body.put("temperature", 0);
            }
        } else {
            Map<String, Object> parameters = new LinkedHashMap<>();
            // TGI prepends the prompt unless it is told not to, and counts tokens only in the details.
            parameters.put("return_full_text", false);
            parameters.put("details", true);
            carried(request, template, parameters);
            parameters.put("do_sample", !request.greedy());
            body.put("inputs", request.prompt());
            body.put("parameters", parameters);
        }
        return Json.text(body);
    }

    private static void carried(PromptRequest request, Template template, Map<String, Object> into) {
        for (Parameter parameter : Parameter.values()) {
            Object value = request.parameters().get(parameter.key());
            if (value == null
                    || parameter == Parameter.DO_SAMPLE
                    || parameter.isOff(value)
                    || (request.greedy() && parameter.samples())) {
                continue;
            }
            String chatKey = parameter.chatKey();
            if (template == Template.NONE) {
                into.put(parameter.key(), value);
            } else if (chatKey != null) {
                into.put(chatKey, parameter.inChat(value));
            }
        }
    }

    /** Reads a chat completion or an answer of {@code generate}; empty when it is neither. */
    static Optional<Completion> completion(String answer) {
        Object json = json(answer);
        Object generated = json instanceof List ? Json.first(json) : json;
        Object message = Json.at(Json.first(Json.at(json, "choices")), "message");
        String text = message == null ? Json.textAt(generated, "generated_text") : Json.textAt(message, "content");
        return Optional.ofNullable(text)
                .map(found -> new Completion(
                        found,
                        count(Json.at(json, "usage", "prompt_tokens")),
                        message == null
                                ? count(Json.at(generated, "details", "generated_tokens"))
                                : count(Json.at(json, "usage", "completion_tokens"))));
    }

    /** Why TGI refused a request, in words that a caller may see, as the end of a sentence. */
    static String refusal(String message) {
        return Refusal.reason(json(message));
    }

    private static @Nullable Object json(String text) {
        try {
            return Json.read(text);
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable Integer count(@Nullable Object tokens) {
        return tokens instanceof Integer number ? number : null;
    }
}
