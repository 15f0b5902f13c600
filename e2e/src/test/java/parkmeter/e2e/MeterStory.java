package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import parkmeter.e2e.Stack.Running;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.apigateway.model.ApiKey;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointResponse;
import software.amazon.awssdk.services.sagemaker.model.EndpointStatus;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariant;
import software.amazon.awssdk.services.sagemaker.model.SageMakerException;
import software.amazon.awssdk.services.sagemaker.model.Tag;

/**
 * Endpoints on the meter: the deployment starts them, somebody puts minutes on, a deployment changes what they run and leaves their
 * time alone, the minutes run out, and the end of the stack is theirs, whatever they are doing then. Small moves to another
 * configuration in place, large is created anew; a third one is put on the meter by its name, for a minute, which passes while the
 * stack is changed.
 */
@Story
@Order(1)
final class MeterStory extends LifeCycle {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REGION = "eu-west-2";
    private static final String PREFIX = "parkmeter-metered-";
    private static final String SMALL = PREFIX + "small";
    private static final String LARGE = PREFIX + "large";
    private static final String ADOPTED = PREFIX + "their-llm";

    /** What Pulumi did not make: a Model and an EndpointConfiguration of somebody else's. */
    private static final String THEIRS = "theirs-beside-metered";

    /** How long a tick may take, in seconds: another one meanwhile would only be turned away. */
    private static final int A_TICK = 5;

    private static final int PATIENCE = 120;

    private final Workbench workbench;
    private final HttpClient http = HttpClient.newHttpClient();

    MeterStory(Workbench workbench) throws IOException {
        super(
                workbench,
                new Sample(
                        "metered",
                        workbench.file("e2e/src/test/stacks/Pulumi.metered.yaml"),
                        Map.of(),
                        "small",
                        "/small"));
        this.workbench = workbench;
    }

    @AfterAll
    void take_away_what_the_stack_did_not_make() {
        var models = stack.account().models();
        try {
            models.deleteEndpointConfig(request -> request.endpointConfigName(THEIRS));
            models.deleteModel(request -> request.modelName(THEIRS));
        } catch (SageMakerException neverMade) {
            // The story did not come that far.
        }
    }

    @Test
    @Order(10)
    void up_has_put_the_minutes_on_each_meter_and_started_its_endpoint() throws Exception {
        workbench.emulator();
        // A function that starts on a busy machine may take longer than the gateway waits.
        assertThat(comes(
                        PATIENCE, () -> sent("operations", "GET", "/meters", "").statusCode() == 200))
                .isTrue();
        for (String name : List.of(SMALL, LARGE)) {
            DescribeEndpointResponse endpoint = endpoint(name).orElseThrow();
            assertThat(endpoint.endpointStatus()).isEqualTo(EndpointStatus.IN_SERVICE);
            assertThat(stack.account()
                            .models()
                            .listTags(request -> request.resourceArn(endpoint.endpointArn()))
                            .tags())
                    .contains(tag("Stack", "metered"), tag("ManagedBy", "parkmeter"));
            assertThat(called("GET", "/meters/" + name, "").path("reason").asText())
                    .isEqualTo("paid");
            assertThat(paidUntil(name))
                    .isBetween(
                            endpoint.creationTime().plus(Duration.ofMinutes(119)),
                            endpoint.creationTime().plus(Duration.ofMinutes(120)));
            JsonNode mirrored = JSON.readTree(stack.account()
                    .parameters()
                    .getParameter(request -> request.name("/sagemaker/endpoint/expiry/" + name))
                    .parameter()
                    .value());
            assertThat(mirrored.path("endpoint_config_name").asText()).isEqualTo(endpoint.endpointConfigName());
            assertThat(mirrored.path("expiry"))
                    .isEqualTo(called("GET", "/endpoint-expiry?EndpointName=" + name, "")
                            .path("EndpointExpiry "));
        }
    }

    @Test
    @Order(20)
    void an_endpoint_that_pulumi_did_not_make_is_put_on_the_meter_by_its_name() throws Exception {
        workbench.emulator();
        var models = stack.account().models();
        models.createModel(request -> request.modelName(THEIRS)
                .executionRoleArn("arn:aws:iam::" + AwsCall.ACCOUNT + ":role/theirs")
                .primaryContainer(container -> container.image("theirs")));
        models.createEndpointConfig(request -> request.endpointConfigName(THEIRS)
                .productionVariants(ProductionVariant.builder()
                        .variantName("AllTraffic")
                        .modelName(THEIRS)
                        .instanceType("ml.g5.xlarge")
                        .initialInstanceCount(1)
                        .build()));

        called(
                "POST",
                "/endpoint-expiry",
                "{\"EndpointName\": \"%s\", \"EndpointConfigName\": \"%s\", \"minutes\": 1}"
                        .formatted(ADOPTED, THEIRS));

        assertThat(endpoint(ADOPTED).orElseThrow().endpointConfigName()).isEqualTo(THEIRS);
    }

    @Test
    @Order(30)
    void a_top_up_counts_to_the_millisecond_through_the_gateway_and_by_an_event_of_it() throws Exception {
        workbench.emulator();
        Instant small = paidUntil(SMALL);
        Instant large = paidUntil(LARGE);
        String minutes = "{\"minutes\": 30}";

        assertThat(sent("website", "POST", "/meters/" + SMALL + "/top-up", minutes)
                        .statusCode())
                .isEqualTo(403);
        called("POST", "/meters/" + SMALL + "/top-up", minutes);
        JsonNode answer = event(LARGE, "/meters/{name}/top-up", "POST", minutes);

        assertThat(answer.path("statusCode").asInt()).as(answer.toString()).isEqualTo(200);
        assertThat(paidUntil(SMALL)).isEqualTo(small.plus(Duration.ofMinutes(30)));
        assertThat(paidUntil(LARGE)).isEqualTo(large.plus(Duration.ofMinutes(30)));
    }

    @Test
    @Order(50)
    void up_with_another_plan_and_other_containers_moves_the_endpoints_and_leaves_their_time_alone() throws Exception {
        workbench.emulator();
        DescribeEndpointResponse smallBefore = endpoint(SMALL).orElseThrow();
        DescribeEndpointResponse largeBefore = endpoint(LARGE).orElseThrow();
        List<Instant> paid = List.of(paidUntil(SMALL), paidUntil(LARGE), paidUntil(ADOPTED));
        stack.change("rate: 50, burst: 100", "rate: 40, burst: 80");
        stack.change("maxInputTokens: 1536", "maxInputTokens: 1024");

        List<String> moves = stack.up().moves();

        assertThat(moves).hasSize(11).contains("update default-plan");
        for (String model : List.of("small", "large")) {
            assertThat(moves)
                    .containsSubsequence(
                            "create-replacement " + model + "-model",
                            "create-replacement " + model + "-configuration",
                            "update " + model + "-registration",
                            "delete-replaced " + model + "-configuration",
                            "delete-replaced " + model + "-model");
        }
        assertThat(List.of(paidUntil(SMALL), paidUntil(LARGE), paidUntil(ADOPTED)))
                .isEqualTo(paid);
        DescribeEndpointResponse small = endpoint(SMALL).orElseThrow();
        DescribeEndpointResponse large = endpoint(LARGE).orElseThrow();
        assertThat(small.creationTime()).isEqualTo(smallBefore.creationTime());
        assertThat(large.creationTime()).isAfter(largeBefore.creationTime());
        assertThat(stack.account().of("metered"))
                .filteredOn(each -> each.startsWith("endpoint configuration "))
                .containsExactlyInAnyOrder(
                        "endpoint configuration " + small.endpointConfigName(),
                        "endpoint configuration " + large.endpointConfigName())
                .doesNotContain(
                        "endpoint configuration " + smallBefore.endpointConfigName(),
                        "endpoint configuration " + largeBefore.endpointConfigName());
    }

    @Test
    @Order(60)
    @Timeout(2 * PATIENCE)
    void once_its_time_has_run_out_the_tick_deletes_an_endpoint_and_a_top_up_creates_it_again() throws Exception {
        Emulator emulator = workbench.emulator();
        Instant paid = paidUntil(ADOPTED);
        do {
            emulator.post("tick", "{\"minutes\": 1}");
        } while (!comes(A_TICK, () -> endpoint(ADOPTED).isEmpty()));
        assertThat(Clock.systemUTC().instant()).isAfter(paid);
        assertThat(called("GET", "/meters/" + ADOPTED, "").path("reason").asText())
                .isEqualTo("time_up");
        assertThat(endpoint(SMALL)).isPresent();
        assertThat(endpoint(LARGE)).isPresent();

        called("POST", "/meters/" + ADOPTED + "/top-up", "{\"minutes\": 60}");

        assertThat(endpoint(ADOPTED).orElseThrow().creationTime()).isAfter(paid);
        assertThat(Duration.between(Clock.systemUTC().instant(), paidUntil(ADOPTED)))
                .isBetween(Duration.ofMinutes(59), Duration.ofMinutes(60));
    }

    /** With one endpoint on its way, one that failed and one in service. */
    @Override
    void destroy() throws Exception {
        Emulator emulator = workbench.emulator();
        become(emulator, SMALL, "Creating");
        become(emulator, LARGE, "Failed");

        Running destroy = stack.begin("destroy", "--yes", "--skip-preview");
        assertThat(comes(
                        PATIENCE,
                        () -> endpoint(LARGE).isEmpty() && stack.pending().contains("deleting small-registration")))
                .isTrue();
        assertThat(endpoint(SMALL).orElseThrow().endpointStatus()).isEqualTo(EndpointStatus.CREATING);
        assertThat(stack.pending()).contains("deleting small-registration");
        become(emulator, SMALL, "InService");
        Run ended = destroy.end().succeeded();

        assertThat(ended.moves())
                .containsSubsequence("delete small-registration", "delete small-configuration", "delete small-model")
                .containsSubsequence("delete large-registration", "delete large-configuration", "delete large-model")
                .containsSubsequence("delete meter-everything", "delete meter-tick-target", "delete meter-table");
    }

    private static void become(Emulator emulator, String endpoint, String status) {
        emulator.post(
                "sagemaker/endpoints/" + endpoint,
                "{\"status\": \"%s\", \"reason\": \"on purpose\", \"region\": \"%s\"}".formatted(status, REGION));
    }

    /** Whether something is so within that many seconds. */
    private static boolean comes(int seconds, Callable<Boolean> reached) throws Exception {
        for (int i = 0; i < 2 * seconds && !reached.call(); i++) {
            TimeUnit.MILLISECONDS.sleep(500);
        }
        return reached.call();
    }

    private Optional<DescribeEndpointResponse> endpoint(String name) {
        try {
            return Optional.of(stack.account().models().describeEndpoint(request -> request.endpointName(name)));
        } catch (SageMakerException absent) {
            return Optional.empty();
        }
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private Instant paidUntil(String endpoint) throws Exception {
        return Instant.parse(
                called("GET", "/meters/" + endpoint, "").path("paidUntil").asText());
    }

    /** What the meter's API answers the operator, through the gateway. */
    private JsonNode called(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = sent("operations", method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> sent(String client, String method, String path, String body) throws Exception {
        String api = stack.account().gateway().getRestApisPaginator().items().stream()
                .filter(each -> each.name().equals("parkmeter-metered"))
                .findFirst()
                .orElseThrow()
                .id();
        return http.send(
                HttpRequest.newBuilder(workbench.endpoint().resolve("/_aws/execute-api/" + api + "/prod" + path))
                        .header("content-type", "application/json")
                        .header("x-api-key", key(client).value())
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    /** What the function answers to an event of API Gateway, from the operator. */
    private JsonNode event(String endpoint, String route, String method, String body) throws Exception {
        ObjectNode event = (ObjectNode) JSON.readTree(workbench
                .root()
                .resolve("lambda-handler/src/test/resources/parkmeter/lambda/gateway/rest-event.json")
                .toFile());
        event.put("resource", route)
                .put("path", route.replace("{name}", endpoint))
                .put("httpMethod", method)
                .put("body", body);
        event.putObject("pathParameters").put("name", endpoint);
        ObjectNode context = (ObjectNode) event.path("requestContext");
        context.put("resourcePath", route).put("httpMethod", method);
        ((ObjectNode) context.path("identity"))
                .put("apiKeyId", key("operations").id());
        return JSON.readTree(stack.account()
                .functions()
                .invoke(call ->
                        call.functionName(PREFIX + "meter-api").payload(SdkBytes.fromUtf8String(event.toString())))
                .payload()
                .asUtf8String());
    }

    private ApiKey key(String client) {
        return stack.account().gateway().getApiKeys(request -> request.includeValues(true)).items().stream()
                .filter(key -> key.name().equals(PREFIX + client))
                .findFirst()
                .orElseThrow();
    }
}
