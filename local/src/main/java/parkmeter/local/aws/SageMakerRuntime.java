package parkmeter.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
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

    private final Map<String, Supplier<URI>> models = new ConcurrentHashMap<>();
    private final CloudWatch cloudWatch;
    private final Refusals refusals;
    private final Limits limits;
    private final Javalin server;

    /** How long a model may take for a whole answer, and for a streamed one. */
    record Limits(Duration answer, Duration stream) {
        static final Limits OF_SAGEMAKER = new Limits(Duration.ofSeconds(60), Duration.ofMinutes(8));
    }

    private SageMakerRuntime(String region, String account, CloudWatch cloudWatch, Limits limits) {
        this.cloudWatch = cloudWatch;
        this.refusals = new Refusals(region, account);
        this.limits = limits;
        server = Loopback.server(0, limits.stream(), config -> config.http.maxRequestSize = MOST_BYTES)
                .post("/endpoints/{name}/invocations", this::invoke)
                .post("/endpoints/{name}/invocations-response-stream", this::stream)
                .start();
    }

    /**
     * Starts without an endpoint.
     *
     * @param region for the names in error messages, as is {@code account}
     * @param cloudWatch counts the calls
     */
    public static SageMakerRuntime start(String region, String account, CloudWatch cloudWatch) {
        return start(region, account, cloudWatch, Limits.OF_SAGEMAKER);
    }

    static SageMakerRuntime start(String region, String account, CloudWatch cloudWatch, Limits limits) {
        return new SageMakerRuntime(region, account, cloudWatch, limits);
    }

    /** Where it is, for AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /**
     * Lets an endpoint be served.
     *
     * @param model address of its model server, without {@code /invocations}; asked for at each call
     */
    void serve(String endpointName, Supplier<URI> model) {
        models.put(endpointName, model);
    }

    /** Lets an endpoint be served no more. */
    void withdraw(String endpointName) {
        models.remove(endpointName);
    }

    @Override
    public void close() {
        server.stop();
    }

    private void invoke(Context http) throws IOException {
        forward(http, "Accept", limits.answer(), (model, status) -> {
            try (InputStream body = body(model)) {
                if (status / 100 == 2) {
                    answered(http, model).contentType(contentType(model)).result(body.readAllBytes());
                } else {
                    refusals.modelError(http, status, body.readAllBytes());
                }
            }
        });
    }

    private void stream(Context http) throws IOException {
        forward(http, "X-Amzn-SageMaker-Accept", limits.stream(), (model, status) -> {
            try (InputStream body = body(model)) {
                if (status / 100 == 2) {
                    answered(http, model)
                            .header("X-Amzn-SageMaker-Content-Type", contentType(model))
                            .contentType("application/vnd.amazon.eventstream");
                    // Javalin's own stream doesn't pass a flush on.
                    PayloadParts.copy(body, http.res().getOutputStream(), limits.stream());
                } else {
                    refusals.modelError(http, status, body.readAllBytes());
                }
            } finally {
                model.disconnect(); // a caller that has gone lets the model stop
            }
        });
    }

    /** What to do once the model has answered with a status. */
    private interface Answer {
        void from(HttpURLConnection model, int status) throws IOException;
    }

    private void forward(Context http, String accept, Duration limit, Answer answer) throws IOException {
        http.header("x-amzn-RequestId", UUID.randomUUID().toString());
        Supplier<URI> served = models.get(Refusals.endpoint(http));
        if (served == null) {
            refusals.notFound(http);
        } else if (http.req().getContentLengthLong() > MOST_BYTES) {
            refusals.tooLarge(http, MOST_BYTES);
        } else {
            cloudWatch.invoked(Refusals.endpoint(http));
            URI model = served.get();
            HttpURLConnection connection = connection(http, accept, model, limit);
            try {
                answer.from(connection, send(connection, http.bodyAsBytes()));
            } catch (HttpRetryException e) { // the JDK's way to say 401 or 407
                refusals.modelError(http, e.responseCode(), e.getReason().getBytes(UTF_8));
            } catch (SocketTimeoutException e) {
                refusals.timedOut(http);
            } catch (IOException e) {
                refusals.noAnswer(http, model);
            }
        }
    }

    private static HttpURLConnection connection(Context http, String accept, URI model, Duration limit)
            throws IOException {
        URL url = URI.create(withoutSlash(model) + "/invocations").toURL();
        HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setInstanceFollowRedirects(false);
        connection.setReadTimeout((int) limit.toMillis());
        header(http, "Content-Type").ifPresent(v -> connection.setRequestProperty("Content-Type", v));
        header(http, accept).ifPresent(v -> connection.setRequestProperty("Accept", v));
        header(http, CUSTOM_ATTRIBUTES).ifPresent(v -> connection.setRequestProperty(CUSTOM_ATTRIBUTES, v));
        return connection;
    }

    private static int send(HttpURLConnection model, byte[] body) throws IOException {
        model.setFixedLengthStreamingMode(body.length); // else the JDK sends a failed generation again by itself
        try (OutputStream out = model.getOutputStream()) {
            out.write(body);
        }
        return model.getResponseCode();
    }

    private static InputStream body(HttpURLConnection model) throws IOException {
        InputStream refused = model.getErrorStream();
        if (refused != null) {
            return refused;
        }
        return model.getResponseCode() < 400 ? model.getInputStream() : InputStream.nullInputStream();
    }

    private static String withoutSlash(URI model) {
        String text = model.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private static Optional<String> header(Context http, String name) {
        return Optional.ofNullable(http.header(name));
    }

    private static String contentType(HttpURLConnection model) {
        return Optional.ofNullable(model.getContentType()).orElse("application/octet-stream");
    }

    private static Context answered(Context http, HttpURLConnection model) {
        Optional.ofNullable(model.getHeaderField(CUSTOM_ATTRIBUTES)).ifPresent(v -> http.header(CUSTOM_ATTRIBUTES, v));
        return http.status(200).header("x-Amzn-Invoked-Production-Variant", SageMaker.VARIANT);
    }
}
