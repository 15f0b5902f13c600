package parkmeter.local.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import parkmeter.local.llm.CannotGenerate;
import parkmeter.local.llm.Generation.Finish;
import parkmeter.local.llm.Job;
import parkmeter.local.llm.Llm;

/**
 * llama.cpp's chat completions, to which AWS's container leads {@code /invocations} (tools/server of ggml-org/llama.cpp:
 * server-common.cpp, server-task.cpp).
 *
 * @param model what an answer says where a request names no model
 * @param window tokens of a prompt and its answer together
 */
record LlamaCpp(String model, int window, Llm llm, RandomGenerator seeds) implements Dialect {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String INVALID = "invalid_request_error";
    private static final String SERVER = "server_error";

    @Override
    public Request read(String contentType, byte[] bytes) throws Refusal, CannotGenerate {
        JsonNode tree;
        try {
            tree = Body.parse(bytes);
        } catch (JsonProcessingException malformed) {
            throw refusal(
                    500, SERVER, "[json.exception.parse_error.101] parse error: " + malformed.getOriginalMessage());
        }
        require(tree.has("messages"), "'messages' is required");
        require(tree.path("messages").isArray(), "Expected 'messages' to be an array");
        Body body = Body.of(tree)
                .orElseThrow(() ->
                        refusal(500, SERVER, "[json.exception.type_error.302] a value's type is not the one expected"));
        for (JsonNode message : tree.path("messages")) {
            require(message.path("role").isTextual(), "Missing 'role' in message: " + message);
        }
        require(body.n() == null || body.n() == 1, "Only one completion choice is allowed");
        require(!body.wantsFormat(), "The local run has no grammars: 'response_format' is not available");
        Optional<List<Map.Entry<String, String>>> conversation = body.conversation();
        require(conversation.isPresent(), "unsupported content[].type");
        String prompt = llm.chatPrompt(conversation.orElseThrow());
        List<Integer> tokens = llm.tokens(prompt);
        if (tokens.size() >= window) {
            ObjectNode error = error(
                    400,
                    "exceed_context_size_error",
                    "request (%d tokens) exceeds the available context size (%d tokens), try increasing it"
                            .formatted(tokens.size(), window));
            throw new Refusal(400, error.put("n_prompt_tokens", tokens.size()).put("n_ctx", window));
        }
        int room = window - tokens.size();
        int asked = Optional.ofNullable(body.nPredict())
                .or(() -> Optional.ofNullable(body.maxCompletionTokens()))
                .or(() -> Optional.ofNullable(body.maxTokens()))
                .orElse(-1);
        // -1 is no limit; 0 evaluates the prompt and says nothing, which no generation here does.
        int length = asked < 0 ? room : Math.min(Math.max(asked, 1), room);
        return new Request(body, List.of(new Job(prompt, tokens, length, sampling(body), stops(body), true)));
    }

    private static List<String> stops(Body body) {
        return body.hasStops()
                ? body.stops().stream().filter(stop -> !stop.isEmpty()).toList()
                : List.of();
    }

    private Job.Sampling sampling(Body body) {
        double temperature = or(body.temperature(), 0.8);
        boolean given = body.seed() != null && body.seed() >= 0;
        Long seed = given ? body.seed() : Long.valueOf(seeds.nextLong());
        return new Job.Sampling(
                temperature <= 0 ? null : seed,
                (float) temperature,
                body.topK() == null ? 40 : Math.max(body.topK(), 0),
                (float) or(body.topP(), 0.95),
                1,
                (float) or(body.minP(), 0.05),
                (float) or(body.repeatPenalty(), 1),
                (float) or(body.frequencyPenalty(), 0),
                (float) or(body.presencePenalty(), 0));
    }

    @Override
    public Refusal refusal(CannotGenerate cannot) {
        return switch (cannot.reason()) {
            case NO_TEMPLATE, REFUSED_BY_TEMPLATE -> refusal(500, SERVER, cannot.fault());
            case GENERATION -> refusal(500, SERVER, cannot.fault());
        };
    }

    @Override
    public String id(Request request) {
        return "chatcmpl-" + UUID.randomUUID().toString().replace("-", "");
    }

    @Override
    public ObjectNode answer(Request request, Head head, List<Said> choices) {
        Said said = choices.get(0);
        ObjectNode answer = JSON.objectNode();
        ObjectNode choice = answer.putArray("choices")
                .addObject()
                .put("finish_reason", reason(said))
                .put("index", 0);
        choice.putObject("message").put("role", "assistant").put("content", said.text());
        head(answer, request, head, "chat.completion");
        answer.set("usage", counts(said.promptTokens(), said.tokens()));
        return answer;
    }

    @Override
    public @Nullable ObjectNode opening(Request request, Head head, int choice) {
        return event(
                request, head, null, JSON.objectNode().put("role", "assistant").putNull("content"));
    }

    @Override
    public ObjectNode delta(Request request, Head head, int choice, String text) {
        return event(request, head, null, JSON.objectNode().put("content", text));
    }

    @Override
    public ObjectNode closing(Request request, Head head, int choice, Said said) {
        return event(request, head, reason(said), JSON.objectNode());
    }

    private ObjectNode event(Request request, Head head, @Nullable String reason, ObjectNode delta) {
        ObjectNode event = JSON.objectNode();
        event.putArray("choices")
                .addObject()
                .put("finish_reason", reason)
                .put("index", 0)
                .set("delta", delta);
        return head(event, request, head, "chat.completion.chunk");
    }

    @Override
    public ObjectNode usage(Request request, Head head, int promptTokens, int tokens) {
        ObjectNode event = JSON.objectNode();
        event.putArray("choices");
        head(event, request, head, "chat.completion.chunk");
        event.set("usage", counts(promptTokens, tokens));
        return event;
    }

    private ObjectNode head(ObjectNode answer, Request request, Head head, String object) {
        String asked = request.body().model();
        return answer.put("created", head.created())
                .put("id", head.id())
                .put("model", asked == null ? model : asked)
                .put("system_fingerprint", "parkmeter-local")
                .put("object", object);
    }

    private static String reason(Said said) {
        return said.finish() == Finish.LENGTH ? "length" : "stop";
    }

    private static ObjectNode counts(int prompt, int generated) {
        return JSON.objectNode()
                .put("completion_tokens", generated)
                .put("prompt_tokens", prompt)
                .put("total_tokens", prompt + generated);
    }

    private static void require(boolean kept, String message) throws Refusal {
        if (!kept) {
            throw refusal(400, INVALID, message);
        }
    }

    private static Refusal refusal(int status, String type, String message) {
        return new Refusal(status, error(status, type, message));
    }

    private static ObjectNode error(int code, String type, String message) {
        return JSON.objectNode().put("code", code).put("message", message).put("type", type);
    }

    private static double or(@Nullable Double value, double otherwise) {
        return value == null ? otherwise : value;
    }
}
