package parkmeter.lambda.invoke;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/**
 * What a model made of a prompt.
 *
 * @param text the generated text
 * @param promptTokens null when the model does not say
 * @param completionTokens null when the model does not say
 */
record Completion(String text, @Nullable Integer promptTokens, @Nullable Integer completionTokens) {

    /** Reads OpenAI's chat completion or completion, or an answer of TGI's {@code generate}; empty when it is none of them. */
    static Optional<Completion> read(@Nullable Object answer) {
        Object choice = Json.first(Json.at(answer, "choices"));
        Object generated = answer instanceof List ? Json.first(answer) : answer;
        String text = choice == null ? Json.textAt(generated, "generated_text") : chosen(choice);
        return Optional.ofNullable(text)
                .map(found -> new Completion(
                        found,
                        count(Json.at(answer, "usage", "prompt_tokens")),
                        choice == null
                                ? count(Json.at(generated, "details", "generated_tokens"))
                                : count(Json.at(answer, "usage", "completion_tokens"))));
    }

    private static @Nullable String chosen(Object choice) {
        Object message = Json.at(choice, "message");
        if (message == null) {
            return Json.textAt(choice, "text");
        }
        String content = Json.textAt(message, "content");
        // A model that thinks first, and had no tokens left after that.
        return content == null
                        && (Json.textAt(message, "reasoning") != null
                                || Json.textAt(message, "reasoning_content") != null)
                ? ""
                : content;
    }

    private static @Nullable Integer count(@Nullable Object tokens) {
        return tokens instanceof Integer number ? number : null;
    }
}
