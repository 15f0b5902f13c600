package parkmeter.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A model server that answers every chat with the same words after a set time, to see the parts before it alone. */
final class StubModel implements AutoCloseable {

    private static final byte[] CHAT =
            """
            {"id":"","object":"chat.completion","created":1,"model":"stub","system_fingerprint":"stub","choices":[{"index":0,\
            "message":{"role":"assistant","content":"At once."},"logprobs":null,"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"""
                    .getBytes(StandardCharsets.UTF_8);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch called = new CountDownLatch(1);

    StubModel(Duration thinking) throws IOException {
        // Or the JDK's server waits 40 ms for the rest of an answer that is there.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/ping", exchange -> answer(exchange, new byte[0]));
        server.createContext("/invocations", exchange -> {
            called.countDown();
            exchange.getRequestBody().readAllBytes();
            pause(thinking);
            answer(exchange, CHAT);
        });
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Returns when the model has got its first request. */
    void awaitCall() throws InterruptedException {
        if (!called.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("no call within 10 s");
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
