package parkmeter.lambda.meter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The rules: what is to be done about an endpoint, given what is known of it. Pure. */
@SuppressWarnings("DoNotCallSuggester")
public final class Meter {
    private Meter() {}

    /**
     * What was looked at.
     *
     * @param sight what SageMaker shows of the endpoint
     * @param calls when it was called
     */
    public record Observed(Sight sight, Calls calls) {}

    /** When an endpoint was called. */
    public sealed interface Calls {

        /** Nobody looked, or there was no answer: nothing follows from it. */
        record Unknown() implements Calls {}

        /**
         * CloudWatch was asked.
         *
         * @param last the end of the last minute with an invocation in it; null where there was none
         */
        record Known(@Nullable Instant last) implements Calls {}
    }

    /**
     * What is to be done, and the record that has to be written before it is done.
     *
     * @param record the record's next state, with the action's intent in it
     * @param action what to do once that is written
     */
    public record Decision(MeterRecord record, Action action) {}

    /** Decides about one endpoint. */
    public static Decision decide(MeterRecord record, Observed observed, Instant now) {
        throw new UnsupportedOperationException(record.endpoint() + observed + now);
    }
}
