package parkmeter.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import parkmeter.local.aws.Containers;
import parkmeter.local.aws.Rules;
import parkmeter.local.aws.StackClock;
import parkmeter.local.lambda.FunctionRuntime;
import parkmeter.local.lambda.FunctionSpec;
import parkmeter.local.lambda.Functions;
import parkmeter.local.lambda.Host;
import parkmeter.local.lambda.InvokeResult;
import parkmeter.local.llm.BadWeights;
import parkmeter.local.llm.Weights;
import parkmeter.local.models.ModelProcess;

/**
 * A stack's declared parts, running: gateway, functions, SageMaker's runtime API, model servers. It can be closed at any time, also
 * while it starts.
 */
final class LocalRun implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Order order;
    private final Consumer<String> progress;
    private final Consumer<String> news;
    private final Path logs;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private boolean closed;
    private @Nullable ModelServers servers;
    private @Nullable Started started;
    private @Nullable Credential token;

    /** What is known once everything runs. */
    private record Started(
            Deployment deployment, String modelName, FunctionRuntime functions, ServedApi.Open gateway, Cloud cloud) {}

    /**
     * A run that has not started.
     *
     * @param progress takes a line while something takes long, and when something ends that should not
     * @param news takes a line for each thing that the meter does
     */
    LocalRun(Order order, Consumer<String> progress, Consumer<String> news) {
        this.order = order;
        this.progress = progress;
        this.news = news;
        this.logs = order.project().resolve("target/local-logs");
    }

    /**
     * What is to answer for the declared models.
     *
     * @param name for people
     * @param weights the file to serve; empty where a server runs already
     */
    record Answering(String name, Optional<Path> weights) {}

    /**
     * Finds what is to answer for the models: the quickest to fail, so it comes first.
     *
     * @throws CannotRun where the server or the file that was asked for can't be used
     */
    Answering findModel() throws CannotRun {
        try {
            if (order.modelUrl().isPresent()) {
                ping(order.modelUrl().get());
                return new Answering("the server at " + order.modelUrl().get(), Optional.empty());
            }
            Weights.Found found = Weights.of(System.getenv(), progress).find(order.model());
            return new Answering(found.name(), Optional.of(found.file()));
        } catch (BadWeights | UncheckedIOException e) {
            throw new CannotRun(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Starts everything and returns when all of it answers.
     *
     * @throws CannotRun where something does not come up; what had started is ended again
     */
    void start(Deployment deployment, Answering answering) throws CannotRun {
        try {
            Files.createDirectories(logs);
            Metering meter = deployment.meter();
            var clock = new StackClock(Clock.systemUTC(), order.speed());
            // A state machine calls functions, and functions start it.
            var callable = new CompletableFuture<Functions>();
            Cloud cloud = Cloud.start(
                    deployment,
                    order,
                    containers(deployment, answering),
                    clock,
                    (arn, event) -> callable.thenCompose(functions -> functions.invoke(arn, event)),
                    this::opened,
                    new MeterNews(clock, news));
            FunctionRuntime functions = opened(FunctionRuntime.start(
                    deployment.functions(),
                    Host.of(
                            order.project().resolve("local/target/ric"),
                            cloud.variables(),
                            logs.resolve("functions.log"))));
            callable.complete(functions);
            // Before what takes longer: the port may be taken.
            var surroundings = new ServedApi.Surroundings(
                    reached(functions, deployment), cloud.keys(), cloud.services(), this::logAccess);
            ServedApi.Open gateway = opened(deployment.api().open(surroundings, clock, order.port()));
            // The others come up when they are called: two cores have enough to do.
            CompletableFuture<Void> warm = deployment
                    .entrance()
                    .flatMap(Deployment.Entrance::functionArn)
                    .map(functions::warm)
                    .orElseGet(() -> CompletableFuture.completedFuture(null));
            for (Metering.Invocation registration : meter.registrations()) {
                register(registration, functions);
            }
            opened(Rules.start(meter.rules(), functions, clock, progress));
            cloud.sageMaker().started().join();
            warm.join();
            started = new Started(deployment, answering.name(), functions, gateway, cloud);
        } catch (IOException | RuntimeException | CannotRun e) {
            close();
            Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
            throw cause instanceof CannotRun known ? known : new CannotRun(String.valueOf(cause.getMessage()));
        }
    }

    private Functions reached(Functions functions, Deployment deployment) {
        return new Elsewhere(
                functions,
                deployment.functions().stream().map(FunctionSpec::arn).collect(Collectors.toSet()),
                order.functions(),
                progress);
    }

    /** AWS would write these lines into a log group. */
    private void logAccess(String line) {
        try {
            Files.writeString(
                    logs.resolve("access.log"), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            progress.accept("The access log can't be written: " + e.getMessage());
        }
    }

    private Containers containers(Deployment deployment, Answering answering) throws CannotRun {
        if (answering.weights().isEmpty()) {
            return ModelServers.at(order.modelUrl().orElseThrow());
        }
        servers = opened(new ModelServers(
                deployment.containers(),
                answering.weights().get(),
                deployment.containers().window(deployment.models()),
                logs,
                progress));
        return servers;
    }

    /** Does what deployment does: it calls the function, and there is no stack where that fails. */
    private static void register(Metering.Invocation registration, FunctionRuntime functions) throws CannotRun {
        byte[] payload = registration.payload().toString().getBytes(StandardCharsets.UTF_8);
        InvokeResult result =
                functions.invoke(registration.functionArn(), payload).join();
        if (result instanceof InvokeResult.Failed failed) {
            throw new CannotRun("The deployment's call " + registration.name() + " failed: " + failed.message());
        }
        if (result instanceof InvokeResult.Throttled) {
            throw new CannotRun("The deployment's call " + registration.name() + " was throttled.");
        }
    }

    /** The API's address with its stage. */
    URI url() {
        return url("/" + started().deployment().api().stage());
    }

    /** The address of the first route. */
    URI invokeUrl() {
        return url(started().deployment().invokePath());
    }

    /** Where AWS's stand-ins are, with what lets them fail. */
    URI awsUrl() {
        return started().cloud().url();
    }

    /** What answers in place of the declared models. */
    String modelName() {
        return started().modelName();
    }

    /** The functions' processes that run now. */
    List<ProcessHandle> functionProcesses() {
        return started().functions().processes();
    }

    /** The model servers' processes by the endpoints' names; none where another server is used. */
    Map<String, ModelProcess> modelProcesses() {
        return servers == null ? Map.of() : servers.processes();
    }

    /** Whether the first model serves now: a metered one may have been stopped, or not started at all. */
    boolean serves() {
        return started()
                .deployment()
                .entrance()
                .map(entrance ->
                        started().cloud().sageMaker().serves(entrance.model().endpoint()))
                .orElse(false);
    }

    /**
     * What lets the first client, or somebody who is signed in, call the first route; empty where anybody may. An access token is issued
     * the first time, as an operator issues one.
     *
     * @throws CannotRun where there is nobody who could issue one
     */
    synchronized Optional<Credential> credential() throws CannotRun {
        Deployment deployment = started().deployment();
        return switch (deployment.api().way(deployment.route(deployment.invokePath()))) {
            case OPEN -> Optional.empty();
            case KEY ->
                deployment.clients().entrySet().stream()
                        .findFirst()
                        .map(client -> Credential.key(client.getValue(), client.getKey()));
            case USER -> signedIn();
            case TOKEN -> {
                if (token == null) {
                    token = token(deployment);
                }
                yield Optional.of(token);
            }
        };
    }

    private Optional<Credential> signedIn() {
        return started().cloud().user().map(user -> Credential.bearer(user.idToken(), "token of user " + user.name()));
    }

    private Credential token(Deployment deployment) throws CannotRun {
        Optional<String> inTable = started().cloud().token();
        if (inTable.isPresent()) {
            return Credential.bearer(inTable.get(), "token, in the table");
        }
        String path = deployment
                .tokensPath()
                .orElseThrow(() -> new CannotRun("The first route asks for a token, and the stack issues none."));
        Optional<Credential> operator = deployment
                .declared()
                .operatorKey()
                .map(key -> Credential.key(key, "an operator"))
                .or(this::signedIn);
        return new Operator(url(path), operator)
                .issue(deployment.clients().keySet().stream().findFirst());
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + started().gateway().port() + path);
    }

    /**
     * The first client, who calls the first model; anybody, where nothing is asked for.
     *
     * @throws CannotRun where the stack serves no model, or nobody can be let in
     */
    Caller caller() throws CannotRun {
        Deployment.Entrance entrance = started()
                .deployment()
                .entrance()
                .orElseThrow(
                        () -> new CannotRun("The stack's first route leads to no model: there is nothing to ask."));
        return new Caller(
                invokeUrl(), credential(), entrance.question(), entrance.model().wakes(), progress);
    }

    /** Writes what a script needs to know of this run. */
    void describe(Path file) {
        ObjectNode facts = JsonNodeFactory.instance
                .objectNode()
                .put("url", url().toString())
                .put("invokeUrl", invokeUrl().toString())
                .put("aws", awsUrl().toString())
                .put("pid", ProcessHandle.current().pid());
        ObjectNode clients = facts.putObject("clients");
        started().deployment().clients().forEach(clients::put);
        started()
                .deployment()
                .tokensPath()
                .ifPresent(path -> facts.put("tokensUrl", url(path).toString()));
        started().cloud().token().ifPresent(token -> facts.put("token", token));
        started().cloud().table().ifPresent(table -> facts.put("dynamodb", table.toString()));
        started().cloud().user().ifPresent(user -> {
            facts.put("userPoolId", user.client().poolId())
                    .put("userPoolClientId", user.client().id());
            facts.putObject("users").put(user.name(), user.password());
        });
        ObjectNode models = facts.putObject("models");
        started().deployment().models().forEach(model -> models.putObject(model.endpoint())
                .put("declared", model.id())
                .put("served", modelName()));
        try {
            Path part = Files.createTempFile(file.getParent(), "local", ".part");
            JSON.writerWithDefaultPrettyPrinter().writeValue(part.toFile(), facts);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends all that was started, the last first. */
    @Override
    public void close() {
        for (AutoCloseable part = next(); part != null; part = next()) {
            try {
                part.close();
            } catch (Exception e) {
                progress.accept("Not all ended well: " + e.getMessage());
            }
        }
    }

    private synchronized @Nullable AutoCloseable next() {
        closed = true;
        return running.poll();
    }

    private <T extends AutoCloseable> T opened(T part) throws CannotRun {
        synchronized (this) {
            if (!closed) {
                running.push(part);
                return part;
            }
        }
        try {
            part.close();
        } catch (Exception e) {
            progress.accept("Not all ended well: " + e.getMessage());
        }
        throw new CannotRun("The run was ended while it started.");
    }

    private Started started() {
        if (started == null) {
            throw new IllegalStateException("the run has not started");
        }
        return started;
    }

    private void ping(URI model) throws CannotRun {
        URI ping = URI.create(model.toString().replaceAll("/+$", "") + "/ping");
        try {
            HttpResponse<Void> response = http.send(
                    HttpRequest.newBuilder(ping).timeout(Duration.ofSeconds(5)).build(),
                    HttpResponse.BodyHandlers.discarding());
            if (response.statusCode() != 200) {
                throw new CannotRun("MODEL_URL=" + model + ": " + ping + " answers " + response.statusCode()
                        + " where a TGI server answers 200.");
            }
        } catch (IOException e) {
            throw new CannotRun("MODEL_URL=" + model + ": nothing answers there; start the server first.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotRun("Interrupted while asking for the model at " + model + ".");
        }
    }
}
