package parkmeter.local.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static parkmeter.local.aws.Services.failure;

import io.javalin.Javalin;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.local.http.Loopback;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sagemaker.SageMakerAsyncClient;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointResponse;
import software.amazon.awssdk.services.sagemaker.model.DesiredWeightAndCapacity;
import software.amazon.awssdk.services.sagemaker.model.EndpointSortKey;
import software.amazon.awssdk.services.sagemaker.model.EndpointStatus;
import software.amazon.awssdk.services.sagemaker.model.EndpointSummary;
import software.amazon.awssdk.services.sagemaker.model.ListEndpointsResponse;
import software.amazon.awssdk.services.sagemaker.model.OrderKey;
import software.amazon.awssdk.services.sagemaker.model.ResourceLimitExceededException;
import software.amazon.awssdk.services.sagemaker.model.SageMakerException;
import software.amazon.awssdk.services.sagemaker.model.Tag;
import software.amazon.awssdk.services.sagemakerruntime.SageMakerRuntimeAsyncClient;
import software.amazon.awssdk.services.sagemakerruntime.model.ValidationErrorException;

class SageMakerTest {
    private static final String ARN = "arn:aws:sagemaker:eu-west-2:123456789012:endpoint/chat-a";

    private final Javalin model = Loopback.server(0, Duration.ofSeconds(10), config -> {})
            .post("/invocations", http -> http.result("[1]"))
            .start();
    private final Services services =
            new Services(URI.create("http://127.0.0.1:" + model.port()), Duration.ofSeconds(20));
    private final SageMakerAsyncClient client = services.client(SageMakerAsyncClient.builder());
    private final SageMakerRuntimeAsyncClient caller =
            Services.client(SageMakerRuntimeAsyncClient.builder(), services.runtime.url());

    @AfterEach
    void stop() {
        client.close();
        caller.close();
        services.close();
        model.stop();
    }

    @Test
    void an_endpoint_is_in_service_when_its_container_answers_and_its_time_has_passed() {
        Instant before = services.clock.instant();
        assertThat(create("Chat-A", "small")).isEqualTo(ARN);
        DescribeEndpointResponse creating = describe("Chat-A");
        assertThat(creating.endpointStatus()).isEqualTo(EndpointStatus.CREATING);
        assertThat(creating.endpointArn()).isEqualTo(ARN);
        assertThat(creating.endpointConfigName()).isEqualTo("small");
        assertThat(creating.creationTime()).isBetween(before, services.clock.instant());
        failure(ValidationErrorException.class, () -> invoke("Chat-A"));

        started("Chat-A/small").comesUp();
        DescribeEndpointResponse serving = until("Chat-A", EndpointStatus.IN_SERVICE);
        assertThat(Duration.between(creating.creationTime(), serving.lastModifiedTime()))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(20));
        assertThat(serving.productionVariants()).singleElement().satisfies(variant -> assertThat(variant.variantName())
                .isEqualTo("AllTraffic"));
        assertThat(invoke("Chat-A")).isEqualTo("[1]");
    }

    @Test
    void an_endpoint_waits_for_a_container_that_takes_longer() throws InterruptedException {
        create("chat-a", "small");
        Thread.sleep(300); // 30 of its seconds
        assertThat(describe("chat-a").endpointStatus()).isEqualTo(EndpointStatus.CREATING);
        started("chat-a/small").comesUp();
        until("chat-a", EndpointStatus.IN_SERVICE);
    }

    @Test
    void a_container_that_does_not_come_up_is_a_failed_endpoint_that_can_only_be_deleted() {
        create("chat-a", "small");
        started("chat-a/small").up.completeExceptionally(new IllegalStateException("no weights"));
        assertThat(until("chat-a", EndpointStatus.FAILED).failureReason())
                .isEqualTo("The primary container for production variant AllTraffic did not pass the ping health check."
                        + " Please check CloudWatch logs for this endpoint.");
        assertThat(refusal(() -> update("chat-a", "other")))
                .isEqualTo("Cannot update failed endpoint \"" + ARN + "\".");
        failure(ValidationErrorException.class, () -> invoke("chat-a"));
        delete("chat-a");
        assertThat(services.sageMaker.started()).isCompletedExceptionally();
        waitFor(() -> list(100, null).isEmpty());
        assertThat(services.sageMaker.started()).isCompleted();
    }

    @Test
    void a_deleted_endpoint_serves_no_more_and_is_gone_when_its_container_is() {
        serving("chat-a", "small");
        started("chat-a/small").takesLongToClose();
        delete("chat-a");
        assertThat(describe("chat-a").endpointStatus()).isEqualTo(EndpointStatus.DELETING);
        failure(ValidationErrorException.class, () -> invoke("chat-a"));
        assertThat(refusal(() -> delete("chat-a"))).isEqualTo("Cannot update in-progress endpoint \"" + ARN + "\".");
        assertThat(refusal(() -> create("chat-a", "small"))).startsWith("Cannot create already existing endpoint");
        started("chat-a/small").mayClose.countDown();
        waitFor(() -> list(100, null).isEmpty());
        assertThat(started("chat-a/small").closed).isTrue();
        assertThat(refusal(() -> describe("chat-a"))).isEqualTo("Could not find endpoint \"" + ARN + "\".");
        assertThat(refusal(() -> delete("chat-a"))).isEqualTo("Could not find endpoint \"" + ARN + "\".");
        create("chat-a", "small");
    }

    @Test
    void an_endpoint_has_the_tags_that_it_was_created_with_as_long_as_it_is_there() {
        client.createEndpoint(create -> create.endpointName("Chat-A")
                        .endpointConfigName("small")
                        .tags(Tag.builder().key("Stack").value("dev").build()))
                .join();
        assertThat(client.listTags(list -> list.resourceArn(ARN)).join().tags())
                .singleElement()
                .hasToString("Tag(Key=Stack, Value=dev)");
        started("Chat-A/small").comesUp();
        until("Chat-A", EndpointStatus.IN_SERVICE);
        delete("Chat-A");
        waitFor(() -> list(100, null).isEmpty());
        assertThat(refusal(() -> client.listTags(list -> list.resourceArn(ARN)).join()))
                .contains(ARN);
        create("Chat-A", "small");
        assertThat(client.listTags(list -> list.resourceArn(ARN)).join().tags()).isEmpty();
    }

    @Test
    void an_endpoint_in_transition_is_neither_deleted_nor_updated() {
        create("chat-a", "small");
        String inProgress = "Cannot update in-progress endpoint \"" + ARN + "\".";
        assertThat(refusal(() -> delete("chat-a"))).isEqualTo(inProgress);
        assertThat(refusal(() -> update("chat-a", "other"))).isEqualTo(inProgress);
        assertThat(refusal(() -> create("chat-a", "small")))
                .isEqualTo("Cannot create already existing endpoint \"" + ARN + "\".");
    }

    @Test
    void what_is_not_declared_or_no_name_is_refused() {
        assertThat(refusal(() -> create("chat-a", "Unknown")))
                .isEqualTo("Could not find endpoint configuration"
                        + " \"arn:aws:sagemaker:eu-west-2:123456789012:endpoint-config/unknown\".");
        assertThat(refusal(() -> update("chat-a", "small"))).isEqualTo("Could not find endpoint \"" + ARN + "\".");
        assertThat(refusal(() -> create("chat_a", "small"))).contains("'chat_a' at 'endpointName'", "pattern");
        assertThat(refusal(() -> client.describeEndpoint(r -> {}).join())).contains("Value null at 'endpointName'");
        assertThat(failure(SageMakerException.class, () -> client.listModels().join())
                        .awsErrorDetails()
                        .errorCode())
                .isEqualTo("UnknownOperationException");
    }

    @Test
    void an_update_serves_all_the_time_and_ends_the_old_container_last() {
        serving("chat-a", "small");
        update("chat-a", "other");
        DescribeEndpointResponse updating = describe("chat-a");
        assertThat(updating.endpointStatus()).isEqualTo(EndpointStatus.UPDATING);
        assertThat(updating.endpointConfigName()).isEqualTo("small");
        assertThat(updating.pendingDeploymentSummary().endpointConfigName()).isEqualTo("other");
        assertThat(invoke("chat-a")).isEqualTo("[1]");
        assertThat(started("chat-a/small").closed).isFalse();
        started("chat-a/other").comesUp();
        assertThat(until("chat-a", EndpointStatus.IN_SERVICE).endpointConfigName())
                .isEqualTo("other");
        waitFor(() -> started("chat-a/small").closed);
        assertThat(started("chat-a/other").closed).isFalse();
        assertThat(invoke("chat-a")).isEqualTo("[1]");
    }

    @Test
    void an_update_that_fails_goes_back_to_what_served_before() throws Exception {
        serving("chat-a", "small");
        assertThat(post("/sagemaker/fail-next", "CapacityError").statusCode()).isEqualTo(200);
        update("chat-a", "other");
        waitFor(() -> describe("chat-a").failureReason() != null);
        DescribeEndpointResponse back = describe("chat-a");
        assertThat(back.endpointStatus()).isEqualTo(EndpointStatus.IN_SERVICE);
        assertThat(back.endpointConfigName()).isEqualTo("small");
        assertThat(back.failureReason()).isEqualTo("CapacityError");
        assertThat(invoke("chat-a")).isEqualTo("[1]");
        assertThat(started("chat-a/small").closed).isFalse();
    }

    @Test
    void the_next_start_fails_on_demand_and_the_one_after_does_not() throws Exception {
        assertThat(post("/sagemaker/fail-next", "CapacityError: no GPU").statusCode())
                .isEqualTo(200);
        create("chat-a", "small");
        assertThat(until("chat-a", EndpointStatus.FAILED).failureReason()).isEqualTo("CapacityError: no GPU");
        serving("chat-b", "small");
    }

    @Test
    void an_endpoint_in_service_fails_on_demand() throws Exception {
        serving("chat-a", "small");
        assertThat(post("/sagemaker/endpoints/chat-a/fail", "").statusCode()).isEqualTo(200);
        DescribeEndpointResponse failed = describe("chat-a");
        assertThat(failed.endpointStatus()).isEqualTo(EndpointStatus.FAILED);
        assertThat(failed.failureReason()).contains("did not pass the ping health check");
        failure(ValidationErrorException.class, () -> invoke("chat-a"));
        waitFor(() -> started("chat-a/small").closed);
        HttpResponse<String> unknown = post("/sagemaker/endpoints/chat-z/fail", "");
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).startsWith("Could not find endpoint");
    }

    @Test
    void a_quota_counts_all_instances_of_its_type_also_those_of_an_update() throws Exception {
        assertThat(put("/sagemaker/quota/ml.g5.xlarge", "1").statusCode()).isEqualTo(200);
        serving("chat-a", "small");
        String over = "The account-level service limit 'ml.g5.xlarge for endpoint usage' is 1 Instances, with current"
                + " utilization of 1 Instances and a request delta of 1 Instances.";
        assertThat(failure(ResourceLimitExceededException.class, () -> create("chat-b", "small"))
                        .awsErrorDetails()
                        .errorMessage())
                .startsWith(over);
        failure(ResourceLimitExceededException.class, () -> update("chat-a", "other"));
        create("chat-c", "large");
        assertThat(put("/sagemaker/quota/ml.g5.xlarge", "2").statusCode()).isEqualTo(200);
        update("chat-a", "other");
        failure(ResourceLimitExceededException.class, () -> create("chat-b", "small"));
        assertThat(put("/sagemaker/quota/ml.g5.xlarge", "two").body())
                .isEqualTo("The body must be a number of instances.\n");
    }

    @Test
    void the_list_comes_page_by_page_the_newest_first() throws InterruptedException {
        for (int i = 0; i < 12; i++) {
            create("chat-" + i, "small");
            Thread.sleep(2);
        }
        assertThat(list(100, null)).hasSize(12);
        ListEndpointsResponse first = client.listEndpoints(r -> {}).join();
        assertThat(first.endpoints()).hasSize(10);
        assertThat(first.endpoints().get(0).endpointName()).isEqualTo("chat-11");
        assertThat(first.endpoints().get(0).endpointStatus()).isEqualTo(EndpointStatus.CREATING);
        ListEndpointsResponse second =
                client.listEndpoints(r -> r.nextToken(first.nextToken())).join();
        assertThat(second.endpoints()).extracting(EndpointSummary::endpointName).containsExactly("chat-1", "chat-0");
        assertThat(second.nextToken()).isNull();
    }

    @Test
    void the_list_is_filtered_and_sorted() {
        Stream.of("b", "a", "c").forEach(name -> create(name, "small"));
        serving("d", "small");
        assertThat(client.listEndpoints(r -> r.sortBy(EndpointSortKey.NAME).sortOrder(OrderKey.ASCENDING))
                        .join()
                        .endpoints())
                .extracting(EndpointSummary::endpointName)
                .containsExactly("a", "b", "c", "d");
        assertThat(client.listEndpoints(r -> r.statusEquals(EndpointStatus.IN_SERVICE))
                        .join()
                        .endpoints())
                .extracting(EndpointSummary::endpointName)
                .containsExactly("d");
        assertThat(client.listEndpoints(r -> r.nameContains("c")).join().endpoints())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 101})
    void a_page_has_1_to_100_endpoints(int most) {
        assertThat(refusal(() -> list(most, null))).contains("between 1 and 100");
    }

    @Test
    void closing_ends_what_runs_and_what_comes_up_later() {
        serving("chat-a", "small");
        create("chat-b", "small");
        services.sageMaker.close();
        assertThat(started("chat-a/small").closed).isTrue();
        started("chat-b/small").comesUp();
        waitFor(() -> started("chat-b/small").closed);
    }

    @Test
    void instances_and_weights_of_a_variant_change_while_it_serves() {
        serving("chat-a", "small");
        change("chat-a", "AllTraffic");

        DescribeEndpointResponse updating = describe("chat-a");
        assertThat(updating.endpointStatus()).isEqualTo(EndpointStatus.UPDATING);
        assertThat(updating.productionVariants().get(0).currentInstanceCount()).isEqualTo(1);
        assertThat(updating.productionVariants().get(0).desiredInstanceCount()).isEqualTo(3);
        assertThat(services.sageMaker.serves("chat-a")).isTrue();
        DescribeEndpointResponse updated = until("chat-a", EndpointStatus.IN_SERVICE);
        assertThat(updated.productionVariants().get(0).currentInstanceCount()).isEqualTo(3);
        assertThat(updated.productionVariants().get(0).currentWeight()).isEqualTo(0.5f);
        assertThat(refusal(() -> change("chat-a", "other"))).contains("other");
    }

    private void change(String endpoint, String variant) {
        var wanted = DesiredWeightAndCapacity.builder()
                .variantName(variant)
                .desiredInstanceCount(3)
                .desiredWeight(0.5f)
                .build();
        client.updateEndpointWeightsAndCapacities(
                        call -> call.endpointName(endpoint).desiredWeightsAndCapacities(List.of(wanted)))
                .join();
    }

    @Test
    void variants_share_requests_by_their_weights_and_one_may_be_asked_for() {
        create("chat-a", "split");
        started("chat-a/split/first").comesUp();
        started("chat-a/split/second").comesUp();
        until("chat-a", EndpointStatus.IN_SERVICE);

        for (int i = 0; i < 20; i++) {
            assertThat(invoked(Optional.empty())).isEqualTo("first");
        }
        assertThat(invoked(Optional.of("second"))).isEqualTo("second");
        assertThat(failure(ValidationErrorException.class, () -> invoked(Optional.of("third"))))
                .hasMessageContaining("third");
        assertThat(describe("chat-a").productionVariants())
                .extracting(variant -> variant.variantName() + " " + variant.currentInstanceCount())
                .containsExactly("first 1", "second 2");
    }

    @Test
    void an_endpoint_is_not_in_service_before_all_its_variants_are() {
        create("chat-a", "split");
        started("chat-a/split/first").comesUp();
        started("chat-a/split/second").up.completeExceptionally(new IllegalStateException("broken"));

        until("chat-a", EndpointStatus.FAILED);
        waitFor(() -> started("chat-a/split/first").closed);
    }

    @Test
    void a_serverless_endpoint_has_no_instances_and_takes_four_megabytes() {
        serving("chat-a", "serverless");

        assertThat(describe("chat-a").productionVariants().get(0).currentInstanceCount())
                .isNull();
        assertThat(invoke("chat-a")).isNotEmpty();
        var tooLarge = SdkBytes.fromByteArray(new byte[4 * 1024 * 1024 + 1]);
        assertThat(failure(ValidationErrorException.class, () -> caller.invokeEndpoint(
                                        call -> call.endpointName("chat-a").body(tooLarge))
                                .join())
                        .statusCode())
                .isEqualTo(413);
    }

    private String invoked(Optional<String> variant) {
        return caller.invokeEndpoint(call -> {
                    call.endpointName("chat-a").body(SdkBytes.fromUtf8String("{}"));
                    variant.ifPresent(call::targetVariant);
                })
                .join()
                .invokedProductionVariant();
    }

    private String create(String name, String configuration) {
        return client.createEndpoint(r -> r.endpointName(name).endpointConfigName(configuration))
                .join()
                .endpointArn();
    }

    private void serving(String name, String configuration) {
        create(name, configuration);
        started(name + "/" + configuration).comesUp();
        until(name, EndpointStatus.IN_SERVICE);
    }

    private void update(String name, String configuration) {
        client.updateEndpoint(r -> r.endpointName(name).endpointConfigName(configuration))
                .join();
    }

    private void delete(String name) {
        client.deleteEndpoint(r -> r.endpointName(name)).join();
    }

    private DescribeEndpointResponse describe(String name) {
        return client.describeEndpoint(r -> r.endpointName(name)).join();
    }

    private List<EndpointSummary> list(int most, @Nullable String token) {
        return client.listEndpoints(r -> r.maxResults(most).nextToken(token))
                .join()
                .endpoints();
    }

    private String invoke(String name) {
        return caller.invokeEndpoint(r -> r.endpointName(name).body(SdkBytes.fromUtf8String("{}")))
                .join()
                .body()
                .asUtf8String();
    }

    private Services.Started started(String container) {
        return Objects.requireNonNull(services.started.get(container));
    }

    private DescribeEndpointResponse until(String name, EndpointStatus status) {
        waitFor(() -> describe(name).endpointStatus() == status);
        return describe(name);
    }

    /** The sentence of a ValidationException, which is none of the SDK's own types. */
    private static String refusal(ThrowingCallable call) {
        SageMakerException refused = failure(SageMakerException.class, call);
        assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("ValidationException");
        assertThat(refused.statusCode()).isEqualTo(400);
        return refused.awsErrorDetails().errorMessage();
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(HttpRequest.newBuilder(services.api.url().resolve(path))
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> put(String path, String body) throws Exception {
        return send(HttpRequest.newBuilder(services.api.url().resolve(path))
                .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void waitFor(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
