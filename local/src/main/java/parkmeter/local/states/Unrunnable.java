package parkmeter.local.states;

/** A state machine that is malformed, or that needs what isn't run here; the message says where and what. */
public final class Unrunnable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unrunnable(String where, String why) {
        super("the state machine's " + where + ": " + why);
    }
}
