package parkmeter.local.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parkmeter.local.llm.CannotGenerate;

/**
 * {@code /invocations} of AWS's LMI containers (DJL Serving, "LMI handlers Inference API Schema"): a chat, which vLLM answers in them, or a
 * text as {@code inputs}. Another body is asked which model it is for.
 *
 * @param vllm what answers chats
 */
record Lmi(Vllm vllm) implements Dialect {
    private static final int NEW_TOKENS = 30;

    /** What a completion calls what {@code parameters} say; the rest has the same name. */
    private static final Map<String, String> NAMES = Map.of("max_new_tokens", "max_tokens", "stop_sequences", "stop");

    @Override
    public Request read(String contentType, byte[] bytes) throws Refusal, CannotGenerate {
        JsonNode tree;
        try {
            tree = Body.parse(bytes);
        } catch (JsonProcessingException malformed) {
            throw refusal(String.valueOf(malformed.getOriginalMessage()));
        }
        if (tree.has("messages")) {
            return vllm.read(contentType, bytes);
        }
        if (!tree.path("inputs").isTextual()) {
            throw refusal("Parameter model_name is required.");
        }
        if (tree.path("stream").asBoolean()) {
            throw refusal("Streams of JSON lines are not available in the local run.");
        }
        return vllm.read("application/json", completion(tree).toString().getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode completion(JsonNode tree) {
        JsonNode parameters = tree.path("parameters");
        ObjectNode completion = JsonNodeFactory.instance.objectNode().put("max_tokens", NEW_TOKENS);
        parameters
                .properties()
                .forEach(each -> completion.set(NAMES.getOrDefault(each.getKey(), each.getKey()), each.getValue()));
        if (!parameters.path("do_sample").asBoolean()) {
            completion.put("temperature", 0);
        }
        completion.remove("stream");
        return completion.set("prompt", tree.path("inputs"));
    }

    private static Refusal refusal(String message) {
        return Refusal.whole(
                400,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("code", 400)
                        .put("type", "BadRequestException")
                        .put("message", message));
    }

    @Override
    public Refusal refusal(CannotGenerate cannot) {
        return vllm.refusal(cannot);
    }

    @Override
    public String id(Request request) {
        return vllm.id(request);
    }

    @Override
    public ObjectNode answer(Request request, Head head, List<Said> choices) {
        return request.isChat()
                ? vllm.answer(request, head, choices)
                : JsonNodeFactory.instance
                        .objectNode()
                        .put("generated_text", choices.get(0).text());
    }

    @Override
    public @Nullable ObjectNode opening(Request request, Head head, int choice) {
        return vllm.opening(request, head, choice);
    }

    @Override
    public ObjectNode delta(Request request, Head head, int choice, String text) {
        return vllm.delta(request, head, choice, text);
    }

    @Override
    public ObjectNode closing(Request request, Head head, int choice, Said said) {
        return vllm.closing(request, head, choice, said);
    }

    @Override
    public ObjectNode usage(Request request, Head head, int promptTokens, int tokens) {
        return vllm.usage(request, head, promptTokens, tokens);
    }
}
