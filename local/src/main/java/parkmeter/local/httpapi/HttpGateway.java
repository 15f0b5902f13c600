package parkmeter.local.httpapi;

import java.time.Clock;
import java.util.function.Consumer;
import parkmeter.local.edge.Listener;
import parkmeter.local.edge.Undeployable;
import parkmeter.local.http.PortInUse;
import parkmeter.local.identity.KeySets;
import parkmeter.local.lambda.Functions;

/** An HTTP API's stage on {@code http://127.0.0.1:<port>}. */
public final class HttpGateway implements AutoCloseable {
    private final Listener listener;

    private HttpGateway(Listener listener) {
        this.listener = listener;
    }

    /**
     * Serves an API until {@link #close()}.
     *
     * @param functions what its routes and authorizers call; left running by {@link #close()}
     * @param keys what tokens are signed with
     * @param accessLog takes the lines of the access log
     * @param clock what rates, tokens and the event's times go by
     * @param port to listen on; 0: a free one
     * @throws Undeployable when the API says something that can't be served here
     * @throws PortInUse when something listens on the port already
     */
    public static HttpGateway start(
            HttpApi api, Functions functions, KeySets keys, Consumer<String> accessLog, Clock clock, int port) {
        return new HttpGateway(Listener.start(new HttpStage(api, functions, keys, accessLog, clock), clock, port));
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
