package parkmeter.local.http;

import io.javalin.Javalin;
import java.time.Duration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** HTTP servers that only this machine can reach, small enough to have several in one process. */
public final class Loopback {
    private Loopback() {}

    /**
     * A server on any free port of 127.0.0.1, not yet started, without routes; it never compresses.
     *
     * @param mostBytes longest request body that a handler may read
     * @param idle how long a connection may be silent, also while a request waits for its answer; zero: for ever
     */
    public static Javalin server(int mostBytes, Duration idle) {
        return Javalin.create(config -> {
            config.showJavalinBanner = false;
            config.startupWatcherEnabled = false;
            config.http.disableCompression();
            config.http.maxRequestSize = mostBytes;
            config.jetty.threadPool = new QueuedThreadPool(16, 4);
            config.jetty.addConnector((jetty, http) -> {
                ServerConnector connector = new ServerConnector(jetty, 1, 1, new HttpConnectionFactory(http));
                connector.setHost("127.0.0.1");
                connector.setIdleTimeout(idle.toMillis());
                return connector;
            });
        });
    }
}
