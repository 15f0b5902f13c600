package parkmeter.lambda.access.store;

/** AWS gave no answer. The message names the operation and AWS's error code, for the log: no table, no key, no ARN. */
public final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoAnswer(String operation, String cause) {
        super(operation + ": " + cause, null, false, false);
    }
}
