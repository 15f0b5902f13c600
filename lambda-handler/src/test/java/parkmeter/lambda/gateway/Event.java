package parkmeter.lambda.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/** API Gateway's events, as they come but for what a test changes. */
public final class Event {
    private final Map<String, @Nullable Object> fields;

    private Event(String file) {
        try (InputStream in = Objects.requireNonNull(Event.class.getResourceAsStream(file))) {
            fields = object(Json.read(new String(in.readAllBytes(), UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A REST API's. */
    public static Event rest(@Nullable String body) {
        return new Event("rest-event.json").with("body", body);
    }

    /** An HTTP API's, in payload format 2.0. */
    public static Event http(@Nullable String body) {
        return new Event("http-event.json").with("body", body);
    }

    /** A REST API's with a binary body. */
    public static Event base64(byte[] body) {
        return rest(Base64.getEncoder().encodeToString(body)).with("isBase64Encoded", true);
    }

    public Event with(String field, @Nullable Object value) {
        fields.put(field, value);
        return this;
    }

    /** To another route, with the same method. */
    public Event to(String path) {
        return fields.containsKey("routeKey") ? with("routeKey", "POST " + path) : with("resource", path);
    }

    public Event header(String name, String value) {
        Map<String, @Nullable Object> headers = object(fields.get("headers"));
        headers.put(name, value);
        return with("headers", headers);
    }

    public Event contentType(@Nullable String type) {
        Map<String, @Nullable Object> headers = object(fields.get("headers"));
        headers.keySet().removeIf("content-type"::equalsIgnoreCase);
        if (type != null) {
            headers.put("CONTENT-Type", type);
        }
        return with("headers", headers);
    }

    public byte[] bytes() {
        return Json.bytes(fields);
    }

    private static Map<String, @Nullable Object> object(@Nullable Object json) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        ((Map<?, ?>) Objects.requireNonNull(json)).forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }
}
