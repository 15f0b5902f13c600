package parkmeter.lambda.meter;

import java.time.Duration;
import java.time.Instant;

/** Rows for tests that stand outside this package. */
public final class Rows {
    private Rows() {}

    /** The first row of an endpoint that nobody has looked at yet, to be put. Its configuration is {@code c}. */
    public static MeterTable.Row paid(String endpoint, Instant until) {
        return row(endpoint, until, Terms.ADOPTED);
    }

    /** The same, of one that a call wakes for half an hour and that stops after half an hour without one. */
    public static MeterTable.Row waking(String endpoint, Instant until) {
        return row(endpoint, until, new Terms(480, 30, 30, OnChange.UPDATE, 0, null, null));
    }

    private static MeterTable.Row row(String endpoint, Instant until, Terms terms) {
        Draft draft = MeterRecord.unpaid(endpoint, "c", null, terms, Schedule.NONE, until.minus(Duration.ofHours(2)))
                .edit();
        draft.paidUntil = until;
        return MeterTable.Row.first(draft.done());
    }
}
