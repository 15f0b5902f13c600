package parkmeter.local.gateway;

/** The document, or a part of it, can't be served here; the message says which part and why. */
public final class Undeployable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Undeployable(String where, String why) {
        super("the API's document, " + where + ": " + why);
    }
}
