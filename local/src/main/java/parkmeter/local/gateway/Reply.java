package parkmeter.local.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the client gets.
 *
 * @param status HTTP status
 * @param headers names and values; those that every reply has ({@code x-amzn-RequestId} …) not among them
 * @param body its bytes
 */
@SuppressWarnings("ArrayRecordComponent") // up to 6 MB on the hot path, never compared
record Reply(int status, List<Map.Entry<String, String>> headers, byte[] body) {

    Reply {
        headers = List.copyOf(headers);
    }

    /** The headers of a reply: its content type, then what mappings give. */
    static List<Map.Entry<String, String>> headers(
            String contentType, Map<String, Mapping> mappings, Exchange exchange) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        headers.add(Map.entry("Content-Type", contentType));
        mappings.forEach((name, mapping) -> mapping.value(exchange).ifPresent(value -> {
            headers.removeIf(header -> header.getKey().equalsIgnoreCase(name));
            headers.add(Map.entry(name, value));
        }));
        return headers;
    }
}
