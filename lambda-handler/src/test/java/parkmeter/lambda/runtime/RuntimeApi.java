package parkmeter.lambda.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/** Lambda's Runtime API, for one process and one event at a time. */
public final class RuntimeApi implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 180;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<String> events = new SynchronousQueue<>();
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

    /** What came, and when, by {@link System#nanoTime}. */
    public record Answer(String body, long nanoTime) {}

    /** Starts one. */
    public RuntimeApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    /** What {@code AWS_LAMBDA_RUNTIME_API} is to say. */
    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Waits until the process asks for an event. */
    public void offer(String event) throws InterruptedException {
        if (!events.offer(event, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The function did not ask for an event.");
        }
    }

    /** When the answer came, by {@link System#nanoTime}; it must be a 200. */
    public long answered() throws InterruptedException {
        Answer answer = answer();
        if (!answer.body().replace(" ", "").contains("\"statusCode\":200")) {
            throw new IllegalStateException("The function did not answer with a 200: " + answer);
        }
        return answer.nanoTime();
    }

    /** The answer, whatever it is. */
    public Answer answer() throws InterruptedException {
        Answer answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (answer == null) {
            throw new IllegalStateException("The function did not answer.");
        }
        return answer;
    }

    private void serve(HttpExchange exchange) throws IOException {
        // Never closed: the JDK's server would drop the connection under the runtime client's next request.
        try {
            if (exchange.getRequestMethod().equals("GET")) {
                byte[] event = events.take().getBytes(UTF_8);
                // Without a content type the runtime client dereferences null.
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", "bench");
                exchange.getResponseHeaders()
                        .set("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + 55_000));
                exchange.getResponseHeaders()
                        .set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-2:123456789012:function:x");
                exchange.sendResponseHeaders(200, event.length);
                try (OutputStream body = exchange.getResponseBody()) {
                    body.write(event);
                }
            } else {
                String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                answers.add(new Answer(body, System.nanoTime()));
                exchange.sendResponseHeaders(202, -1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
