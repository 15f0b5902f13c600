package parkmeter.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpRetryException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import parkmeter.local.http.Loopback;

/**
 * SageMaker's runtime on loopback: InvokeEndpoint and InvokeEndpointWithResponseStream for the endpoints that are
 * served, each by model servers that answer {@code POST /invocations}, and InvokeEndpointAsync for the asynchronous ones. Successes and
 * errors have SageMaker's wire format (API reference of InvokeEndpoint); signatures aren't checked.
 */
public final class SageMakerRuntime implements AutoCloseable {
    /** SageMaker's limit for a request. */
    private static final int MOST_BYTES = 25 * 1024 * 1024;

    private static final int MOST_BYTES_SERVERLESS = 4 * 1024 * 1024;

    private static final String CUSTOM_ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes";

    private static final String TARGET_VARIANT = "X-Amzn-SageMaker-Target-Variant";

    private final Map<String, Served> served = new ConcurrentHashMap<>();
    private final Random random = new Random();
    private final CloudWatch cloudWatch;
    private final Refusals refusals;
    private final Limits limits;
    private final Javalin server;

    /** An endpoint that is served. */
    private record Served(EndpointConfig configuration, Fleet fleet) {}

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

    /** Lets an endpoint be served. */
    void serve(String endpointName, EndpointConfig configuration, Fleet fleet) {
        served.put(endpointName, new Served(configuration, fleet));
    }

    /** Lets an endpoint be served no more. */
    void withdraw(String endpointName) {
        served.remove(endpointName);
    }

    @Override
    public void close() {
        server.stop();
    }

    private void invoke(Context http) throws IOException {
        forward(http, "Accept", limits.answer(), (model, variant, status) -> {
            try (InputStream body = model.body()) {
                if (status / 100 == 2) {
                    answered(http, model, variant)
                            .contentType(model.contentType())
                            .result(body.readAllBytes());
                } else {
                    refusals.modelError(http, variant, status, body.readAllBytes());
                }
            }
        });
    }

    private void stream(Context http) throws IOException {
        forward(http, "X-Amzn-SageMaker-Accept", limits.stream(), (model, variant, status) -> {
            try (InputStream body = model.body()) {
                if (status / 100 == 2) {
                    answered(http, model, variant)
                            .header("X-Amzn-SageMaker-Content-Type", model.contentType())
                            .contentType("application/vnd.amazon.eventstream");
                    // Javalin's own stream doesn't pass a flush on.
                    PayloadParts.copy(body, http.res().getOutputStream(), limits.stream());
                } else {
                    refusals.modelError(http, variant, status, body.readAllBytes());
                }
            } finally {
                model.leave(); // a caller that has gone lets the model stop
            }
        });
    }

    /** What to do once the model has answered with a status. */
    private interface Answer {
        void from(ModelCall model, String variant, int status) throws IOException;
    }

    private void forward(Context http, String accept, Duration limit, Answer answer) throws IOException {
        http.header("x-amzn-RequestId", UUID.randomUUID().toString());
        String name = Refusals.endpoint(http);
        Served endpoint = served.get(name);
        if (endpoint == null) {
            refusals.notFound(http);
            return;
        }
        if (endpoint.configuration().async().isPresent()) {
            refusals.invalid(http, "Endpoint %s is asynchronous; call InvokeEndpointAsync instead.".formatted(name));
            return;
        }
        int most = endpoint.configuration().serverless() ? MOST_BYTES_SERVERLESS : MOST_BYTES;
        if (http.req().getContentLengthLong() > most) {
            refusals.tooLarge(http, most);
            return;
        }
        Optional<String> wanted = header(http, TARGET_VARIANT);
        Optional<Fleet.Member> member = wanted.map(endpoint.fleet()::named)
                .orElseGet(() -> Optional.of(endpoint.fleet().at(random.nextDouble())));
        if (member.isEmpty()) {
            refusals.invalid(http, "Variant %s of endpoint %s not found.".formatted(wanted.orElse(""), name));
            return;
        }
        String variant = member.get().variant().name();
        cloudWatch.invoked(name, variant);
        URI model = member.get().url();
        ModelCall call = new ModelCall(model, headers(http, accept), limit);
        try {
            answer.from(call, variant, call.send(http.bodyAsBytes()));
        } catch (HttpRetryException e) { // the JDK's way to say 401 or 407
            refusals.modelError(http, variant, e.responseCode(), e.getReason().getBytes(UTF_8));
        } catch (SocketTimeoutException e) {
            refusals.timedOut(http, variant);
        } catch (IOException e) {
            refusals.noAnswer(http, model);
        }
    }

    private static Map<String, String> headers(Context http, String accept) {
        Map<String, String> headers = new HashMap<>();
        header(http, "Content-Type").ifPresent(v -> headers.put("Content-Type", v));
        header(http, accept).ifPresent(v -> headers.put("Accept", v));
        header(http, CUSTOM_ATTRIBUTES).ifPresent(v -> headers.put(CUSTOM_ATTRIBUTES, v));
        return headers;
    }

    private static Optional<String> header(Context http, String name) {
        return Optional.ofNullable(http.header(name));
    }

    private static Context answered(Context http, ModelCall model, String variant) {
        model.header(CUSTOM_ATTRIBUTES).ifPresent(v -> http.header(CUSTOM_ATTRIBUTES, v));
        return http.status(200).header("x-Amzn-Invoked-Production-Variant", variant);
    }
}
