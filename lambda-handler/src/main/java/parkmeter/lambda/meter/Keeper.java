package parkmeter.lambda.meter;

import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Takes one record's step: looks, decides, writes the intent, acts, writes what came of it, tells people. */
@SuppressWarnings("DoNotCallSuggester")
public final class Keeper {

    /**
     * Over the ports.
     *
     * @param notices null where nobody is told
     */
    public Keeper(
            MeterTable table,
            Endpoints endpoints,
            Activity activity,
            @Nullable Notices notices,
            Mirror mirror,
            Clock clock) {}

    /**
     * Looks at one endpoint and does what is to be done about it now.
     *
     * @throws Unavailable when a port gave no answer; whatever was done by then, the next step goes on from it
     * @throws UnreadableRecord when the row holds no record
     */
    public void step(String endpoint) {
        throw new UnsupportedOperationException(endpoint);
    }
}
