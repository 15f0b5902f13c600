package parkmeter.local.edge;

/** An API, or a part of it, can't be served here; the message says which part and why. */
public final class Undeployable extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * With what is wrong.
     *
     * @param where the part, such as {@code POST /invoke}
     * @param why the rest of the sentence
     */
    public Undeployable(String where, String why) {
        super("the API's " + where + ": " + why);
    }
}
