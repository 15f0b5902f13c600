package parkmeter.local.vtl;

/** A mapping template that API Gateway couldn't run; the message says where it breaks off. */
public final class BadTemplate extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadTemplate(String message) {
        super(message);
    }
}
