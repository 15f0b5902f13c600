package parkmeter.lambda.meter;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * What a call to a model that does not serve rings: it tells when to come back, and wakes the model where its terms allow.
 * It only writes; the tick starts the endpoint.
 */
public final class Bell {
    /** Until the tick comes by. */
    private static final Duration TICK = Duration.ofMinutes(1);

    /** A start that takes longer than the last ones: nobody knows how much. */
    private static final Duration LEAST = Duration.ofSeconds(15);

    private final Clock clock;
    private final Changes changes;

    /**
     * Over the table alone.
     *
     * @param pause how to wait between attempts
     * @param random makes the attempts of two callers fall apart
     */
    public Bell(MeterTable table, Clock clock, Pause pause, RandomGenerator random) {
        this.clock = clock;
        this.changes = new Changes(table, clock, pause, random);
    }

    /** What is known of the model. */
    public sealed interface Answer {

        /** It has no meter, or its meter knows of no reason why it should not serve. */
        record Nothing() implements Answer {}

        /**
         * It does not run.
         *
         * @param comeBackIn how long until it serves; where nothing is going to start it, after a top-up now
         * @param starts true where it is going to start: woken by this call, or later by its schedule
         */
        record Stopped(Duration comeBackIn, boolean starts) implements Answer {}

        /** It is going to serve in so long. */
        record Starting(Duration comeBackIn) implements Answer {}
    }

    /**
     * Rings once. However many ring at once, and however often: minutes are put on the meter only while there is no reason
     * to run.
     *
     * @throws Unavailable when the table gave no answer
     * @throws UnreadableRecord when the row holds no record
     */
    public Answer ring(String endpoint) {
        AtomicBoolean woken = new AtomicBoolean();
        return changes.make(endpoint, record -> {
                    if (record == null) {
                        return null;
                    }
                    Draft draft = record.edit();
                    woken.compareAndSet(false, draft.wake(Ports.now(clock)));
                    return draft.done();
                })
                .map(row -> answer(row.record(), woken.get()))
                .orElseGet(Answer.Nothing::new);
    }

    private Answer answer(MeterRecord record, boolean woken) {
        Instant now = Ports.now(clock);
        Duration start = TICK.plus(record.startEstimate());
        Failure failure = record.failure();
        if (failure != null && failure.forbids(Failure.What.START, now)) {
            start = start.plus(Duration.between(now, failure.retryAt()));
        }
        if (woken) {
            return new Answer.Stopped(start, true);
        }
        if (!record.runs(now)) {
            Window.Opening next = record.leaving() ? null : record.schedule().next(now);
            return new Answer.Stopped(
                    next == null ? start : start.plus(Duration.between(now, next.from())), next != null);
        }
        if (record.phase() instanceof Phase.Running) {
            return new Answer.Nothing();
        }
        return new Answer.Starting(left(record, start, now));
    }

    private static Duration left(MeterRecord record, Duration start, Instant now) {
        Instant began = record.phase() instanceof Phase.Asked asked
                ? asked.at()
                : record.phase() instanceof Phase.Starting starting ? starting.createdAt() : null;
        if (began == null) {
            return start;
        }
        Duration left = Duration.between(now, began.plus(record.startEstimate()));
        return left.compareTo(LEAST) < 0 ? LEAST : left;
    }
}
