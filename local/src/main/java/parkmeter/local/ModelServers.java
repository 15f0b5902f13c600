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
import parkmeter.local.aws.Containers;

/** The model servers of a run: one process for each endpoint, started again when it ends by itself, as SageMaker does. */
final class ModelServers implements Containers, AutoCloseable {
    private final Map<String, Deployment.Configuration> configurations;
    private final Path weights;
    private final Path logs;
    private final Consumer<String> progress;
    private final Map<String, ModelProcess> current = new ConcurrentHashMap<>();
    private final Set<ModelProcess> running = new HashSet<>();
    private boolean closed;

    /**
     * @param configurations what can be served, by the endpoint configurations' names
     * @param weights the file that all of them serve
     * @param logs the folder for their messages
     * @param progress takes a line when a process ends that should not
     */
    ModelServers(
            Map<String, Deployment.Configuration> configurations, Path weights, Path logs, Consumer<String> progress) {
        this.configurations = Map.copyOf(configurations);
        this.weights = weights;
        this.logs = logs;
        this.progress = progress;
    }

    /** What answers where a server runs already: that one for every endpoint, and it is never ended. */
    static Containers at(URI server) {
        return (endpoint, configuration) -> CompletableFuture.completedFuture(new Container() {
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
    public CompletableFuture<Container> start(String endpoint, String configuration) {
        // The wait for a process to come up is no task for the common pool: two would fill it.
        CompletableFuture<Container> server = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        server.complete(new Server(endpoint, configuration));
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
        List<ModelProcess> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(running);
        }
        left.forEach(ModelProcess::close);
    }

    private ModelProcess launch(String endpoint, String configuration) throws CannotRun {
        Deployment.Configuration declared = configurations.get(configuration);
        if (declared == null) {
            throw new CannotRun("The stack declares no endpoint configuration " + configuration + ".");
        }
        ModelProcess process =
                ModelProcess.start(weights, declared.modelId(endpoint), declared.environment(), log(endpoint));
        synchronized (this) {
            if (!closed) {
                running.add(process);
                return process;
            }
        }
        process.close();
        throw new CannotRun("The run was ended while it started.");
    }

    private Path log(String endpoint) {
        return logs.resolve(endpoint + ".log");
    }

    /** One endpoint's server, whatever process it is at the moment. */
    private final class Server implements Container {
        private final String endpoint;
        private final String configuration;
        private ModelProcess process;
        private boolean ended;

        Server(String endpoint, String configuration) throws CannotRun {
            this.endpoint = endpoint;
            this.configuration = configuration;
            process = launched();
        }

        @Override
        public synchronized URI url() {
            return process.url();
        }

        @Override
        public void close() {
            ModelProcess last;
            synchronized (this) {
                ended = true;
                last = process;
            }
            end(last);
        }

        private ModelProcess launched() throws CannotRun {
            ModelProcess started = launch(endpoint, configuration);
            current.put(endpoint, started);
            started.onFailure(this::again);
            return started;
        }

        private void again() {
            progress.accept(
                    "The model server of " + endpoint + " has ended; it is started again. Its log: " + log(endpoint));
            try {
                ModelProcess started = launched();
                synchronized (this) {
                    end(process);
                    process = started;
                    if (!ended) {
                        return;
                    }
                }
                end(started);
            } catch (CannotRun e) {
                progress.accept(String.valueOf(e.getMessage()));
            }
        }

        private void end(ModelProcess last) {
            last.close();
            synchronized (ModelServers.this) {
                running.remove(last);
            }
        }
    }
}
