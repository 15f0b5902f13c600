package parkmeter.lambda.meter;

/** A port got no answer, or a refusal. A write that ends so may have taken effect or not. */
public final class Unavailable extends RuntimeException {

    /**
     * Says which call failed.
     *
     * @param cause the API's name and an error code or a class name, such as {@code PutItem: Throttling}; for the log
     */
    public Unavailable(String cause) {
        super(cause, null, false, false);
    }
}
