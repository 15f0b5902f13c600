package parkmeter.local.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A model in a process of its own, and the containers in whose stead it answers: it can fail, and be killed, without the run. All of them
 * have the one model that is in memory.
 */
public final class ModelProcess implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long GRACE_SECONDS = 5;

    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;
    private volatile boolean closed;

    private ModelProcess(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** A model that doesn't come up, or doesn't serve, with its own reason. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /**
     * Starts a process and waits until the model is loaded.
     *
     * @param weights the GGUF file
     * @param tokens what the context is to hold
     * @param log where its messages go
     * @throws Refused where it does not come up
     */
    public static ModelProcess start(Path weights, int tokens, Path log) throws Refused {
        List<String> command = ModelServer.command(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                weights,
                tokens);
        try {
            Files.createDirectories(log.getParent());
            var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
            // A container sees its own variables, not those of the machine that it runs on.
            builder.environment().keySet().retainAll(Set.of("PATH", "HOME", "TMPDIR", "LANG"));
            ModelProcess started = new ModelProcess(builder.start());
            if (started.answers.readLine() == null) {
                started.process.destroy();
                throw new Refused("The model server did not start: " + lastLine(log));
            }
            return started;
        } catch (IOException e) {
            throw new Refused("The model server could not be started: " + e.getMessage());
        }
    }

    /**
     * Lets the model answer in a container's stead.
     *
     * @return the address, without a path
     * @throws Refused for variables that the container's server refuses, and when the process has ended
     */
    public synchronized URI open(ModelServer.Container container) throws Refused {
        ObjectNode asked = JSON.createObjectNode();
        asked.putObject("open")
                .put("format", container.format().text())
                .put("modelId", container.modelId())
                .set("environment", JSON.valueToTree(container.environment()));
        try {
            ask(asked);
            String line = answers.readLine();
            if (line == null) {
                throw new IOException("it has ended");
            }
            JsonNode answer = JSON.readTree(line);
            if (answer.has("refused")) {
                throw new Refused("The model server did not start: model server: "
                        + answer.path("refused").asText());
            }
            return URI.create("http://127.0.0.1:" + answer.path("port").asInt());
        } catch (IOException gone) {
            throw new Refused("The model server did not start: " + gone.getMessage());
        }
    }

    /** Lets the model answer no more at an address that was opened. */
    public synchronized void close(URI server) {
        try {
            ask(JSON.createObjectNode().put("close", server.getPort()));
        } catch (IOException gone) {
            // With the process.
        }
    }

    private void ask(JsonNode question) throws IOException {
        questions.write(question + "\n");
        questions.flush();
    }

    /** The process's id. */
    public long pid() {
        return process.pid();
    }

    /** Calls {@code then}, on a thread of its own, when the process ends without having been closed. */
    public void onFailure(Runnable then) {
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

    private static String lastLine(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
    }
}
