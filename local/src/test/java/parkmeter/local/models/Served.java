package parkmeter.local.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import parkmeter.local.llm.BadWeights;
import parkmeter.local.llm.Llm;
import parkmeter.local.llm.TinyModel;

/** A model server with a tiny model, and a client for it. */
final class Served implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Llm llm;
    private final ModelServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    private Served(Llm llm, ModelServer server) {
        this.llm = llm;
        this.server = server;
    }

    static Served tiny(Map<String, String> environment) {
        return tiny(WireFormat.DEFAULT, environment);
    }

    static Served tiny(WireFormat format, Map<String, String> environment) {
        return start(format, environment, TinyModel::write);
    }

    /** With a chat template of its own, or without any. */
    static Served templated(Optional<String> template) {
        return templated(WireFormat.DEFAULT, template);
    }

    static Served templated(WireFormat format, Optional<String> template) {
        return start(format, Map.of(), file -> TinyModel.write(file, template));
    }

    private interface Writer {
        void write(Path file) throws IOException;
    }

    private static Served start(WireFormat format, Map<String, String> environment, Writer model) {
        try {
            Path weights = Files.createTempFile("tiny", ".gguf");
            try {
                model.write(weights);
                var container = new ModelServer.Container(format, "tiny/model", environment);
                Llm llm = Llm.load(weights, container.window());
                return new Served(llm, ModelServer.start(llm, container, 0));
            } finally {
                Files.delete(weights); // it is mapped
            }
        } catch (IOException | BadWeights failed) {
            throw new AssertionError(failed);
        }
    }

    /** An answer, its JSON parsed where it is JSON. */
    record Answer(int status, String contentType, String body, HttpResponse<String> response) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException noJson) {
                throw new AssertionError(body, noJson);
            }
        }

        /** The data of its server-sent events. */
        List<String> events() {
            List<String> events = new ArrayList<>();
            for (String event : body.split("\n\n", -1)) {
                if (event.startsWith("data: ")) {
                    events.add(event.substring("data: ".length()));
                }
            }
            return events;
        }

        JsonNode event(int index) {
            try {
                return JSON.readTree(events().get(index));
            } catch (IOException noJson) {
                throw new AssertionError(body, noJson);
            }
        }
    }

    /** Posts to {@code /invocations}; single quotes in the body stand for double ones. */
    Answer invoke(String body) {
        return post("/invocations", "application/json", body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    Answer post(String path, String contentType, byte[] body) {
        return send(request(path)
                .header("content-type", contentType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    Answer get(String path) {
        return send(request(path).build());
    }

    /** A stream whose first line has come; closing it is what a client does that goes away. */
    InputStream open(String body) throws IOException, InterruptedException {
        HttpRequest request = request("/invocations")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
                .build();
        InputStream stream =
                client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        if (!String.valueOf(lines.readLine()).startsWith("data: ")) {
            throw new AssertionError("no event");
        }
        return stream;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("content-type").orElse(""),
                    response.body(),
                    response);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    @Override
    public void close() {
        server.close();
        llm.close();
    }
}
