package parkmeter.local.http;

/** Something listens on the wanted port already; the message is a sentence for the person who chose it with PORT. */
public final class PortInUse extends RuntimeException {
    private static final long serialVersionUID = 1;

    PortInUse(int port, Throwable cause) {
        super("port %d is in use: stop what listens there, or let PORT=… choose another".formatted(port), cause);
    }
}
