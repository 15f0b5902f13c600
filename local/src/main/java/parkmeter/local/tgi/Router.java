package parkmeter.local.tgi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import parkmeter.local.http.Events;
import parkmeter.local.llm.CannotGenerate;
import parkmeter.local.llm.Generation;
import parkmeter.local.llm.Generation.Token;
import parkmeter.local.llm.Job;
import parkmeter.local.llm.Llm;

/** TGI's router: its routes, what each makes of a request, and how many may run at once (router/src/server.rs). */
final class Router {
    private static final String NO_TYPE = "Failed to deserialize the JSON body into the target type: ";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TgiVersion version;
    private final Limits limits;
    private final Llm llm;
    private final String modelId;
    private final Validation validation;
    private final Answers answers;
    private final Semaphore permits;

    Router(TgiVersion version, Limits limits, Llm llm, String modelId) {
        this.version = version;
        this.limits = limits;
        this.llm = llm;
        this.modelId = modelId;
        this.validation = new Validation(version, limits, llm, new SecureRandom());
        this.answers = new Answers(modelId, version, Clock.systemUTC());
        this.permits = new Semaphore(limits.maxConcurrentRequests());
    }

    void mount(Javalin routes) {
        routes.get("/ping", context -> context.status(200));
        routes.get("/health", context -> context.status(200));
        routes.get("/info", context -> json(context, 200, info()));
        routes.post("/invocations", this::invocations);
        routes.post("/generate", context -> body(context, Requests::generate, body -> noVariant("GenerateRequest"))
                .ifPresent(request -> generate(context, request, false, false, false)));
        routes.post(
                "/generate_stream", context -> body(context, Requests::generate, body -> noVariant("GenerateRequest"))
                        .ifPresent(request -> generate(context, request, true, false, false)));
        routes.post("/v1/chat/completions", context -> body(context, Requests::chat, body -> noVariant("ChatRequest"))
                .ifPresent(request -> chat(context, request)));
        routes.post("/v1/completions", context -> body(
                        context, Requests::completion, body -> noVariant("CompletionRequest"))
                .ifPresent(request -> completion(context, request)));
    }

    private void invocations(Context context) throws IOException {
        if (version.takesChats()) {
            body(context, Requests::any, body -> noVariant("SagemakerRequest"))
                    .ifPresent(request -> answer(context, request));
        } else {
            body(context, Requests::generate, Requests::misfit)
                    .ifPresent(request -> generate(context, request, request.streams(), true, true));
        }
    }

    private void answer(Context context, Requests.Any any) {
        if (any instanceof Requests.Generate generate) {
            // TGI's default for a model of the pipeline text-generation, and for one that it knows nothing of.
            generate(context, generate, generate.streams(), true, true);
        } else if (any instanceof Requests.Chat chat) {
            chat(context, chat);
        } else if (any instanceof Requests.Completion completion) {
            completion(context, completion);
        }
    }

    private void generate(
            Context context, Requests.Generate request, boolean stream, boolean fullText, boolean inArray) {
        Requests.Parameters asked = request.settings();
        boolean full = asked.returnFullText() == null ? fullText : asked.returnFullText();
        if (stream) {
            try (Events events = new Events(context)) {
                try {
                    validation.checkStream(asked);
                    run(
                            request.inputs(),
                            asked,
                            (job, generation) -> events.send(Answers.lastEvent(
                                    generation,
                                    (full ? request.inputs() : "") + generation.text(),
                                    Boolean.TRUE.equals(asked.details()),
                                    job.promptTokens().size())),
                            (index, token) -> events.send(Answers.event(index, token)));
                } catch (Refusal refusal) {
                    events.send(Answers.error(refusal));
                }
            }
            return;
        }
        try {
            int sequences = validation.sequences(asked);
            List<Generation> all = new ArrayList<>();
            List<Token> prefill = new ArrayList<>();
            for (int i = 0; i < sequences; i++) {
                run(
                        request.inputs(),
                        asked,
                        (job, generation) -> {
                            all.add(generation);
                            if (prefill.isEmpty() && asked.wantsPrefill()) {
                                job.promptTokens()
                                        .forEach(id -> prefill.add(new Token(id, llm.text(List.of(id)), false)));
                            }
                            context.header(
                                    "x-prompt-tokens",
                                    String.valueOf(job.promptTokens().size()));
                        },
                        (index, token) -> true);
            }
            context.header(
                    "x-generated-tokens", String.valueOf(all.get(0).tokens().size()));
            ObjectNode answer = Answers.generated(request, request.inputs(), full, all, prefill);
            json(context, 200, inArray ? JSON.createArrayNode().add(answer) : answer);
        } catch (Refusal refusal) {
            refuse(context, refusal);
        }
    }

    private void chat(Context context, Requests.Chat request) {
        Requests.Parameters asked = request.settings();
        String prompt;
        try {
            if (request.responseFormat() != null && request.tools() != null) {
                throw Refusal.tool("Grammar and tools are mutually exclusive");
            }
            List<Map.Entry<String, String>> messages = new ArrayList<>();
            for (Requests.Message message : request.messages()) {
                String text = message.text().orElseThrow(() -> Refusal.validation("image modality is not supported"));
                messages.add(Map.entry(message.role(), text));
            }
            prompt = llm.chatPrompt(messages);
        } catch (CannotGenerate cannot) {
            refuse(context, Refusal.of(cannot));
            return;
        } catch (Refusal refusal) {
            refuse(context, refusal);
            return;
        }
        if (request.streams()) {
            try (Events events = new Events(context)) {
                try {
                    run(
                            prompt,
                            asked,
                            (job, generation) -> {
                                events.send(answers.chatEvent(request, generation.last(), generation.finish()));
                                if (request.wantsUsage()) {
                                    events.send(answers.usageEvent(
                                            request,
                                            job.promptTokens().size(),
                                            generation.tokens().size()));
                                }
                            },
                            (index, token) -> events.send(answers.chatEvent(request, token, null)));
                } catch (Refusal refusal) {
                    events.send(Answers.chatError(refusal));
                }
                events.done();
            }
            return;
        }
        try {
            run(
                    prompt,
                    asked,
                    (job, generation) -> json(
                            context,
                            200,
                            answers.chat(request, generation, job.promptTokens().size())),
                    (index, token) -> true);
        } catch (Refusal refusal) {
            refuse(context, refusal);
        }
    }

    private void completion(Context context, Requests.Completion request) {
        Requests.Parameters asked = request.settings();
        List<String> prompts = request.prompts();
        try {
            if (request.suffix() != null) {
                throw Refusal.completion(
                        "suffix not supported",
                        "Suffix is not supported and can be achieved by preprocessing the prompt.");
            }
            if (prompts.size() > limits.maxClientBatchSize()) {
                throw Refusal.completion(
                        "batch size exceeded",
                        "Number of prompts exceeds the maximum allowed batch size of " + limits.maxClientBatchSize());
            }
            if (!request.streams()) {
                List<Generation> all = new ArrayList<>();
                int[] promptTokens = {0};
                for (String prompt : prompts) {
                    run(
                            prompt,
                            asked,
                            (job, generation) -> {
                                all.add(generation);
                                promptTokens[0] += job.promptTokens().size();
                            },
                            (index, token) -> true);
                }
                json(context, 200, answers.completion(request, all, promptTokens[0]));
                return;
            }
        } catch (Refusal refusal) {
            refuse(context, refusal);
            return;
        }
        try (Events events = new Events(context)) {
            for (int i = 0; i < prompts.size(); i++) {
                int choice = i;
                try {
                    run(
                            prompts.get(i),
                            asked,
                            (job, generation) -> events.send(answers.lastCompletionEvent(
                                    request,
                                    choice,
                                    generation,
                                    job.promptTokens().size())),
                            (index, token) -> events.send(answers.completionEvent(request, choice, token)));
                } catch (Refusal refusal) {
                    events.send(Answers.error(refusal));
                }
            }
            events.done();
        }
    }

    /** Takes what was generated. */
    private interface Outcome {
        void take(Job job, Generation generation);
    }

    /** One generation: a permit, TGI's rules, the model. A listener that went away gets no outcome. */
    private void run(String inputs, Requests.Parameters asked, Outcome outcome, Generation.Listener listener)
            throws Refusal {
        if (!permits.tryAcquire()) {
            throw Refusal.overloaded();
        }
        try {
            Job job = validation.check(inputs, asked);
            llm.generate(job, listener).ifPresent(generation -> outcome.take(job, generation));
        } catch (CannotGenerate cannot) {
            throw Refusal.of(cannot);
        } finally {
            permits.release();
        }
    }

    // -- HTTP

    private interface Reader<T> {
        Optional<T> read(JsonNode body);
    }

    /** The request in a body, or the answer that axum gives where there is none. */
    private <T> Optional<T> body(Context context, Reader<T> reader, Function<byte[], String> misfit)
            throws IOException {
        String contentType =
                String.valueOf(context.contentType()).toLowerCase(Locale.ROOT).replaceAll("[ \t]*;.*", "");
        if (!contentType.equals("application/json") && !contentType.matches("application/[^/]+\\+json")) {
            text(context, 415, "Expected request with `Content-Type: application/json`");
            return Optional.empty();
        }
        byte[] bytes = context.bodyInputStream().readNBytes(limits.payloadLimit() + 1);
        if (bytes.length > limits.payloadLimit()) {
            text(context, 413, "Failed to buffer the request body: length limit exceeded");
            return Optional.empty();
        }
        JsonNode body;
        try {
            body = Requests.parse(bytes);
        } catch (IOException malformed) {
            text(context, 400, "Failed to parse the request body as JSON: " + malformed.getMessage());
            return Optional.empty();
        }
        Optional<T> request = reader.read(body);
        if (request.isEmpty()) {
            text(context, 422, NO_TYPE + misfit.apply(bytes));
        }
        return request;
    }

    private static String noVariant(String type) {
        return "data did not match any variant of untagged enum " + type;
    }

    private static void refuse(Context context, Refusal refusal) {
        json(context, refusal.status(), Answers.error(refusal));
    }

    private static void json(Context context, int status, JsonNode body) {
        context.status(status)
                .contentType("application/json")
                .result(body.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void text(Context context, int status, String body) {
        context.status(status).contentType("text/plain; charset=utf-8").result(body.getBytes(StandardCharsets.UTF_8));
    }

    private ObjectNode info() {
        return JSON.createObjectNode()
                .put("model_id", modelId)
                .putNull("model_sha")
                .put("model_pipeline_tag", "text-generation")
                .put("max_concurrent_requests", limits.maxConcurrentRequests())
                .put("max_best_of", limits.maxBestOf())
                .put("max_stop_sequences", limits.maxStopSequences())
                .put("max_input_tokens", limits.maxInputTokens())
                .put("max_total_tokens", limits.maxTotalTokens())
                .put("validation_workers", 1)
                .put("max_client_batch_size", limits.maxClientBatchSize())
                .put("router", "parkmeter-local")
                .put("version", version.toString())
                .putNull("sha")
                .putNull("docker_label");
    }
}
