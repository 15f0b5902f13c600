package parkmeter.lambda.meter;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What happens every minute: each record's step, each for itself. */
@SuppressWarnings("DoNotCallSuggester")
public final class Tick {

    /**
     * Over the ports.
     *
     * @param notices null where nobody is told
     * @param executor runs the records' steps; {@code Runnable::run} for one after the other
     */
    public Tick(
            MeterTable table,
            Endpoints endpoints,
            Activity activity,
            @Nullable Notices notices,
            Mirror mirror,
            Clock clock,
            Executor executor) {}

    /**
     * Steps every record.
     *
     * @param atMost how long it may take; records that it does not come to are first the next time
     * @return what to log
     * @throws Unavailable when there is no list of records or endpoints
     */
    public Report run(Duration atMost) {
        throw new UnsupportedOperationException(atMost.toString());
    }

    /**
     * What a tick did.
     *
     * @param records how many records there are
     * @param stepped how many of them were stepped without a failure
     * @param late how many were not come to
     * @param events a line for each change and each failure: {@code <endpoint>: <what>}
     */
    public record Report(int records, int stepped, int late, List<String> events) {
        public Report {
            events = List.copyOf(events);
        }
    }
}
