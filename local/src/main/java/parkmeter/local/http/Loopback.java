package parkmeter.local.http;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** HTTP servers that only this machine can reach, small enough to have several in one process. */
public final class Loopback {
    private static final Duration LAST_WORDS = Duration.ofMillis(200); // of threads, when a server is stopped

    private Loopback() {}

    /**
     * A server that holds a port of 127.0.0.1, not yet started, without routes; it never compresses. Stopping it takes
     * requests under way their connection.
     *
     * @param port 0: any free one
     * @param idle how long a connection may be silent, also while a request waits for its answer; zero: for ever
     * @param options what is special about this one
     * @throws PortInUse when something listens on the port already
     */
    public static Javalin server(int port, Duration idle, Consumer<JavalinConfig> options) {
        ServerSocketChannel socket = listen(port);
        return Javalin.create(config -> {
            config.showJavalinBanner = false;
            config.startupWatcherEnabled = false;
            config.useVirtualThreads = false;
            config.http.disableCompression();
            config.jetty.threadPool = new QueuedThreadPool(16, 4);
            config.jetty.addConnector((jetty, http) -> {
                ServerConnector connector = new ServerConnector(jetty, 1, 1, new HttpConnectionFactory(http));
                connector.setIdleTimeout(idle.toMillis());
                open(connector, socket);
                return connector;
            });
            options.accept(config);
            config.jetty.modifyServer(jetty -> {
                jetty.setStopTimeout(0); // or it waits for requests under way
                jetty.getBean(QueuedThreadPool.class).setStopTimeout(LAST_WORDS.toMillis());
            });
        });
    }

    /** Javalin would say first, in lines of its own, that it can't. */
    private static ServerSocketChannel listen(int port) {
        try {
            ServerSocketChannel socket = ServerSocketChannel.open();
            try {
                return socket.bind(
                        new InetSocketAddress(InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1}), port));
            } catch (BindException taken) {
                socket.close();
                throw new PortInUse(port, taken);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("127.0.0.1:" + port + " can't be listened on: " + e.getMessage(), e);
        }
    }

    private static void open(ServerConnector connector, ServerSocketChannel socket) {
        try {
            connector.open(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
