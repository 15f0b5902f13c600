package parkmeter.local.prices;

/** Why no prices were written; the message is for a person. */
public final class CannotPrice extends Exception {

    private static final long serialVersionUID = 1;

    CannotPrice(String message) {
        super(message);
    }
}
