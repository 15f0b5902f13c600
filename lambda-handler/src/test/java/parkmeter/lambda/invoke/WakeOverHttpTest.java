package parkmeter.lambda.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import parkmeter.lambda.LambdaContext;
import parkmeter.lambda.StubSageMaker;
import parkmeter.lambda.clock.FunctionClock;
import parkmeter.lambda.gateway.Answer;
import parkmeter.lambda.gateway.Event;
import parkmeter.lambda.meter.MeterTable;
import parkmeter.lambda.meter.Rows;
import parkmeter.lambda.meter.table.DynamoTable;
import parkmeter.lambda.meter.table.LocalTable;
import parkmeter.lambda.sagemaker.SageMakerEndpoint;

/** A call to a model that its meter has stopped, with SageMaker's runtime and DynamoDB Local behind the function. */
class WakeOverHttpTest {
    private static final String NAME = "parkmeter-dev-tinyllama";
    private static final Event CALL = Event.rest("{\"prompt\":\"Hi\"}");

    private static LocalTable local;

    private final List<String> log = new CopyOnWriteArrayList<>();
    private StubSageMaker sagemaker;
    private SageMakerEndpoint endpoint;
    private DynamoTable table;

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
        sagemaker = new StubSageMaker();
        sagemaker.fails(400, "ValidationError", "Endpoint " + NAME + " of account 123456789012 not found.");
        endpoint = SageMakerEndpoint.named(NAME, "eu-west-2");
        table = new DynamoTable(local.sdk(), LocalTable.NAME);
    }

    @AfterEach
    void stop() {
        MeterTable.Page page = table.page(null);
        page.rows().forEach(row -> table.delete(row.endpoint(), row.version()));
        endpoint.close();
        sagemaker.close();
    }

    private Answer call(String tableName, String factor) throws IOException {
        return call(tableName, factor, Duration.ofSeconds(29));
    }

    private Answer call(String tableName, String factor, Duration left) throws IOException {
        Settings settings = new Settings(
                "tinyllama",
                NAME,
                "eu-west-2",
                Map.of("POST /invoke", new Body.Prompt(Template.CHAT)),
                tableName,
                Engine.tgi());
        FunctionClock clock = FunctionClock.of(Map.of("PARKMETER_CLOCK", System.currentTimeMillis() + "@" + factor));
        InvokeHandler handler = new InvokeHandler(
                settings, endpoint, ModelMeter.of(NAME, "eu-west-2", tableName, clock), Clock.systemUTC());
        return Answer.of(LambdaContext.call(handler, CALL.bytes(), left, log));
    }

    private static long seconds(Answer answer) {
        return Long.parseLong(String.valueOf(answer.headers().get("Retry-After")));
    }

    @Test
    void a_call_to_a_stopped_model_wakes_it_and_says_when_to_come_back() throws IOException {
        table.put(Rows.waking(NAME, Instant.now().minusSeconds(60)));

        Answer answer = call(LocalTable.NAME, "1");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.textAt("code")).isEqualTo("model_stopped");
        assertThat(answer.textAt("error"))
                .isEqualTo("The model is stopped, and going to start: try again after the time in Retry-After.");
        assertThat(seconds(answer)).as("a tick, and a start as long as usual").isEqualTo(60 + 8 * 60);
        assertThat(paidUntil())
                .isBetween(
                        Instant.now().plus(Duration.ofMinutes(29)),
                        Instant.now().plus(Duration.ofMinutes(30)));
        assertThat(log.get(0)).contains("\"code\":\"model_stopped\"", "\"cause\":\"ValidationError\"");
        assertThat(answer.text()).doesNotContain(NAME);
        assertThat(answer.text() + log).doesNotContain("123456789012");
    }

    @Test
    void the_next_calls_wait_for_the_same_start() throws IOException {
        table.put(Rows.waking(NAME, Instant.now().minusSeconds(60)));
        call(LocalTable.NAME, "1");
        Instant paidUntil = paidUntil();

        Answer answer = call(LocalTable.NAME, "1");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.textAt("code")).isEqualTo("model_starting");
        assertThat(answer.textAt("error")).isEqualTo("The model is starting: try again after the time in Retry-After.");
        assertThat(seconds(answer)).isBetween(400L, 540L);
        assertThat(paidUntil()).isEqualTo(paidUntil);
    }

    @Test
    void however_many_call_at_once_it_is_woken_once() throws Exception {
        table.put(Rows.waking(NAME, Instant.now().minusSeconds(60)));
        ExecutorService threads = Executors.newFixedThreadPool(20);
        try {
            List<Callable<Answer>> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                calls.add(() -> call(LocalTable.NAME, "1"));
            }
            for (Future<Answer> each : threads.invokeAll(calls)) {
                assertThat(each.get().textAt("code")).isIn("model_stopped", "model_starting");
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(paidUntil()).isBefore(Instant.now().plus(Duration.ofMinutes(30)));
        assertThat(table.find(NAME).orElseThrow().version()).isEqualTo(2);
    }

    @Test
    void a_model_that_no_call_wakes_is_told_so_and_stays_stopped() throws IOException {
        table.put(Rows.paid(NAME, Instant.now().minusSeconds(60)));

        Answer answer = call(LocalTable.NAME, "1");

        assertThat(answer.textAt("code")).isEqualTo("model_stopped");
        assertThat(answer.textAt("error"))
                .isEqualTo("The model is stopped, and calls do not start it: put time on its meter, and try again after"
                        + " the time in Retry-After.");
        assertThat(table.find(NAME).orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void on_a_faster_clock_the_seconds_are_still_the_callers() throws IOException {
        table.put(Rows.waking(NAME, Instant.now().minusSeconds(3600)));

        assertThat(seconds(call(LocalTable.NAME, "60"))).isEqualTo(9);
    }

    @Test
    void a_model_that_answers_costs_no_look_at_the_table() throws IOException {
        sagemaker.modelAnswers(200, "{\"generated_text\":\"Paris\"}");

        assertThat(call("none", "1").status()).isEqualTo(200);
        assertThat(log.get(0)).doesNotContain("cause");
    }

    @Test
    void a_model_that_is_overloaded_is_not_taken_for_a_stopped_one() throws IOException {
        table.put(Rows.waking(NAME, Instant.now().minusSeconds(60)));
        sagemaker.fails(400, "ThrottlingException", "Rate exceeded");

        assertThat(call(LocalTable.NAME, "1").textAt("code")).isEqualTo("throttled");
        assertThat(table.find(NAME).orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void where_the_table_is_silent_the_endpoint_is_unavailable_and_the_log_says_why() throws IOException {
        Answer answer = call("none", "1");

        assertThat(answer.textAt("code")).isEqualTo("model_unavailable");
        assertThat(seconds(answer)).isEqualTo(30);
        assertThat(log.get(0)).contains("\"cause\":\"ValidationError; GetItem: ResourceNotFoundException\"");
    }

    @Test
    void a_model_without_a_record_is_unavailable() throws IOException {
        assertThat(call(LocalTable.NAME, "1").textAt("code")).isEqualTo("model_unavailable");
    }

    @Test
    void with_little_time_left_nobody_asks() throws IOException {
        table.put(Rows.waking(NAME, Instant.now().minusSeconds(60)));

        assertThat(call(LocalTable.NAME, "1", Duration.ofSeconds(9)).textAt("code"))
                .isEqualTo("model_unavailable");
        assertThat(table.find(NAME).orElseThrow().version()).isEqualTo(1);
    }

    private Instant paidUntil() {
        return table.find(NAME).orElseThrow().record().paidUntil();
    }
}
