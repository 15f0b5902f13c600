package parkmeter.lambda.gateway;

import java.util.Locale;

/** The stable codes of failed calls, with the HTTP status of each (docs/api.md). */
public enum Code {
    INVALID_JSON(400),
    INVALID_REQUEST(400),
    FORBIDDEN(403),
    NAME_NOT_ALLOWED(403),
    UNKNOWN_ROUTE(404),
    UNKNOWN_METER(404),
    UNKNOWN_TOKEN(404),
    UNKNOWN_JOB(404),
    METHOD_NOT_ALLOWED(405),
    NAME_TAKEN(409),
    SCHEDULE_CHANGED(412),
    PAYLOAD_TOO_LARGE(413),
    UNSUPPORTED_MEDIA_TYPE(415),
    MODEL_REFUSED(422),
    MODEL_OVERLOADED(429, 1),
    THROTTLED(429, 1),
    INTERNAL_ERROR(500),
    MODEL_ERROR(502),
    MODEL_UNAVAILABLE(503, 30),
    MODEL_STOPPED(503),
    MODEL_STARTING(503),
    METER_UNAVAILABLE(503, 5),
    TOKENS_UNAVAILABLE(503, 5),
    JOBS_UNAVAILABLE(503, 5),
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
    public int status() {
        return status;
    }

    /** Seconds after which the same call may succeed, where nobody knows better; 0 where waiting does not help. */
    int retryAfter() {
        return retryAfter;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
