package parkmeter.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parkmeter.lambda.gateway.Answer;
import parkmeter.lambda.gateway.Event;
import parkmeter.lambda.jobs.StubStates;
import parkmeter.lambda.meter.table.LocalTable;
import parkmeter.lambda.runtime.LambdaRuntime;

/** The functions behind long routes from their zip alone: nothing that they need of the SDK was left out of it. */
class JobsZipIT {
    private Path folder;
    private LocalTable local;
    private StubStates states;
    private StubSageMaker sagemaker;

    @BeforeEach
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        LambdaRuntime.unpack(Path.of("target", "jobs.zip"), folder.resolve("zip"));
        local = new LocalTable();
        states = new StubStates();
        sagemaker = new StubSageMaker();
    }

    @AfterEach
    void stop() {
        sagemaker.close();
        states.close();
        local.close();
    }

    @Test
    void a_job_is_taken_done_and_told() throws Exception {
        sagemaker.modelAnswers(200, "{\"generated_text\":\"Paris\"}");

        Answer taken = jobs("POST", "/jobs", Event.rest("{\"prompt\":\"Hi\"}"));
        String id = Objects.requireNonNull(taken.textAt("id"));
        assertThat(call("WorkHandler", states.inputs().get(0))).isEqualTo("{}");
        states.end("SUCCEEDED", null);
        Answer done = jobs("GET", "/jobs/{id}", Event.rest(null).with("pathParameters", Map.of("id", id)));

        assertThat(taken.status()).isEqualTo(202);
        assertThat(done.textAt("answer", "generated_text")).isEqualTo("Paris");
    }

    @Test
    void a_model_that_its_meter_may_have_stopped_is_a_job_for_later_by_the_name_that_the_state_machine_knows()
            throws Exception {
        sagemaker.fails(400, "ValidationError", "Endpoint not found.");
        jobs("POST", "/jobs", Event.rest("{\"prompt\":\"Hi\"}"));

        assertThat(call("WorkHandler", states.inputs().get(0)))
                .contains("\"errorType\":\"parkmeter.lambda.jobs.TryAgain\"", "model_unavailable");
    }

    @Test
    void a_job_of_an_asynchronous_endpoint_is_taken_and_told() throws Exception {
        sagemaker.takes("s3://parkmeter-dev-answers/async/tinyllama/out/1.out", "s3://parkmeter-dev-answers/no");

        Answer taken = Answer.of(asynchronous("POST", "/jobs", Event.rest("{\"prompt\":\"Hi\"}")));
        states.write(
                "parkmeter-dev-answers/async/tinyllama/out/1.out",
                "{\"generated_text\":\"Paris\"}".getBytes(UTF_8),
                "application/json");
        String id = Objects.requireNonNull(taken.textAt("id"));
        Answer done =
                Answer.of(asynchronous("GET", "/jobs/{id}", Event.rest(null).with("pathParameters", Map.of("id", id))));

        assertThat(sagemaker.lastBody()).startsWith("{\"messages\"");
        assertThat(done.textAt("answer", "generated_text")).isEqualTo("Paris");
    }

    private byte[] asynchronous(String method, String route, Event event) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(environment());
        environment.remove("PARKMETER_STATE_MACHINE");
        environment.put("PARKMETER_ASYNC", "{\"parkmeter-dev-tinyllama\":\"async/tinyllama/\"}");
        return LambdaRuntime.answer(
                        folder.resolve("zip"),
                        "parkmeter.lambda.jobs.JobsHandler::handleRequest",
                        environment,
                        new String(
                                event.with("httpMethod", method)
                                        .with("resource", route)
                                        .bytes(),
                                UTF_8))
                .getBytes(UTF_8);
    }

    private Answer jobs(String method, String route, Event event) throws IOException, InterruptedException {
        Event request = event.with("httpMethod", method).with("resource", route);
        return Answer.of(call("JobsHandler", new String(request.bytes(), UTF_8)).getBytes(UTF_8));
    }

    private String call(String handler, String event) throws IOException, InterruptedException {
        return LambdaRuntime.answer(
                folder.resolve("zip"), "parkmeter.lambda.jobs." + handler + "::handleRequest", environment(), event);
    }

    private Map<String, String> environment() {
        return Map.of(
                "PARKMETER_STATE_MACHINE",
                StubStates.MACHINE,
                "PARKMETER_ANSWERS_BUCKET",
                "parkmeter-dev-answers",
                "PARKMETER_ROUTES",
                "{\"POST /jobs\":\"prompt\"}",
                "PARKMETER_ENDPOINTS",
                "{\"POST /jobs\":\"parkmeter-dev-tinyllama\"}",
                "PARKMETER_TABLE",
                LocalTable.NAME,
                "AWS_ENDPOINT_URL",
                states.url().toString(),
                "AWS_ENDPOINT_URL_DYNAMODB",
                local.url().toString(),
                "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME",
                sagemaker.url().toString());
    }
}
