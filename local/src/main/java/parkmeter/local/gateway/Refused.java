package parkmeter.local.gateway;

/** The gateway ends a request itself, with one of its own answers. It has no stack trace: it is an answer, not a fault. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ResponseType type;
    private final int status;
    private final String validation;

    private Refused(ResponseType type, int status, String message, String validation) {
        super(message, null, false, false);
        this.type = type;
        this.status = status;
        this.validation = validation;
    }

    /** With AWS's status and words. */
    static Refused as(ResponseType type) {
        return new Refused(type, type.status(), type.message(), "");
    }

    /** With AWS's status and words of its own. */
    static Refused as(ResponseType type, String message) {
        return new Refused(type, type.status(), message, "");
    }

    /** A path that is too long to be named in an ARN (API Gateway developer guide, "Output from a Lambda authorizer"). */
    static Refused uriTooLong() {
        return new Refused(ResponseType.DEFAULT_4XX, 414, "Request URI too long", "");
    }

    /** A function that gave no usable answer: a status of its own, and what is declared for {@code DEFAULT_5XX}. */
    static Refused failure(int status) {
        return new Refused(ResponseType.DEFAULT_5XX, status, ResponseType.DEFAULT_5XX.message(), "");
    }

    /** A body that its schema refuses; {@code problems} is {@code $context.error.validationErrorString}. */
    static Refused body(String problems) {
        ResponseType type = ResponseType.BAD_REQUEST_BODY;
        return new Refused(type, type.status(), type.message(), problems);
    }

    /** Parameters that are missing. */
    static Refused parameters(Iterable<String> missing) {
        ResponseType type = ResponseType.BAD_REQUEST_PARAMETERS;
        return new Refused(type, type.status(), type.message() + ": [" + String.join(", ", missing) + "]", "");
    }

    ResponseType type() {
        return type;
    }

    int status() {
        return status;
    }

    String message() {
        return String.valueOf(getMessage());
    }

    String validation() {
        return validation;
    }
}
