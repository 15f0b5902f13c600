package parkmeter.local.tgi;

import io.javalin.Javalin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import parkmeter.local.http.Loopback;
import parkmeter.local.http.PortInUse;

/**
 * A model server that answers as TGI 3.3 does on the routes that SageMaker reaches ({@code POST /invocations}, {@code GET
 * /ping}) and on TGI's own for people ({@code /health}, {@code /info}, {@code /generate}, {@code /generate_stream},
 * {@code /v1/chat/completions}, {@code /v1/completions}).
 *
 * <p>It is made for a process of its own ({@link #main(String[])}): llama.cpp's threads don't end with the model, and a
 * broken model must not take the local run with it.
 */
public final class ModelServer implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final Llm llm;
    private final Javalin http;

    private ModelServer(Llm llm, Javalin http) {
        this.llm = llm;
        this.http = http;
    }

    /**
     * Runs the process: {@code [--model FILE.gguf] [--model-id NAME] [--port N] [--parent PID]}, TGI's variables in the
     * environment; without a file it serves the {@linkplain Weights weights of this machine}. Prints {@code ready PORT}
     * on stdout when it answers. What can't be served is one line on stderr and exit code 1 (a broken file, a taken port,
     * variables that TGI refuses) or 2 (wrong options). It ends with SIGTERM, and with the process that {@code --parent}
     * names.
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
            String modelId = options.getOrDefault("--model-id", String.valueOf(weights.getFileName()));
            ModelServer server = start(weights, modelId, System.getenv(), port);
            // At once: without it the process waits for what llama.cpp is generating.
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0), "end"));
            System.out.println("ready " + server.port());
        } catch (NumberFormatException noNumber) {
            fail(2, "--port and --parent take a number (" + noNumber.getMessage() + ")");
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
            boolean known =
                    Set.of("--model", "--model-id", "--port", "--parent").contains(args[i]);
            if (!known || i + 1 == args.length) {
                fail(
                        2,
                        "usage: ModelServer [--model FILE.gguf] [--model-id NAME] [--port N] [--parent PID]; not: "
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
     * @throws PortInUse when something listens on the port already
     */
    static ModelServer start(Path weights, String modelId, Map<String, String> environment, int port)
            throws BadWeights {
        Limits limits = Limits.from(environment);
        // More threads than may run, for Jetty's own work: who comes too much is told so, not kept waiting.
        Javalin http = Loopback.server(
                port,
                IDLE,
                config -> config.jetty.threadPool = new QueuedThreadPool(limits.maxConcurrentRequests() + 16, 4));
        Llm llm = Llm.load(weights, limits.maxTotalTokens());
        new Router(limits, llm, modelId).mount(http);
        return new ModelServer(llm, http.start());
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
}
