package parkmeter.local.edge;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until a test sets it on. */
public final class SetClock extends Clock {
    private volatile Instant now;

    /** A clock at an instant. */
    public SetClock(String start) {
        now = Instant.parse(start);
    }

    /** Sets it on. */
    public void advance(Duration time) {
        now = instant().plus(time);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
