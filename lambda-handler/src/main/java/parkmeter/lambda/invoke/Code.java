package parkmeter.lambda.invoke;

import java.util.Locale;

/** The stable codes of failed calls, with the HTTP status of each. */
enum Code {
    INVALID_JSON(400),
    INVALID_REQUEST(400),
    UNKNOWN_ROUTE(404),
    PAYLOAD_TOO_LARGE(413),
    UNSUPPORTED_MEDIA_TYPE(415),
    MODEL_REFUSED(422),
    MODEL_OVERLOADED(429, 1),
    THROTTLED(429, 1),
    INTERNAL_ERROR(500),
    MODEL_ERROR(502),
    MODEL_UNAVAILABLE(503, 30),
    TIMEOUT(504);

    private final int status;
    private final int retryAfter;

    Code(int status) {
        this(status, 0);
    }

    Code(int status, int retryAfter) {
        this.status = status;
        this.retryAfter = retryAfter;
    }

    /** The HTTP status. */
    int status() {
        return status;
    }

    /** Seconds after which the same call may succeed; 0 where waiting does not help. */
    int retryAfter() {
        return retryAfter;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
