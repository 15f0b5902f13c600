package parkmeter.lambda.meter;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A meter as people see it at a moment.
 *
 * @param record the record
 * @param now the moment
 */
public record MeterView(MeterRecord record, Instant now) {
    private static final int CENTS = 2;
    private static final BigDecimal MILLIS_AN_HOUR = BigDecimal.valueOf(3_600_000);

    /**
     * What {@code GET /meters/{name}} answers: moments in ISO-8601, durations in seconds. What is not known, or is not there,
     * is left out.
     */
    public Map<String, Object> json() {
        Reason reason = record.reason(now);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("endpoint", record.endpoint());
        put(json, "model", record.model());
        json.put("configuration", record.configuration());
        json.put("status", status());
        json.put("runs", reason.runs());
        json.put("reason", Fields.word(reason.kind()));
        json.put("why", reason.sentence());
        put(json, "paidUntil", record.paidUntil());
        json.put("secondsLeft", secondsLeft(reason));
        put(json, "instances", instances());
        put(json, "nextWindow", window(record.schedule().next(now)));
        json.put("schedule", record.schedule().json());
        put(json, "lastFailure", failure());
        put(json, "lastActivity", record.lastActivity());
        Instant createdAt = record.phase().instance();
        put(json, "startedAt", createdAt);
        put(json, "readyAt", record.phase() instanceof Phase.Running running ? running.readyAt() : null);
        put(json, "startSeconds", record.startEstimate().toSeconds());
        json.put("terms", RecordJson.terms(record.terms()));
        put(json, "hourlyCost", hourlyCost());
        put(json, "costSinceStart", cost(createdAt));
        return json;
    }

    /** SageMaker's word where there is an endpoint; before and behind that the meter's own: Stopped, Asked. */
    private String status() {
        MeterRecord.Seen seen = record.seen();
        if (seen != null) {
            return seen.status().word();
        }
        return record.phase() instanceof Phase.Asked ? Status.CREATING.word() : "Stopped";
    }

    /** How many it is to have now, and how many it was to have when SageMaker was last asked. */
    private @Nullable Map<String, Object> instances() {
        Integer wanted = record.instances(now);
        if (wanted == null) {
            return null;
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("wanted", wanted);
        put(json, "there", record.seen() == null ? null : record.seen().instances());
        return json;
    }

    private long secondsLeft(Reason reason) {
        Instant until = reason.until();
        return until == null ? 0 : Math.max(0, Duration.between(now, until).toSeconds());
    }

    private @Nullable Map<String, Object> failure() {
        Failure failure = record.failure();
        if (failure == null) {
            return null;
        }
        Map<String, Object> json = new LinkedHashMap<>();
        put(json, "at", failure.at());
        json.put("reason", failure.reason());
        put(json, "retryAt", failure.forbids(failure.what(), now) ? failure.retryAt() : null);
        return json;
    }

    private static @Nullable Map<String, Object> window(Window.@Nullable Opening opening) {
        if (opening == null) {
            return null;
        }
        Map<String, Object> json = new LinkedHashMap<>();
        put(json, "name", opening.window().name());
        put(json, "from", opening.from());
        put(json, "until", opening.to());
        return json;
    }

    /** What an hour costs with the instances that are there; where there are none, with as many as it starts with. */
    private @Nullable BigDecimal hourlyCost() {
        BigDecimal hourly = record.terms().hourlyCost();
        Usage usage = record.usage();
        Integer own = record.terms().instances();
        return hourly == null || usage == null || own == null
                ? hourly
                : part(hourly.multiply(BigDecimal.valueOf(usage.instances())), BigDecimal.valueOf(own));
    }

    private @Nullable BigDecimal cost(@Nullable Instant createdAt) {
        BigDecimal hourly = record.terms().hourlyCost();
        if (hourly == null || createdAt == null) {
            return null;
        }
        Usage usage = record.usage();
        Integer own = record.terms().instances();
        if (usage == null || own == null) {
            // Nobody counts them: the cost is of all together.
            usage = Usage.from(createdAt, 1);
            own = 1;
        }
        return part(
                hourly.multiply(BigDecimal.valueOf(usage.until(now).toMillis())),
                MILLIS_AN_HOUR.multiply(BigDecimal.valueOf(own)));
    }

    private static BigDecimal part(BigDecimal amount, BigDecimal of) {
        return amount.divide(of, CENTS, RoundingMode.HALF_UP);
    }

    /**
     * What {@code GET /endpoint-expiry} answers: {@code EndpointName}, {@code EndpointExpiry } (with its trailing space),
     * {@code TimeLeft}.
     */
    public Map<String, Object> seedJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("EndpointName", record.endpoint());
        json.put("EndpointExpiry ", SeedFormat.expiry(record.paidUntil()));
        json.put("TimeLeft", SeedFormat.timeLeft(Duration.between(now, record.paidUntil())));
        return json;
    }

    /** With an invocation that the record does not know yet. */
    MeterView called(@Nullable Instant last) {
        Instant known = record.lastActivity();
        if (last == null || (known != null && !last.isAfter(known))) {
            return this;
        }
        Draft draft = record.edit();
        draft.lastActivity = last;
        return new MeterView(draft.done(), now);
    }

    private static void put(Map<String, Object> json, String name, @Nullable Object value) {
        RecordJson.put(json, name, value);
    }
}
