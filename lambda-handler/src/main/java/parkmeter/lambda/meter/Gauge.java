package parkmeter.lambda.meter;

import java.time.Duration;
import java.time.Instant;

/**
 * What a meter shows at a moment, in numbers: for whoever watches many.
 *
 * @param endpoint the endpoint's name
 * @param minutesLeft how many whole minutes it will run on, windows and paid time together; 0 where it does not run
 * @param unpaid true while there is an endpoint and no reason for it: it costs money
 * @param failedStart true while it is to run and could not be started
 */
public record Gauge(String endpoint, long minutesLeft, boolean unpaid, boolean failedStart) {

    /** Reads the gauge of a record whose endpoint is seen so. */
    static Gauge of(MeterRecord record, Sight sight, Instant now) {
        Reason reason = record.reason(now);
        Instant until = reason.until();
        Failure failure = record.failure();
        return new Gauge(
                record.endpoint(),
                until == null ? 0 : Duration.between(now, until).toMinutes(),
                !reason.runs() && !(sight instanceof Sight.Absent),
                reason.runs() && failure != null && failure.what() == Failure.What.START && failure.streak() > 0);
    }
}
