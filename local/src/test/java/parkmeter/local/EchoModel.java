package parkmeter.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import parkmeter.local.http.Loopback;

/** A model server that says again what it was told: a chat's message as its answer, and any other body as it is. */
final class EchoModel implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Javalin server = Loopback.server(0, Duration.ofSeconds(30), config -> {})
            .get("/ping", http -> http.result(""))
            .post("/invocations", EchoModel::say)
            .start();

    URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    private static void say(Context http) throws IOException {
        byte[] body = http.bodyAsBytes();
        Optional<String> message = message(body);
        http.contentType(
                message.isPresent()
                        ? "application/json"
                        : Objects.requireNonNullElse(http.contentType(), "text/plain"));
        http.result(message.isPresent() ? chat(message.get()) : body);
    }

    private static Optional<String> message(byte[] body) {
        try {
            JsonNode content = JSON.readTree(body).at("/messages/0/content");
            return content.isTextual() ? Optional.of(content.textValue()) : Optional.empty();
        } catch (IOException noJson) {
            return Optional.empty();
        }
    }

    private static byte[] chat(String message) throws IOException {
        ObjectNode chat = JsonNodeFactory.instance.objectNode().put("object", "chat.completion");
        chat.putArray("choices")
                .addObject()
                .put("index", 0)
                .put("finish_reason", "stop")
                .putObject("message")
                .put("role", "assistant")
                .put("content", message);
        chat.putObject("usage")
                .put("prompt_tokens", 3)
                .put("completion_tokens", 2)
                .put("total_tokens", 5);
        return JSON.writeValueAsBytes(chat);
    }

    @Override
    public void close() {
        server.stop();
    }
}
