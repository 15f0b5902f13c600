package parkmeter.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import parkmeter.local.tgi.ModelServer;

/** A model server in a process of its own, as a container is one: it can fail, and be killed, alone. */
final class ModelProcess implements AutoCloseable {

    private static final long GRACE_SECONDS = 5;

    private final Process process;
    private final URI url;
    private volatile boolean closed;

    private ModelProcess(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    /**
     * Starts a model server and waits until it answers.
     *
     * @param weights the GGUF file
     * @param id the name that the model answers by
     * @param environment the container's declared variables, which limit this model as they limit the deployed one
     * @param log where its messages go
     * @throws CannotRun with the server's own reason where it does not come up
     */
    static ModelProcess start(Path weights, String id, Map<String, String> environment, Path log) throws CannotRun {
        List<String> command = ModelServer.command(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                weights,
                id,
                0);
        try {
            Files.createDirectories(log.getParent());
            var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
            // A container sees its own variables, not those of the machine that it runs on.
            builder.environment().keySet().retainAll(Set.of("PATH", "HOME", "TMPDIR", "LANG"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            String line = output.readLine();
            if (line == null || !line.startsWith("ready ")) {
                process.destroy();
                throw new CannotRun("The model server did not start: " + lastLine(log));
            }
            return new ModelProcess(process, URI.create("http://127.0.0.1:" + line.substring("ready ".length())));
        } catch (IOException e) {
            throw new CannotRun("The model server could not be started: " + e.getMessage());
        }
    }

    /** The server's address, without a path. */
    URI url() {
        return url;
    }

    /** The process's id. */
    long pid() {
        return process.pid();
    }

    /** Calls {@code then}, on a thread of its own, when the process ends without having been closed. */
    void onFailure(Runnable then) {
        var unused = process.onExit().thenRunAsync(() -> {
            if (!closed) {
                then.run();
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        process.destroy();
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static String lastLine(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
