package parkmeter.local.states;

/** A state fails with an error's name and a cause, as Retry, Catch and callers see them. It has no stack trace: it is an answer. */
public final class TaskFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String error;

    /**
     * With what a catcher reads.
     *
     * @param error such as {@code SageMakerRuntime.ModelErrorException} or {@code States.Timeout}
     * @param cause a sentence
     */
    public TaskFailed(String error, String cause) {
        super(cause, null, false, false);
        this.error = error;
    }

    /** The error's name. */
    public String error() {
        return error;
    }

    /** The sentence. */
    public String cause() {
        return String.valueOf(getMessage());
    }
}
