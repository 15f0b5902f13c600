package parkmeter.local.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs a Pulumi program for a stack and records what it declares: the part of Pulumi's command that a program sees.
 *
 * <p>The program is a process of its own, since Pulumi's SDK reads its surroundings from environment variables. Nothing
 * leaves the machine. Threadsafe; two runs share nothing.
 */
public final class Engine {
    private static final int LARGEST_MESSAGE = 64 << 20;
    private static final int OUTPUT_LINES_SHOWN = 20;

    // Escaped, so that the platform's charset has no say in what the program reads from its environment.
    private static final JsonMapper ASCII_JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final Program program;
    private final Function<String, String> apiKeys;
    private final Duration timeout;

    /**
     * @param apiKeys the value of an API key that declares none, by the key's name: see {@link ApiKeys}
     * @param timeout how long a program may run before it is stopped
     */
    public Engine(Program program, Function<String, String> apiKeys, Duration timeout) {
        this.program = program;
        this.apiKeys = apiKeys;
        this.timeout = timeout;
    }

    /**
     * Runs the program with every output known, as in {@code pulumi up}.
     *
     * @throws ProgramFailed when there is no plan, with what the program said
     */
    public Plan run(Stack stack) throws ProgramFailed {
        return run(stack, false);
    }

    /**
     * Runs the program with computed outputs unknown, as in {@code pulumi preview} of a stack that isn't deployed.
     *
     * @throws ProgramFailed when there is no plan, with what the program said
     */
    public Plan preview(Stack stack) throws ProgramFailed {
        return run(stack, true);
    }

    private Plan run(Stack stack, boolean preview) throws ProgramFailed {
        String classPath = program.classPathArgument();
        Monitor monitor = new Monitor(stack, preview, apiKeys);
        Log log = new Log();
        Server server = null;
        Path output = null;
        try {
            server = serve(monitor, log);
            output = Files.createTempFile("parkmeter-program", ".log");
            Process process = start(stack, preview, classPath, "127.0.0.1:" + server.getPort(), output);
            int exitCode = await(process, monitor);
            if (exitCode != 0) {
                throw failed(exitCode, monitor, log, output);
            }
            return new Plan(stack.project(), stack.name(), monitor.registrations(), log.notes(), log.warnings());
        } catch (IOException e) {
            throw new ProgramFailed("The Pulumi program can't be started: " + e.getMessage());
        } finally {
            if (server != null) {
                server.shutdownNow();
            }
            delete(output);
        }
    }

    private static Server serve(Monitor monitor, Log log) throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .addService(monitor)
                .addService(log)
                .build()
                .start();
    }

    private Process start(Stack stack, boolean preview, String classPath, String address, Path output)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // On two cores the common pool is too small for Pulumi's SDK on JDK 25: it would wait for ever.
                        "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Dfile.encoding=UTF-8",
                        program.mainClass())
                .directory(stack.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        // The locale stays, so that a path means the same to both processes.
        environment.keySet().retainAll(Set.of("LANG", "LC_ALL", "LC_CTYPE"));
        // Not an argument: the SDK quotes the whole command line when the program fails.
        environment.put("CLASSPATH", classPath);
        environment.put("PULUMI_MONITOR", address);
        environment.put("PULUMI_ENGINE", address);
        environment.put("PULUMI_PROJECT", stack.project());
        environment.put("PULUMI_STACK", stack.name());
        environment.put("PULUMI_ORGANIZATION", "organization");
        environment.put("PULUMI_ROOT_DIRECTORY", stack.folder().toString());
        environment.put("PULUMI_DRY_RUN", Boolean.toString(preview));
        environment.put("PULUMI_CONFIG", json(new TreeMap<>(stack.config())));
        environment.put(
                "PULUMI_CONFIG_SECRET_KEYS",
                json(stack.secretKeys().stream().sorted().toList()));
        return builder.start();
    }

    private int await(Process process, Monitor monitor) throws ProgramFailed {
        try {
            if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
            List<String> declared = monitor.declared();
            String message =
                    "The Pulumi program was still running after %d s and was stopped; it had declared %d resources."
                            .formatted(timeout.toSeconds(), declared.size());
            throw new ProgramFailed(OptionalInt.empty(), List.of(message), declared);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailed("The Pulumi program was interrupted.");
        } finally {
            process.destroyForcibly();
        }
    }

    /** The engine's own refusals say more than the stack traces that the program logs for them. */
    private static ProgramFailed failed(int exitCode, Monitor monitor, Log log, Path output) throws IOException {
        List<String> messages = new ArrayList<>(monitor.refusals());
        if (messages.isEmpty()) {
            messages.addAll(log.errors());
        }
        if (messages.isEmpty()) {
            String printed = Files.readString(output, StandardCharsets.UTF_8).strip();
            messages.add("The Pulumi program ended with exit code " + exitCode
                    + (printed.isEmpty() ? " and said nothing." : ":\n" + lastLines(printed)));
        }
        return new ProgramFailed(OptionalInt.of(exitCode), messages, monitor.declared());
    }

    private static String lastLines(String text) {
        String[] lines = text.split("\n", -1);
        return String.join(
                "\n", Arrays.asList(lines).subList(Math.max(0, lines.length - OUTPUT_LINES_SHOWN), lines.length));
    }

    private static String json(Object value) {
        try {
            return ASCII_JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new AssertionError("maps and lists of strings are always JSON", e);
        }
    }

    private static void delete(@Nullable Path file) {
        if (file != null) {
            // A file that stays in the temporary folder is no reason to lose the plan.
            file.toFile().delete();
        }
    }
}
