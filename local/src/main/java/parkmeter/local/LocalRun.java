package parkmeter.local;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import parkmeter.local.aws.AwsApi;
import parkmeter.local.aws.CloudWatch;
import parkmeter.local.aws.Containers;
import parkmeter.local.aws.DynamoDb;
import parkmeter.local.aws.Rules;
import parkmeter.local.aws.SageMaker;
import parkmeter.local.aws.SageMakerRuntime;
import parkmeter.local.aws.Sns;
import parkmeter.local.aws.Ssm;
import parkmeter.local.aws.StackClock;
import parkmeter.local.gateway.Gateway;
import parkmeter.local.lambda.FunctionRuntime;
import parkmeter.local.lambda.Host;
import parkmeter.local.lambda.InvokeResult;
import parkmeter.local.tgi.BadWeights;
import parkmeter.local.tgi.Weights;

/**
 * A stack's declared parts, running: gateway, functions, SageMaker's runtime API, model servers. It can be closed at any time, also
 * while it starts.
 */
final class LocalRun implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Order order;
    private final Consumer<String> progress;
    private final Consumer<String> news;
    private final Path logs;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private boolean closed;
    private @Nullable ModelServers servers;
    private @Nullable Started started;

    /** What is known once everything runs. */
    private record Started(
            Deployment deployment, String modelName, FunctionRuntime functions, Gateway gateway, Services services) {}

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
            CompletableFuture<Map<String, String>> table = supply(() -> table(meter.tables()));
            var clock = new StackClock(Clock.systemUTC(), order.speed());
            Services services = services(deployment, answering, clock);
            Map<String, String> variables = new HashMap<>(services.variables());
            variables.putAll(table.join());
            variables.put("PARKMETER_CLOCK", clock.variable());
            FunctionRuntime functions = opened(FunctionRuntime.start(
                    deployment.functions(),
                    Host.of(order.project().resolve("local/target/ric"), variables, logs.resolve("functions.log"))));
            // Before what takes longer: the port may be taken.
            Gateway gateway = opened(Gateway.start(deployment.api(), functions, Clock.systemUTC(), order.port()));
            // The others come up when they are called: two cores have enough to do.
            CompletableFuture<Void> warm = functions.warm(deployment.entrance().functionArn());
            for (Metering.Invocation registration : meter.registrations()) {
                register(registration, functions);
            }
            opened(Rules.start(meter.rules(), functions, clock, progress));
            services.sageMaker().started().join();
            warm.join();
            started = new Started(deployment, answering.name(), functions, gateway, services);
        } catch (IOException | RuntimeException | CannotRun e) {
            close();
            Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
            throw cause instanceof CannotRun known ? known : new CannotRun(String.valueOf(cause.getMessage()));
        }
    }

    /** What answers in AWS's stead, and what the functions are to know of it. */
    private record Services(SageMaker sageMaker, AwsApi api, Map<String, String> variables) {}

    /** Starts them, and the endpoints that the stack itself declares. */
    private Services services(Deployment deployment, Answering answering, StackClock clock) throws CannotRun {
        var cloudWatch = new CloudWatch(clock);
        SageMakerRuntime runtime = opened(
                SageMakerRuntime.start(deployment.region(), deployment.api().account(), cloudWatch));
        SageMaker sageMaker = opened(new SageMaker(
                deployment.place(),
                deployment.configurations().values().stream()
                        .map(Deployment.Configuration::declared)
                        .toList(),
                containers(deployment, answering),
                runtime,
                clock,
                order.start()));
        var meterNews = new MeterNews(clock, news);
        // What the meter tells is shown here, also where the stack names nobody to tell.
        String topic = deployment.meter().topic().orElseGet(() -> "arn:%s:sns:%s:%s:terminal"
                .formatted(
                        deployment.place().partition(),
                        deployment.region(),
                        deployment.api().account()));
        AwsApi api = opened(AwsApi.start(
                sageMaker,
                new Ssm(clock, meterNews::mirrored),
                cloudWatch,
                new Sns(Set.of(topic), meterNews::published)));
        deployment.models().stream()
                .filter(Deployment.Model::alwaysOn)
                .forEach(model -> sageMaker.declare(model.endpoint(), model.configuration()));
        return new Services(
                sageMaker,
                api,
                Map.of(
                        "AWS_ENDPOINT_URL",
                        api.url().toString(),
                        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME",
                        runtime.url().toString(),
                        "PARKMETER_TOPIC",
                        topic));
    }

    /** Starts DynamoDB Local where a table is declared; what the functions are to know of it. */
    private Map<String, String> table(List<DynamoDb.Table> tables) throws IOException, CannotRun {
        if (tables.isEmpty()) {
            return Map.of();
        }
        DynamoDb dynamoDb = opened(DynamoDb.start(order.project().resolve("local/target/dynamodb")));
        for (DynamoDb.Table each : tables) {
            dynamoDb.create(each);
        }
        return Map.of("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.url().toString());
    }

    private Containers containers(Deployment deployment, Answering answering) throws CannotRun {
        if (answering.weights().isEmpty()) {
            return ModelServers.at(order.modelUrl().orElseThrow());
        }
        servers = opened(new ModelServers(
                deployment.configurations(), answering.weights().get(), logs, progress));
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

    /** What may fail with a sentence of its own. */
    private interface Step<T> {
        T take() throws IOException, CannotRun;
    }

    private static <T> CompletableFuture<T> supply(Step<T> step) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return step.take();
            } catch (IOException | CannotRun e) {
                throw new CompletionException(e);
            }
        });
    }

    /** The API's address with its stage. */
    URI url() {
        return URI.create("http://127.0.0.1:" + started().gateway().port() + "/"
                + started().deployment().api().stage());
    }

    /** The address of the first route. */
    URI invokeUrl() {
        return URI.create("http://127.0.0.1:" + started().gateway().port()
                + started().deployment().invokePath());
    }

    /** Where AWS's stand-ins are, with what lets them fail. */
    URI awsUrl() {
        return started().services().api().url();
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
                .services()
                .sageMaker()
                .serves(started().deployment().entrance().model().endpoint());
    }

    /**
     * Sends a prompt as {@link #invoke} does, and again each second while the model starts, or was woken by it and is going to.
     *
     * @param patience how long to ask for an answer
     * @return the last answer
     */
    HttpResponse<String> invokeUntilItRuns(String prompt, Duration patience) throws CannotRun {
        long end = System.nanoTime() + patience.toNanos();
        HttpResponse<String> answer = invoke(prompt);
        for (boolean first = true; goingToRun(answer) && System.nanoTime() - end < 0; first = false) {
            if (first) {
                progress.accept("The model does not run yet; it is asked again until it does.");
            }
            pause();
            answer = invoke(prompt);
        }
        return answer;
    }

    private boolean goingToRun(HttpResponse<String> answer) {
        if (answer.statusCode() != 503) {
            return false;
        }
        try {
            String code = JSON.readTree(answer.body()).path("code").asText();
            return code.equals("model_starting")
                    || (code.equals("model_stopped")
                            && started().deployment().entrance().model().wakes());
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static void pause() throws CannotRun {
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotRun("Interrupted while waiting for the model.");
        }
    }

    /** Sends a prompt through the whole API, with the first client's key. */
    HttpResponse<String> invoke(String prompt) throws CannotRun {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("prompt", prompt);
        body.putObject("parameters").put("max_new_tokens", 128).put("temperature", 0);
        var request = HttpRequest.newBuilder(invokeUrl())
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .header(
                        "x-api-key",
                        started().deployment().clients().values().iterator().next())
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new CannotRun("The gateway at " + url() + " gave no answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotRun("Interrupted while waiting for an answer.");
        }
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
