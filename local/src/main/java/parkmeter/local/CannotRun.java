package parkmeter.local;

/** Why there is no local run, as one sentence for the person who asked for it. */
final class CannotRun extends Exception {

    private static final long serialVersionUID = 1;

    CannotRun(String sentence) {
        super(sentence);
    }
}
