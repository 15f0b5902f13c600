package parkmeter.local.httpapi;

import parkmeter.local.edge.Reply;

/** The API ends a request itself. It has no stack trace: it is an answer, not a fault. */
final class Denied extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Reply reply;
    private final String why;

    private Denied(Reply reply, String message, String why) {
        super(message, null, false, false);
        this.reply = reply;
        this.why = why;
    }

    /**
     * With AWS's status and words.
     *
     * @param message what the client reads, and {@code $context.error.message}
     */
    static Denied with(int status, String message) {
        return with(status, message, "");
    }

    /**
     * With AWS's status and words.
     *
     * @param why what the access log says of an authorizer's or a function's fault; holds no one's secret
     */
    static Denied with(int status, String message, String why) {
        return new Denied(Reply.json(status, "{\"message\":\"" + message + "\"}"), message, why);
    }

    /** A token that isn't accepted, told as RFC 6750 has it. */
    static Denied token(int status, String message, String challenge, String why) {
        Denied denied = with(status, message, why);
        return new Denied(denied.reply.with("www-authenticate", challenge), message, why);
    }

    /** The function failed, and AWS doesn't say how. */
    static Denied internalError(String why) {
        return with(500, "Internal Server Error", why);
    }

    Reply reply() {
        return reply;
    }

    String message() {
        return String.valueOf(getMessage());
    }

    String why() {
        return why;
    }
}
