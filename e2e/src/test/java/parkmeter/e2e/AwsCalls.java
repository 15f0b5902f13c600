package parkmeter.e2e;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands in front of an AWS endpoint, hands every request on, and writes down what IAM would have asked its caller for. An
 * emulator's own log would not do: it has paths, where most services tell the operation in a header or in the body.
 */
final class AwsCalls implements AutoCloseable {

    private static final Pattern SIGNED = Pattern.compile("Credential=[^/]+/[0-9]+/([^/]+)/([^/]+)/");

    /** The code of a function: tens of megabytes, of which nobody here asks anything. */
    private static final Pattern CODE = Pattern.compile("\"ZipFile\": *\"[^\"]*+\"");

    /** What belongs to one connection, not to the message (RFC 9110, section 7.6.1), or is set by the sender anew. */
    private static final Set<String> HOP = Set.of(
            "connection",
            "content-length",
            "date",
            "expect",
            "host",
            "keep-alive",
            "server",
            "transfer-encoding",
            "upgrade");

    private final Set<Permission> permissions = ConcurrentHashMap.newKeySet();
    private final Set<String> unknown = ConcurrentHashMap.newKeySet();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final URI endpoint;
    private final HttpServer server;

    private AwsCalls(URI endpoint, HttpServer server) {
        this.endpoint = endpoint;
        this.server = server;
    }

    /** Listens on a free port of loopback, until it is closed. */
    static AwsCalls to(URI endpoint) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            AwsCalls calls = new AwsCalls(endpoint, server);
            server.setExecutor(calls.threads);
            server.createContext("/", calls::hand);
            server.start();
            return calls;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The address to call instead of the endpoint's. */
    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What IAM would have asked for until now. */
    Set<Permission> permissions() {
        if (!unknown.isEmpty()) {
            throw new AssertionError(String.join("\n", unknown));
        }
        return Set.copyOf(permissions);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void hand(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            record(exchange, body);
            HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.resolve(exchange.getRequestURI()))
                    .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
            exchange.getRequestHeaders().forEach((name, values) -> {
                if (!HOP.contains(name.toLowerCase(Locale.ROOT))) {
                    values.forEach(value -> request.header(name, value));
                }
            });
            HttpResponse<byte[]> answer = http.send(request.build(), BodyHandlers.ofByteArray());
            answer.headers().map().forEach((name, values) -> {
                if (!HOP.contains(name.toLowerCase(Locale.ROOT))) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            boolean none = exchange.getRequestMethod().equals("HEAD") || answer.body().length == 0;
            answer.headers()
                    .firstValue("content-length")
                    .filter(length -> none)
                    .ifPresent(length -> exchange.getResponseHeaders().set("Content-Length", length));
            exchange.sendResponseHeaders(answer.statusCode(), none ? -1 : answer.body().length);
            if (!none) {
                exchange.getResponseBody().write(answer.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void record(HttpExchange exchange, byte[] body) {
        Headers headers = exchange.getRequestHeaders();
        Matcher signed = SIGNED.matcher(first(headers, "Authorization"));
        if (!signed.find()) {
            return;
        }
        AwsCall call = new AwsCall(
                signed.group(2),
                signed.group(1),
                first(headers, "X-Amz-Target"),
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                headers.containsKey("X-Amz-Copy-Source"),
                CODE.matcher(new String(body, StandardCharsets.UTF_8)).replaceFirst("\"ZipFile\":\"\""));
        try {
            permissions.addAll(call.permissions());
        } catch (IllegalStateException e) {
            unknown.add(String.valueOf(e.getMessage()));
        }
    }

    private static String first(Headers headers, String name) {
        return Optional.ofNullable(headers.get(name))
                .map(List::stream)
                .flatMap(values -> values.findFirst())
                .orElse("");
    }
}
