package parkmeter.local.vtl;

/** A template or a mapping reads a body as JSON that is none; the message says what the parser met, without its text. */
public final class BadBody extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadBody(String message) {
        super(message);
    }
}
