package parkmeter.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Assumptions;

/**
 * The emulator behind the AWS endpoint, where it lets itself be steered by JSON under {@code /_emulator/}: {@code faults} that
 * single calls meet, SageMaker endpoints that fail ({@code sagemaker/fail-next}), quotas. docs/testing.md lists what the stories
 * use. A fault meets every stack of the emulator: a story that asks for one runs alone.
 */
final class Emulator {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI endpoint;

    private Emulator(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** The emulator at an endpoint; where it can't be steered the test is skipped, and says so. */
    static Emulator steered(URI endpoint) {
        Emulator emulator = new Emulator(endpoint);
        Assumptions.assumeTrue(
                emulator.answer("GET", "health", "").statusCode() == 200,
                () -> "skipped: the emulator at " + endpoint + " has no /_emulator/ to ask for faults");
        return emulator;
    }

    /** {@code POST /_emulator/<path>} with a JSON body; the answer's. */
    JsonNode post(String path, String body) {
        return parsed(answer("POST", path, body));
    }

    /** {@code DELETE /_emulator/<path>}; the answer's JSON. */
    JsonNode delete(String path) {
        return parsed(answer("DELETE", path, ""));
    }

    private static JsonNode parsed(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(answer.request().uri() + " answered " + answer.statusCode());
        }
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> answer(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(endpoint.resolve("/_emulator/" + path))
                .header("content-type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException("no answer from " + endpoint, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
