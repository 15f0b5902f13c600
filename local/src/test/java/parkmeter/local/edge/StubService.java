package parkmeter.local.edge;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/** An AWS service that answers what it is told to, and remembers what it was asked. */
public final class StubService implements AutoCloseable {
    private final HttpServer server;
    private final Deque<Asked> asked = new ArrayDeque<>();
    private volatile int status = 200;
    private volatile byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
    private volatile Map<String, String> headers = Map.of("Content-Type", "application/json");
    private volatile boolean silent;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Asked(String method, String uri, Map<String, String> headers, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    public StubService() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public void answers(int withStatus, String text) {
        answers(withStatus, text.getBytes(StandardCharsets.UTF_8), Map.of("Content-Type", "application/json"));
    }

    public void answers(int withStatus, byte[] bytes, Map<String, String> withHeaders) {
        status = withStatus;
        body = bytes;
        headers = withHeaders;
    }

    public void neverAnswers() {
        silent = true;
    }

    public synchronized Asked asked() {
        return asked.getLast();
    }

    public synchronized int count() {
        return asked.size();
    }

    private void answer(HttpExchange exchange) throws IOException {
        Map<String, String> sent = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach((name, values) -> sent.put(name, String.join(",", values)));
        synchronized (this) {
            asked.add(new Asked(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    sent,
                    exchange.getRequestBody().readAllBytes()));
        }
        if (silent) {
            return;
        }
        headers.forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
