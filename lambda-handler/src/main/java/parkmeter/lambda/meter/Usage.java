package parkmeter.lambda.meter;

import java.time.Duration;
import java.time.Instant;

/**
 * How long an endpoint's instances have run, all together.
 *
 * @param createdAt the endpoint's CreationTime, from which they are paid
 * @param since since when there are as many as now
 * @param instances how many there are
 * @param before how long they had run at {@code since}, all together
 */
record Usage(Instant createdAt, Instant since, int instances, Duration before) {
    static Usage from(Instant createdAt, int instances) {
        return new Usage(createdAt, createdAt, instances, Duration.ZERO);
    }

    /** With another number of instances from a moment on. */
    Usage with(int number, Instant now) {
        return number == instances ? this : new Usage(createdAt, now, number, until(now));
    }

    /** How long they have run at a moment, all together. */
    Duration until(Instant now) {
        return now.isBefore(since)
                ? before
                : before.plus(Duration.between(since, now).multipliedBy(instances));
    }
}
