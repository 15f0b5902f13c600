package parkmeter.local.models;

import io.javalin.Javalin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import parkmeter.local.http.Loopback;
import parkmeter.local.http.PortInUse;
import parkmeter.local.llm.BadWeights;
import parkmeter.local.llm.Llm;
import parkmeter.local.llm.Weights;
import parkmeter.local.openai.OpenAiServer;
import parkmeter.local.tgi.TgiServer;

/**
 * A server that lets a model answer in the stead of a container, on the routes that SageMaker reaches ({@code POST /invocations}, {@code
 * GET /ping}) and on the real server's own for people.
 *
 * <p>It is made for a process of its own ({@link #main(String[])}): llama.cpp's threads don't end with the model, and a broken model must
 * not take the local run with it. One process serves any number of containers, with one model in memory.
 */
public final class ModelServer implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private static final Set<String> OPTIONS = Set.of("--model", "--model-id", "--port", "--tokens", "--parent");

    /** As many as TGI has where none are declared, for servers that keep who comes too much waiting. */
    private static final int THREADS = 128;

    private final Javalin http;

    private ModelServer(int port, int concurrency, Consumer<Javalin> routes) {
        // More threads than may run, for Jetty's own work: who comes too much is told so, not kept waiting.
        http = Loopback.server(
                port, IDLE, config -> config.jetty.threadPool = new QueuedThreadPool(concurrency + 16, 4));
        routes.accept(http);
        http.start();
    }

    /**
     * A container as the model has to know it.
     *
     * @param modelId the name that it answers by
     * @param environment its variables, which limit this model as they limit the deployed one
     */
    public record Container(WireFormat format, String modelId, Map<String, String> environment) {

        /**
         * Tokens of a prompt and its answer together.
         *
         * @throws IllegalArgumentException for variables that the real server refuses
         */
        public int window() {
            return Wire.of(this).window();
        }
    }

    /** A wire format on a server: how long its prompts may be, how many requests run at once, and its routes. */
    private record Wire(int window, int concurrency, BiConsumer<Javalin, Llm> routes) {
        static Wire of(Container container) {
            String modelId = container.modelId();
            Map<String, String> environment = container.environment();
            if (container.format() instanceof WireFormat.Tgi tgi) {
                TgiServer server = new TgiServer(tgi.version(), modelId, environment);
                return new Wire(server.window(), server.concurrency(), server::mount);
            }
            OpenAiServer server;
            if (container.format() instanceof WireFormat.Vllm) {
                server = OpenAiServer.vllm(modelId, environment);
            } else if (container.format() instanceof WireFormat.Lmi) {
                server = OpenAiServer.lmi(modelId, environment);
            } else {
                server = OpenAiServer.llamaCpp(modelId, environment);
            }
            return new Wire(server.window(), THREADS, server::mount);
        }
    }

    /**
     * Runs the process: {@code [--model FILE.gguf] [--parent PID]} and either {@code [--model-id NAME] [--port N]}, which serves as TGI
     * with its variables in the environment and prints {@code ready PORT} on stdout when it answers, or {@code --tokens N}, which has
     * a context of so many tokens and {@linkplain Asked serves what it is asked to}. Without a file it serves the {@linkplain Weights
     * weights of this machine}. What can't be served is one line on stderr and exit code 1 (a broken file, a taken port, variables
     * that TGI refuses) or 2 (wrong options). It ends with SIGTERM, and with the process that {@code --parent} names.
     */
    public static void main(String[] args) {
        try {
            Map<String, String> options = options(args);
            Path weights = weights(Optional.ofNullable(options.get("--model")).map(Path::of));
            int port = Integer.parseInt(options.getOrDefault("--port", "0"));
            String parent = options.get("--parent");
            if (parent != null) {
                endWith(Long.parseLong(parent));
            }
            // At once: without it the process waits for what llama.cpp is generating.
            Thread end = new Thread(() -> Runtime.getRuntime().halt(0), "end");
            if (options.containsKey("--tokens")) {
                Llm llm = Llm.load(weights, Integer.parseInt(options.get("--tokens")));
                Runtime.getRuntime().addShutdownHook(end);
                new Asked(llm, System.out).serve(System.in);
                Runtime.getRuntime().halt(0);
            }
            String modelId = options.getOrDefault("--model-id", String.valueOf(weights.getFileName()));
            Container container = new Container(WireFormat.DEFAULT, modelId, System.getenv());
            ModelServer server = start(Llm.load(weights, container.window()), container, port);
            Runtime.getRuntime().addShutdownHook(end);
            System.out.println("ready " + server.port());
        } catch (NumberFormatException noNumber) {
            fail(2, "--port, --tokens and --parent take a number (" + noNumber.getMessage() + ")");
        } catch (PortInUse taken) {
            fail(1, "the port is in use: stop what listens there, or let --port choose another");
        } catch (BadWeights | IllegalArgumentException refused) {
            fail(1, String.valueOf(refused.getMessage()));
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

    private static Path weights(Optional<Path> named) throws BadWeights {
        return named.isPresent()
                ? named.get()
                : Weights.of(System.getenv(), System.err::println)
                        .find(Optional.empty())
                        .file();
    }

    private static Map<String, String> options(String[] args) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            boolean known = OPTIONS.contains(args[i]);
            if (!known || i + 1 == args.length) {
                fail(
                        2,
                        "usage: ModelServer [--model FILE.gguf] [--parent PID] [--model-id NAME] [--port N] | [--tokens N];"
                                + " not: " + args[i]);
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
     * The command that runs a process that {@linkplain Asked serves what it is asked to}, within 450 MB with SmolLM2, for as long as the
     * calling process lives.
     *
     * @param java the JVM's launcher
     * @param classPath with this class and its libraries
     * @param weights a GGUF file
     * @param tokens what the context holds
     */
    public static List<String> command(Path java, String classPath, Path weights, int tokens) {
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
                "--tokens",
                String.valueOf(tokens),
                "--parent",
                String.valueOf(ProcessHandle.current().pid()));
    }

    /**
     * Starts a server in this process.
     *
     * @param llm the model, which may have other servers too
     * @param container whose stead it answers in
     * @param port 0 for any free one
     * @throws IllegalArgumentException for variables that the real server refuses
     * @throws PortInUse when something listens on the port already
     */
    public static ModelServer start(Llm llm, Container container, int port) {
        Wire wire = Wire.of(container);
        return new ModelServer(port, wire.concurrency(), routes -> wire.routes().accept(routes, llm));
    }

    /** The port that it listens on, on the loopback interface. */
    public int port() {
        return http.port();
    }

    /** Ends the server; the model stays. */
    @Override
    public void close() {
        http.stop();
    }
}
