package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * The examples in SageMaker Endpoint Manager's README, as {@code make import} prints them, beside the table of tokens that the manager
 * left: two at a time they are deployed from nothing, called as the manager's callers do, and taken down.
 */
@Story
@Order(2)
final class ImportedStory {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PUBLIC = "local/src/test/resources/migrate/falcon-public.json";
    private static final String BEHIND_A_FUNCTION = "local/src/test/resources/migrate/flan-lambda.json";
    private static final String ASKED_BY_THE_GATEWAY = "local/src/test/resources/migrate/flan-api.json";
    private static final String ASYNCHRONOUS = "local/src/test/resources/migrate/flan-async.json";
    private static final String NAME = "imported";
    private static final String TABLE = "AuthTable";
    private static final String TOKEN = "a-token-of-before";

    private final Workbench workbench;
    private final Stack stack;
    private final Account account;
    private final HttpClient http = HttpClient.newHttpClient();

    ImportedStory(Workbench workbench) throws IOException {
        this.workbench = workbench;
        this.stack = workbench.stack(NAME, imported(PUBLIC, BEHIND_A_FUNCTION));
        this.account = stack.account();
    }

    @BeforeAll
    void the_manager_left_a_table_of_tokens() {
        account.tables().createTable(request -> request.tableName(TABLE)
                .keySchema(KeySchemaElement.builder()
                        .attributeName("token")
                        .keyType(KeyType.HASH)
                        .build())
                .attributeDefinitions(AttributeDefinition.builder()
                        .attributeName("token")
                        .attributeType(ScalarAttributeType.S)
                        .build())
                .billingMode(BillingMode.PAY_PER_REQUEST));
        account.tables()
                .putItem(request -> request.tableName(TABLE).item(Map.of("token", AttributeValue.fromS(TOKEN))));
    }

    @AfterAll
    void end() {
        stack.close();
        account.tables().deleteTable(request -> request.tableName(TABLE));
    }

    @Test
    @Order(10)
    void a_public_model_on_two_instances_and_one_behind_a_function_stand() throws IOException {
        stand(PUBLIC, BEHIND_A_FUNCTION);
        assertThat(account.of(NAME))
                .contains(
                        "function parkmeter-imported-Falcon40BPublic-invoke",
                        "function parkmeter-imported-FlanT5-invoke");
    }

    @Test
    @Order(11)
    void the_public_one_answers_anybody_from_its_first_minute_on() throws Exception {
        Model model = answering();
        answered(model, post("/falcon", LifeCycle.inputs()));
        HttpResponse<String> time =
                send(request("/endpoint-expiry?EndpointName=parkmeter-imported-Falcon40BPublic", "x-api-key", key())
                        .GET());
        assertThat(time.statusCode()).as(time.body()).isEqualTo(200);
        assertThat(JSON.readTree(time.body()).path("TimeLeft").asText())
                .as("what is left of 90 minutes")
                .startsWith("1:2");
    }

    @Test
    @Order(12)
    void the_other_answers_holders_of_the_tokens_of_before_once_it_has_time() throws Exception {
        answering();
        HttpResponse<String> off = post("/flan", LifeCycle.inputs(), "Authorization", TOKEN);
        assertThat(off.statusCode()).as(off.body()).isEqualTo(503);
        answersHoldersOfTokensWithTime();
    }

    @Test
    @Order(13)
    void they_leave_nothing_and_the_table_alone() {
        go();
    }

    @Test
    @Order(20)
    void a_model_that_the_gateway_asks_itself_and_an_asynchronous_one_stand() throws IOException {
        stand(ASKED_BY_THE_GATEWAY, ASYNCHRONOUS);
        assertThat(account.of(NAME))
                .contains("endpoint parkmeter-imported-FlanT5Async")
                .doesNotContain("function parkmeter-imported-FlanT5-invoke");
    }

    @Test
    @Order(21)
    void the_one_that_the_gateway_asks_answers_the_same_callers() throws Exception {
        answersHoldersOfTokensWithTime();
    }

    @Test
    @Order(22)
    void to_the_asynchronous_one_they_alone_get() throws Exception {
        answering();
        keptFromOthers("/flant5async");
        // The bucket of answers refuses calls without TLS, and an emulator gets no others: no job comes of it there.
        HttpResponse<String> job = post("/flant5async", LifeCycle.inputs(), "Authorization", TOKEN);
        assertThat(job.statusCode()).as(job.body()).isIn(202, 503);
    }

    @Test
    @Order(23)
    void they_leave_nothing_either() {
        go();
    }

    /** Deploys examples: as their plan says, on the instances that the manager had, and as they were declared. */
    private void stand(String... examples) throws IOException {
        String file = imported(examples);
        stack.configure(file);
        assertThat(stack.up().moves()).isNotEmpty().allMatch(move -> move.startsWith("create "));
        JsonNode standing = stack.preview("--json", "--show-sames", "--refresh", "--expect-no-changes")
                .json();
        assertThat(Agreement.differences(workbench.plan(NAME, file), standing)).isEmpty();
        for (String example : examples) {
            JsonNode wanted = JSON.readTree(workbench.file(example)).at("/jumpstart_models/0");
            assertThat(instances(wanted.path("name").asText()))
                    .containsExactly(wanted.path("inference_instance_count").asInt(1) + " "
                            + wanted.path("inference_instance_type").asText());
        }
    }

    /** What a model runs on, by its EndpointConfigurations. */
    private List<String> instances(String model) {
        String before = "endpoint configuration parkmeter-imported-" + model + "-";
        return account.of(NAME).stream()
                .filter(each -> each.startsWith(before))
                .map(each -> each.substring(each.lastIndexOf(' ') + 1))
                .flatMap(name -> account
                        .models()
                        .describeEndpointConfig(request -> request.endpointConfigName(name))
                        .productionVariants()
                        .stream())
                .map(variant -> variant.initialInstanceCount() + " " + variant.instanceTypeAsString())
                .toList();
    }

    private void answersHoldersOfTokensWithTime() throws Exception {
        Model model = answering();
        keptFromOthers("/flan");
        HttpResponse<String> more = post(
                "/endpoint-expiry",
                "{\"EndpointName\": \"parkmeter-imported-FlanT5\", \"minutes\": 60}",
                "x-api-key",
                key());
        assertThat(more.statusCode()).as(more.body()).isEqualTo(200);
        answered(model, post("/flan", LifeCycle.inputs(), "Authorization", TOKEN));
    }

    private void keptFromOthers(String path) throws Exception {
        assertThat(post(path, LifeCycle.inputs()).statusCode()).isEqualTo(401);
        assertThat(post(path, LifeCycle.inputs(), "Authorization", "nobodys-token")
                        .statusCode())
                .isEqualTo(403);
    }

    private static void answered(Model model, HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(Model.generated(JSON.readTree(answer.body())))
                .isNotBlank()
                .isEqualTo(model.answer(Model.Template.NONE, LifeCycle.PROMPT, LifeCycle.TOKENS));
    }

    /** Takes them down: nothing of theirs stays, and the table does. */
    private void go() {
        stack.destroy();
        assertThat(account.of(NAME)).isEmpty();
        assertThat(account.tables()
                        .getItem(request -> request.tableName(TABLE).key(Map.of("token", AttributeValue.fromS(TOKEN))))
                        .hasItem())
                .isTrue();
    }

    /** The model, where the emulator runs functions; else the test is skipped, and says so. */
    private Model answering() {
        workbench.emulator();
        return workbench.model();
    }

    private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        return send(request(path, headers).POST(BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path, String... headers) {
        URI api = URI.create(stack.outputs().path("invokeUrl").asText());
        HttpRequest.Builder request = HttpRequest.newBuilder(workbench.served(api.resolve("/prod" + path)))
                .header("Content-Type", "application/json");
        return headers.length == 0 ? request : request.headers(headers);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** An operator's key: time costs money, and is not for every holder of a token. */
    private String key() {
        return stack.outputs().path("apiKey").asText();
    }

    private String imported(String... examples) throws IOException {
        return workbench.imported(List.of(examples));
    }
}
