package parkmeter.lambda.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/** What API Gateway makes an HTTP answer of; the same shape in payload 1.0 and 2.0. */
public final class GatewayAnswer {
    /** Lambda's limit on what a function answers ("6 MB"), in bytes. */
    public static final int MAX_BYTES = 6_291_556;

    private final int status;
    private final byte[] bytes;

    private GatewayAnswer(int status, byte[] bytes) {
        this.status = status;
        this.bytes = bytes;
    }

    /** A 200 with a JSON body. */
    public static GatewayAnswer ok(Object body) {
        return ok(body, Map.of());
    }

    /** A 200 with a JSON body and more headers, which a browser's script may read. */
    public static GatewayAnswer ok(Object body, Map<String, String> headers) {
        return answer(200, headers, body);
    }

    /** A 202 with a JSON body and more headers, which a browser's script may read. */
    public static GatewayAnswer accepted(Object body, Map<String, String> headers) {
        return answer(202, headers, body);
    }

    /** A 201 with a JSON body that nothing on the way may keep. */
    public static GatewayAnswer createdSecret(Object body) {
        return answer(201, Map.of("Cache-Control", "no-store"), body);
    }

    /**
     * A 200 with a body that is handed on as it is.
     *
     * @param type its media type
     * @param headers more headers, which a browser's script may read
     */
    public static GatewayAnswer ok(byte[] body, String type, Map<String, String> headers) {
        String text = utf8(body);
        return answer(200, type, headers, text == null ? Base64.getEncoder().encodeToString(body) : text, text == null);
    }

    /** As text, all of it; null for other bytes. */
    private static @Nullable String utf8(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** The answer to a failed call. */
    static GatewayAnswer failed(CallFailed failed, String requestId) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", failed.sentence());
        body.put("code", failed.code().toString());
        body.put("requestId", requestId);
        List<Problem> problems = failed.problems();
        if (!problems.isEmpty()) {
            body.put("problems", problems.stream().map(Problem::json).toList());
        }
        int retryAfter = failed.retryAfter();
        return answer(
                failed.code().status(),
                retryAfter > 0 ? Map.of("Retry-After", Integer.toString(retryAfter)) : Map.of(),
                body);
    }

    private static GatewayAnswer answer(int status, Map<String, String> more, Object body) {
        return answer(status, "application/json", more, Json.text(body), false);
    }

    private static GatewayAnswer answer(
            int status, String type, Map<String, String> more, String body, boolean isBase64) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", type);
        headers.put("Access-Control-Allow-Origin", "*");
        if (!more.isEmpty()) {
            headers.putAll(more);
            // A browser's script can't read them otherwise.
            headers.put("Access-Control-Expose-Headers", String.join(", ", new TreeSet<>(more.keySet())));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("isBase64Encoded", isBase64);
        answer.put("statusCode", status);
        answer.put("headers", headers);
        answer.put("body", body);
        return new GatewayAnswer(status, Json.bytes(answer));
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** How long it is for Lambda, in bytes: it hands on at most {@link #MAX_BYTES}. */
    public int length() {
        return bytes.length;
    }

    /** As Lambda gets it: JSON, {@code {"isBase64Encoded", "statusCode", "headers", "body"}}. */
    public byte[] bytes() {
        return bytes;
    }
}
