package parkmeter.local.aws;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The time that the stack lives by: the machine's from one moment on, running a number of times as fast. The functions' clocks are
 * set by {@link #variable()}; all that has a clock of its own here asks this one.
 */
public final class StackClock extends Clock {
    private final Clock machine;
    private final Instant start;
    private final int speed;

    /**
     * Starts now.
     *
     * @param machine the time that is made faster
     * @param speed how many of the stack's seconds pass in one of the machine's, 1 or more
     */
    public StackClock(Clock machine, int speed) {
        this(machine, Instant.ofEpochMilli(machine.millis()), speed);
    }

    private StackClock(Clock machine, Instant start, int speed) {
        this.machine = machine;
        this.start = start;
        this.speed = speed;
    }

    @Override
    public Instant instant() {
        return start.plus(Duration.between(start, machine.instant()).multipliedBy(speed));
    }

    /** What the functions get as PARKMETER_CLOCK: {@code <epoch milliseconds of the start>@<speed>}. */
    public String variable() {
        return start.toEpochMilli() + "@" + speed;
    }

    /** How long the machine takes for what lasts so long on this clock. */
    public Duration onTheMachine(Duration duration) {
        return duration.dividedBy(speed);
    }

    /** Completes when so much of this clock's time has passed. */
    CompletableFuture<Void> after(Duration duration) {
        return CompletableFuture.runAsync(
                () -> {},
                CompletableFuture.delayedExecutor(onTheMachine(duration).toNanos(), TimeUnit.NANOSECONDS));
    }

    @Override
    public ZoneId getZone() {
        return machine.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new StackClock(machine.withZone(zone), start, speed);
    }
}
