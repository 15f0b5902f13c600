package parkmeter.lambda.invoke;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What API Gateway makes an HTTP answer of; the same shape in payload 1.0 and 2.0. */
final class GatewayAnswer {
    private GatewayAnswer() {}

    static byte[] completed(PromptApi.Completed completed) {
        return answer(200, headers(), completed.body());
    }

    static byte[] failed(CallFailed failed, String requestId) {
        Map<String, String> headers = headers();
        if (failed.code().retryAfter() > 0) {
            headers.put("Retry-After", Integer.toString(failed.code().retryAfter()));
            headers.put("Access-Control-Expose-Headers", "Retry-After"); // a browser's script can't read it otherwise
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", failed.sentence());
        body.put("code", failed.code().toString());
        body.put("requestId", requestId);
        List<Problem> problems = failed.problems();
        if (!problems.isEmpty()) {
            body.put("problems", problems.stream().map(Problem::json).toList());
        }
        return answer(failed.code().status(), headers, body);
    }

    private static Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("Access-Control-Allow-Origin", "*");
        return headers;
    }

    private static byte[] answer(int status, Map<String, String> headers, Map<String, Object> body) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("isBase64Encoded", false);
        answer.put("statusCode", status);
        answer.put("headers", headers);
        answer.put("body", Json.text(body));
        return Json.bytes(answer);
    }
}
