package parkmeter.local.aws;

import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import parkmeter.local.http.Loopback;

/**
 * SageMaker's runtime on loopback: InvokeEndpoint and InvokeEndpointWithResponseStream for the endpoints that are
 * served, each by a model server that answers {@code POST /invocations}. Successes and errors have SageMaker's wire
 * format (API reference of InvokeEndpoint); signatures aren't checked.
 */
public final class SageMakerRuntime implements AutoCloseable {
    /** SageMaker's limit for a request. */
    private static final int MOST_BYTES = 25 * 1024 * 1024;

    private static final String CUSTOM_ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes";

    private final Map<String, URI> models = new ConcurrentHashMap<>();
    private final Refusals refusals;
    private final Limits limits;
    private final Javalin server;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final ExecutorService streams = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "sagemaker-stream");
        thread.setDaemon(true);
        return thread;
    });

    /** How long a model may take for a whole answer, and for a streamed one. */
    record Limits(Duration answer, Duration stream) {
        static final Limits OF_SAGEMAKER = new Limits(Duration.ofSeconds(60), Duration.ofMinutes(8));
    }

    private SageMakerRuntime(String region, String account, Limits limits) {
        this.refusals = new Refusals(region, account);
        this.limits = limits;
        server = Loopback.server(MOST_BYTES, limits.stream())
                .post("/endpoints/{name}/invocations", this::invoke)
                .post("/endpoints/{name}/invocations-response-stream", this::stream)
                .start();
    }

    /**
     * Starts without an endpoint.
     *
     * @param region for the names in error messages, as is {@code account}
     */
    public static SageMakerRuntime start(String region, String account) {
        return start(region, account, Limits.OF_SAGEMAKER);
    }

    static SageMakerRuntime start(String region, String account, Limits limits) {
        return new SageMakerRuntime(region, account, limits);
    }

    /** Where it is, for AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /**
     * Lets an endpoint be served.
     *
     * @param model address of its model server, without {@code /invocations}
     */
    public void serve(String endpointName, URI model) {
        models.put(endpointName, model);
    }

    @Override
    public void close() {
        server.stop();
        streams.shutdownNow();
    }

    private void invoke(Context http) {
        forward(http, "Accept", limits.answer(), BodyHandlers.ofByteArray(), response -> {
            if (isSuccess(response)) {
                answered(http, response).contentType(contentType(response)).result(response.body());
            } else {
                refusals.modelError(http, response.statusCode(), response.body());
            }
        });
    }

    private void stream(Context http) {
        forward(http, "X-Amzn-SageMaker-Accept", limits.stream(), BodyHandlers.ofInputStream(), response -> {
            try (InputStream body = response.body()) {
                if (isSuccess(response)) {
                    answered(http, response)
                            .header("X-Amzn-SageMaker-Content-Type", contentType(response))
                            .contentType("application/vnd.amazon.eventstream");
                    // Javalin's own stream doesn't pass a flush on.
                    PayloadParts.copy(body, http.res().getOutputStream(), limits.stream());
                } else {
                    refusals.modelError(http, response.statusCode(), body.readAllBytes());
                }
            } catch (IOException e) {
                // The caller has gone; closing the body tells the model.
            }
        });
    }

    /** Sends the request on and answers with what comes back; only a streamed answer has a thread of its own. */
    private <T> void forward(
            Context http, String accept, Duration limit, BodyHandler<T> handler, Consumer<HttpResponse<T>> answer) {
        http.header("x-amzn-RequestId", UUID.randomUUID().toString());
        URI model = models.get(Refusals.endpoint(http));
        if (model == null) {
            refusals.notFound(http);
        } else if (http.req().getContentLengthLong() > MOST_BYTES) {
            refusals.tooLarge(http, MOST_BYTES);
        } else {
            HttpRequest request = request(http, accept, model, limit);
            http.future(() -> client.sendAsync(request, handler)
                    .thenAcceptAsync(answer, streams)
                    .exceptionally(e -> noAnswer(http, model, e)));
        }
    }

    private static HttpRequest request(Context http, String accept, URI model, Duration limit) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(withoutSlash(model) + "/invocations"))
                .timeout(limit)
                .POST(BodyPublishers.ofByteArray(http.bodyAsBytes()));
        header(http, "Content-Type").ifPresent(v -> request.header("Content-Type", v));
        header(http, accept).ifPresent(v -> request.header("Accept", v));
        header(http, CUSTOM_ATTRIBUTES).ifPresent(v -> request.header(CUSTOM_ATTRIBUTES, v));
        return request.build();
    }

    private static String withoutSlash(URI model) {
        String text = model.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private static Optional<String> header(Context http, String name) {
        return Optional.ofNullable(http.header(name));
    }

    private static boolean isSuccess(HttpResponse<?> response) {
        return response.statusCode() / 100 == 2;
    }

    private static String contentType(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElse("application/octet-stream");
    }

    private static Context answered(Context http, HttpResponse<?> response) {
        response.headers().firstValue(CUSTOM_ATTRIBUTES).ifPresent(v -> http.header(CUSTOM_ATTRIBUTES, v));
        return http.status(200).header("x-Amzn-Invoked-Production-Variant", Refusals.VARIANT);
    }

    private @Nullable Void noAnswer(Context http, URI model, Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        if (cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException)) {
            refusals.timedOut(http);
        } else {
            refusals.noAnswer(http, model);
        }
        return null;
    }
}
