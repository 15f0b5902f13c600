package parkmeter.lambda.meter;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.random.RandomGenerator;

/**
 * Everything outside that the meter uses.
 *
 * @param notices {@code notice -> {}} where nobody is told
 * @param pause how to wait between attempts
 * @param random makes ids, and attempts at different times
 */
public record Ports(
        MeterTable table,
        Endpoints endpoints,
        Activity activity,
        Notices notices,
        Mirror mirror,
        Clock clock,
        Pause pause,
        RandomGenerator random) {

    /** Now, in milliseconds: what a record can hold. */
    Instant now() {
        return now(clock);
    }

    static Instant now(Clock clock) {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
