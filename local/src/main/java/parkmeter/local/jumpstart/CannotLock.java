package parkmeter.local.jumpstart;

/** Why nothing was locked, for the person who asked for it: a sentence, or every problem with the line that mends it. */
public final class CannotLock extends Exception {

    private static final long serialVersionUID = 1;

    CannotLock(String text) {
        super(text);
    }
}
