package parkmeter.local.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A chat or a text completion in OpenAI's shape, with what both servers know beyond it. Unknown fields are passed over, and a number may
 * be a text, as both have it.
 */
record Body(
        @Nullable String model,
        @Nullable List<Message> messages,
        @Nullable JsonNode prompt,
        @Nullable Integer maxTokens,
        @Nullable Integer maxCompletionTokens,
        @JsonProperty("n_predict") @Nullable Integer nPredict,
        @Nullable Integer n,
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer topK,
        @Nullable Double minP,
        @Nullable Double presencePenalty,
        @Nullable Double frequencyPenalty,
        @Nullable Double repetitionPenalty,
        @Nullable Double repeatPenalty,
        @Nullable Long seed,
        @Nullable JsonNode stop,
        @Nullable Boolean stream,
        @Nullable StreamOptions streamOptions,
        @Nullable JsonNode tools,
        @Nullable JsonNode toolChoice,
        @Nullable JsonNode responseFormat) {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Whether a stream ends with the token counts. */
    record StreamOptions(@Nullable Boolean includeUsage) {}

    /** One message; its content is a text, a list of parts or nothing. */
    record Message(@Nullable String role, @Nullable JsonNode content) {

        /** The parts' texts in lines; empty where there is something else than text. */
        Optional<String> text() {
            if (content == null || content.isNull()) {
                return Optional.of("");
            }
            if (content.isTextual()) {
                return Optional.of(content.textValue());
            }
            List<String> texts = new ArrayList<>();
            for (JsonNode part : content) {
                if (!part.path("type").asText().equals("text")
                        || !part.path("text").isTextual()) {
                    return Optional.empty();
                }
                texts.add(part.path("text").textValue());
            }
            return content.isArray() ? Optional.of(String.join("\n", texts)) : Optional.empty();
        }
    }

    /**
     * A body as JSON.
     *
     * @throws JsonProcessingException when it is none
     */
    static JsonNode parse(byte[] body) throws JsonProcessingException {
        try {
            JsonNode tree = JSON.readTree(body);
            if (tree.isMissingNode()) {
                throw new EmptyBody();
            }
            return tree;
        } catch (JsonProcessingException malformed) {
            throw malformed;
        } catch (java.io.IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
    }

    private static final class EmptyBody extends JsonProcessingException {
        private static final long serialVersionUID = 1L;

        EmptyBody() {
            super("attempting to parse an empty input");
        }
    }

    /** The request; empty where a value is of a type that doesn't fit. */
    static Optional<Body> of(JsonNode tree) {
        try {
            return tree.isObject() ? Optional.of(JSON.treeToValue(tree, Body.class)) : Optional.empty();
        } catch (JsonProcessingException | IllegalArgumentException doesNotFit) {
            return Optional.empty();
        }
    }

    boolean streams() {
        return Boolean.TRUE.equals(stream);
    }

    boolean wantsUsage() {
        return streams() && streamOptions != null && Boolean.TRUE.equals(streamOptions.includeUsage());
    }

    /** Whether {@code stop} is a text, a list of texts or absent. */
    boolean hasStops() {
        return stop == null
                || stop.isNull()
                || stop.isTextual()
                || (stop.isArray() && stop.valueStream().allMatch(JsonNode::isTextual));
    }

    /** The texts that end the generation. */
    List<String> stops() {
        if (stop == null || stop.isNull()) {
            return List.of();
        }
        return stop.isTextual()
                ? List.of(stop.textValue())
                : stop.valueStream().map(JsonNode::textValue).toList();
    }

    /** The conversation's roles and texts; empty where it holds something else than text. */
    Optional<List<Map.Entry<String, String>>> conversation() {
        List<Map.Entry<String, String>> texts = new ArrayList<>();
        for (Message message : messages == null ? List.<Message>of() : messages) {
            Optional<String> text = message.text();
            if (text.isEmpty()) {
                return Optional.empty();
            }
            texts.add(Map.entry(String.valueOf(message.role()), text.get()));
        }
        return Optional.of(texts);
    }

    /** The texts of {@code prompt}; empty where it is neither a text nor some. */
    List<String> prompts() {
        if (prompt == null) {
            return List.of();
        }
        if (prompt.isTextual()) {
            return List.of(prompt.textValue());
        }
        boolean texts = prompt.isArray() && prompt.valueStream().allMatch(JsonNode::isTextual);
        return texts ? prompt.valueStream().map(JsonNode::textValue).toList() : List.of();
    }

    /** Whether a format is asked for that only a grammar can keep. */
    boolean wantsFormat() {
        return responseFormat != null
                && responseFormat.isObject()
                && !responseFormat.path("type").asText().equals("text");
    }

    boolean hasTools() {
        return tools != null && tools.isArray() && !tools.isEmpty();
    }
}
