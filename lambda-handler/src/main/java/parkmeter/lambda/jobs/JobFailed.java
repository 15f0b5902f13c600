package parkmeter.lambda.jobs;

/** A job that is over. The message is an {@link Outcome}. */
final class JobFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    JobFailed(Outcome outcome) {
        super(outcome.json(), null, false, false);
    }
}
