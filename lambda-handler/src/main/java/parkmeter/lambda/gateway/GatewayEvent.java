package parkmeter.lambda.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/**
 * What API Gateway tells of a request: a REST API's proxy event (payload 1.0), or an HTTP API's (payload 2.0). What it lacks
 * is empty: API Gateway sends null for much that is not there.
 */
public final class GatewayEvent {
    private static final String INVALID_JSON = "Invalid JSON in request body: ";

    // What curl sends with -d when nobody says otherwise is among them; the body must be JSON all the same.
    private static final Set<String> JSON_TYPES =
            Set.of("", "application/json", "text/json", "application/x-www-form-urlencoded");

    private static final Pattern SEMICOLON = Pattern.compile(";");

    private final @Nullable Object event;

    private GatewayEvent(@Nullable Object event) {
        this.event = event;
    }

    /**
     * Reads an event.
     *
     * @throws IOException when it is not JSON
     */
    public static GatewayEvent read(byte[] event) throws IOException {
        return new GatewayEvent(Json.read(new String(event, UTF_8)));
    }

    /**
     * A request of which only this is told.
     *
     * @param routeKey the method and the path of its route
     * @param headers those that matter
     */
    public static GatewayEvent of(String routeKey, Map<String, String> headers, byte[] body, String requestId) {
        return new GatewayEvent(Map.of(
                "routeKey",
                routeKey,
                "headers",
                headers,
                "body",
                Base64.getEncoder().encodeToString(body),
                "isBase64Encoded",
                true,
                "requestContext",
                Map.of("requestId", requestId)));
    }

    /** What {@link #read} reads. */
    public byte[] written() {
        return Json.bytes(event == null ? Map.of() : event);
    }

    /** The path of the route, as the API declares it. */
    public String route() {
        String resource = Json.textAt(event, "resource");
        return resource != null ? resource : pathOf(Json.textAt(event, "routeKey"));
    }

    /** Payload 2.0 names a route as {@code POST /invoke}. */
    private static String pathOf(@Nullable String routeKey) {
        return routeKey == null ? "" : routeKey.substring(routeKey.indexOf(' ') + 1);
    }

    /** The method and the path of the route, as the API declares them: {@code POST /invoke}. */
    public String routeKey() {
        String routeKey = Json.textAt(event, "routeKey");
        return routeKey != null ? routeKey : method() + " " + route();
    }

    /** The HTTP method. */
    public String method() {
        String method = Json.textAt(event, "httpMethod");
        return method != null ? method : orEmpty(Json.textAt(event, "requestContext", "http", "method"));
    }

    /** The path as it was called, with the stage in it. */
    public String path() {
        String path = Json.textAt(event, "requestContext", "path");
        return path != null ? path : orEmpty(Json.textAt(event, "rawPath"));
    }

    /** API Gateway's id of the request. */
    public String requestId() {
        return orEmpty(Json.textAt(event, "requestContext", "requestId"));
    }

    /** The id of the API key that the request came with, or whose plan applies to it: not the key. */
    public String apiKeyId() {
        return firstOf("identity.apiKeyId", "authorizer.apiKeyId", "authorizer.lambda.apiKeyId");
    }

    /** Who calls, as an authorizer says or else by the API key's id; empty where anybody may. */
    public String caller() {
        return firstOf(
                "authorizer.caller",
                "authorizer.lambda.caller",
                "authorizer.claims.sub",
                "authorizer.jwt.claims.sub",
                "identity.apiKeyId");
    }

    private String firstOf(String... paths) {
        Object context = Json.at(event, "requestContext");
        return Stream.of(paths)
                .map(path -> orEmpty(Json.textAt(context, path.split("\\."))))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** What stands in the path for {@code {name}}. */
    public String pathParameter(String name) {
        return orEmpty(Json.textAt(event, "pathParameters", name));
    }

    /** A parameter of the query; null when there is none of that name. */
    public @Nullable String query(String name) {
        return Json.textAt(event, "queryStringParameters", name);
    }

    /** A header, in any case. */
    public String header(String name) {
        if (Json.at(event, "headers") instanceof Map<?, ?> headers) {
            for (Map.Entry<?, ?> header : headers.entrySet()) {
                if (header.getValue() instanceof String value
                        && name.equalsIgnoreCase(String.valueOf(header.getKey()))) {
                    return value;
                }
            }
        }
        return "";
    }

    /** Whether the request has a body. */
    public boolean hasBody() {
        return !orEmpty(Json.textAt(event, "body")).isEmpty();
    }

    /** The body as text that should be JSON. Fails when its type or its encoding says that it can't be. */
    public String json() throws CallFailed {
        if (!isJson(header("content-type"))) {
            throw new CallFailed(
                    Code.UNSUPPORTED_MEDIA_TYPE,
                    "The request body must be JSON in UTF-8: send it with Content-Type: application/json.");
        }
        String text = orEmpty(Json.textAt(event, "body"));
        try {
            return isBase64() ? utf8(Base64.getDecoder().decode(text)) : text;
        } catch (IllegalArgumentException e) {
            throw new CallFailed(Code.INVALID_JSON, INVALID_JSON + "it is not base64");
        } catch (CharacterCodingException e) {
            throw new CallFailed(Code.INVALID_JSON, INVALID_JSON + "it is not UTF-8");
        }
    }

    /** The body as it came; empty when there is none. */
    public byte[] bytes() throws CallFailed {
        String text = orEmpty(Json.textAt(event, "body"));
        try {
            return isBase64() ? Base64.getDecoder().decode(text) : text.getBytes(UTF_8);
        } catch (IllegalArgumentException e) {
            throw new CallFailed(Code.INVALID_REQUEST, "The request body can't be read: it is not base64.");
        }
    }

    /** Reads a body that must be a JSON object. */
    public static Map<?, ?> object(String body) throws CallFailed {
        if (body.isBlank()) {
            throw new CallFailed(Code.INVALID_JSON, INVALID_JSON + "it is empty");
        }
        String kind;
        try {
            Object json = Json.read(body);
            if (json instanceof Map<?, ?> object) {
                return object;
            }
            kind = json == null ? "null" : json instanceof List ? "an array" : "a single value";
        } catch (JacksonException e) {
            throw new CallFailed(Code.INVALID_JSON, INVALID_JSON + "it " + Json.fault(e));
        } catch (IOException e) {
            throw new CallFailed(Code.INVALID_JSON, INVALID_JSON + "it can't be read");
        }
        throw new CallFailed(Code.INVALID_JSON, INVALID_JSON + "it must be an object, not " + kind);
    }

    private boolean isBase64() {
        return Boolean.TRUE.equals(Json.at(event, "isBase64Encoded"));
    }

    private static String utf8(byte[] bytes) throws CharacterCodingException {
        return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static boolean isJson(String contentType) {
        String lower = contentType.toLowerCase(Locale.ROOT).replace("\"", "");
        int end = lower.indexOf(';');
        String type = (end < 0 ? lower : lower.substring(0, end)).strip();
        return (JSON_TYPES.contains(type) || (type.startsWith("application/") && type.endsWith("+json")))
                && SEMICOLON
                        .splitAsStream(lower.substring(end + 1))
                        .map(String::strip)
                        .allMatch(part -> !part.startsWith("charset=") || part.equals("charset=utf-8"));
    }
}
