package parkmeter.lambda.meter.registration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.lambda.LambdaContext;
import parkmeter.lambda.StubAws;
import parkmeter.lambda.clock.FunctionClock;
import parkmeter.lambda.json.Json;
import parkmeter.lambda.meter.MeterTable;
import parkmeter.lambda.meter.Rows;
import parkmeter.lambda.meter.table.DynamoTable;
import parkmeter.lambda.meter.table.LocalTable;

/** The registration as a deployment calls it, with DynamoDB Local and AWS's wire formats behind it. Time runs twenty times as fast. */
class RegistrationHandlerTest {
    private static final String NAME = "parkmeter-dev-tinyllama";
    private static final Duration AMPLE = Duration.ofMinutes(15);

    private static LocalTable local;

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Map<String, String> environment = new HashMap<>(Map.of(
            "AWS_REGION",
            "eu-west-2",
            "PARKMETER_TABLE",
            LocalTable.NAME,
            "PARKMETER_CLOCK",
            System.currentTimeMillis() + "@20"));
    private final Clock clock = FunctionClock.of(environment);
    private StubAws aws;
    private DynamoTable table;
    private RegistrationHandler handler;

    @BeforeAll
    static void startTable() throws Exception {
        local = new LocalTable();
    }

    @AfterAll
    static void stopTable() {
        local.close();
    }

    @BeforeEach
    void start() throws IOException {
        aws = new StubAws(clock);
        table = new DynamoTable(local.sdk(), LocalTable.NAME);
        handler = new RegistrationHandler(environment);
    }

    @AfterEach
    void stop() {
        rows().forEach(row -> table.delete(row.endpoint(), row.version()));
        aws.close();
    }

    private List<MeterTable.Row> rows() {
        return table.page(null).rows();
    }

    private static String registration(String endpoint, String configuration, String onChange) {
        return "\"endpoint\":\"" + endpoint + "\",\"configuration\":\"" + configuration
                + "\",\"model\":\"tinyllama\",\"initialMinutes\":90,\"maxMinutes\":480,\"idleMinutes\":30,\"wakeMinutes\":30,"
                + "\"onChange\":\"" + onChange + "\",\"schedule\":[],\"beforeStopMinutes\":10,\"hourlyCost\":1.41";
    }

    private Object call(String action, String fields, Duration left) throws IOException {
        return send("{" + fields + ",\"tf\":{\"action\":\"" + action + "\"}}", left);
    }

    private Object send(String event, Duration left) throws IOException {
        byte[] answer = LambdaContext.call(handler, event.getBytes(UTF_8), left, log);
        return String.valueOf(Json.read(new String(answer, UTF_8)));
    }

    private Instant paidUntil() {
        return table.find(NAME).orElseThrow().record().paidUntil();
    }

    @Test
    void create_starts_the_meter_and_the_endpoint_and_waits_for_nothing() throws IOException {
        aws.takes(Duration.ofHours(1), Duration.ZERO);

        assertThat(call("create", registration(NAME, "c1", "update"), AMPLE))
                .isEqualTo("{action=create, endpoint=parkmeter-dev-tinyllama}");
        assertThat(aws.status(NAME)).isEqualTo("Creating");
        assertThat(aws.configuration(NAME)).isEqualTo("c1");
        assertThat(paidUntil())
                .isBetween(
                        clock.instant().plus(Duration.ofMinutes(85)),
                        clock.instant().plus(Duration.ofMinutes(90)));
        assertThat(aws.parameters()).containsKey("/sagemaker/endpoint/expiry/" + NAME);
        assertThat(log).containsExactly("{\"action\":\"create\",\"endpoint\":\"parkmeter-dev-tinyllama\"}\n");
    }

    @Test
    void a_role_that_is_brand_new_keeps_nothing_from_starting() throws IOException {
        aws.refuses("DescribeEndpoint", 3, 400, "AccessDeniedException", "is not authorized to perform");

        call("create", registration(NAME, "c1", "update"), AMPLE);

        assertThat(aws.status(NAME)).isEqualTo("InService");
        assertThat(table.find(NAME).orElseThrow().record().failure()).isNull();
    }

    @Test
    void an_endpoint_that_pulumi_made_meanwhile_stays() throws IOException {
        environment.put("PARKMETER_TAGS", "{\"Project\":\"parkmeter\",\"Stack\":\"dev\",\"ManagedBy\":\"parkmeter\"}");
        handler = new RegistrationHandler(environment);
        aws.endpoint(NAME, "c1", "InService");
        aws.tags(NAME, Map.of("Project", "parkmeter", "Stack", "dev", "ManagedBy", "pulumi", "Owner", "x"));

        table.put(Rows.paid(NAME, clock.instant().minus(Duration.ofHours(1))));
        call("delete", registration(NAME, "c1", "update"), AMPLE);
        assertThat(aws.status(NAME)).isEqualTo("InService");
        assertThat(rows()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"update", "recreate"})
    void update_moves_a_running_endpoint_and_returns_when_the_old_configuration_is_out_of_use(String onChange)
            throws IOException {
        call("create", registration(NAME, "c1", onChange), AMPLE);
        Instant before = paidUntil();
        aws.takes(Duration.ofSeconds(30), Duration.ofSeconds(30));

        call("update", registration(NAME, "c2", onChange), AMPLE);

        assertThat(aws.configuration(NAME)).isEqualTo("c2");
        assertThat(aws.calls("UpdateEndpoint")).hasSize(onChange.equals("update") ? 1 : 0);
        assertThat(aws.calls("DeleteEndpoint")).hasSize(onChange.equals("update") ? 0 : 1);
        assertThat(aws.status(NAME)).isIn("InService", "Creating");
        assertThat(paidUntil()).as("an update leaves the time alone").isEqualTo(before);
    }

    @Test
    void update_of_a_stopped_endpoint_returns_at_once_and_the_next_start_has_it() throws IOException {
        table.put(Rows.paid(NAME, clock.instant().minus(Duration.ofHours(1))));

        call("update", registration(NAME, "c2", "update"), AMPLE);

        assertThat(aws.status(NAME)).isNull();
        assertThat(table.find(NAME).orElseThrow().record().configuration()).isEqualTo("c2");
    }

    @Test
    void an_update_that_can_not_finish_says_what_is_left() throws IOException {
        call("create", registration(NAME, "c1", "update"), AMPLE);
        aws.takes(Duration.ofHours(5), Duration.ZERO);

        assertThatThrownBy(() -> call("update", registration(NAME, "c2", "update"), Duration.ofSeconds(21)))
                .isInstanceOf(RegistrationFailed.class)
                .hasMessageStartingWith(
                        "The endpoint parkmeter-dev-tinyllama has not moved to the configuration c2 yet")
                .hasMessageContaining("run `pulumi up` again to finish.")
                .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
        assertThat(log.get(1)).contains("\"failure\":\"The endpoint ");
    }

    @Test
    void an_endpoint_under_another_name_follows_the_one_before() throws IOException {
        call("create", registration("old", "c1", "update"), AMPLE);

        send(
                "{" + registration(NAME, "c1", "update") + ",\"tf\":{\"action\":\"update\",\"prev_input\":{"
                        + registration("old", "c1", "update") + "}}}",
                AMPLE);

        assertThat(aws.status("old")).isNull();
        assertThat(aws.status(NAME)).isEqualTo("InService");
        assertThat(rows()).extracting(MeterTable.Row::endpoint).containsExactly(NAME);
    }

    @Test
    void delete_waits_until_the_endpoint_its_record_and_its_mirror_are_gone() throws IOException {
        aws.takes(Duration.ofSeconds(40), Duration.ofSeconds(30));
        call("create", registration(NAME, "c1", "update"), AMPLE);
        assertThat(aws.status(NAME)).isEqualTo("Creating");

        call("delete", registration(NAME, "c1", "update"), AMPLE);

        assertThat(aws.status(NAME)).isNull();
        assertThat(rows()).isEmpty();
        assertThat(aws.parameters()).isEmpty();
    }

    @Test
    void a_deletion_that_can_not_finish_says_what_is_left_and_the_next_one_finishes_it() throws IOException {
        aws.endpoint(NAME, "c1", "Creating");
        call("create", registration(NAME, "c1", "update"), AMPLE);

        assertThatThrownBy(() -> call("delete", registration(NAME, "c1", "update"), Duration.ofSeconds(21)))
                .isInstanceOf(RegistrationFailed.class)
                .hasMessage("The time was up before these endpoints were gone: parkmeter-dev-tinyllama (Creating). The"
                        + " meter goes on deleting them; run `pulumi destroy` again to finish.");

        aws.endpoint(NAME, "c1", "Failed");
        call("delete", registration(NAME, "c1", "update"), AMPLE);

        assertThat(aws.status(NAME)).isNull();
        assertThat(rows()).isEmpty();
    }

    @Test
    void delete_of_what_is_not_there_is_no_failure() throws IOException {
        assertThat(call("delete", registration(NAME, "c1", "update"), AMPLE))
                .isEqualTo("{action=delete, endpoint=parkmeter-dev-tinyllama}");
    }

    @Test
    void the_stacks_deletion_ends_every_meter_that_is_left() throws IOException {
        table.put(Rows.paid("demo-1", clock.instant().plus(Duration.ofHours(1))));
        table.put(Rows.paid("demo-2", clock.instant().plus(Duration.ofHours(1))));
        aws.endpoint("demo-1", "c", "InService");
        aws.endpoint("elses", "c", "InService");

        call("create", "\"stack\":true", AMPLE);
        call("update", "\"stack\":true", AMPLE);
        assertThat(rows()).hasSize(2);
        call("delete", "\"stack\":true", AMPLE);

        assertThat(rows()).isEmpty();
        assertThat(aws.status("demo-1")).isNull();
        assertThat(aws.status("elses")).isEqualTo("InService");
    }

    @Test
    void what_is_no_registration_is_told_with_every_problem() {
        assertThatThrownBy(() -> call("create", "\"endpoint\":\"e\",\"initialMinutes\":-1,\"maxMinutes\":\"x\"", AMPLE))
                .isInstanceOf(RegistrationFailed.class)
                .hasMessageStartingWith("The registration can't be read: ")
                .hasMessageContaining("configuration is missing.")
                .hasMessageContaining("initialMinutes must be a whole number of at least 0.");
        assertThatThrownBy(() -> call("read", registration(NAME, "c1", "update"), AMPLE))
                .isInstanceOf(RegistrationFailed.class)
                .hasMessageStartingWith("tf.action must be create, update or delete");
    }

    @Test
    void a_silent_table_is_told_with_what_to_do() {
        environment.put("PARKMETER_TABLE", "none");
        handler = new RegistrationHandler(environment);

        assertThatThrownBy(() -> call("create", registration(NAME, "c1", "update"), Duration.ofSeconds(21)))
                .isInstanceOf(RegistrationFailed.class)
                .hasMessage(
                        "The meter got no answer from AWS (GetItem: ResourceNotFoundException): run pulumi again; it"
                                + " goes on where it was.");
    }
}
