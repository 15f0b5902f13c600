package parkmeter.lambda.meter;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The last failure to start, to change or to delete an endpoint.
 *
 * @param what what failed
 * @param at when it was seen
 * @param reason SageMaker's words
 * @param streak how many there were in a row; 0 once an endpoint came into service, or a new configuration came
 * @param retryAt when to try again
 * @param createdAt the endpoint that failed; null where none was made
 */
public record Failure(What what, Instant at, String reason, int streak, Instant retryAt, @Nullable Instant createdAt) {
    private static final Duration FIRST_WAIT = Duration.ofMinutes(10);
    private static final Duration LONGEST_WAIT = Duration.ofHours(2);

    /** What failed. */
    public enum What {
        /** An endpoint that was to come into service, or to stay in it. */
        START,
        /** A move to another configuration or another number of instances; the endpoint serves on as before. */
        CHANGE,
        /** A deletion, which SageMaker refused: the endpoint costs on. */
        STOP
    }

    /** The next failure after {@code last}: the wait doubles with each in a row. */
    static Failure after(@Nullable Failure last, What what, String reason, Instant now, @Nullable Instant createdAt) {
        int streak = last == null || last.what != what ? 1 : last.streak + 1;
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(streak - 1, 10));
        return new Failure(
                what, now, reason, streak, now.plus(wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT), createdAt);
    }

    /** True while it is too early to try this again. */
    boolean forbids(What attempt, Instant now) {
        return what == attempt && streak > 0 && now.isBefore(retryAt);
    }

    /** The same, overcome. */
    Failure over() {
        return new Failure(what, at, reason, 0, retryAt, createdAt);
    }
}
