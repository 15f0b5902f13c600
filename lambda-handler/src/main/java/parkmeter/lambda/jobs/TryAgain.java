package parkmeter.lambda.jobs;

/** A job that may succeed later: the state machine knows this class by its name. The message is an {@link Outcome}. */
final class TryAgain extends RuntimeException {
    private static final long serialVersionUID = 1;

    TryAgain(Outcome outcome) {
        super(outcome.json(), null, false, false);
    }
}
