package parkmeter.local.edge;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A token bucket on a given clock. */
public final class Limiter {
    /** Bucket4j counts whole tokens: a rate of 0.5 a second is one of 500 in this many seconds. */
    private static final int FRACTIONS = 1000;

    private final Optional<Bucket> bucket; // empty: nothing passes

    /** A full bucket. */
    public Limiter(Throttle throttle, Clock clock) {
        long tokens = Math.round(throttle.rate() * FRACTIONS);
        bucket = tokens == 0 || throttle.burst() == 0
                ? Optional.empty()
                : Optional.of(Bucket.builder()
                        .addLimit(limit ->
                                limit.capacity(throttle.burst()).refillGreedy(tokens, Duration.ofSeconds(FRACTIONS)))
                        .withCustomTimePrecision(new ClockMeter(clock))
                        .build());
    }

    /** Takes a token; false: there is none. */
    public boolean admits() {
        return bucket.map(tokens -> tokens.tryConsume(1)).orElse(false);
    }

    private record ClockMeter(Clock clock) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            Instant now = clock.instant();
            return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
