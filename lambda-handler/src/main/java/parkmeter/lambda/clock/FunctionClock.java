package parkmeter.lambda.clock;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The time that a function lives by. {@code PARKMETER_CLOCK=<epoch milliseconds>@<factor>}, which only a local run sets,
 * makes it run {@code factor} times as fast from that moment on.
 */
public final class FunctionClock extends Clock {
    private static final String NAME = "PARKMETER_CLOCK";
    private static final Pattern VALUE = Pattern.compile("(\\d{1,15})@([1-9]\\d{0,5})");

    private final Clock machine;
    private final Instant anchor;
    private final int factor;

    private FunctionClock(Clock machine, Instant anchor, int factor) {
        this.machine = machine;
        this.anchor = anchor;
        this.factor = factor;
    }

    /**
     * Reads the environment.
     *
     * @throws IllegalStateException when the variable is there and can't be read
     */
    public static FunctionClock of(Map<String, String> environment) {
        return of(environment, Clock.systemUTC());
    }

    static FunctionClock of(Map<String, String> environment, Clock machine) {
        String value = environment.get(NAME);
        if (value == null) {
            return new FunctionClock(machine, Instant.EPOCH, 1);
        }
        Matcher matcher = VALUE.matcher(value);
        if (!matcher.matches()) {
            throw new IllegalStateException(NAME + " must be <epoch milliseconds>@<factor>, such as 1795363200000@60.");
        }
        return new FunctionClock(
                machine, Instant.ofEpochMilli(Long.parseLong(matcher.group(1))), Integer.parseInt(matcher.group(2)));
    }

    @Override
    public Instant instant() {
        return anchor.plus(Duration.between(anchor, machine.instant()).multipliedBy(factor));
    }

    /** How long it takes outside until so much of this clock's time has passed. */
    public Duration outside(Duration inside) {
        return inside.dividedBy(factor);
    }

    /** How much of this clock's time passes meanwhile. */
    public Duration inside(Duration outside) {
        return outside.multipliedBy(factor);
    }

    /** Returns when so much of this clock's time has passed. */
    public void sleep(Duration inside) {
        try {
            TimeUnit.NANOSECONDS.sleep(outside(inside).toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public ZoneId getZone() {
        return machine.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new FunctionClock(machine.withZone(zone), anchor, factor);
    }
}
