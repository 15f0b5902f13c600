package parkmeter.local.aws;

/** What AWS says to a call that it does not take. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    /**
     * @param status HTTP status
     * @param code AWS's name of the error, such as {@code ValidationException}
     * @param message the sentence that comes with it
     */
    Refused(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    /** A value that AWS does not take, or a state that does not allow it. */
    static Refused invalid(String message) {
        return new Refused(400, "ValidationException", message);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }
}
