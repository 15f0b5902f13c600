package parkmeter.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parkmeter.local.http.Loopback;
import software.amazon.awssdk.services.sagemaker.SageMakerAsyncClient;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointResponse;
import software.amazon.awssdk.services.sagemaker.model.EndpointStatus;
import software.amazon.awssdk.services.sagemakerruntime.SageMakerRuntimeAsyncClient;
import software.amazon.awssdk.services.sagemakerruntime.model.InvokeEndpointAsyncRequest;
import software.amazon.awssdk.services.sagemakerruntime.model.InvokeEndpointAsyncResponse;
import software.amazon.awssdk.services.sagemakerruntime.model.SageMakerRuntimeException;

/** Asynchronous endpoints, as the AWS SDK calls them and as plain HTTP does; the stack's clock runs a hundred times as fast. */
class AsyncInferenceTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private volatile Consumer<Context> answer =
            http -> http.contentType("application/json").result("said: " + http.body());
    private final Javalin model = Loopback.server(0, Duration.ofSeconds(10), config -> {})
            .post("/invocations", http -> answer.accept(http))
            .start();
    private final Services services =
            new Services(URI.create("http://127.0.0.1:" + model.port()), Duration.ofSeconds(50));
    private final SageMakerAsyncClient control = services.client(SageMakerAsyncClient.builder());
    private final SageMakerRuntimeAsyncClient runtime =
            Services.client(SageMakerRuntimeAsyncClient.builder(), services.runtime.url());

    @AfterEach
    void stop() {
        runtime.close();
        control.close();
        services.close();
        model.stop();
    }

    @Test
    void a_request_in_s3_is_taken_at_once_and_answered_into_s3() {
        serve("first", "jobs");
        services.s3.write("s3://answers/async/m/in/1", "one".getBytes(UTF_8), "application/json");

        InvokeEndpointAsyncResponse taken = runtime.invokeEndpointAsync(
                        request("first").inferenceId("mine").build())
                .join();

        assertThat(taken.inferenceId()).isEqualTo("mine");
        assertThat(taken.outputLocation()).matches("s3://answers/async/m/out/[0-9a-f-]{36}\\.out");
        assertThat(taken.failureLocation()).matches("s3://answers/async/m/failed/[0-9a-f-]{36}-error\\.out");
        assertThat(object(taken.outputLocation())).isEqualTo("said: one");
        assertThat(services.s3.read(taken.failureLocation())).isEmpty();
    }

    @Test
    void a_request_may_carry_its_body_itself() throws Exception {
        serve("first", "jobs");

        HttpResponse<String> taken = post("first", "two");

        assertThat(taken.statusCode()).isEqualTo(202);
        assertThat(JSON.readTree(taken.body()).path("InferenceId").asText()).isNotEmpty();
        assertThat(object(taken.headers()
                        .firstValue("X-Amzn-SageMaker-OutputLocation")
                        .orElseThrow()))
                .isEqualTo("said: two");
        assertThat(post("first", "x".repeat(128_001)).statusCode()).isEqualTo(400);
        assertThat(post("first", "").statusCode()).isEqualTo(400);
    }

    @Test
    void what_the_model_refuses_is_a_failure_with_sagemakers_sentence() throws Exception {
        serve("first", "jobs");
        answer = http -> http.status(422).result("{\"error\": \"too long\"}");

        HttpResponse<String> taken = post("first", "long");

        assertThat(object(taken.headers()
                        .firstValue("X-Amzn-SageMaker-FailureLocation")
                        .orElseThrow()))
                .startsWith(
                        "Received client error (422) from AllTraffic with message \"{\"error\": \"too long\"}\". See ");
        assertThat(services.s3.read(taken.headers()
                        .firstValue("X-Amzn-SageMaker-OutputLocation")
                        .orElseThrow()))
                .isEmpty();
    }

    @Test
    void topics_are_told_what_came_of_it() throws Exception {
        serve("first", "jobs");
        post("first", "good");
        until(() -> services.answered.size() == 1);
        answer = http -> http.status(500).result("broken");
        post("first", "bad");
        until(() -> services.answered.size() == 2);

        assertThat(services.answered.get(0).topicArn()).endsWith(":done");
        JsonNode done = JSON.readTree(services.answered.get(0).text());
        assertThat(done.path("invocationStatus").asText()).isEqualTo("Completed");
        assertThat(done.at("/responseParameters/outputLocation").asText()).startsWith("s3://answers/async/m/out/");
        assertThat(services.answered.get(1).topicArn()).endsWith(":failed");
        JsonNode failed = JSON.readTree(services.answered.get(1).text());
        assertThat(failed.path("invocationStatus").asText()).isEqualTo("Failed");
        assertThat(failed.path("failureReason").asText()).contains("(500)");
    }

    @Test
    void a_body_that_is_not_there_is_a_failure() {
        serve("first", "jobs");

        InvokeEndpointAsyncResponse taken =
                runtime.invokeEndpointAsync(request("first").build()).join();

        assertThat(object(taken.failureLocation())).contains("no object");
    }

    @Test
    void a_request_that_waits_longer_than_it_may_live_is_a_failure() throws Exception {
        serve("first", "jobs");
        CountDownLatch busy = new CountDownLatch(1);
        answer = http -> {
            try {
                busy.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        for (int i = 0; i < 4; i++) {
            post("first", "busy");
        }
        HttpResponse<String> late = post("first", "late", "X-Amzn-SageMaker-RequestTTLSeconds", "60");
        Thread.sleep(700); // 70 seconds on the stack's clock
        busy.countDown();

        assertThat(object(late.headers()
                        .firstValue("X-Amzn-SageMaker-FailureLocation")
                        .orElseThrow()))
                .contains("time to live of 60 seconds");
    }

    @Test
    void each_kind_of_endpoint_refuses_the_others_calls() {
        serve("first", "jobs");
        serve("other", "small");

        SageMakerRuntimeException sync = Services.failure(
                SageMakerRuntimeException.class, () -> runtime.invokeEndpoint(call -> call.endpointName("first")
                                .body(software.amazon.awssdk.core.SdkBytes.fromUtf8String("x")))
                        .join());
        SageMakerRuntimeException async = Services.failure(
                SageMakerRuntimeException.class,
                () -> runtime.invokeEndpointAsync(request("other").build()).join());

        assertThat(sync.statusCode()).isEqualTo(400);
        assertThat(sync.awsErrorDetails().errorCode()).isEqualTo("ValidationError");
        assertThat(async.statusCode()).isEqualTo(400);
        assertThat(async.awsErrorDetails().errorCode()).isEqualTo("ValidationError");
    }

    @Test
    void an_endpoint_without_requests_has_no_instance_after_a_while_and_the_next_request_waits_for_one()
            throws Exception {
        serve("rested", "jobs");
        assertThat(instances("rested")).isEqualTo(1);
        Thread.sleep(9_100); // fifteen minutes on the stack's clock
        assertThat(instances("rested")).isZero();

        long before = System.nanoTime();
        HttpResponse<String> taken = post("rested", "wake");
        assertThat(instances("rested")).isEqualTo(1);
        assertThat(object(taken.headers()
                        .firstValue("X-Amzn-SageMaker-OutputLocation")
                        .orElseThrow()))
                .isEqualTo("said: wake");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(500));
    }

    private int instances(String endpoint) {
        return description(endpoint).productionVariants().get(0).currentInstanceCount();
    }

    private DescribeEndpointResponse description(String endpoint) {
        return control.describeEndpoint(call -> call.endpointName(endpoint)).join();
    }

    private void serve(String endpoint, String configuration) {
        control.createEndpoint(call -> call.endpointName(endpoint).endpointConfigName(configuration))
                .join();
        Objects.requireNonNull(services.started.get(endpoint + "/" + configuration))
                .comesUp();
        until(() -> description(endpoint).endpointStatus() == EndpointStatus.IN_SERVICE);
    }

    private static InvokeEndpointAsyncRequest.Builder request(String endpoint) {
        return InvokeEndpointAsyncRequest.builder()
                .endpointName(endpoint)
                .contentType("application/json")
                .inputLocation("s3://answers/async/m/in/1");
    }

    private HttpResponse<String> post(String endpoint, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        services.runtime.url().resolve("/endpoints/" + endpoint + "/async-invocations"))
                .header("X-Amzn-SageMaker-Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String object(String uri) {
        until(() -> services.s3.read(uri).isPresent());
        return new String(services.s3.read(uri).orElseThrow(), UTF_8);
    }

    private static void until(BooleanSupplier done) {
        for (int i = 0; i < 200 && !done.getAsBoolean(); i++) {
            try {
                Thread.sleep(25);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        assertThat(done.getAsBoolean()).isTrue();
    }
}
