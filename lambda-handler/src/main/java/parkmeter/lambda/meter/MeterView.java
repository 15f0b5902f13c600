package parkmeter.lambda.meter;

import java.time.Instant;
import java.util.Map;

/**
 * A meter as people see it at a moment.
 *
 * @param record the record
 * @param now the moment
 */
@SuppressWarnings("DoNotCallSuggester")
public record MeterView(MeterRecord record, Instant now) {

    /** What {@code GET /meters/{name}} answers. */
    public Map<String, Object> json() {
        throw new UnsupportedOperationException();
    }

    /** What {@code GET /endpoint-expiry} answers: {@code EndpointName}, {@code EndpointExpiry } (with its trailing space), {@code TimeLeft}. */
    public Map<String, Object> seedJson() {
        throw new UnsupportedOperationException();
    }
}
