package parkmeter.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.sagemaker.Content;

/**
 * SageMaker's runtime on loopback, in its wire format, with a TGI behind it that says what a test tells it to. While one
 * is open, every SDK client of this JVM calls it.
 */
public final class StubSageMaker implements AutoCloseable {
    /** What the SDK reads an endpoint's URL from; the environment variable's name is the one that Lambda can set. */
    private static final String REDIRECT = "aws.endpointUrlSageMakerRuntime";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Wire answer = tgi(200, "{}");

    /** A request as it came. */
    public record Request(String path, Map<String, List<String>> headers, Content content) {
        /** The body as text. */
        public String body() {
            return content.text();
        }

        /** The first header of this name, in any case; empty when there is none. */
        public String header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(header -> header.getValue().get(0))
                    .findFirst()
                    .orElse("");
        }
    }

    private record Wire(
            int status,
            @Nullable String errorType,
            Content content,
            Map<String, String> headers,
            long delayMillis,
            boolean drop) {
        Wire(int status, @Nullable String errorType, String json, long delayMillis, boolean drop) {
            this(status, errorType, Content.json(json), Map.of(), delayMillis, drop);
        }
    }

    /** Starts one that answers. */
    public StubSageMaker() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
        System.setProperty(REDIRECT, url().toString());
    }

    /** Where it listens. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** TGI's container answers: a 200 comes through as it is, everything else as SageMaker's ModelError. */
    public void modelAnswers(int status, String body) {
        answer = tgi(status, body);
    }

    /** The container answers 200 with any bytes, of any type, and with custom attributes. */
    public void modelAnswers(Content content, String customAttributes) {
        answer = new Wire(200, null, content, Map.of("X-Amzn-SageMaker-Custom-Attributes", customAttributes), 0, false);
    }

    /** The container answers 200, but late. */
    public void modelAnswersAfter(long millis, String body) {
        answer = new Wire(200, null, body, millis, false);
    }

    /** An asynchronous endpoint takes requests, and says where their answers and errors will be. */
    public void takes(String output, String failure) {
        answer = new Wire(
                202,
                null,
                Content.json("{\"InferenceId\":\"0a1b\"}"),
                Map.of("X-Amzn-SageMaker-OutputLocation", output, "X-Amzn-SageMaker-FailureLocation", failure),
                0,
                false);
    }

    /** SageMaker itself answers with an error. */
    public void fails(int status, String errorType, String message) {
        answer = new Wire(status, errorType, Quoted.json("message", message), 0, false);
    }

    /** The connection ends before an answer. */
    public void hangsUp() {
        answer = new Wire(0, null, "", 0, true);
    }

    /** What came so far. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** The body that came last. */
    public String lastBody() {
        return requests.get(requests.size() - 1).body();
    }

    private static Wire tgi(int status, String body) {
        if (status == 200) {
            return new Wire(200, null, body, 0, false);
        }
        String error =
                "{\"ErrorCode\":\"CLIENT_ERROR_FROM_MODEL\",\"OriginalStatusCode\":" + status + ",\"LogStreamArn\":"
                        + "\"arn:aws:logs:eu-west-2:123456789012:log-group:/aws/sagemaker/Endpoints/x\",\"OriginalMessage\":"
                        + Quoted.string(body) + ",\"Message\":"
                        + Quoted.string("Received client error (" + status + ") from primary with message \"" + body
                                + "\". See https://eu-west-2.console.aws.amazon.com/… in account 123456789012 for more"
                                + " information.")
                        + "}";
        return new Wire(424, "ModelError", error, 0, false);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String type = exchange.getRequestHeaders().getFirst("Content-Type");
            requests.add(new Request(
                    exchange.getRequestURI().getPath(),
                    exchange.getRequestHeaders(),
                    new Content(body, type == null ? "" : type)));
            Wire wire = answer;
            if (wire.drop()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(wire.delayMillis());
            if (wire.errorType() != null) {
                exchange.getResponseHeaders()
                        .set("x-amzn-ErrorType", wire.errorType() + ":http://internal.amazon.com/coral/com.amazon.x/");
            }
            exchange.getResponseHeaders().set("Content-Type", wire.content().type());
            wire.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] bytes = wire.content().bytes();
            exchange.sendResponseHeaders(wire.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        System.clearProperty(REDIRECT);
        server.stop(0);
        threads.shutdownNow();
    }
}
