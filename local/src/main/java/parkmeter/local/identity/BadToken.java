package parkmeter.local.identity;

/** A JWT that isn't accepted. It has no stack trace: it is an answer, not a fault. The message holds nothing of the token. */
public final class BadToken extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean expired;

    BadToken(String why, boolean expired) {
        super(why, null, false, false);
        this.expired = expired;
    }

    BadToken(String why) {
        this(why, false);
    }

    /** Whether its time is over, and nothing else is wrong with it. */
    public boolean expired() {
        return expired;
    }

    /** What is wrong, in a few words. */
    public String why() {
        return String.valueOf(getMessage());
    }
}
