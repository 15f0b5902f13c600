package parkmeter.lambda.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import parkmeter.lambda.Quoted;

/**
 * API Gateway's GetApiKey on loopback, in its wire format. While one is open, every such client of this JVM calls it.
 */
public final class StubApiGateway implements AutoCloseable {
    private static final String REDIRECT = "aws.endpointUrlApiGateway";

    private final HttpServer server;
    private final Map<String, String> values;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile int status = 200;

    /** With keys: from id to value. */
    public StubApiGateway(Map<String, String> values) throws IOException {
        this.values = values;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
        System.setProperty(REDIRECT, url().toString());
    }

    /** Where it listens. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** From now on every call fails. */
    public void fails(int with) {
        status = with;
    }

    /** What was asked for so far: paths with queries. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            URI uri = exchange.getRequestURI();
            asked.add(uri.toString());
            String id = uri.getPath().replaceFirst("^/apikeys/", "");
            String value = values.get(id);
            String body;
            int answered = status;
            if (status != 200) {
                exchange.getResponseHeaders().set("x-amzn-ErrorType", "AccessDeniedException");
                body = Quoted.json("message", "arn:aws:sts::123456789012:assumed-role/x is not authorized");
            } else if (value == null) {
                exchange.getResponseHeaders().set("x-amzn-ErrorType", "NotFoundException");
                body = Quoted.json("message", "Invalid API Key identifier specified");
                answered = 404;
            } else {
                body = "{\"id\":\"" + id + "\",\"enabled\":true"
                        + ("includeValue=true".equals(uri.getQuery()) ? ",\"value\":" + Quoted.string(value) : "")
                        + "}";
            }
            byte[] bytes = body.getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answered, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        System.clearProperty(REDIRECT);
        server.stop(0);
    }
}
