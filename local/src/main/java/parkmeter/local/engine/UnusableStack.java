package parkmeter.local.engine;

/** The project or stack file can't be used; the message is one line that says where, what, and what mends it. */
public final class UnusableStack extends Exception {
    private static final long serialVersionUID = 1;

    UnusableStack(String message) {
        super(message);
    }
}
