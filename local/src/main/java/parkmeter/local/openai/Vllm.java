package parkmeter.local.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
 * vLLM's {@code /invocations} (vllm/entrypoints/sagemaker/api_router.py): a chat where the body fits one, else a text completion, else
 * 400.
 *
 * @param model the name that the model is served by
 * @param window tokens of a prompt and its answer together
 */
record Vllm(String model, int window, Llm llm, RandomGenerator seeds) implements Dialect {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final double GREEDY = 1e-5; // vLLM's _SAMPLING_EPS

    @Override
    public Request read(String contentType, byte[] bytes) throws Refusal, CannotGenerate {
        if (!contentType.toLowerCase(Locale.ROOT).split(";", 2)[0].equals("application/json")) {
            throw refusal(415, "Unsupported Media Type", "Unsupported Media Type: Only 'application/json' is allowed");
        }
        JsonNode tree;
        try {
            tree = Body.parse(bytes);
        } catch (JsonProcessingException malformed) {
            throw refusal(400, "Bad Request", "JSON decode error: " + malformed.getOriginalMessage());
        }
        Body body = Body.of(tree).filter(Vllm::fits).orElseThrow(Vllm::noHandler);
        if (body.model() != null && !body.model().isEmpty() && !body.model().equals(model)) {
            throw new Refusal(
                    404, error("The model `" + body.model() + "` does not exist.", "NotFoundError", "model", 404));
        }
        if (body.wantsFormat()) {
            throw badRequest("Structured outputs are not available in the local run.", "response_format");
        }
        boolean auto = body.toolChoice() == null || body.toolChoice().asText().equals("auto");
        if (body.hasTools() && auto) {
            throw badRequest(
                    "\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set", null);
        }
        return new Request(body, jobs(body));
    }

    /** ChatCompletionRequest or CompletionRequest. */
    private static boolean fits(Body body) {
        boolean chat = body.messages() != null
                && body.messages().stream().allMatch(message -> message != null && message.role() != null);
        boolean options = body.streamOptions() == null || body.streams();
        return (chat || !body.prompts().isEmpty()) && options && body.hasStops();
    }

    private static Refusal noHandler() {
        return badRequest(
                "Cannot find suitable handler for request. Expected one of:"
                        + " ['ChatCompletionRequest', 'CompletionRequest']",
                null);
    }

    private List<Job> jobs(Body body) throws Refusal, CannotGenerate {
        List<String> prompts;
        if (body.messages() != null) {
            Optional<List<Map.Entry<String, String>>> conversation = body.conversation();
            if (conversation.isEmpty()) {
                throw badRequest(model + " is not a multimodal model", null);
            }
            prompts = List.of(llm.chatPrompt(conversation.get()));
        } else {
            prompts = body.prompts();
        }
        List<Job> jobs = new ArrayList<>();
        for (String prompt : prompts) {
            List<Integer> tokens = llm.tokens(prompt);
            int length = length(body, tokens.size());
            check(body, length);
            for (int i = 0; i < or(body.n(), 1); i++) {
                jobs.add(new Job(prompt, tokens, length, sampling(body), body.stops(), true));
            }
        }
        return jobs;
    }

    /** How much is to be generated: what is asked for, else the rest of the window. */
    private int length(Body body, int promptTokens) throws Refusal {
        Integer asked = body.maxCompletionTokens() != null ? body.maxCompletionTokens() : body.maxTokens();
        int reserved = asked == null ? 0 : Math.max(asked, 0);
        if (promptTokens + reserved > window || promptTokens >= window) {
            // vLLM stops counting at the first token too many.
            int counted = Math.max(window - reserved, 0) + 1;
            String message = ("This model's maximum context length is %d tokens. However, you requested %d output"
                            + " tokens and your prompt contains at least %d input tokens, for a total of at least %d"
                            + " tokens. Please reduce the length of the input prompt or the number of requested"
                            + " output tokens.")
                    .formatted(window, reserved, counted, counted + reserved);
            throw invalid(message, "input_tokens", String.valueOf(counted));
        }
        return asked == null ? window - promptTokens : asked;
    }

    /** SamplingParams' rules, in their order (vllm/sampling_params.py). */
    private static void check(Body body, int length) throws Refusal {
        int n = or(body.n(), 1);
        rule(n >= 1, "n must be at least 1, got " + n + ".", "n", n);
        double presence = or(body.presencePenalty(), 0);
        rule(
                within(presence),
                "presence_penalty must be in [-2, 2], got " + presence + ".",
                "presence_penalty",
                presence);
        double frequency = or(body.frequencyPenalty(), 0);
        rule(
                within(frequency),
                "frequency_penalty must be in [-2, 2], got " + frequency + ".",
                "frequency_penalty",
                frequency);
        double repetition = or(body.repetitionPenalty(), 1);
        rule(
                repetition > 0,
                "repetition_penalty must be greater than zero, got " + repetition + ".",
                "repetition_penalty",
                repetition);
        double temperature = or(body.temperature(), 1);
        rule(
                temperature >= 0,
                "temperature must be non-negative, got " + temperature + ".",
                "temperature",
                temperature);
        double topP = or(body.topP(), 1);
        rule(topP > 0 && topP <= 1, "top_p must be in (0, 1], got " + topP + ".", "top_p", topP);
        int topK = or(body.topK(), 0);
        rule(topK >= -1, "top_k must be 0 (disable), or at least 1, got " + topK + ".", "top_k", topK);
        double minP = or(body.minP(), 0);
        rule(minP >= 0 && minP <= 1, "min_p must be in [0, 1], got " + minP + ".", "min_p", minP);
        rule(length >= 1, "max_tokens must be at least 1, got " + length + ".", "max_tokens", length);
        rule(body.stops().stream().noneMatch(String::isEmpty), "stop cannot contain an empty string.", "stop", "");
    }

    private static boolean within(double penalty) {
        return penalty >= -2 && penalty <= 2;
    }

    private static void rule(boolean kept, String message, String parameter, Object value) throws Refusal {
        if (!kept) {
            throw invalid(message, parameter, value.toString());
        }
    }

    private Job.Sampling sampling(Body body) {
        double temperature = or(body.temperature(), 1);
        Long seed = body.seed() == null ? Long.valueOf(seeds.nextLong()) : body.seed();
        return new Job.Sampling(
                temperature < GREEDY ? null : seed,
                (float) temperature,
                Math.max(or(body.topK(), 0), 0),
                (float) or(body.topP(), 1),
                1,
                (float) or(body.minP(), 0),
                (float) or(body.repetitionPenalty(), 1),
                (float) or(body.frequencyPenalty(), 0),
                (float) or(body.presencePenalty(), 0));
    }

    @Override
    public Refusal refusal(CannotGenerate cannot) {
        return switch (cannot.reason()) {
            case NO_TEMPLATE ->
                badRequest(
                        "As of transformers v4.44, default chat template is no longer allowed, so you must provide a"
                                + " chat template if the tokenizer does not define one.",
                        null);
            case REFUSED_BY_TEMPLATE -> badRequest(cannot.fault(), null);
            case GENERATION -> new Refusal(500, error(cannot.fault(), "InternalServerError", null, 500));
        };
    }

    @Override
    public String id(Request request) {
        String random = UUID.randomUUID().toString().replace("-", "");
        return request.isChat() ? "chatcmpl-" + random : "cmpl-" + random + "-0";
    }

    @Override
    public ObjectNode answer(Request request, Head head, List<Said> all) {
        ObjectNode answer = head(head, request.isChat() ? "chat.completion" : "text_completion");
        ArrayNode choices = answer.putArray("choices");
        for (Said said : all) {
            ObjectNode choice = choices.addObject().put("index", choices.size() - 1);
            if (request.isChat()) {
                ObjectNode message = choice.putObject("message")
                        .put("role", "assistant")
                        .put("content", said.text())
                        .putNull("refusal")
                        .putNull("annotations")
                        .putNull("audio")
                        .putNull("function_call");
                message.putArray("tool_calls");
                message.putNull("reasoning");
            } else {
                choice.put("text", said.text());
            }
            ended(choice.putNull("logprobs"), said);
            choice.putNull("token_ids");
        }
        answer.putNull("service_tier").putNull("system_fingerprint");
        int prompt = all.stream().mapToInt(Said::promptTokens).sum()
                / Math.max(1, or(request.body().n(), 1));
        answer.set(
                "usage",
                counts(prompt, all.stream().mapToInt(Said::tokens).sum()).putNull("prompt_tokens_details"));
        return answer.putNull("prompt_logprobs").putNull("prompt_token_ids").putNull("kv_transfer_params");
    }

    @Override
    public @Nullable ObjectNode opening(Request request, Head head, int choice) {
        return request.isChat()
                ? event(
                        request,
                        head,
                        choice,
                        JSON.objectNode().put("role", "assistant").put("content", ""))
                : null;
    }

    @Override
    public ObjectNode delta(Request request, Head head, int choice, String text) {
        return event(request, head, choice, JSON.objectNode().put("content", text));
    }

    @Override
    public ObjectNode closing(Request request, Head head, int choice, Said said) {
        ObjectNode event = event(request, head, choice, JSON.objectNode().put("content", ""));
        ended((ObjectNode) event.path("choices").path(0), said);
        return event;
    }

    private ObjectNode event(Request request, Head head, int index, ObjectNode delta) {
        ObjectNode event = head(head, request.isChat() ? "chat.completion.chunk" : "text_completion");
        ObjectNode choice = event.putArray("choices").addObject().put("index", index);
        if (request.isChat()) {
            choice.set("delta", delta);
        } else {
            choice.set("text", delta.path("content"));
        }
        choice.putNull("logprobs").putNull("finish_reason");
        return event;
    }

    @Override
    public ObjectNode usage(Request request, Head head, int promptTokens, int tokens) {
        ObjectNode event = head(head, request.isChat() ? "chat.completion.chunk" : "text_completion");
        event.putArray("choices");
        event.set("usage", counts(promptTokens, tokens));
        return event;
    }

    private static void ended(ObjectNode choice, Said said) {
        choice.put("finish_reason", said.finish() == Finish.LENGTH ? "length" : "stop")
                .put("stop_reason", said.stop());
    }

    private ObjectNode head(Head head, String object) {
        return JSON.objectNode()
                .put("id", head.id())
                .put("object", object)
                .put("created", head.created())
                .put("model", model);
    }

    private static ObjectNode counts(int prompt, int generated) {
        return JSON.objectNode()
                .put("prompt_tokens", prompt)
                .put("total_tokens", prompt + generated)
                .put("completion_tokens", generated);
    }

    /** What VLLMValidationError says. */
    private static Refusal invalid(String message, String parameter, String value) {
        return badRequest(message + " (parameter=" + parameter + ", value=" + value + ")", parameter);
    }

    private static Refusal badRequest(String message, @Nullable String parameter) {
        return new Refusal(400, error(message, "BadRequestError", parameter, 400));
    }

    private static Refusal refusal(int status, String type, String message) {
        return new Refusal(status, error(message, type, null, status));
    }

    private static ObjectNode error(String message, String type, @Nullable String parameter, int code) {
        return JSON.objectNode()
                .put("message", message)
                .put("type", type)
                .put("param", parameter)
                .put("code", code);
    }

    private static int or(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }

    private static double or(@Nullable Double value, double otherwise) {
        return value == null ? otherwise : value;
    }
}
