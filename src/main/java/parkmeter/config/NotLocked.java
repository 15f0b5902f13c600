package parkmeter.config;

/** Why a model can't be had from {@code parkmeter.lock.json}, for {@link Report#add}. */
final class NotLocked extends Exception {

    private static final long serialVersionUID = 1;

    private final String mend;

    NotLocked(String rule, String mend) {
        super(rule);
        this.mend = mend;
    }

    /** What is wrong, as the rule that is broken. */
    String rule() {
        return String.valueOf(getMessage());
    }

    /** The command that mends it. */
    String mend() {
        return mend;
    }
}
