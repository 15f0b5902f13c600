package parkmeter.lambda.invoke;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import parkmeter.lambda.json.Json;

/** What API Gateway makes an HTTP answer of; the same shape in payload 1.0 and 2.0. */
final class GatewayAnswer {
    /** Lambda's limit on what a function answers ("6 MB"), in bytes. */
    static final int MAX_BYTES = 6_291_556;

    private GatewayAnswer() {}

    /** The answer with a completion; fails when it is longer than Lambda hands on. */
    static byte[] completed(PromptApi.Completed completed) throws CallFailed {
        byte[] answer = answer(200, headers(), completed.body());
        if (answer.length > MAX_BYTES) {
            throw new CallFailed(
                    Code.MODEL_ERROR,
                    "The answer is too long to be sent: ask for fewer tokens with max_new_tokens, or send a shorter"
                            + " prompt.",
                    "AnswerTooLarge");
        }
        return answer;
    }

    /** The answer of a call without one. */
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
