package parkmeter.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import parkmeter.local.edge.Reply;

/**
 * What a function behind {@code aws_proxy} returns, read as AWS reads it (API Gateway developer guide, "Output format of a
 * Lambda function for proxy integration"): each member may be missing, no other may be there.
 */
final class ProxyAnswer {
    private static final ObjectReader JSON = JsonMapper.builder().build().reader();
    private static final Set<String> MEMBERS =
            Set.of("statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded");

    /** Sent under another name (API Gateway developer guide, "Important notes": header restrictions). */
    private static final Set<String> REMAPPED = Set.of(
            "authorization",
            "connection",
            "content-md5",
            "date",
            "max-forwards",
            "server",
            "user-agent",
            "www-authenticate");

    /** The gateway's own business. */
    private static final Set<String> DROPPED = Set.of(
            "content-length", "expect", "host", "proxy-authenticate", "te", "trailer", "transfer-encoding", "upgrade");

    private ProxyAnswer() {}

    /**
     * The client's reply.
     *
     * @param payload the function's JSON
     * @param binaryWanted whether the request accepts a binary media type: base64 is decoded only then
     * @throws Refused with 502 for an answer that is malformed
     */
    static Reply reply(byte[] payload, boolean binaryWanted) {
        JsonNode answer = read(payload);
        List<Map.Entry<String, String>> headers = headers(answer);
        if (headers.stream().noneMatch(header -> header.getKey().equalsIgnoreCase("Content-Type"))) {
            headers.add(Map.entry("Content-Type", "application/json"));
        }
        return new Reply(status(answer.path("statusCode")), headers, body(answer, binaryWanted));
    }

    private static JsonNode read(byte[] payload) {
        try {
            JsonNode answer = JSON.readTree(payload);
            answer.fieldNames().forEachRemaining(name -> require(MEMBERS.contains(name)));
            require(answer.isObject());
            return answer;
        } catch (IOException notJson) {
            throw malformed();
        }
    }

    private static int status(JsonNode status) {
        if (isAbsent(status)) {
            return 200;
        }
        require(status.isIntegralNumber() || status.isTextual());
        try {
            int code = Integer.parseInt(status.asText());
            require(code >= 100 && code <= 599);
            return code;
        } catch (NumberFormatException notANumber) {
            throw malformed();
        }
    }

    private static List<Map.Entry<String, String>> headers(JsonNode answer) {
        JsonNode single = answer.path("headers");
        JsonNode multiple = answer.path("multiValueHeaders");
        require(isAbsent(single) || single.isObject());
        require(isAbsent(multiple) || multiple.isObject());
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        // A name that is in both is taken from multiValueHeaders alone.
        single.properties().stream()
                .filter(header -> !multiple.has(header.getKey()))
                .forEach(header -> add(headers, header.getKey(), header.getValue()));
        multiple.properties().forEach(header -> {
            require(header.getValue().isArray());
            header.getValue().forEach(value -> add(headers, header.getKey(), value));
        });
        return headers;
    }

    private static void add(List<Map.Entry<String, String>> headers, String name, JsonNode value) {
        require(value.isTextual() || value.isBoolean() || value.isNumber());
        String lower = name.toLowerCase(Locale.ROOT);
        if (!DROPPED.contains(lower)) {
            headers.add(Map.entry(REMAPPED.contains(lower) ? "x-amzn-Remapped-" + name : name, value.asText()));
        }
    }

    private static byte[] body(JsonNode answer, boolean binaryWanted) {
        JsonNode body = answer.path("body");
        JsonNode encoded = answer.path("isBase64Encoded");
        require(isAbsent(body) || body.isTextual());
        require(isAbsent(encoded) || encoded.isBoolean());
        if (!encoded.asBoolean() || !binaryWanted) {
            return body.asText("").getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getMimeDecoder().decode(body.asText(""));
        } catch (IllegalArgumentException notBase64) {
            throw Refused.as(ResponseType.API_CONFIGURATION_ERROR);
        }
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static void require(boolean wellFormed) {
        if (!wellFormed) {
            throw malformed();
        }
    }

    private static Refused malformed() {
        return Refused.failure(502);
    }
}
