package parkmeter.lambda.meter;

/** There is no record of that endpoint. */
public final class NoSuchMeter extends RuntimeException {

    /** Names the endpoint. */
    public NoSuchMeter(String endpoint) {
        super("There is no meter of the endpoint " + endpoint + ".", null, false, false);
    }
}
