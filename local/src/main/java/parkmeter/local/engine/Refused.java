package parkmeter.local.engine;

/** The engine can't answer what the program asks; the message says what and why. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
        super(message);
    }
}
