package parkmeter.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A model server that says again what it was told: a chat's message as its answer, and any other body as it is. */
final class EchoModel implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    EchoModel() throws IOException {
        // Or the JDK's server waits 40 ms for the rest of an answer that is there.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/ping", exchange -> answer(exchange, "application/json", new byte[0]));
        server.createContext("/invocations", EchoModel::say);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static void say(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Optional<String> message = message(body);
        if (message.isPresent()) {
            answer(exchange, "application/json", chat(message.get()));
        } else {
            String type = exchange.getRequestHeaders().getFirst("content-type");
            answer(exchange, type == null ? "application/json" : type, body);
        }
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
        server.stop(0);
        threads.shutdownNow();
    }

    private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("content-type", type);
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
