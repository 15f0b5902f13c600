package parkmeter.lambda.meter;

import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people change over HTTP, and what they see. Every change is read, changed and written on the condition that nobody
 * wrote in between, as often as it takes; then the endpoint's step is taken at once.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Meters {

    /** Over the table, and with what steps a record after a change. */
    public Meters(MeterTable table, Keeper keeper, Clock clock) {}

    /** Every meter that can be read, by the endpoints' names. */
    public List<MeterView> all() {
        throw new UnsupportedOperationException();
    }

    /** One meter. */
    public MeterView find(String endpoint) throws NoSuchMeter {
        throw new UnsupportedOperationException(endpoint);
    }

    /**
     * Puts minutes on a meter: paid until = max(now, paid until) + minutes, at most now + maxMinutes.
     *
     * @param minutes at least 1
     */
    public TopUp topUp(String endpoint, int minutes) throws NoSuchMeter {
        throw new UnsupportedOperationException(endpoint + minutes);
    }

    /**
     * What a top-up came to.
     *
     * @param cut true where the cap took some of it
     * @param maxMinutes the cap
     */
    public record TopUp(MeterView meter, boolean cut, int maxMinutes) {}

    /** Ends paid time and the windows that are open. */
    public MeterView stop(String endpoint) throws NoSuchMeter {
        throw new UnsupportedOperationException(endpoint);
    }

    /**
     * Replaces the schedule.
     *
     * @param ifMatch the schedule's ETag as the caller saw it ({@link Schedule#etag}); null where it did not look
     * @throws Changed when it is another by now
     */
    public MeterView schedule(String endpoint, Schedule schedule, @Nullable String ifMatch)
            throws NoSuchMeter, Changed {
        throw new UnsupportedOperationException(endpoint + schedule + ifMatch);
    }

    /**
     * Registers an endpoint by its name, under {@link Terms#ADOPTED}; one that there is already gets the configuration,
     * and the minutes on top. Whether the name may be registered is the caller's to check.
     *
     * @param minutes 0 for none
     * @param schedule null to leave it as it is
     */
    public TopUp adopt(String endpoint, String configuration, int minutes, @Nullable Schedule schedule) {
        throw new UnsupportedOperationException(endpoint + configuration + minutes + schedule);
    }

    /** The schedule is not the one that the caller saw. */
    public static final class Changed extends Exception {
        Changed(String endpoint) {
            super("The schedule of " + endpoint + " was changed meanwhile: read it again.", null, false, false);
        }
    }
}
