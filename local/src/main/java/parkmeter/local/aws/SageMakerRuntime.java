package parkmeter.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.TextNode;
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

    /** What an asynchronous request may carry itself. */
    private static final int MOST_BYTES_INLINE = 128_000;

    private static final int MOST_SECONDS_TO_LIVE = 6 * 60 * 60;
    private static final int LEAST_SECONDS_TO_LIVE = 60;
    private static final int MOST_SECONDS_OF_ANSWER = 60 * 60;
    private static final int SECONDS_OF_ANSWER = 15 * 60;

    private final Map<String, Served> served = new ConcurrentHashMap<>();
    private final Map<String, AsyncInference> queues = new ConcurrentHashMap<>();
    private final Random random = new Random();
    private final CloudWatch cloudWatch;
    private final AsyncInference.Surroundings around;
    private final Refusals refusals;
    private final Limits limits;
    private final Javalin server;

    /** An endpoint that is served. */
    private record Served(EndpointConfig configuration, Fleet fleet) {}

    /** How long a model may take for a whole answer, and for a streamed one. */
    record Limits(Duration answer, Duration stream) {
        static final Limits OF_SAGEMAKER = new Limits(Duration.ofSeconds(60), Duration.ofMinutes(8));
    }

    private SageMakerRuntime(
            String region, String account, CloudWatch cloudWatch, AsyncInference.Surroundings around, Limits limits) {
        this.around = around;
        this.cloudWatch = cloudWatch;
        this.refusals = new Refusals(region, account);
        this.limits = limits;
        server = Loopback.server(0, limits.stream(), config -> config.http.maxRequestSize = MOST_BYTES)
                .post("/endpoints/{name}/invocations", this::invoke)
                .post("/endpoints/{name}/invocations-response-stream", this::stream)
                .post("/endpoints/{name}/async-invocations", this::invokeAsync)
                .start();
    }

    /**
     * Starts without an endpoint.
     *
     * @param region for the names in error messages, as is {@code account}
     * @param cloudWatch counts the calls
     * @param around what asynchronous endpoints need
     */
    public static SageMakerRuntime start(
            String region, String account, CloudWatch cloudWatch, AsyncInference.Surroundings around) {
        return start(region, account, cloudWatch, around, Limits.OF_SAGEMAKER);
    }

    static SageMakerRuntime start(
            String region, String account, CloudWatch cloudWatch, AsyncInference.Surroundings around, Limits limits) {
        return new SageMakerRuntime(region, account, cloudWatch, around, limits);
    }

    /** Where it is, for AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** Lets an endpoint be served. */
    void serve(String endpointName, EndpointConfig configuration, Fleet fleet) {
        served.put(endpointName, new Served(configuration, fleet));
        AsyncInference before = queues.get(endpointName);
        Optional<EndpointConfig.Async> async = configuration.async();
        if (before != null && !async.equals(Optional.of(before.config()))) {
            queues.remove(endpointName);
            before.close();
        }
        async.ifPresent(config -> queues.computeIfAbsent(
                endpointName,
                name -> new AsyncInference(
                        name,
                        config,
                        configuration.variants().get(0).instances(),
                        () -> member(name),
                        around,
                        refusals::sentence)));
    }

    /** The variant that gets an asynchronous request. */
    private Fleet.Member member(String endpointName) {
        Served endpoint = served.get(endpointName);
        if (endpoint == null) {
            throw new IllegalStateException(endpointName + " is served no more");
        }
        return endpoint.fleet().at(random.nextDouble());
    }

    /** Whether an asynchronous endpoint has no instance at the moment. */
    boolean atZero(String endpointName) {
        AsyncInference queue = queues.get(endpointName);
        return queue != null && queue.atZero();
    }

    /** Lets an endpoint be served no more. */
    void withdraw(String endpointName) {
        served.remove(endpointName);
        Optional.ofNullable(queues.remove(endpointName)).ifPresent(AsyncInference::close);
    }

    @Override
    public void close() {
        server.stop();
        queues.values().forEach(AsyncInference::close);
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
        ModelCall call = new ModelCall(model, headers(http, "Content-Type", accept), limit);
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

    private void invokeAsync(Context http) {
        http.header("x-amzn-RequestId", UUID.randomUUID().toString());
        String name = Refusals.endpoint(http);
        Served endpoint = served.get(name);
        AsyncInference queue = queues.get(name);
        if (endpoint == null) {
            refusals.notFound(http);
            return;
        }
        if (queue == null) {
            refusals.invalid(http, "Endpoint %s is not asynchronous; call InvokeEndpoint instead.".formatted(name));
            return;
        }
        Optional<String> input = header(http, "X-Amzn-SageMaker-InputLocation");
        byte[] body = http.bodyAsBytes();
        Optional<String> fault = fault(input, body)
                .or(() -> outside(
                        http,
                        "X-Amzn-SageMaker-RequestTTLSeconds",
                        "requestTTLSeconds",
                        LEAST_SECONDS_TO_LIVE,
                        MOST_SECONDS_TO_LIVE))
                .or(() -> outside(
                        http,
                        "X-Amzn-SageMaker-InvocationTimeoutSeconds",
                        "invocationTimeoutSeconds",
                        1,
                        MOST_SECONDS_OF_ANSWER));
        if (fault.isPresent()) {
            refusals.invalid(http, fault.get());
            return;
        }
        String random = UUID.randomUUID().toString();
        String inferenceId = header(http, "X-Amzn-SageMaker-Inference-Id")
                .orElseGet(() -> UUID.randomUUID().toString());
        AsyncInference.Request request = new AsyncInference.Request(
                inferenceId,
                input,
                body,
                headers(http, "X-Amzn-SageMaker-Content-Type", "X-Amzn-SageMaker-Accept"),
                around.clock().instant(),
                seconds(http, "X-Amzn-SageMaker-RequestTTLSeconds", MOST_SECONDS_TO_LIVE),
                seconds(http, "X-Amzn-SageMaker-InvocationTimeoutSeconds", SECONDS_OF_ANSWER),
                within(queue.config().output(), random + ".out"),
                queue.config().failure().map(failure -> within(failure, random + "-error.out")));
        http.status(202)
                .header("X-Amzn-SageMaker-OutputLocation", request.output())
                .contentType("application/json")
                .result("{\"InferenceId\":" + TextNode.valueOf(inferenceId) + "}");
        request.failure().ifPresent(failure -> http.header("X-Amzn-SageMaker-FailureLocation", failure));
        queue.take(request);
    }

    /** What is wrong with where a request's body is. */
    private static Optional<String> fault(Optional<String> input, byte[] body) {
        if (input.isPresent() == body.length > 0) {
            return Optional.of("A request has either an InputLocation or a Body.");
        }
        if (body.length > MOST_BYTES_INLINE) {
            return Optional.of("An inline Body has at most %d bytes.".formatted(MOST_BYTES_INLINE));
        }
        return input.filter(uri -> !uri.matches("s3://[^/]+/.+"))
                .map(uri -> "InputLocation must be an object in S3, s3://<bucket>/<key>.");
    }

    private static Optional<String> outside(Context http, String header, String member, int least, int most) {
        return header(http, header)
                .filter(value ->
                        !value.matches("\\d{1,9}") || Integer.parseInt(value) < least || Integer.parseInt(value) > most)
                .map(value ->
                        ("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must"
                                        + " have value between %d and %d")
                                .formatted(value, member, least, most));
    }

    private static Duration seconds(Context http, String header, int otherwise) {
        return Duration.ofSeconds(header(http, header).map(Integer::parseInt).orElse(otherwise));
    }

    private static String within(String prefix, String name) {
        return prefix.endsWith("/") ? prefix + name : prefix + "/" + name;
    }

    private static Map<String, String> headers(Context http, String contentType, String accept) {
        Map<String, String> headers = new HashMap<>();
        header(http, contentType).ifPresent(v -> headers.put("Content-Type", v));
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
