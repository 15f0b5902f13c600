package parkmeter.lambda.meter;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** What a deployment does to the meters. Each returns only when its work is finished; asked again, each goes on where it was. */
@SuppressWarnings("DoNotCallSuggester")
public final class Registrar {

    /** Over the ports; {@code pause} is how it waits. */
    public Registrar(MeterTable table, Endpoints endpoints, Mirror mirror, Keeper keeper, Pause pause, Clock clock) {}

    /** Waits. */
    @FunctionalInterface
    public interface Pause {

        /** Returns after so long. */
        void sleep(Duration duration);
    }

    /** Starts a meter from now; one that there is already keeps its time and gets the settings. Does not wait for the endpoint. */
    public void create(Registration registration) {
        throw new UnsupportedOperationException(registration.toString());
    }

    /**
     * Changes the settings and leaves the time alone; returns once no endpoint uses another configuration than the new one.
     *
     * @param giveUpAt when to stop waiting
     * @throws Unfinished when it has to be asked again
     */
    public void update(Registration registration, Instant giveUpAt) throws Unfinished {
        throw new UnsupportedOperationException(registration.toString() + giveUpAt);
    }

    /** Deletes an endpoint, and its record once it is gone. */
    public void delete(String endpoint, Instant giveUpAt) throws Unfinished {
        throw new UnsupportedOperationException(endpoint + giveUpAt);
    }

    /** Does that with every record that is left: the endpoints that were registered by their names. */
    public void deleteAll(Instant giveUpAt) throws Unfinished {
        throw new UnsupportedOperationException(giveUpAt.toString());
    }

    /** The time was up first. */
    public static final class Unfinished extends Exception {

        /** Says in a sentence what is left, and what finishes it. */
        Unfinished(String sentence) {
            super(sentence, null, false, false);
        }
    }
}
