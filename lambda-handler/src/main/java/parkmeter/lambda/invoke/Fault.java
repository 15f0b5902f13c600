package parkmeter.lambda.invoke;

/**
 * What a container's error means.
 *
 * @param kind whose fault it is, and whether time mends it
 * @param reason why a request was refused, in words that a caller may see, as the end of a sentence
 */
record Fault(Kind kind, String reason) {
    /** Where nothing better may be said. */
    static final String CHECK = "check its parameters.";

    /** What went wrong. */
    enum Kind {
        /** The request: its caller can mend it. */
        REFUSED,
        /** What wrote the request: its caller only where the body is his own. */
        MISFIT,
        /** The request's media type; the same. */
        MEDIA_TYPE,
        /** The request's size. */
        TOO_LARGE,
        /** The queue is full. */
        OVERLOADED,
        /** The model is not there yet. */
        NOT_READY,
        /** The time was up. */
        TIMED_OUT,
        /** The model, or nobody knows. */
        FAILED
    }

    static Fault refused(String reason) {
        return new Fault(Kind.REFUSED, reason);
    }

    static Fault of(Kind kind) {
        return new Fault(kind, CHECK);
    }

    /** What an HTTP status means to every engine. */
    static Fault ofStatus(int status, String reason) {
        return new Fault(
                switch (status) {
                    case 400, 404, 405, 406 -> Kind.MISFIT;
                    case 408, 504 -> Kind.TIMED_OUT;
                    case 413 -> Kind.TOO_LARGE;
                    case 415 -> Kind.MEDIA_TYPE;
                    case 422 -> Kind.REFUSED;
                    case 429 -> Kind.OVERLOADED;
                    case 503 -> Kind.NOT_READY;
                    default -> Kind.FAILED;
                },
                reason);
    }
}
