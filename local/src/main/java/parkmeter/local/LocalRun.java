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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import parkmeter.local.aws.SageMakerRuntime;
import parkmeter.local.gateway.Gateway;
import parkmeter.local.lambda.FunctionRuntime;
import parkmeter.local.lambda.Host;
import parkmeter.local.tgi.BadWeights;
import parkmeter.local.tgi.Weights;

/** A stack's declared parts, running: model servers, SageMaker's runtime API, functions, gateway. */
final class LocalRun implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Map<String, ModelProcess> modelProcesses = new LinkedHashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Deployment deployment;
    private final String modelName;
    private final FunctionRuntime functions;
    private final Gateway gateway;

    private LocalRun(Deployment deployment, Order order, Consumer<String> progress) throws CannotRun {
        this.deployment = deployment;
        Path logs = order.project().resolve("target/local-logs");
        try {
            Files.createDirectories(logs);
            SageMakerRuntime sageMaker = started(
                    SageMakerRuntime.start(deployment.region(), deployment.api().account()));
            this.functions = started(FunctionRuntime.start(
                    deployment.functions(),
                    Host.of(
                            order.project().resolve("local/target/ric"),
                            Map.of(
                                    "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME",
                                    sageMaker.url().toString()),
                            logs.resolve("functions.log"))));
            CompletableFuture<Void> warm = functions.warm();
            if (order.modelUrl().isPresent()) {
                URI url = order.modelUrl().get();
                ping(url);
                this.modelName = "the server at " + url;
                deployment.models().forEach(model -> sageMaker.serve(model.endpoint(), url));
            } else {
                Weights.Found weights = Weights.of(System.getenv(), progress).find(order.model());
                this.modelName = weights.name();
                for (Deployment.Model model : deployment.models()) {
                    Path log = logs.resolve(model.endpoint() + ".log");
                    ModelProcess process =
                            started(ModelProcess.start(weights.file(), model.id(), model.environment(), log));
                    modelProcesses.put(model.endpoint(), process);
                    sageMaker.serve(model.endpoint(), process.url());
                }
            }
            warm.join();
            this.gateway = started(Gateway.start(deployment.api(), functions, Clock.systemUTC(), order.port()));
        } catch (IOException | BadWeights | RuntimeException | CannotRun e) {
            close();
            Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
            throw cause instanceof CannotRun known ? known : new CannotRun(String.valueOf(cause.getMessage()));
        }
    }

    /**
     * Starts everything and returns when the gateway answers.
     *
     * @param progress takes a line while something takes long
     * @throws CannotRun where something does not come up; what had started is ended again
     */
    static LocalRun start(Deployment deployment, Order order, Consumer<String> progress) throws CannotRun {
        return new LocalRun(deployment, order, progress);
    }

    /** The API's address with its stage. */
    URI url() {
        return URI.create(
                "http://127.0.0.1:" + gateway.port() + "/" + deployment.api().stage());
    }

    /** The address of the first route. */
    URI invokeUrl() {
        return URI.create("http://127.0.0.1:" + gateway.port() + deployment.invokePath());
    }

    /** What answers in place of the declared models. */
    String modelName() {
        return modelName;
    }

    /** The functions' processes that run now. */
    List<ProcessHandle> functionProcesses() {
        return functions.processes();
    }

    /** The model servers' processes by the endpoints' names; none where another server is used. */
    Map<String, ModelProcess> modelProcesses() {
        return modelProcesses;
    }

    /** Sends a prompt through the whole API, with the first client's key. */
    HttpResponse<String> invoke(String prompt) throws CannotRun {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("prompt", prompt);
        body.putObject("parameters").put("max_new_tokens", 128).put("temperature", 0);
        var request = HttpRequest.newBuilder(invokeUrl())
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .header("x-api-key", deployment.clients().values().iterator().next())
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
                .put("invokeUrl", invokeUrl().toString());
        ObjectNode clients = facts.putObject("clients");
        deployment.clients().forEach(clients::put);
        ObjectNode models = facts.putObject("models");
        deployment.models().forEach(model -> models.putObject(model.endpoint())
                .put("declared", model.id())
                .put("served", modelName));
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
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                // One part that does not end well must not keep the others running.
            }
        }
    }

    private <T extends AutoCloseable> T started(T part) {
        running.push(part);
        return part;
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
