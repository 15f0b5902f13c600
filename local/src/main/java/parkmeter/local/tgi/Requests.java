package parkmeter.local.tgi;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * TGI's request bodies (router/src/lib.rs). Unknown fields are passed over and types are strict, as serde has it: what
 * doesn't fit is no request at all, whatever its fields say.
 */
final class Requests {
    private static final long U32 = 0xFFFF_FFFFL;
    private static final BigInteger U64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual, config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private Requests() {}

    /** What {@code /invocations} takes. */
    sealed interface Any permits Generate, Chat, Completion {}

    /** {@code inputs} with parameters; without any parameters TGI samples. */
    record Generate(
            @JsonProperty(required = true) String inputs, @Nullable Parameters parameters, @Nullable Boolean stream)
            implements Any {
        Generate {
            need(inputs != null);
        }

        Parameters settings() {
            return parameters == null ? Parameters.SAMPLING : parameters;
        }

        boolean streams() {
            return Boolean.TRUE.equals(stream);
        }
    }

    /** The parameters of a generation, as they came. */
    record Parameters(
            @Nullable Long bestOf,
            @Nullable Float temperature,
            @Nullable Float repetitionPenalty,
            @Nullable Float frequencyPenalty,
            @Nullable Integer topK,
            @Nullable Float topP,
            @Nullable Float typicalP,
            @Nullable Boolean doSample,
            @Nullable Long maxNewTokens,
            @Nullable Boolean returnFullText,
            @Nullable List<String> stop,
            @Nullable Long truncate,
            @Nullable Boolean watermark,
            @Nullable Boolean details,
            @Nullable Boolean decoderInputDetails,
            @Nullable BigInteger seed,
            @JsonProperty("top_n_tokens") @Nullable Long topNTokens,
            @Nullable JsonNode grammar,
            @Nullable String adapterId) {

        private static final Parameters SAMPLING = of(null, null, null, null, true, null, null, null, null, null);

        Parameters {
            for (Long unsigned : new Long[] {bestOf, maxNewTokens, truncate, topNTokens}) {
                need(unsigned == null || (unsigned >= 0 && unsigned <= U32));
            }
            for (Float number : new Float[] {temperature, repetitionPenalty, frequencyPenalty, topP, typicalP}) {
                need(number == null || Float.isFinite(number));
            }
            need(seed == null || (seed.signum() >= 0 && seed.compareTo(U64) <= 0));
            need(stop == null || stop.stream().allMatch(text -> text != null));
        }

        /** The parameters that a chat or a completion can set. */
        static Parameters of(
                @Nullable Float temperature,
                @Nullable Float repetitionPenalty,
                @Nullable Float frequencyPenalty,
                @Nullable Float topP,
                boolean doSample,
                @Nullable Long maxNewTokens,
                @Nullable List<String> stop,
                @Nullable BigInteger seed,
                @Nullable Long topNTokens,
                @Nullable JsonNode grammar) {
            return new Parameters(
                    null,
                    temperature,
                    repetitionPenalty,
                    frequencyPenalty,
                    null,
                    topP,
                    null,
                    doSample,
                    maxNewTokens,
                    null,
                    stop,
                    null,
                    null,
                    true,
                    null,
                    seed,
                    topNTokens,
                    grammar,
                    null);
        }

        boolean wantsDetails() {
            return Boolean.TRUE.equals(details) || wantsPrefill();
        }

        boolean wantsPrefill() {
            return Boolean.TRUE.equals(decoderInputDetails);
        }

        long sequences() {
            return bestOf == null ? 1 : bestOf;
        }
    }

    /** A conversation, in OpenAI's shape as TGI reads it: {@code stop} is an array, {@code logit_bias} too. */
    record Chat(
            @Nullable String model,
            @JsonProperty(required = true) List<Message> messages,
            @Nullable Float frequencyPenalty,
            @Nullable List<Float> logitBias,
            @Nullable Boolean logprobs,
            @Nullable Long topLogprobs,
            @JsonAlias("max_completion_tokens") @Nullable Long maxTokens,
            @Nullable Long n,
            @Nullable Float presencePenalty,
            @Nullable List<String> stop,
            @Nullable Boolean stream,
            @Nullable BigInteger seed,
            @Nullable Float temperature,
            @Nullable Float topP,
            @Nullable List<JsonNode> tools,
            @Nullable JsonNode toolChoice,
            @Nullable JsonNode responseFormat,
            @Nullable StreamOptions streamOptions)
            implements Any {
        Chat {
            need(messages != null);
            need(n == null || (n >= 0 && n <= U32));
            need(presencePenalty == null || Float.isFinite(presencePenalty));
        }

        boolean streams() {
            return Boolean.TRUE.equals(stream);
        }

        boolean wantsUsage() {
            return streamOptions != null && Boolean.TRUE.equals(streamOptions.includeUsage());
        }

        /** TGI's translation: temperature 0 is greedy, the presence penalty becomes a repetition penalty. */
        Parameters settings() {
            boolean greedy = temperature != null && temperature == 0;
            JsonNode grammar = responseFormat != null && !responseFormat.isNull() ? responseFormat : null;
            boolean none = toolChoice != null && "none".equals(toolChoice.textValue());
            JsonNode tool = tools == null || tools.isEmpty() || none ? null : tools.get(0);
            return Parameters.of(
                    greedy ? null : temperature,
                    presencePenalty == null ? null : presencePenalty + 2,
                    frequencyPenalty,
                    topP,
                    !greedy,
                    maxTokens,
                    stop,
                    seed,
                    topLogprobs,
                    tool == null ? grammar : tool);
        }
    }

    /** Whether a chat's stream ends with the token counts. */
    record StreamOptions(@Nullable Boolean includeUsage) {}

    /** One message; its content is a text or a list of parts. */
    record Message(
            @JsonProperty(required = true) String role, @Nullable JsonNode content, @Nullable JsonNode toolCalls) {
        Message {
            need(role != null);
            boolean text = content != null && (content.isTextual() || isParts(content));
            need(text || (toolCalls != null && toolCalls.isArray()));
        }

        private static boolean isParts(JsonNode content) {
            if (!content.isArray()) {
                return false;
            }
            for (JsonNode part : content) {
                String type = part.path("type").asText();
                boolean known = type.equals("text")
                        ? part.path("text").isTextual()
                        : type.equals("image_url")
                                && part.path("image_url").path("url").isTextual();
                if (!known) {
                    return false;
                }
            }
            return true;
        }

        /** The text, the parts' texts joined; empty when it asks for an image, which this model can't see. */
        Optional<String> text() {
            if (content == null || content.isNull()) {
                return Optional.of("");
            }
            if (content.isTextual()) {
                return Optional.of(content.textValue());
            }
            StringBuilder text = new StringBuilder();
            for (JsonNode part : content) {
                if (!part.path("type").asText().equals("text")) {
                    return Optional.empty();
                }
                text.append(part.path("text").asText());
            }
            return Optional.of(text.toString());
        }
    }

    /** OpenAI's older text completion: one prompt or several. */
    record Completion(
            @Nullable String model,
            @JsonProperty(required = true) JsonNode prompt,
            @Nullable Long maxTokens,
            @Nullable Float temperature,
            @Nullable Float topP,
            @Nullable Boolean stream,
            @Nullable BigInteger seed,
            @Nullable String suffix,
            @Nullable Float repetitionPenalty,
            @Nullable Float frequencyPenalty,
            @Nullable List<String> stop)
            implements Any {
        Completion {
            need(prompt != null && (prompt.isTextual() || (prompt.isArray() && !prompt.isEmpty())));
            prompt.forEach(item -> need(item.isTextual()));
        }

        List<String> prompts() {
            return prompt.isTextual()
                    ? List.of(prompt.textValue())
                    : prompt.valueStream().map(JsonNode::textValue).toList();
        }

        boolean streams() {
            return Boolean.TRUE.equals(stream);
        }

        Parameters settings() {
            boolean greedy = temperature != null && temperature == 0;
            return Parameters.of(
                    greedy ? null : temperature,
                    repetitionPenalty,
                    frequencyPenalty,
                    topP,
                    !greedy,
                    maxTokens,
                    stop,
                    seed,
                    null,
                    null);
        }
    }

    /**
     * A body as JSON.
     *
     * @throws IOException when it is none, with why and where
     */
    static JsonNode parse(byte[] body) throws IOException {
        try {
            JsonNode tree = JSON.readTree(body);
            if (tree.isMissingNode()) {
                throw new IOException("EOF while parsing a value at line 1 column 0");
            }
            return tree;
        } catch (JsonProcessingException malformed) {
            JsonLocation where = malformed.getLocation();
            throw new IOException(
                    malformed.getOriginalMessage() + " at line " + where.getLineNr() + " column " + where.getColumnNr(),
                    malformed);
        }
    }

    /** The request of {@code /invocations}: the first of generate, chat and completion that the body fits. */
    static Optional<Any> any(JsonNode body) {
        return generate(body).map(Any.class::cast).or(() -> chat(body)).or(() -> read(body, Completion.class)
                .filter(it -> noNull(body, "stream")));
    }

    /** The request of {@code /generate} and {@code /generate_stream}. */
    static Optional<Generate> generate(JsonNode body) {
        return noNull(body, "parameters", "stream")
                        && noNull(
                                body.path("parameters"),
                                "do_sample",
                                "stop",
                                "watermark",
                                "details",
                                "decoder_input_details")
                ? read(body, Generate.class)
                : Optional.empty();
    }

    /**
     * What serde says of a body that is JSON and no generate request. Of what has {@code inputs} and another misfit, serde names the
     * field and its type as well.
     */
    static String misfit(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).stripTrailing();
        int line = (int) text.chars().filter(c -> c == '\n').count() + 1;
        int column = text.substring(text.lastIndexOf('\n') + 1).getBytes(StandardCharsets.UTF_8).length;
        boolean object = text.stripLeading().startsWith("{");
        String fault = object && !has(body, "inputs")
                ? "missing field `inputs`"
                : object ? "invalid type" : "invalid type, expected struct CompatGenerateRequest";
        return fault + " at line " + line + " column " + column;
    }

    private static boolean has(byte[] body, String field) {
        try {
            return JSON.readTree(body).has(field);
        } catch (IOException noJson) {
            return false;
        }
    }

    /** The request of {@code /v1/chat/completions}. */
    static Optional<Chat> chat(JsonNode body) {
        return noNull(body, "stream") ? read(body, Chat.class) : Optional.empty();
    }

    /** The request of {@code /v1/completions}. */
    static Optional<Completion> completion(JsonNode body) {
        return noNull(body, "stream") ? read(body, Completion.class) : Optional.empty();
    }

    private static <T> Optional<T> read(JsonNode body, Class<T> type) {
        try {
            return body.isObject() ? Optional.of(JSON.treeToValue(body, type)) : Optional.empty();
        } catch (JsonProcessingException doesNotFit) {
            return Optional.empty();
        }
    }

    /** serde's defaults stand in for a field that is absent, not for one that is null. */
    private static boolean noNull(JsonNode object, String... fields) {
        for (String field : fields) {
            if (object.path(field).isNull()) {
                return false;
            }
        }
        return true;
    }

    private static void need(boolean fits) {
        if (!fits) {
            throw new IllegalArgumentException("a value doesn't fit its type");
        }
    }
}
