package parkmeter.lambda.invoke;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/**
 * What API Gateway tells of a request: a REST API's proxy event (payload 1.0), or an HTTP API's (payload 2.0).
 *
 * @param route the path of the route, as the API declares it; empty when the event names none
 * @param requestId API Gateway's id of the request; empty when the event has none
 * @param contentType empty when the request has none
 * @param body null when the request has none
 * @param base64 whether API Gateway encoded the body
 */
record GatewayEvent(String route, String requestId, String contentType, @Nullable String body, boolean base64) {
    /** TGI's own limit on a request (its {@code PAYLOAD_LIMIT}), in bytes: what is longer can't reach the model. */
    static final int MAX_BYTES = 2_000_000;

    // What curl sends with -d when nobody says otherwise is among them; the body must be JSON all the same.
    private static final Set<String> JSON_TYPES =
            Set.of("", "application/json", "text/json", "application/x-www-form-urlencoded");

    private static final Pattern SEMICOLON = Pattern.compile(";");

    /**
     * Reads an event. What it lacks is empty: API Gateway sends null for much that is not there.
     *
     * @throws IOException when it is not JSON
     */
    static GatewayEvent read(byte[] event) throws IOException {
        Object json = Json.read(new String(event, UTF_8));
        String resource = Json.textAt(json, "resource");
        return new GatewayEvent(
                resource != null ? resource : pathOf(Json.textAt(json, "routeKey")),
                orEmpty(Json.textAt(json, "requestContext", "requestId")),
                contentType(Json.at(json, "headers")),
                Json.textAt(json, "body"),
                Boolean.TRUE.equals(Json.at(json, "isBase64Encoded")));
    }

    /** Payload 2.0 names a route as {@code POST /invoke}. */
    private static String pathOf(@Nullable String routeKey) {
        return routeKey == null ? "" : routeKey.substring(routeKey.indexOf(' ') + 1);
    }

    private static String contentType(@Nullable Object headers) {
        if (headers instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> header : map.entrySet()) {
                if (header.getValue() instanceof String value
                        && "content-type".equalsIgnoreCase(String.valueOf(header.getKey()))) {
                    return value;
                }
            }
        }
        return "";
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** The body as text that should be JSON. Fails when its type, its size or its encoding says that it can't be. */
    String json() throws CallFailed {
        if (!isJson(contentType)) {
            throw new CallFailed(
                    Code.UNSUPPORTED_MEDIA_TYPE,
                    "The request body must be JSON in UTF-8: send it with Content-Type: application/json.");
        }
        String text = orEmpty(body);
        try {
            String json = base64 ? utf8(Base64.getDecoder().decode(text)) : text;
            checkSize(json);
            return json;
        } catch (IllegalArgumentException e) {
            throw new CallFailed(Code.INVALID_JSON, "Invalid JSON in request body: it is not base64");
        } catch (CharacterCodingException e) {
            throw new CallFailed(Code.INVALID_JSON, "Invalid JSON in request body: it is not UTF-8");
        }
    }

    private static String utf8(byte[] bytes) throws CharacterCodingException {
        return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    /** Fails when a request is too long for the model's server. */
    static void checkSize(String json) throws CallFailed {
        int bytes = json.getBytes(UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new CallFailed(
                    Code.PAYLOAD_TOO_LARGE,
                    "The request is too large: " + bytes + " bytes, where the model takes at most " + MAX_BYTES
                            + ". Send a shorter prompt.");
        }
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
