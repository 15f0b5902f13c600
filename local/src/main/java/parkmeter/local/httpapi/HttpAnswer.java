package parkmeter.local.httpapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import parkmeter.local.edge.Reply;

/**
 * What a function returns in payload format 2.0 (API Gateway developer guide, "Create AWS Lambda proxy integrations for HTTP APIs",
 * "Lambda function response for format 2.0"): JSON without a {@code statusCode} is a body itself.
 */
final class HttpAnswer {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private HttpAnswer() {}

    /**
     * The client's reply.
     *
     * @param payload the function's JSON
     * @throws Denied with 500 for an answer that is malformed
     */
    static Reply reply(byte[] payload) {
        JsonNode answer;
        try {
            answer = JSON.readTree(payload);
        } catch (IOException notJson) {
            throw malformed();
        }
        if (answer.path("statusCode").isMissingNode()) {
            String body = answer.isTextual() ? answer.asText() : new String(payload, StandardCharsets.UTF_8);
            return Reply.json(200, body);
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        answer.path("headers").properties().forEach(header -> {
            require(header.getValue().isValueNode());
            headers.add(Map.entry(header.getKey(), header.getValue().asText()));
        });
        answer.path("cookies").forEach(cookie -> headers.add(Map.entry("set-cookie", cookie.asText())));
        if (headers.stream().noneMatch(header -> header.getKey().equalsIgnoreCase("Content-Type"))) {
            headers.add(Map.entry("Content-Type", "text/plain;charset=UTF-8"));
        }
        return new Reply(status(answer.path("statusCode")), headers, body(answer));
    }

    private static int status(JsonNode status) {
        require(status.isIntegralNumber() || status.isTextual());
        try {
            int code = Integer.parseInt(status.asText());
            require(code >= 100 && code <= 599);
            return code;
        } catch (NumberFormatException notANumber) {
            throw malformed();
        }
    }

    private static byte[] body(JsonNode answer) {
        JsonNode body = answer.path("body");
        require(body.isMissingNode() || body.isNull() || body.isTextual());
        if (!answer.path("isBase64Encoded").asBoolean()) {
            return body.isTextual() ? body.asText().getBytes(StandardCharsets.UTF_8) : new byte[0];
        }
        try {
            return Base64.getMimeDecoder().decode(body.asText(""));
        } catch (IllegalArgumentException notBase64) {
            throw malformed();
        }
    }

    private static void require(boolean wellFormed) {
        if (!wellFormed) {
            throw malformed();
        }
    }

    private static Denied malformed() {
        return Denied.internalError(
                "The response from the Lambda function doesn't match the format that API Gateway expects.");
    }
}
