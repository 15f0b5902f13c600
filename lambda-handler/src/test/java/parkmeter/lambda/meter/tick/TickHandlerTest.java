package parkmeter.lambda.meter.tick;

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
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import parkmeter.lambda.LambdaContext;
import parkmeter.lambda.StubAws;
import parkmeter.lambda.json.Json;
import parkmeter.lambda.meter.MeterTable;
import parkmeter.lambda.meter.Rows;
import parkmeter.lambda.meter.Unavailable;
import parkmeter.lambda.meter.table.DynamoTable;
import parkmeter.lambda.meter.table.LocalTable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The tick as Lambda runs it, with DynamoDB Local and AWS's wire formats behind it. */
class TickHandlerTest {
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "AWS_REGION", "eu-west-2",
            "PARKMETER_TABLE", LocalTable.NAME,
            "PARKMETER_TOPIC", "arn:aws:sns:eu-west-2:123456789012:parkmeter-dev-meter",
            "PARKMETER_TAGS", "{\"project\":\"parkmeter\"}");

    private static LocalTable local;

    private final List<String> log = new CopyOnWriteArrayList<>();
    private StubAws aws;
    private DynamoTable table;
    private TickHandler handler;

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
        aws = new StubAws(Clock.systemUTC());
        table = new DynamoTable(local.sdk(), LocalTable.NAME);
        handler = new TickHandler(ENVIRONMENT);
    }

    @AfterEach
    void stop() {
        MeterTable.Page page = table.page(null);
        page.rows().forEach(row -> table.delete(row.endpoint(), row.version()));
        aws.close();
    }

    private void metered(String endpoint, Duration paid) {
        table.put(Rows.paid(endpoint, Instant.now().plus(paid)));
    }

    private Map<?, ?> tick(Duration left) throws IOException {
        byte[] event = "{\"source\":\"aws.events\",\"detail-type\":\"Scheduled Event\"}".getBytes(UTF_8);
        return (Map<?, ?>)
                Objects.requireNonNull(Json.read(new String(LambdaContext.call(handler, event, left, log), UTF_8)));
    }

    @Test
    void what_is_paid_is_started_and_what_is_not_is_deleted_and_both_are_told() throws IOException {
        metered("paid", Duration.ofHours(1));
        metered("over", Duration.ofHours(-1));
        aws.endpoint("over", "c", "InService");
        aws.endpoint("elses", "c", "InService");

        Map<?, ?> report = tick(Duration.ofSeconds(50));
        tick(Duration.ofSeconds(50));

        assertThat(report.get("records")).isEqualTo(2);
        assertThat(report.get("failed")).isEqualTo(0);
        assertThat(aws.status("paid")).isEqualTo("InService");
        assertThat(aws.status("over")).isNull();
        assertThat(aws.status("elses")).as("it has no record").isEqualTo("InService");
        assertThat(aws.mails().stream().map(mail -> String.valueOf(mail.get("Subject"))))
                .contains("paid: started", "over: stopped");
        assertThat(log).anyMatch(line -> line.startsWith("paid: ")).anyMatch(line -> line.startsWith("over: "));
        assertThat(log.get(log.size() - 1))
                .matches("\\{\"records\":2,\"unreadable\":0,\"failed\":0,\"late\":0,\"latencyMs\":\\d+}\n");
    }

    @Test
    void where_it_writes_metrics_each_record_has_a_line_that_cloudwatch_takes_for_such() throws IOException {
        Map<String, String> watched = new HashMap<>(ENVIRONMENT);
        watched.put("PARKMETER_METRICS", "Parkmeter/parkmeter-dev");
        handler = new TickHandler(watched);
        metered("paid", Duration.ofMinutes(90));
        metered("over", Duration.ofHours(-1));
        aws.endpoint("over", "c", "InService");

        tick(Duration.ofSeconds(50));

        List<String> lines = log.stream()
                .filter(line -> line.startsWith("{\"_aws\":"))
                .sorted()
                .toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.stream().filter(line -> line.contains("\"over\"")).findFirst())
                .hasValueSatisfying(line -> assertThat(line)
                        .matches("\\{\"_aws\":\\{\"Timestamp\":[0-9]{13},\"CloudWatchMetrics\":\\["
                                + "\\{\"Namespace\":\"Parkmeter/parkmeter-dev\",\"Dimensions\":\\[\\[\"Endpoint\"]],"
                                + "\"Metrics\":\\[\\{\"Name\":\"MinutesLeft\"},\\{\"Name\":\"Unpaid\"},"
                                + "\\{\"Name\":\"FailedStart\"}]}]},"
                                + "\"Endpoint\":\"over\",\"MinutesLeft\":0,\"Unpaid\":1,\"FailedStart\":0}\n"));
        assertThat(lines.stream().filter(line -> line.contains("\"paid\"")).findFirst())
                .hasValueSatisfying(
                        line -> assertThat(line).contains("\"MinutesLeft\":89,\"Unpaid\":0,\"FailedStart\":0"));
        assertThat(log.get(log.size() - 1)).startsWith("{\"records\":2,");
    }

    @Test
    void without_that_it_writes_none() throws IOException {
        metered("paid", Duration.ofMinutes(90));

        tick(Duration.ofSeconds(50));

        assertThat(log).noneMatch(line -> line.contains("_aws"));
    }

    @Test
    void endpoints_beyond_the_first_page_are_seen() throws IOException {
        aws.pages(3, 100);
        for (int i = 0; i < 10; i++) {
            metered("e" + i, Duration.ofHours(1));
            aws.endpoint("e" + i, "c", "InService");
        }

        tick(Duration.ofSeconds(50));

        assertThat(aws.calls("ListEndpoints")).hasSize(4);
        assertThat(aws.calls("CreateEndpoint")).isEmpty();
    }

    @Test
    void a_record_that_can_not_be_read_keeps_no_other_waiting() throws IOException {
        local.byHand(Map.of(
                "endpoint", AttributeValue.fromS("broken"),
                "version", AttributeValue.fromN("1"),
                "record", AttributeValue.fromS("{")));
        metered("paid", Duration.ofHours(1));

        Map<?, ?> report = tick(Duration.ofSeconds(50));

        assertThat(report.get("unreadable")).isEqualTo(1);
        assertThat(aws.status("paid")).isEqualTo("InService");
    }

    @Test
    void it_ends_inside_its_time_limit_and_says_how_many_it_did_not_come_to() throws IOException {
        for (int i = 0; i < 60; i++) {
            metered("e" + i, Duration.ofHours(1));
        }
        aws.delays("CreateEndpoint", Duration.ofMillis(700));
        long start = System.nanoTime();

        Map<?, ?> report = tick(Duration.ofSeconds(22));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(21));
        assertThat((Integer) report.get("late")).isBetween(1, 59);

        aws.delays("CreateEndpoint", Duration.ZERO);

        assertThat(tick(Duration.ofSeconds(50)).get("late")).isEqualTo(0);
        assertThat(aws.calls("CreateEndpoint")).as("each once").hasSize(60);
    }

    @Test
    void it_fails_where_it_can_not_see_what_there_is() {
        metered("paid", Duration.ofHours(1));
        aws.refuses("ListEndpoints", 9, 400, "ThrottlingException", "Rate exceeded");

        assertThatThrownBy(() -> tick(Duration.ofSeconds(50)))
                .isInstanceOf(Unavailable.class)
                .hasMessage("ListEndpoints: ThrottlingException");
        assertThat(aws.calls("CreateEndpoint")).isEmpty();
    }
}
