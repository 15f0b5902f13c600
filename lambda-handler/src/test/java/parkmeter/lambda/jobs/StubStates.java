package parkmeter.lambda.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/**
 * Step Functions and S3 on loopback, in their wire formats. An execution runs when a test lets it: its one task is then done
 * by a function of the test's. While one is open, every such client of this JVM calls it.
 */
public final class StubStates implements AutoCloseable {
    /** The state machine's ARN. */
    public static final String MACHINE = "arn:aws:states:eu-west-2:123456789012:stateMachine:parkmeter-dev-jobs";

    private static final List<String> REDIRECTS = List.of("aws.endpointUrlSfn", "aws.endpointUrlS3");

    private final HttpServer server;
    private final Map<String, byte[]> objects = new TreeMap<>();
    private final Map<String, String> types = new TreeMap<>();
    private final Map<String, Map<String, Object>> executions = new LinkedHashMap<>();
    private @Nullable String refusal;
    private @Nullable String refusedBy;

    /** What the machine's task does. */
    @FunctionalInterface
    interface Task {
        /** Takes the input; fails as a function does. */
        void run(String input) throws IOException;
    }

    /** Starts one. */
    public StubStates() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
        REDIRECTS.forEach(property -> System.setProperty(property, url().toString()));
    }

    /** Where it listens. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** From now on an operation fails. */
    synchronized void refuses(String operation, String type) {
        refusedBy = operation;
        refusal = type;
    }

    /** The inputs of all executions. */
    public synchronized List<String> inputs() {
        return executions.values().stream()
                .map(execution -> String.valueOf(execution.get("input")))
                .toList();
    }

    /** What is in the buckets: from {@code bucket/key}. */
    synchronized Map<String, byte[]> objects() {
        return new TreeMap<>(objects);
    }

    /** Somebody else writes an object: under {@code bucket/key}. */
    public synchronized void write(String path, byte[] content, String type) {
        objects.put(path, content);
        types.put(path, type);
    }

    /** As a lifecycle rule does. */
    synchronized void expireObjects() {
        objects.clear();
    }

    /**
     * Runs what has not run yet, and keeps of a failure what Step Functions does of a Lambda function's.
     *
     * @return the class names of what the task threw
     */
    List<String> run(Task task) throws IOException {
        List<String> thrown = new ArrayList<>();
        List<Map<String, Object>> running;
        synchronized (this) {
            running = executions.values().stream()
                    .filter(execution -> "RUNNING".equals(execution.get("status")))
                    .toList();
        }
        for (Map<String, Object> execution : running) {
            try {
                task.run(String.valueOf(execution.get("input")));
                ended(execution, "SUCCEEDED");
                execution.put("output", "{}");
            } catch (RuntimeException e) {
                thrown.add(e.getClass().getName());
                ended(execution, "FAILED");
                execution.put("error", e.getClass().getName());
                Map<String, Object> cause = new LinkedHashMap<>();
                cause.put("errorMessage", String.valueOf(e.getMessage()));
                cause.put("errorType", e.getClass().getName());
                cause.put("stackTrace", List.of());
                execution.put("cause", Json.text(cause));
            }
        }
        return thrown;
    }

    /** Every execution ends so, with a cause of somebody else's. */
    public synchronized void end(String status, @Nullable String cause) {
        executions.values().forEach(execution -> {
            ended(execution, status);
            if (cause != null) {
                execution.put("cause", cause);
            }
        });
    }

    private static void ended(Map<String, Object> execution, String status) {
        execution.put("status", status);
        execution.put("stopDate", seconds());
    }

    private static BigDecimal seconds() {
        return BigDecimal.valueOf(Instant.now().toEpochMilli(), 3);
    }

    private synchronized void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = read(exchange.getRequestBody());
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            if (target == null) {
                object(exchange, body);
            } else {
                states(exchange, target.substring(target.indexOf('.') + 1), new String(body, UTF_8));
            }
        }
    }

    private static byte[] read(InputStream in) throws IOException {
        return in.readAllBytes();
    }

    private void object(HttpExchange exchange, byte[] body) throws IOException {
        String path = exchange.getRequestURI().getPath().substring(1);
        boolean put = exchange.getRequestMethod().equals("PUT");
        if ((put ? "PutObject" : "GetObject").equals(refusedBy)) {
            send(exchange, 403, "application/xml", error(String.valueOf(refusal)));
        } else if (put) {
            write(path, body, String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")));
            send(exchange, 200, "application/xml", new byte[0]);
        } else if (objects.containsKey(path)) {
            send(exchange, 200, String.valueOf(types.get(path)), Objects.requireNonNull(objects.get(path)));
        } else {
            send(exchange, 404, "application/xml", error("NoSuchKey"));
        }
    }

    private static byte[] error(String code) {
        return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code + "</Code><Message>arn:aws:s3:::x"
                        + "</Message></Error>")
                .getBytes(UTF_8);
    }

    private void states(HttpExchange exchange, String operation, String body) throws IOException {
        Object request = Json.read(body);
        if (operation.equals(refusedBy)) {
            refuse(exchange, String.valueOf(refusal));
        } else if (operation.equals("StartExecution")) {
            String name = String.valueOf(Json.textAt(request, "name"));
            Map<String, Object> execution = new LinkedHashMap<>();
            execution.put("executionArn", MACHINE.replace(":stateMachine:", ":execution:") + ":" + name);
            execution.put("stateMachineArn", String.valueOf(Json.textAt(request, "stateMachineArn")));
            execution.put("name", name);
            execution.put("status", "RUNNING");
            execution.put("startDate", seconds());
            execution.put("input", String.valueOf(Json.textAt(request, "input")));
            executions.put(String.valueOf(execution.get("executionArn")), execution);
            answer(
                    exchange,
                    200,
                    Map.of(
                            "executionArn", Objects.requireNonNull(execution.get("executionArn")),
                            "startDate", Objects.requireNonNull(execution.get("startDate"))));
        } else {
            Map<String, Object> execution = executions.get(Json.textAt(request, "executionArn"));
            if (execution == null) {
                refuse(exchange, "ExecutionDoesNotExist");
            } else {
                answer(exchange, 200, execution);
            }
        }
    }

    private static void refuse(HttpExchange exchange, String type) throws IOException {
        answer(exchange, 400, Map.of("__type", type, "message", "arn:aws:states:eu-west-2:123456789012:x"));
    }

    private static void answer(HttpExchange exchange, int status, Map<String, Object> body) throws IOException {
        send(exchange, status, "application/x-amz-json-1.0", Json.bytes(body));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        REDIRECTS.forEach(System::clearProperty);
        server.stop(0);
    }
}
