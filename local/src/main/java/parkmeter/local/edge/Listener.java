package parkmeter.local.edge;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import parkmeter.local.http.Loopback;
import parkmeter.local.http.PortInUse;

/** The HTTP server before an API: {@code http://127.0.0.1:<port>}. */
public final class Listener implements AutoCloseable {
    private static final List<HandlerType> METHODS = List.of(
            HandlerType.GET,
            HandlerType.PUT,
            HandlerType.POST,
            HandlerType.DELETE,
            HandlerType.OPTIONS,
            HandlerType.HEAD,
            HandlerType.PATCH,
            HandlerType.TRACE,
            HandlerType.INVALID); // what Javalin calls a method that it does not know
    private static final Duration IDLE = Duration.ofSeconds(35); // longer than the longest integration

    private final Javalin server;

    private Listener(Javalin server) {
        this.server = server;
    }

    /**
     * Serves an API until {@link #close()}.
     *
     * @param clock what the requests' times go by
     * @param port to listen on; 0: a free one
     * @throws PortInUse when something listens on the port already
     */
    public static Listener start(Front api, Clock clock, int port) {
        Javalin server = Loopback.server(port, IDLE, Listener::configure);
        METHODS.forEach(
                method -> server.addHttpHandler(method, "/*", context -> serve(context, api, request(context, clock))));
        return new Listener(server.start());
    }

    /** The port that it listens on. */
    public int port() {
        return server.port();
    }

    /** Stops listening; requests that are under way lose their connection. */
    @Override
    public void close() {
        server.stop();
    }

    private static void configure(JavalinConfig config) {
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            // AWS hands paths and header names on as they were sent; Jetty would refuse or change some of them.
            http.setUriCompliance(UriCompliance.UNSAFE);
            http.setHttpCompliance(
                    HttpCompliance.RFC7230.with("names as sent", HttpCompliance.Violation.CASE_SENSITIVE_FIELD_NAME));
            http.setHeaderCacheCaseSensitive(true);
            // Longer ones get Jetty's own answer; the API refuses them from AWS's limit on.
            http.setRequestHeaderSize(4 * Request.HEADER_LIMIT);
        });
    }

    private static Request request(Context context, Clock clock) throws IOException {
        String query = context.queryString();
        byte[] extendedId = new byte[11];
        ThreadLocalRandom.current().nextBytes(extendedId);
        return new Request(
                UUID.randomUUID().toString(),
                Base64.getEncoder().encodeToString(extendedId),
                clock.instant(),
                context.req().getMethod(),
                context.req().getRequestURI(),
                query == null ? "" : query,
                headers(context),
                context.req().getRemoteAddr(),
                context.port(),
                body(context));
    }

    private static Headers headers(Context context) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (String name : Collections.list(context.req().getHeaderNames())) {
            Collections.list(context.req().getHeaders(name)).forEach(value -> fields.add(Map.entry(name, value)));
        }
        return new Headers(fields);
    }

    /** Reads to the end even where the rest is thrown away: a client that still sends would miss the answer. */
    private static byte[] body(Context context) throws IOException {
        InputStream body = context.req().getInputStream();
        byte[] bytes = body.readNBytes(Request.BODY_LIMIT + 1);
        if (bytes.length > Request.BODY_LIMIT) {
            body.transferTo(OutputStream.nullOutputStream());
        }
        return bytes;
    }

    private static void serve(Context context, Front api, Request request) {
        context.future(() -> api.answer(request).thenAccept(reply -> {
            context.status(reply.status());
            reply.headers().forEach(header -> {
                if (header.getKey().equalsIgnoreCase("Content-Type")) {
                    context.contentType(header.getValue());
                } else {
                    context.res().addHeader(header.getKey(), header.getValue());
                }
            });
            context.result(reply.body());
        }));
    }
}
