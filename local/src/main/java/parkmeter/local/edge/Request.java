package parkmeter.local.edge;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A request as it came in.
 *
 * @param id what AWS calls the request id, a UUID
 * @param extendedId what AWS calls the extended request id
 * @param time when it came
 * @param method HTTP method
 * @param fullPath the whole path as it was sent
 * @param query the query string, still encoded; empty when there is none
 * @param headers as they were sent
 * @param sourceIp the client's address
 * @param port the port it came to
 * @param body its bytes; one more than {@link #BODY_LIMIT} says: it was longer, and is not all here
 */
@SuppressWarnings("ArrayRecordComponent") // up to 10 MB on the hot path, never compared
public record Request(
        String id,
        String extendedId,
        Instant time,
        String method,
        String fullPath,
        String query,
        Headers headers,
        String sourceIp,
        int port,
        byte[] body) {

    /** The longest body (API Gateway quotas, "Payload size"). */
    public static final int BODY_LIMIT = 10 * 1024 * 1024;

    /** The longest request line and headers (API Gateway quotas, "Total combined size of request line and header values"). */
    public static final int HEADER_LIMIT = 10_240;

    private static final DateTimeFormatter COMMON_LOG_FORMAT =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);

    /** The first part of the path, still encoded: a stage's name. */
    public String stage() {
        int end = stageEnd();
        return fullPath.substring(Math.min(1, fullPath.length()), end < 0 ? fullPath.length() : end);
    }

    /** The path behind the stage's name, still encoded, with one slash in front. */
    public String path() {
        int end = stageEnd();
        return end < 0 ? "/" : fullPath.substring(end).replaceFirst("^/+", "/");
    }

    private int stageEnd() {
        return fullPath.indexOf('/', 1);
    }

    /** Whether the body is longer than API Gateway takes. */
    public boolean bodyTooLarge() {
        return body.length > BODY_LIMIT;
    }

    /** Whether request line and headers are longer than API Gateway takes. */
    public boolean headersTooLarge() {
        return method.length() + fullPath.length() + query.length() + headers.size() > HEADER_LIMIT;
    }

    /** The body's media type; AWS takes one that isn't named for JSON. */
    public String contentType() {
        return headers.mediaType("Content-Type").orElse("application/json");
    }

    /** The body as text. Bytes that are no UTF-8 are lost: AWS does the same where no binary media type is declared. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** When it came, as AWS writes it: {@code 04/Mar/2026:22:00:00 +0000}. */
    public String timeText() {
        return COMMON_LOG_FORMAT.format(time.atOffset(ZoneOffset.UTC));
    }

    /** The query's parameters, decoded, in the order in which their names came. */
    public Map<String, List<String>> parameters() {
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
    public static String decoded(String text) {
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
