package parkmeter.local.edge;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the client gets.
 *
 * @param status HTTP status
 * @param headers names and values
 * @param body its bytes
 */
@SuppressWarnings("ArrayRecordComponent") // up to 6 MB on the hot path, never compared
public record Reply(int status, List<Map.Entry<String, String>> headers, byte[] body) {

    /** Copies the headers, so that a reply never changes. */
    public Reply {
        headers = List.copyOf(headers);
    }

    /** JSON of the gateway's own. */
    public static Reply json(int status, String body) {
        return new Reply(
                status, List.of(Map.entry("Content-Type", "application/json")), body.getBytes(StandardCharsets.UTF_8));
    }

    /** The same with one more header. */
    public Reply with(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new Reply(status, more, body);
    }
}
