package parkmeter.lambda.gateway;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
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
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("Access-Control-Allow-Origin", "*");
        if (!more.isEmpty()) {
            headers.putAll(more);
            // A browser's script can't read them otherwise.
            headers.put("Access-Control-Expose-Headers", String.join(", ", new TreeSet<>(more.keySet())));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("isBase64Encoded", false);
        answer.put("statusCode", status);
        answer.put("headers", headers);
        answer.put("body", Json.text(body));
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

    byte[] bytes() {
        return bytes;
    }
}
