package parkmeter.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import parkmeter.local.aws.SageMakerRuntime.Limits;
import parkmeter.local.http.Loopback;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemakerruntime.SageMakerRuntimeAsyncClient;
import software.amazon.awssdk.services.sagemakerruntime.model.InvokeEndpointResponse;
import software.amazon.awssdk.services.sagemakerruntime.model.InvokeEndpointWithResponseStreamResponse;
import software.amazon.awssdk.services.sagemakerruntime.model.InvokeEndpointWithResponseStreamResponseHandler;
import software.amazon.awssdk.services.sagemakerruntime.model.InvokeEndpointWithResponseStreamResponseHandler.Visitor;
import software.amazon.awssdk.services.sagemakerruntime.model.ModelErrorException;
import software.amazon.awssdk.services.sagemakerruntime.model.ModelStreamErrorException;
import software.amazon.awssdk.services.sagemakerruntime.model.SageMakerRuntimeException;
import software.amazon.awssdk.services.sagemakerruntime.model.ServiceUnavailableException;
import software.amazon.awssdk.services.sagemakerruntime.model.ValidationErrorException;

/** What the AWS SDK makes of the answers. */
@TestInstance(Lifecycle.PER_CLASS)
class SageMakerRuntimeTest {
    private static final String ENDPOINT = "parkmeter-dev-tinyllama";

    private CountDownLatch end = new CountDownLatch(1);
    private Consumer<Context> answer = http -> {};
    private final Javalin model = Loopback.server(
                    0, Duration.ofSeconds(10), config -> config.http.maxRequestSize = 30 * 1024 * 1024)
            .post("/invocations", http -> answer.accept(http))
            .start();
    private final CloudWatch cloudWatch = new CloudWatch(Clock.systemUTC());
    private final StackClock clock = new StackClock(Clock.systemUTC(), 1);
    private final AsyncInference.Surroundings around =
            new AsyncInference.Surroundings(Optional.empty(), clock, Duration.ZERO, name -> false, message -> {});
    private final SageMakerRuntime sageMaker = SageMakerRuntime.start(
            "eu-west-2", "123456789012", cloudWatch, around, new Limits(Duration.ofSeconds(1), Duration.ofSeconds(3)));
    private final SageMakerRuntimeAsyncClient client = SageMakerRuntimeAsyncClient.builder()
            .endpointOverride(sageMaker.url())
            .region(Region.EU_WEST_2)
            .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
            .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(1)))
            .build();

    @BeforeEach
    void serve() {
        end = new CountDownLatch(1);
        answer = http -> http.contentType("application/json").result("[1]");
        serve(URI.create("http://127.0.0.1:" + model.port()));
    }

    @AfterEach
    void letGo() {
        end.countDown();
    }

    @AfterAll
    void stop() {
        client.close();
        sageMaker.close();
        model.stop();
    }

    private void serve(URI model) {
        serve(sageMaker, model);
    }

    private static void serve(SageMakerRuntime runtime, URI model) {
        var variant = new EndpointConfig.Variant("AllTraffic", Optional.of("ml.g5.xlarge"), 1, 1);
        var configuration = new EndpointConfig("configuration", List.of(variant), Optional.empty());
        runtime.serve(
                ENDPOINT, configuration, new Fleet(List.of(Fleet.Member.of(variant, new Services.Started(model)))));
    }

    @Test
    void the_models_answer_comes_back_with_the_name_of_the_variant() {
        InvokeEndpointResponse response = invoke("{\"inputs\": \"grüß\"}");
        assertThat(response.body().asUtf8String()).isEqualTo("[1]");
        assertThat(response.contentType()).isEqualTo("application/json");
        assertThat(response.invokedProductionVariant()).isEqualTo("AllTraffic");
        assertThat(response.responseMetadata().requestId()).isNotBlank();
    }

    @Test
    void closing_does_not_wait_for_a_model_that_thinks() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        answer = http -> {
            called.countDown();
            waitForTheEnd();
        };
        SageMakerRuntime closing = SageMakerRuntime.start("eu-west-2", "123456789012", cloudWatch, around);
        serve(closing, URI.create("http://127.0.0.1:" + model.port()));
        URI url = closing.url().resolve("/endpoints/" + ENDPOINT + "/invocations");
        var call = HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(url)
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(called.await(5, TimeUnit.SECONDS)).isTrue();
        long begin = System.nanoTime();
        closing.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(500));
        assertThat(call).failsWithin(Duration.ofSeconds(1));
    }

    @Test
    void the_model_gets_the_body_and_the_headers_that_sagemaker_passes_on() {
        answer = http -> http.header("X-Amzn-SageMaker-Custom-Attributes", "back")
                .contentType("text/plain")
                .result(String.join(
                        " ",
                        http.body(),
                        http.header("Content-Type"),
                        http.header("Accept"),
                        http.header("X-Amzn-SageMaker-Custom-Attributes"),
                        String.valueOf(http.header("Authorization"))));
        InvokeEndpointResponse response = client.invokeEndpoint(r -> r.endpointName(ENDPOINT)
                        .contentType("application/json")
                        .accept("text/plain")
                        .customAttributes("there")
                        .body(SdkBytes.fromUtf8String("{}")))
                .join();
        assertThat(response.body().asUtf8String()).isEqualTo("{} application/json text/plain there null");
        assertThat(response.customAttributes()).isEqualTo("back");
    }

    @Test
    void a_models_refusal_is_a_model_error_with_its_own_status_and_words() {
        String words =
                "{\"error\":\"Input validation error: `inputs` can't be \\\"empty\\\"\",\"error_type\":\"validation\"}";
        answer = http -> http.status(422).contentType("application/json").result(words);
        ModelErrorException error = failure(ModelErrorException.class, () -> invoke("{}"));
        assertThat(error.statusCode()).isEqualTo(424);
        assertThat(error.originalStatusCode()).isEqualTo(422);
        assertThat(error.originalMessage()).isEqualTo(words);
        assertThat(error.logStreamArn())
                .isEqualTo("arn:aws:logs:eu-west-2:123456789012:log-group:/aws/sagemaker/Endpoints/" + ENDPOINT);
        assertThat(error.awsErrorDetails().errorMessage())
                .startsWith("Received client error (422) from AllTraffic with message \"" + words + "\". See ");
    }

    @Test
    void a_model_that_is_overloaded_or_broken_keeps_its_status_too() {
        answer = http -> http.status(429).result("{\"error\":\"Model is overloaded\"}");
        assertThat(failure(ModelErrorException.class, () -> invoke("{}")).originalStatusCode())
                .isEqualTo(429);
        answer = http -> http.status(500).result("oops");
        ModelErrorException broken = failure(ModelErrorException.class, () -> invoke("{}"));
        assertThat(broken.originalStatusCode()).isEqualTo(500);
        assertThat(broken.awsErrorDetails().errorMessage()).startsWith("Received server error (500) from AllTraffic");
    }

    @Test
    void an_endpoint_that_is_not_served_is_not_found() {
        ValidationErrorException error = failure(ValidationErrorException.class, () -> client.invokeEndpoint(
                        r -> r.endpointName("other").body(SdkBytes.fromUtf8String("{}")))
                .join());
        assertThat(error.statusCode()).isEqualTo(400);
        assertThat(error.awsErrorDetails().errorMessage())
                .isEqualTo("Endpoint other of account 123456789012 not found.");
    }

    @Test
    void an_endpoint_that_is_withdrawn_is_not_found_any_more() {
        assertThat(invoke("{}").body().asUtf8String()).isEqualTo("[1]");
        sageMaker.withdraw(ENDPOINT);
        failure(ValidationErrorException.class, () -> invoke("{}"));
    }

    @Test
    void a_model_server_that_is_down_is_service_unavailable() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            URI nowhere = URI.create("http://127.0.0.1:" + free.getLocalPort());
            serve(nowhere);
        }
        assertThat(failure(ServiceUnavailableException.class, () -> invoke("{}"))
                        .statusCode())
                .isEqualTo(503);
    }

    @Test
    void a_model_that_takes_too_long_is_a_model_error_with_status_0() {
        answer = http -> waitForTheEnd();
        ModelErrorException error = failure(ModelErrorException.class, () -> invoke("{}"));
        assertThat(error.originalStatusCode()).isZero();
        assertThat(error.awsErrorDetails().errorMessage())
                .startsWith("Received server error (0) from AllTraffic with message \"Your invocation timed out");
    }

    @Test
    void a_body_of_25_megabytes_passes_and_a_longer_one_is_refused() {
        String most = "x".repeat(25 * 1024 * 1024);
        answer = http -> http.result(Integer.toString(http.bodyAsBytes().length));
        assertThat(invoke(most).body().asUtf8String()).isEqualTo("26214400");
        SageMakerRuntimeException error = failure(SageMakerRuntimeException.class, () -> invoke(most + "x"));
        assertThat(error.statusCode()).isEqualTo(413);
    }

    @Test
    void a_stream_comes_in_the_parts_that_the_model_writes_when_it_writes_them() throws InterruptedException {
        answer = http -> {
            http.contentType("text/event-stream");
            write(http, "data: grü");
            waitForTheEnd();
            write(http, "ß\n\n");
        };
        Streamed streamed = stream();
        assertThat(streamed.begun.await(500, TimeUnit.MILLISECONDS)).isTrue();
        assertThat(streamed.bytes).hasToString("data: grü");
        end.countDown();
        streamed.done.join();
        assertThat(streamed.bytes).hasToString("data: grüß\n\n");
        assertThat(streamed.response.join().contentType()).isEqualTo("text/event-stream");
        assertThat(streamed.response.join().invokedProductionVariant()).isEqualTo("AllTraffic");
    }

    @Test
    void a_refusal_of_a_stream_is_a_model_error() {
        answer = http -> http.status(422).result("{\"error\":\"no\"}");
        ModelErrorException error = failure(ModelErrorException.class, stream().done::join);
        assertThat(error.originalMessage()).isEqualTo("{\"error\":\"no\"}");
    }

    @Test
    void a_stream_that_breaks_off_says_so() throws Exception {
        try (ServerSocket broken = new ServerSocket(0)) {
            serve(URI.create("http://127.0.0.1:" + broken.getLocalPort()));
            Streamed streamed = stream();
            try (Socket connection = broken.accept()) {
                String start = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n";
                int read = connection.getInputStream().read(new byte[64 * 1024]);
                assertThat(read).isPositive();
                connection.getOutputStream().write(start.getBytes(UTF_8));
                streamed.begun.await();
            }
            ModelStreamErrorException error = failure(ModelStreamErrorException.class, streamed.done::join);
            assertThat(error.errorCode()).isEqualTo("StreamBroken");
            assertThat(streamed.bytes).hasToString("data: 1\n\n");
        }
    }

    @Test
    void a_stream_that_takes_too_long_says_so() {
        answer = http -> {
            http.contentType("text/event-stream");
            while (end.getCount() > 0) {
                write(http, ":\n\n");
                pause();
            }
        };
        ModelStreamErrorException error = failure(ModelStreamErrorException.class, stream().done::join);
        assertThat(error.errorCode()).isEqualTo("ModelInvocationTimeExceeded");
    }

    private InvokeEndpointResponse invoke(String body) {
        return client.invokeEndpoint(r ->
                        r.endpointName(ENDPOINT).contentType("application/json").body(SdkBytes.fromUtf8String(body)))
                .join();
    }

    /** A streamed call: its bytes so far, its head, and its end. */
    private record Streamed(
            ByteArrayOutputStream bytes,
            CountDownLatch begun,
            CompletableFuture<InvokeEndpointWithResponseStreamResponse> response,
            CompletableFuture<Void> done) {}

    private Streamed stream() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<InvokeEndpointWithResponseStreamResponse> head = new CompletableFuture<>();
        Visitor visitor = Visitor.builder()
                .onPayloadPart(part -> {
                    bytes.writeBytes(part.bytes().asByteArray());
                    begun.countDown();
                })
                .build();
        CompletableFuture<Void> done = client.invokeEndpointWithResponseStream(
                r -> r.endpointName(ENDPOINT).body(SdkBytes.fromUtf8String("{}")),
                InvokeEndpointWithResponseStreamResponseHandler.builder()
                        .onResponse(head::complete)
                        .subscriber(visitor)
                        .build());
        return new Streamed(bytes, begun, head, done);
    }

    private static <E extends Throwable> E failure(Class<E> type, Runnable call) {
        CompletionException thrown = catchThrowableOfType(CompletionException.class, call::run);
        assertThat(thrown).hasCauseInstanceOf(type);
        return Objects.requireNonNull(type.cast(thrown.getCause()));
    }

    private static void write(Context http, String text) {
        try {
            http.res().getOutputStream().write(text.getBytes(UTF_8));
            http.res().getOutputStream().flush();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void waitForTheEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
