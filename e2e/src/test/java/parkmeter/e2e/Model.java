package parkmeter.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * The model server of the local run, at the address to which the emulator hands SageMaker's invocations. It runs as long as these
 * tests do.
 */
final class Model {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI url;

    private Model(URI url) {
        this.url = url;
    }

    /**
     * The model server at {@code MODEL_URL}; it is started where nothing answers there. Without the variable the test is skipped,
     * and says so.
     */
    static synchronized Model serving(Path root, Map<String, String> machine) {
        String named = machine.getOrDefault("MODEL_URL", "");
        Assumptions.assumeTrue(
                !named.isEmpty(),
                "skipped: MODEL_URL does not say where the emulator looks for the model server (docs/testing.md)");
        Model model = new Model(URI.create(named));
        if (!model.answers()) {
            model.start(root);
        }
        return model;
    }

    /** How a prompt gets to the model. */
    enum Template {
        /** As a person's turn, in the model's own template. */
        CHAT,
        /** As the text that the model goes on with. */
        NONE
    }

    /** What the model says when it is asked greedily, without API or function between. */
    String answer(Template template, String prompt, int tokens) {
        return switch (template) {
            case CHAT -> {
                var request = JSON.createObjectNode().put("max_tokens", tokens).put("temperature", 0);
                request.putArray("messages").addObject().put("role", "user").put("content", prompt);
                yield asked(request.toString()).at("/choices/0/message/content").asText();
            }
            case NONE -> generated(asked(inputs(prompt, tokens)));
        };
    }

    /** A greedy request in the words of TGI. */
    static String inputs(String prompt, int tokens) {
        ObjectNode request = JSON.createObjectNode().put("inputs", prompt);
        request.putObject("parameters")
                .put("max_new_tokens", tokens)
                .put("do_sample", false)
                .put("return_full_text", false);
        return request.toString();
    }

    /** The text in an answer of TGI's, which is an array of one where SageMaker asks. */
    static String generated(JsonNode answer) {
        return (answer.isArray() ? answer.path(0) : answer)
                .path("generated_text")
                .asText();
    }

    private JsonNode asked(String body) {
        return send(HttpRequest.newBuilder(url.resolve("/invocations"))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private JsonNode send(HttpRequest request) {
        try {
            return JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException("no answer from the model server at " + url, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private boolean answers() {
        try {
            var health = HttpRequest.newBuilder(url.resolve("/health")).build();
            return http.send(health, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notThere) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void start(Path root) {
        Path target = root.resolve("local/target");
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                target.resolve("local.jar") + File.pathSeparator + target.resolve("lib") + "/*",
                "parkmeter.local.models.ModelServer",
                "--port",
                String.valueOf(url.getPort()),
                "--parent",
                String.valueOf(ProcessHandle.current().pid()));
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        try {
            BufferedReader output = builder.start().inputReader(StandardCharsets.UTF_8);
            String line = output.readLine();
            if (line == null || !line.startsWith("ready ")) {
                throw new IllegalStateException("the model server did not start at " + url);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
