package parkmeter.local.gateway;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request as it came in.
 *
 * @param id what AWS calls the request id, a UUID
 * @param extendedId what AWS calls the extended request id
 * @param time when it came
 * @param method HTTP method
 * @param stage first part of the path, still encoded
 * @param path the rest of the path, still encoded, with one slash in front
 * @param fullPath the whole path as it was sent
 * @param query the query string, still encoded; empty when there is none
 * @param headers as they were sent
 * @param sourceIp the client's address
 * @param port the port it came to
 * @param body its bytes; one more than {@link #BODY_LIMIT} says: it was longer, and is not all here
 */
@SuppressWarnings("ArrayRecordComponent") // up to 10 MB on the hot path, never compared
record Request(
        String id,
        String extendedId,
        Instant time,
        String method,
        String stage,
        String path,
        String fullPath,
        String query,
        Headers headers,
        String sourceIp,
        int port,
        byte[] body) {

    /** The longest body (API Gateway quotas, "Payload size"). */
    static final int BODY_LIMIT = 10 * 1024 * 1024;

    /** The longest request line and headers (API Gateway quotas, "Total combined size of request line and header values"). */
    static final int HEADER_LIMIT = 10_240;

    /** Whether it is longer than API Gateway takes. */
    boolean tooLarge() {
        int requestLine = method.length() + fullPath.length() + query.length();
        return body.length > BODY_LIMIT || requestLine + headers.size() > HEADER_LIMIT;
    }

    /** The body's media type; AWS takes one that isn't named for JSON. */
    String contentType() {
        return headers.mediaType("Content-Type").orElse("application/json");
    }

    /** The body as text. Bytes that are no UTF-8 are lost: AWS does the same where no binary media type is declared. */
    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The query's parameters, decoded, in the order in which their names came. */
    Map<String, List<String>> parameters() {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                parameters
                        .computeIfAbsent(decoded(parts[0]), name -> new ArrayList<>())
                        .add(parts.length == 2 ? decoded(parts[1]) : "");
            }
        }
        return parameters;
    }

    /** Percent-encoded text decoded; as it is, where its encoding is broken. */
    static String decoded(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            return text;
        }
    }
}
