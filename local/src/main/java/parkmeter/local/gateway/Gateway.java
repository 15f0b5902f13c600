package parkmeter.local.gateway;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import parkmeter.local.edge.Listener;
import parkmeter.local.edge.Undeployable;
import parkmeter.local.http.PortInUse;
import parkmeter.local.lambda.Functions;

/** A REST API's stage on {@code http://127.0.0.1:<port>/<stage>}. */
public final class Gateway implements AutoCloseable {
    private final Listener listener;

    private Gateway(Listener listener) {
        this.listener = listener;
    }

    /**
     * Reads the API's document and serves it until {@link #close()}.
     *
     * @param api what is served, and to whom
     * @param backends what its integrations and authorizers call; left running by {@link #close()}
     * @param clock what rates, quotas, tokens and the event's times go by
     * @param port to listen on; 0: a free one
     * @throws Undeployable when the document says something that can't be served here
     * @throws PortInUse when something listens on the port already
     */
    public static Gateway start(Api api, Backends backends, Clock clock, int port) {
        return new Gateway(Listener.start(new Stage(api, backends, clock), clock, port));
    }

    /** The same for an API that calls nothing but functions. */
    public static Gateway start(Api api, Functions functions, Clock clock, int port) {
        return start(api, new Backends(functions, Map.of(), issuer -> Optional.empty()), clock, port);
    }

    /** The port that it listens on. */
    public int port() {
        return listener.port();
    }

    /** Stops listening; requests that are under way lose their connection. */
    @Override
    public void close() {
        listener.close();
    }
}
