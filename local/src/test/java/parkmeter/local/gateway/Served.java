package parkmeter.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.yaml.snakeyaml.Yaml;
import parkmeter.local.edge.SetClock;
import parkmeter.local.edge.Throttle;
import parkmeter.local.identity.KeySets;
import parkmeter.local.lambda.Functions;
import parkmeter.local.lambda.InvokeResult;

/** A gateway on a free port that serves the test document, and a function that answers what it is told to. */
final class Served implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String KEY = "the-key-of-the-first-client";
    static final String OTHER_KEY = "the-key-of-the-second-client";
    static final String DISABLED_KEY = "the-key-that-is-switched-off";
    static final String PLANLESS_KEY = "the-key-that-no-plan-of-this-stage-has";
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    final SetClock clock = new SetClock("2026-03-04T22:00:00Z");
    final Deque<Call> calls = new ArrayDeque<>();
    private final Gateway gateway;
    private final Map<String, CompletableFuture<InvokeResult>> answers = new ConcurrentHashMap<>();
    private volatile CompletableFuture<InvokeResult> result = answer("{\"statusCode\":200,\"body\":\"{}\"}");

    record Call(String functionArn, JsonNode event) {}

    private Served(
            JsonNode openApi, Optional<Throttle> stageThrottle, Optional<Throttle> throttle, Optional<Quota> quota) {
        this(openApi, stageThrottle, Map.of(), Map.of(), throttle, quota, Map.of(), issuer -> Optional.empty());
    }

    private Served(
            JsonNode openApi,
            Optional<Throttle> stageThrottle,
            Map<String, Throttle> methodThrottles,
            Map<String, String> stageVariables,
            Optional<Throttle> throttle,
            Optional<Quota> quota,
            Map<String, URI> services,
            KeySets keys) {
        Api api = new Api(
                "a1b2c3d4e5",
                "prod",
                "123456789012",
                "eu-west-2",
                openApi,
                stageThrottle,
                methodThrottles,
                stageVariables,
                List.of(
                        new ApiKey("key-1", "first", KEY, true),
                        new ApiKey("key-2", "second", OTHER_KEY, true),
                        new ApiKey("key-3", "off", DISABLED_KEY, false),
                        new ApiKey("key-4", "planless", PLANLESS_KEY, true)),
                List.of(new UsagePlan("default", throttle, quota, List.of("key-1", "key-2", "key-3"))));
        Functions functions = (arn, event) -> {
            synchronized (calls) {
                calls.add(new Call(arn, parse(new String(event, StandardCharsets.UTF_8))));
            }
            return answers.getOrDefault(arn, result);
        };
        gateway = Gateway.start(api, new Backends(functions, services, keys), clock, 0);
    }

    static Served document() {
        return with(document -> document);
    }

    /** Without gateway responses of its own: AWS's. */
    static Served awsDefaults() {
        return with(document -> document.without("x-amazon-apigateway-gateway-responses"));
    }

    static Served with(UnaryOperator<ObjectNode> change) {
        return new Served(change.apply(read()), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The document with something more in it, in YAML: what is there already is kept, or replaced where it isn't an object. */
    static Served with(List<String> more, Map<String, URI> services, KeySets keys) {
        ObjectNode document = read();
        more.forEach(change -> merged(document, yaml(change)));
        return new Served(
                document,
                Optional.empty(),
                Map.of(),
                Map.of("colour", "blue"),
                Optional.empty(),
                Optional.empty(),
                services,
                keys);
    }

    static Served methodThrottled(Map<String, Throttle> methods, Throttle stage) {
        return new Served(
                read(),
                Optional.of(stage),
                methods,
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                issuer -> Optional.empty());
    }

    private static void merged(ObjectNode document, JsonNode more) {
        more.properties().forEach(member -> {
            if (document.get(member.getKey()) instanceof ObjectNode known
                    && member.getValue().isObject()) {
                merged(known, member.getValue());
            } else {
                document.set(member.getKey(), member.getValue());
            }
        });
    }

    static Served throttled(Throttle throttle) {
        return new Served(read(), Optional.empty(), Optional.of(throttle), Optional.empty());
    }

    static Served stageThrottled(Throttle throttle) {
        return new Served(read(), Optional.of(throttle), Optional.empty(), Optional.empty());
    }

    static Served limited(Throttle throttle, Quota quota) {
        return new Served(read(), Optional.empty(), Optional.of(throttle), Optional.of(quota));
    }

    static Served limited(Quota quota) {
        return new Served(read(), Optional.empty(), Optional.empty(), Optional.of(quota));
    }

    static ObjectNode read() {
        try (InputStream document = Served.class.getResourceAsStream("/gateway/openapi.json")) {
            return (ObjectNode) JSON.readTree(Objects.requireNonNull(document));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    int port() {
        return gateway.port();
    }

    void functionReturns(String payload) {
        result = answer(payload);
    }

    /** One function's answer, where others answer otherwise. */
    void returns(String functionArn, String payload) {
        answers.put(functionArn, answer(payload));
    }

    void fails(String functionArn, InvokeResult failure) {
        answers.put(functionArn, CompletableFuture.completedFuture(failure));
    }

    /** How often a function was called. */
    long callsOf(String functionArn) {
        synchronized (calls) {
            return calls.stream()
                    .filter(call -> call.functionArn().equals(functionArn))
                    .count();
        }
    }

    void functionFails(InvokeResult.Reason reason) {
        result = CompletableFuture.completedFuture(new InvokeResult.Failed(reason, "secret exception text"));
    }

    void functionIsThrottled() {
        result = CompletableFuture.completedFuture(new InvokeResult.Throttled());
    }

    void functionNeverAnswers() {
        result = new CompletableFuture<>();
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    HttpResponse<String> get(String path) {
        return send(to(path));
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        HttpRequest.Builder request = to(path).POST(HttpRequest.BodyPublishers.ofString(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /** A good call to the route that needs a key. */
    HttpResponse<String> invoke(String key) {
        return post("/prod/invoke", "{}", "x-api-key", key, "Content-Type", "application/json");
    }

    JsonNode event() {
        synchronized (calls) {
            return calls.getLast().event();
        }
    }

    int callCount() {
        synchronized (calls) {
            return calls.size();
        }
    }

    static JsonNode json(HttpResponse<String> response) {
        return parse(response.body());
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException notJson) {
            throw new UncheckedIOException(text, notJson);
        }
    }

    /** JSON, written as YAML. */
    static JsonNode yaml(String text) {
        return JSON.valueToTree(new Yaml().load(text));
    }

    private static CompletableFuture<InvokeResult> answer(String payload) {
        return CompletableFuture.completedFuture(new InvokeResult.Answer(payload.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        gateway.close();
    }
}
