package parkmeter.local.httpapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import parkmeter.local.edge.SetClock;
import parkmeter.local.edge.Throttle;
import parkmeter.local.identity.KeySets;
import parkmeter.local.lambda.InvokeResult;

/** An HTTP API on a free port, and functions that answer what they are told to. */
final class ServedHttp implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String FUNCTION = "arn:aws:lambda:eu-west-2:123456789012:function:answer";
    static final RouteAccess OPEN = new RouteAccess.Open();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    final SetClock clock = new SetClock("2026-03-04T22:00:00Z");
    final Deque<Call> calls = new ArrayDeque<>();
    final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, CompletableFuture<InvokeResult>> answers = new ConcurrentHashMap<>();
    private final HttpGateway gateway;

    record Call(String functionArn, JsonNode event) {}

    /** What is special about an API; the rest is as plain as can be. */
    record Special(
            String stage,
            Optional<Cors> cors,
            Optional<Throttle> throttle,
            Map<String, Throttle> routeThrottles,
            Optional<String> accessLog,
            KeySets keys) {
        static final Special NOTHING = new Special(
                "prod", Optional.empty(), Optional.empty(), Map.of(), Optional.empty(), issuer -> Optional.empty());

        Special withStage(String name) {
            return new Special(name, cors, throttle, routeThrottles, accessLog, keys);
        }

        Special withCors(Cors rules) {
            return new Special(stage, Optional.of(rules), throttle, routeThrottles, accessLog, keys);
        }

        Special withThrottles(Throttle all, Map<String, Throttle> routes) {
            return new Special(stage, cors, Optional.of(all), routes, accessLog, keys);
        }

        Special withLog(String format) {
            return new Special(stage, cors, throttle, routeThrottles, Optional.of(format), keys);
        }

        Special withKeys(KeySets known) {
            return new Special(stage, cors, throttle, routeThrottles, accessLog, known);
        }
    }

    private ServedHttp(Special special, List<HttpRoute> routes) {
        HttpApi api = new HttpApi(
                "a1b2c3d4e5",
                special.stage(),
                "123456789012",
                "eu-west-2",
                Map.of("colour", "blue"),
                special.cors(),
                routes,
                special.throttle(),
                special.routeThrottles(),
                special.accessLog());
        gateway = HttpGateway.start(
                api,
                (arn, event) -> {
                    synchronized (calls) {
                        calls.add(new Call(arn, parse(new String(event, StandardCharsets.UTF_8))));
                    }
                    return answers.getOrDefault(arn, answered("{\"statusCode\":200,\"body\":\"{}\"}"));
                },
                special.keys(),
                log::add,
                clock,
                0);
    }

    static ServedHttp of(Special special, HttpRoute... routes) {
        return new ServedHttp(special, List.of(routes));
    }

    /** Open routes by their keys. */
    static ServedHttp routes(String... keys) {
        return new ServedHttp(
                Special.NOTHING, Arrays.stream(keys).map(ServedHttp::open).toList());
    }

    static HttpRoute open(String key) {
        return route(key, OPEN);
    }

    static HttpRoute route(String key, RouteAccess access) {
        return new HttpRoute(key, FUNCTION, "2.0", Duration.ofSeconds(1), access);
    }

    void returns(String functionArn, String payload) {
        answers.put(functionArn, answered(payload));
    }

    void fails(String functionArn, InvokeResult failure) {
        answers.put(functionArn, CompletableFuture.completedFuture(failure));
    }

    void neverAnswers(String functionArn) {
        answers.put(functionArn, new CompletableFuture<>());
    }

    long callsOf(String functionArn) {
        synchronized (calls) {
            return calls.stream()
                    .filter(call -> call.functionArn().equals(functionArn))
                    .count();
        }
    }

    JsonNode event() {
        synchronized (calls) {
            return calls.getLast().event();
        }
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        try {
            return CLIENT.send(
                    (headers.length == 0 ? request : request.headers(headers)).build(),
                    HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException notJson) {
            throw new UncheckedIOException(text, notJson);
        }
    }

    private static CompletableFuture<InvokeResult> answered(String payload) {
        return CompletableFuture.completedFuture(new InvokeResult.Answer(payload.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        gateway.close();
    }
}
