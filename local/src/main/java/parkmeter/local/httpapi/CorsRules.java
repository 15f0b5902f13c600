package parkmeter.local.httpapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import parkmeter.local.edge.Reply;
import parkmeter.local.edge.Request;

/**
 * CORS in a browser's favour (API Gateway developer guide, "Configure CORS for HTTP APIs"): preflights are answered whether there is a
 * route for OPTIONS or not, and what a function says of CORS is replaced.
 */
record CorsRules(Cors cors) {
    private static final String PREFIX = "access-control-";

    /** The answer to a preflight; empty for any other request. */
    Optional<Reply> preflight(Request request) {
        if (!request.method().equals("OPTIONS")
                || origin(request).isEmpty()
                || request.headers().first("Access-Control-Request-Method").isEmpty()) {
            return Optional.empty();
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        allowed(request).ifPresent(origin -> {
            common(headers, origin);
            add(headers, "allow-methods", cors.methods());
            add(headers, "allow-headers", cors.allowHeaders());
            cors.maxAge().ifPresent(seconds -> headers.add(Map.entry(PREFIX + "max-age", String.valueOf(seconds))));
        });
        return Optional.of(new Reply(204, headers, new byte[0]));
    }

    /** A reply as a browser needs it. */
    Reply apply(Request request, Reply reply) {
        List<Map.Entry<String, String>> headers = new ArrayList<>(reply.headers());
        headers.removeIf(header -> header.getKey().toLowerCase(Locale.ROOT).startsWith(PREFIX));
        allowed(request).ifPresent(origin -> {
            common(headers, origin);
            add(headers, "expose-headers", cors.exposeHeaders());
        });
        return new Reply(reply.status(), headers, reply.body());
    }

    private void common(List<Map.Entry<String, String>> headers, String origin) {
        headers.add(Map.entry(PREFIX + "allow-origin", origin));
        if (cors.credentials()) {
            headers.add(Map.entry(PREFIX + "allow-credentials", "true"));
        }
    }

    private static void add(List<Map.Entry<String, String>> headers, String name, List<String> values) {
        if (!values.isEmpty()) {
            headers.add(Map.entry(PREFIX + name, String.join(",", values)));
        }
    }

    /** What the request's origin is told; empty: nothing. */
    private Optional<String> allowed(Request request) {
        return origin(request)
                .flatMap(origin -> cors.origins().contains("*")
                        ? Optional.of("*")
                        : cors.origins().stream().anyMatch(origin::equalsIgnoreCase)
                                ? Optional.of(origin)
                                : Optional.empty());
    }

    private static Optional<String> origin(Request request) {
        return request.headers().first("Origin");
    }
}
