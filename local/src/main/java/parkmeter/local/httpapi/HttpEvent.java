package parkmeter.local.httpapi;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import parkmeter.local.edge.Request;

/**
 * The events of payload format 2.0: a function's (API Gateway developer guide, "Create AWS Lambda proxy integrations for HTTP APIs") and
 * an authorizer's ("Control access to HTTP APIs with AWS Lambda authorizers"). Members without a value are left out.
 */
final class HttpEvent {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> TEXT_TYPES =
            Set.of("application/json", "application/javascript", "application/xml");

    private HttpEvent() {}

    /** The event of the route's function. */
    static byte[] of(HttpExchange exchange) {
        ObjectNode event = JsonNodeFactory.instance.objectNode().put("version", "2.0");
        describe(event, exchange);
        Request request = exchange.request();
        boolean text = request.headers()
                .mediaType("Content-Type")
                .map(HttpEvent::isText)
                .orElse(false);
        if (request.body().length > 0) {
            event.put("body", text ? request.text() : Base64.getEncoder().encodeToString(request.body()));
        }
        event.put("isBase64Encoded", request.body().length > 0 && !text);
        return bytes(event);
    }

    /**
     * The event of an authorizer's function.
     *
     * @param identity the identity sources' values
     */
    static byte[] forAuthorizer(HttpExchange exchange, List<String> identity) {
        ObjectNode event = JsonNodeFactory.instance
                .objectNode()
                .put("version", "2.0")
                .put("type", "REQUEST")
                .put("routeArn", exchange.routeArn());
        ArrayNode sources = event.putArray("identitySource");
        identity.forEach(sources::add);
        describe(event, exchange);
        return bytes(event);
    }

    private static boolean isText(String mediaType) {
        return mediaType.startsWith("text/") || TEXT_TYPES.contains(mediaType);
    }

    private static void describe(ObjectNode event, HttpExchange exchange) {
        Request request = exchange.request();
        event.put("routeKey", exchange.routeKey());
        event.put("rawPath", request.fullPath());
        event.put("rawQueryString", request.query());
        ArrayNode cookies = JsonNodeFactory.instance.arrayNode();
        ObjectNode headers = event.putObject("headers");
        request.headers().grouped().forEach((name, values) -> {
            if (name.equalsIgnoreCase("cookie")) {
                values.forEach(value -> List.of(value.split(";\\s*", -1)).forEach(cookies::add));
            } else {
                headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values));
            }
        });
        String hops = headers.path("x-forwarded-for").asText();
        headers.put("x-forwarded-for", hops.isEmpty() ? request.sourceIp() : hops + ", " + request.sourceIp());
        headers.put("x-forwarded-port", String.valueOf(request.port()));
        headers.put("x-forwarded-proto", "http");
        if (!headers.has("x-amzn-trace-id")) {
            headers.put("x-amzn-trace-id", trace(request));
        }
        if (!cookies.isEmpty()) {
            event.set("cookies", cookies);
        }
        ObjectNode query = JsonNodeFactory.instance.objectNode();
        request.parameters().forEach((name, values) -> query.put(name, String.join(",", values)));
        if (!query.isEmpty()) {
            event.set("queryStringParameters", query);
        }
        event.set("requestContext", context(exchange));
        putTexts(event, "pathParameters", exchange.pathParameters());
        putTexts(event, "stageVariables", exchange.api().stageVariables());
    }

    private static ObjectNode context(HttpExchange exchange) {
        Request request = exchange.request();
        ObjectNode context = JsonNodeFactory.instance
                .objectNode()
                .put("accountId", exchange.api().account())
                .put("apiId", exchange.api().id());
        if (!exchange.authorizer().isMissingNode()) {
            context.set("authorizer", exchange.authorizer());
        }
        context.put("domainName", exchange.domainName())
                .put("domainPrefix", exchange.api().id());
        context.putObject("http")
                .put("method", request.method())
                .put("path", request.fullPath())
                .put("protocol", "HTTP/1.1")
                .put("sourceIp", request.sourceIp())
                .put("userAgent", exchange.variable("identity.userAgent"));
        return context.put("requestId", request.extendedId())
                .put("routeKey", exchange.routeKey())
                .put("stage", exchange.api().stage())
                .put("time", request.timeText())
                .put("timeEpoch", request.time().toEpochMilli());
    }

    private static void putTexts(ObjectNode event, String name, Map<String, String> texts) {
        if (!texts.isEmpty()) {
            ObjectNode object = event.putObject(name);
            texts.forEach(object::put);
        }
    }

    private static String trace(Request request) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "Root=1-%08x-%08x%016x".formatted(request.time().getEpochSecond(), random.nextInt(), random.nextLong());
    }

    private static byte[] bytes(ObjectNode event) {
        try {
            return JSON.writeValueAsBytes(event);
        } catch (IOException impossible) {
            throw new IllegalStateException("a tree can be written as JSON", impossible);
        }
    }
}
