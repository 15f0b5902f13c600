package parkmeter.local.tgi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.util.JavalinException;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import parkmeter.local.tgi.Generation.Token;

/**
 * A model server that answers as TGI 3.3 does on the routes that SageMaker reaches ({@code POST /invocations}, {@code GET
 * /ping}) and on TGI's own for people ({@code /health}, {@code /info}, {@code /generate}, {@code /generate_stream},
 * {@code /v1/chat/completions}, {@code /v1/completions}).
 *
 * <p>It is made for a process of its own ({@link #main(String[])}): llama.cpp's threads don't end with the model, and a broken model
 * must not take the local run with it.
 */
public final class ModelServer implements AutoCloseable {
    /** The TGI whose wire format this is. */
    static final String TGI_VERSION = "3.3.6";

    private static final String NO_VARIANT = "Failed to deserialize the JSON body into the target type: ";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Limits limits;
    private final Llm llm;
    private final Validation validation;
    private final Answers answers;
    private final Semaphore permits;
    private final Javalin http;

    private ModelServer(Limits limits, Llm llm, String modelId, int port) {
        this.limits = limits;
        this.llm = llm;
        this.validation = new Validation(limits, llm, new SecureRandom());
        this.answers = new Answers(modelId, Clock.systemUTC());
        this.permits = new Semaphore(limits.maxConcurrentRequests());
        this.http = Javalin.create(config -> {
                    config.showJavalinBanner = false;
                    config.http.disableCompression();
                    // One more than may run, and Jetty's own: who comes too much is told so, not kept waiting.
                    config.jetty.threadPool = new QueuedThreadPool(limits.maxConcurrentRequests() + 16, 4);
                })
                .get("/ping", context -> context.status(200))
                .get("/health", context -> context.status(200))
                .get("/info", context -> json(context, 200, info(modelId)))
                .post("/invocations", context -> body(context, "SagemakerRequest", Requests::any)
                        .ifPresent(request -> answer(context, request)))
                .post("/generate", context -> body(context, "GenerateRequest", Requests::generate)
                        .ifPresent(request -> generate(context, request, false, false, false)))
                .post("/generate_stream", context -> body(context, "GenerateRequest", Requests::generate)
                        .ifPresent(request -> generate(context, request, true, false, false)))
                .post("/v1/chat/completions", context -> body(context, "ChatRequest", Requests::chat)
                        .ifPresent(request -> chat(context, request)))
                .post("/v1/completions", context -> body(context, "CompletionRequest", Requests::completion)
                        .ifPresent(request -> completion(context, request)))
                .start("127.0.0.1", port);
    }

    /**
     * Runs the process: {@code --model FILE.gguf [--model-id NAME] [--port N] [--parent PID]}, TGI's variables in the
     * environment. Prints {@code ready PORT} on stdout when it answers. What can't be served is one line on stderr and
     * exit code 1 (a broken file, a taken port, variables that TGI refuses) or 2 (wrong options). It ends with SIGTERM,
     * and with the process that {@code --parent} names.
     */
    public static void main(String[] args) {
        try {
            Map<String, String> options = options(args);
            Path weights = Path.of(options.getOrDefault("--model", ""));
            int port = Integer.parseInt(options.getOrDefault("--port", "0"));
            String parent = options.get("--parent");
            if (parent != null) {
                endWith(Long.parseLong(parent));
            }
            // Before the weights are loaded, and without the web server's own words.
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
            String modelId = options.getOrDefault("--model-id", String.valueOf(weights.getFileName()));
            ModelServer server = start(weights, modelId, System.getenv(), port);
            // At once: without it the process waits for what llama.cpp is generating.
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0), "end"));
            System.out.println("ready " + server.port());
        } catch (NumberFormatException noNumber) {
            fail(2, "--port and --parent take a number (" + noNumber.getMessage() + ")");
        } catch (BadWeights | IllegalArgumentException refused) {
            fail(1, String.valueOf(refused.getMessage()));
        } catch (IOException | JavalinException busy) {
            fail(1, "its port can't be listened on (" + busy.getMessage() + "); free it or choose another");
        }
    }

    /** Ends this process with another: who starts a model server may be killed without a chance to stop it. */
    private static void endWith(long process) {
        Thread watch = new Thread(
                () -> {
                    ProcessHandle.of(process)
                            .ifPresent(handle -> handle.onExit().join());
                    Runtime.getRuntime().halt(0);
                },
                "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static Map<String, String> options(String[] args) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            boolean known =
                    Set.of("--model", "--model-id", "--port", "--parent").contains(args[i]);
            if (!known || i + 1 == args.length) {
                fail(
                        2,
                        "usage: ModelServer --model FILE.gguf [--model-id NAME] [--port N] [--parent PID]; not: "
                                + args[i]);
            }
            options.put(args[i], args[i + 1]);
        }
        return options;
    }

    private static void fail(int code, String line) {
        System.err.println("model server: " + line);
        // llama.cpp's threads would keep the process, and its destructors are not worth waiting for.
        Runtime.getRuntime().halt(code);
    }

    /**
     * The command that runs the server as a process of its own, within 450 MB with SmolLM2, for as long as the calling
     * process lives.
     *
     * @param java the JVM's launcher
     * @param classPath with this class and its libraries
     * @param weights a GGUF file
     * @param modelId the name it answers to
     * @param port 0 for any free one
     */
    public static List<String> command(Path java, String classPath, Path weights, String modelId, int port) {
        return List.of(
                java.toString(),
                "-Xms16m",
                "-Xmx96m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                ModelServer.class.getName(),
                "--model",
                weights.toString(),
                "--model-id",
                modelId,
                "--port",
                String.valueOf(port),
                "--parent",
                String.valueOf(ProcessHandle.current().pid()));
    }

    /**
     * Starts a server in this process.
     *
     * @param weights a GGUF file
     * @param modelId the name it answers to
     * @param environment TGI's variables, as the container has them
     * @param port 0 for any free one
     * @throws BadWeights when the file can't be served
     * @throws IllegalArgumentException for variables that TGI's launcher refuses
     */
    static ModelServer start(Path weights, String modelId, Map<String, String> environment, int port)
            throws BadWeights {
        Limits limits = Limits.from(environment);
        return new ModelServer(limits, Llm.load(weights, limits.maxTotalTokens()), modelId, port);
    }

    /** The port that it listens on, on the loopback interface. */
    public int port() {
        return http.port();
    }

    @Override
    public void close() {
        http.stop();
        llm.close();
    }

    // -- requests

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
        } finally {
            permits.release();
        }
    }

    // -- HTTP

    private interface Reader<T> {
        Optional<T> read(JsonNode body);
    }

    /** The request in a body, or the answer that axum gives where there is none. */
    private <T> Optional<T> body(Context context, String type, Reader<T> reader) throws IOException {
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
            text(context, 422, NO_VARIANT + "data did not match any variant of untagged enum " + type);
        }
        return request;
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

    private ObjectNode info(String modelId) {
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
                .put("version", TGI_VERSION)
                .putNull("sha")
                .putNull("docker_label");
    }

    /** Server-sent events: each is written when it happens. */
    private static final class Events implements AutoCloseable {
        private final ServletOutputStream out;
        private boolean open = true;

        Events(Context context) {
            context.status(200).contentType("text/event-stream").header("cache-control", "no-cache");
            try {
                out = context.res().getOutputStream();
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }

        /** Sends an event; false when the client has gone. */
        boolean send(JsonNode data) {
            return write(data.toString());
        }

        void done() {
            write("[DONE]");
        }

        private boolean write(String data) {
            try {
                if (open) {
                    out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
            } catch (IOException gone) {
                open = false;
            }
            return open;
        }

        @Override
        public void close() {
            try {
                out.close();
            } catch (IOException gone) {
                open = false;
            }
        }
    }
}
