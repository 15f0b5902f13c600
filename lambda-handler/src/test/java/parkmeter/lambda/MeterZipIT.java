package parkmeter.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parkmeter.lambda.gateway.Event;
import parkmeter.lambda.meter.table.LocalTable;
import parkmeter.lambda.runtime.LambdaRuntime;

/** The meter's functions from their zip alone: nothing that they need of the SDK was left out of it. */
class MeterZipIT {
    private static final String NAME = "parkmeter-dev-tinyllama";

    private Path folder;
    private LocalTable local;
    private StubAws aws;

    @BeforeEach
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        LambdaRuntime.unpack(Path.of("target", "meter.zip"), folder.resolve("zip"));
        local = new LocalTable();
        aws = new StubAws(Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        aws.close();
        local.close();
    }

    @Test
    void they_register_tick_answer_and_take_an_endpoint_off_again() throws Exception {
        String fields =
                "\"endpoint\":\"" + NAME + "\",\"configuration\":\"c\",\"initialMinutes\":90,\"maxMinutes\":480,"
                        + "\"idleMinutes\":30,\"beforeStopMinutes\":10";
        String registration = "registration.RegistrationHandler";

        assertThat(call(registration, "{" + fields + ",\"tf\":{\"action\":\"create\"}}"))
                .contains("\"create\"");
        assertThat(call("tick.TickHandler", "{}")).contains("\"records\":1,\"unreadable\":0,\"failed\":0,\"late\":0");
        assertThat(call(
                        "http.MeterApiHandler",
                        new String(event("GET", "/meters/{name}").bytes(), UTF_8)))
                .contains("\"statusCode\":200", "InService");
        assertThat(call(registration, "{" + fields.replace("\"c\"", "\"d\"") + ",\"tf\":{\"action\":\"update\"}}"))
                .contains("\"update\"");
        assertThat(aws.configuration(NAME)).isEqualTo("d");
        assertThat(call(registration, "{" + fields + ",\"tf\":{\"action\":\"delete\"}}"))
                .contains("\"delete\"");
        assertThat(aws.status(NAME)).isNull();
        assertThat(aws.calls().stream().map(StubAws.Call::operation))
                .contains(
                        "ListEndpoints",
                        "DescribeEndpoint",
                        "CreateEndpoint",
                        "UpdateEndpoint",
                        "DeleteEndpoint",
                        "GetMetricData",
                        "Publish",
                        "PutParameter",
                        "DeleteParameter");
    }

    private static Event event(String method, String route) {
        return Event.rest(null)
                .with("httpMethod", method)
                .with("resource", route)
                .with("pathParameters", Map.of("name", NAME));
    }

    private String call(String handler, String event) throws IOException, InterruptedException {
        return LambdaRuntime.answer(
                folder.resolve("zip"),
                "parkmeter.lambda.meter." + handler + "::handleRequest",
                Map.of(
                        "PARKMETER_TABLE",
                        LocalTable.NAME,
                        "PARKMETER_TOPIC",
                        "arn:aws:sns:eu-west-2:123456789012:t",
                        "PARKMETER_TAGS",
                        "{\"project\":\"parkmeter\"}",
                        "AWS_ENDPOINT_URL",
                        aws.url().toString(),
                        "AWS_ENDPOINT_URL_DYNAMODB",
                        local.url().toString()),
                event);
    }
}
