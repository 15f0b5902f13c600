package parkmeter.local;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import parkmeter.local.aws.Containers;
import parkmeter.local.models.ModelProcess;
import parkmeter.local.models.ModelServer;

/**
 * What answers in the stead of a run's containers: one process with the model, for as long as there is a container, started again when it
 * ends by itself, as SageMaker does.
 */
final class ModelServers implements Containers, AutoCloseable {
    private final Declaration declaration;
    private final Path weights;
    private final int tokens;
    private final Path logs;
    private final Consumer<String> progress;
    private final Map<String, ModelProcess> current = new ConcurrentHashMap<>();
    private final Object starts = new Object();
    private final Set<Server> serving = new HashSet<>();
    private @Nullable ModelProcess process;
    private boolean closed;

    /** Tells what was declared of a container. */
    interface Declaration {
        /**
         * The container of a variant of an endpoint.
         *
         * @throws CannotRun where none was declared
         */
        ModelServer.Container container(String endpoint, String configuration, String variant) throws CannotRun;
    }

    /**
     * @param declaration what can be served
     * @param weights the file that all of them serve
     * @param tokens what the longest prompt and its answer need
     * @param logs the folder for their messages
     * @param progress takes a line when a process ends that should not
     */
    ModelServers(Declaration declaration, Path weights, int tokens, Path logs, Consumer<String> progress) {
        this.declaration = declaration;
        this.weights = weights;
        this.tokens = tokens;
        this.logs = logs;
        this.progress = progress;
    }

    /** What answers where a server runs already: that one for every endpoint, and it is never ended. */
    static Containers at(URI server) {
        return (endpoint, configuration, variant) -> CompletableFuture.completedFuture(new Container() {
            @Override
            public URI url() {
                return server;
            }

            @Override
            public void close() {
                // It was there before this run.
            }
        });
    }

    /** The newest process of each endpoint by the endpoints' names, also one that has ended. */
    Map<String, ModelProcess> processes() {
        return current;
    }

    @Override
    public CompletableFuture<Container> start(String endpoint, String configuration, String variant) {
        // The wait for a process to come up is no task for the common pool: two would fill it.
        CompletableFuture<Container> server = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        server.complete(served(endpoint, declaration.container(endpoint, configuration, variant)));
                    } catch (CannotRun e) {
                        server.completeExceptionally(e);
                    }
                },
                "start-" + endpoint);
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    /** Ends all of them, and what starts meanwhile. */
    @Override
    public void close() {
        ModelProcess last;
        synchronized (this) {
            closed = true;
            last = process;
        }
        if (last != null) {
            last.close();
        }
    }

    private Server served(String endpoint, ModelServer.Container container) throws CannotRun {
        synchronized (starts) {
            ModelProcess running = running(endpoint);
            try {
                Server server = new Server(endpoint, container, running, running.open(container));
                synchronized (this) {
                    serving.add(server);
                }
                current.put(endpoint, running);
                return server;
            } catch (ModelProcess.Refused e) {
                endWithout();
                throw new CannotRun(String.valueOf(e.getMessage()));
            }
        }
    }

    /** The process; it is started where there is none. */
    private ModelProcess running(String endpoint) throws CannotRun {
        synchronized (this) {
            if (process != null) {
                return process;
            }
        }
        ModelProcess started;
        try {
            started = ModelProcess.start(weights, tokens, log(endpoint));
        } catch (ModelProcess.Refused e) {
            throw new CannotRun(String.valueOf(e.getMessage()));
        }
        synchronized (this) {
            if (!closed) {
                process = started;
                started.onFailure(() -> again(endpoint, started));
                return started;
            }
        }
        started.close();
        throw new CannotRun("The run was ended while it started.");
    }

    /** Starts the process again that has ended by itself, and all that it served. */
    private void again(String endpoint, ModelProcess ended) {
        synchronized (starts) {
            List<Server> lost;
            synchronized (this) {
                if (process != ended) {
                    return;
                }
                process = null;
                lost = List.copyOf(serving);
            }
            lost.forEach(server -> progress.accept("The model server of " + server.endpoint
                    + " has ended; it is started again. Its log: " + log(endpoint)));
            for (Server server : lost) {
                try {
                    server.moveTo(running(endpoint));
                    current.put(server.endpoint, server.process);
                } catch (CannotRun | ModelProcess.Refused e) {
                    progress.accept(String.valueOf(e.getMessage()));
                }
            }
        }
    }

    /** Ends the process when it serves nothing any more. */
    private void endWithout() {
        ModelProcess last;
        synchronized (this) {
            if (!serving.isEmpty() || process == null) {
                return;
            }
            last = process;
            process = null;
        }
        last.close();
    }

    private Path log(String endpoint) {
        return logs.resolve(endpoint + ".log");
    }

    /** One container's server, in whatever process it is at the moment. */
    private final class Server implements Container {
        private final String endpoint;
        private final ModelServer.Container container;
        private ModelProcess process;
        private URI url;

        Server(String endpoint, ModelServer.Container container, ModelProcess process, URI url) {
            this.endpoint = endpoint;
            this.container = container;
            this.process = process;
            this.url = url;
        }

        @Override
        public synchronized URI url() {
            return url;
        }

        private synchronized void moveTo(ModelProcess other) throws ModelProcess.Refused {
            url = other.open(container);
            process = other;
        }

        @Override
        public void close() {
            synchronized (starts) {
                synchronized (ModelServers.this) {
                    serving.remove(this);
                }
                synchronized (this) {
                    process.close(url);
                }
                endWithout();
            }
        }
    }
}
