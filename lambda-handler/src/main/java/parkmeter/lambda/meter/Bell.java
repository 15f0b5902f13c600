package parkmeter.lambda.meter;

import java.time.Clock;
import java.time.Duration;

/** What a call to a model that does not serve rings: it tells when to come back, and wakes the model where its terms allow. */
@SuppressWarnings("DoNotCallSuggester")
public final class Bell {

    /** Over the table alone: the tick starts the endpoint, within a minute. */
    public Bell(MeterTable table, Clock clock) {}

    /**
     * Rings once.
     *
     * @throws Unavailable when the table gave no answer
     * @throws UnreadableRecord when the row holds no record
     */
    public Answer ring(String endpoint) {
        if (endpoint.isEmpty()) {
            return new Answer.Nothing();
        }
        throw new UnsupportedOperationException(endpoint);
    }

    /** What is known of the model. */
    public sealed interface Answer {

        /** It has no meter, or its meter knows of no reason why it should not serve. */
        record Nothing() implements Answer {}

        /**
         * It does not run.
         *
         * @param comeBackIn how long it will take to serve: after a top-up now, where nothing will start it before
         * @param starts true where it is going to start by itself: woken, or by its schedule
         */
        record Stopped(Duration comeBackIn, boolean starts) implements Answer {}

        /** It starts, and will serve in so long. */
        record Starting(Duration comeBackIn) implements Answer {}
    }
}
