package parkmeter.local.states;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.local.edge.StubService;

/** Step Functions API reference: StartExecution, DescribeExecution, ListExecutions, StopExecution. */
class StepFunctionsTest {
    /** The machine of an asynchronous call to a model, as AWS's console would draw it. */
    private static final String INVOKE =
            """
            StartAt: Invoke
            States:
              Invoke:
                Type: Task
                Resource: arn:aws:states:::aws-sdk:sagemakerruntime:invokeEndpoint
                Parameters: {ContentType: application/json, Body.$: $.body, EndpointName.$: $.endpointname}
                End: true
            """;

    @Test
    void an_execution_is_started_and_described_as_step_functions_does() {
        try (StubService model = new StubService();
                Started machine =
                        Started.with(INVOKE, Map.of(InvokeEndpoint.RESOURCE, new InvokeEndpoint(model.url())))) {
            model.answers(
                    200,
                    "[{\"generated_text\":\"It's \\\"Paris\\\"\"}]".getBytes(StandardCharsets.UTF_8),
                    Map.of("Content-Type", "application/json", "x-Amzn-Invoked-Production-Variant", "AllTraffic"));
            String input =
                    "{\"endpointname\":\"demo-Falcon40B-Endpoint\",\"body\":{\"inputs\":\"What's \\\"it\\\"? \\\\ 🙂\"}}";
            JsonNode described = machine.run(input);
            String arn = described.path("executionArn").asText();
            assertThat(arn).startsWith("arn:aws:states:eu-west-2:123456789012:execution:jobs:");
            assertThat(described.path("name").asText()).hasSize(36).isEqualTo(arn.substring(arn.lastIndexOf(':') + 1));
            assertThat(described.path("stateMachineArn").asText()).isEqualTo(Started.MACHINE);
            assertThat(described.path("status").asText()).isEqualTo("SUCCEEDED");
            assertThat(described.path("startDate").asDouble()).isEqualTo(1_772_661_600.575);
            assertThat(described.has("stopDate")).isTrue();
            assertThat(described.path("input").asText()).isEqualTo(input);
            assertThat(described.path("inputDetails").path("included").asBoolean())
                    .isTrue();
            assertThat(Started.parse(described.path("output").asText()))
                    .isEqualTo(
                            Started.parse(
                                    "{\"Body\":\"[{\\\"generated_text\\\":\\\"It's \\\\\\\"Paris\\\\\\\"\\\"}]\","
                                            + "\"ContentType\":\"application/json\",\"InvokedProductionVariant\":\"AllTraffic\"}"));
            assertThat(model.asked().uri()).isEqualTo("/endpoints/demo-Falcon40B-Endpoint/invocations");
            assertThat(model.asked().headers()).containsEntry("Content-Type", "application/json");
            assertThat(model.asked().text()).isEqualTo("{\"inputs\":\"What's \\\"it\\\"? \\\\ 🙂\"}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, ValidationError, SageMakerRuntime.ValidationErrorException",
        "424, ModelError, SageMakerRuntime.ModelErrorException",
        "503, ServiceUnavailable, SageMakerRuntime.ServiceUnavailableException",
        "400, ThrottlingException, SageMakerRuntime.SageMakerRuntimeException"
    })
    void sagemakers_errors_have_the_names_of_the_sdks_exceptions(int status, String type, String error) {
        try (StubService model = new StubService();
                Started machine =
                        Started.with(INVOKE, Map.of(InvokeEndpoint.RESOURCE, new InvokeEndpoint(model.url())))) {
            model.answers(
                    status,
                    "{\"Message\":\"no\"}".getBytes(StandardCharsets.UTF_8),
                    Map.of("x-amzn-ErrorType", type, "x-amzn-RequestId", "r1"));
            JsonNode described = machine.run("{\"endpointname\":\"e\",\"body\":\"text as it is\"}");
            assertThat(described.path("status").asText()).isEqualTo("FAILED");
            assertThat(described.path("error").asText()).isEqualTo(error);
            assertThat(described.path("cause").asText())
                    .isEqualTo("no (Service: SageMakerRuntime, Status Code: " + status + ", Request ID: r1)");
            assertThat(described.has("output")).isFalse();
            assertThat(model.asked().text()).isEqualTo("text as it is");
        }
    }

    @Test
    void an_endpoint_that_cannot_be_reached_is_the_sdk_clients_exception() {
        StubService model = new StubService();
        model.close();
        try (Started machine = Started.with(INVOKE, Map.of(InvokeEndpoint.RESOURCE, new InvokeEndpoint(model.url())))) {
            assertThat(machine.run("{\"endpointname\":\"e\",\"body\":{}}")
                            .path("error")
                            .asText())
                    .isEqualTo("SageMakerRuntime.SdkClientException");
        }
    }

    @Test
    void a_name_is_taken_once_and_the_same_start_again_is_the_same_execution() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        try (Started machine = Started.with("{StartAt: A, States: {A: {Type: Task, Resource: do, End: true}}}", in -> {
            go.await();
            return in;
        })) {
            ObjectNode request = Started.request("stateMachineArn", Started.MACHINE)
                    .put("name", "n")
                    .put("input", "{\"a\":1}");
            JsonNode first = Started.json(machine.call("StartExecution", request));
            assertThat(Started.json(machine.call("StartExecution", request))).isEqualTo(first);
            refused(machine.call("StartExecution", request.put("input", "{}")), "ExecutionAlreadyExists");
            go.countDown();
            while (machine.describe(first.path("executionArn").asText())
                    .path("status")
                    .asText()
                    .equals("RUNNING")) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            refused(machine.call("StartExecution", request.put("input", "{\"a\":1}")), "ExecutionAlreadyExists");
        }
    }

    @Test
    void a_running_execution_says_so_and_can_be_stopped_and_listed() {
        try (Started machine = Started.with("{StartAt: A, States: {A: {Type: Task, Resource: do, End: true}}}", in -> {
            Thread.sleep(60_000);
            return in;
        })) {
            String arn = machine.start("{}");
            JsonNode running = machine.describe(arn);
            assertThat(running.path("status").asText()).isEqualTo("RUNNING");
            assertThat(running.has("stopDate")).isFalse();
            machine.call(
                    "StopExecution",
                    Started.request("executionArn", arn).put("error", "E").put("cause", "c"));
            JsonNode stopped = machine.describe(arn);
            assertThat(stopped.path("status").asText()).isEqualTo("ABORTED");
            assertThat(stopped.path("error").asText()).isEqualTo("E");
            String other = machine.start("{}");
            ObjectNode list = Started.request("stateMachineArn", Started.MACHINE);
            assertThat(Started.json(machine.call("ListExecutions", list))
                            .at("/executions/0/executionArn")
                            .asText())
                    .isEqualTo(other);
            assertThat(Started.json(machine.call("ListExecutions", list.put("statusFilter", "ABORTED")))
                            .path("executions"))
                    .hasSize(1);
        }
    }

    @Test
    void what_step_functions_refuses_is_refused_with_its_type() {
        try (Started machine = Started.of("{StartAt: A, States: {A: {Type: Succeed}}}")) {
            ObjectNode start = Started.request("stateMachineArn", Started.MACHINE);
            refused(
                    machine.call("StartExecution", start.deepCopy().put("stateMachineArn", "arn:x")),
                    "StateMachineDoesNotExist");
            refused(machine.call("StartExecution", start.deepCopy().put("name", "a b")), "InvalidName");
            refused(machine.call("StartExecution", start.deepCopy().put("name", "x".repeat(81))), "InvalidName");
            refused(machine.call("StartExecution", start.deepCopy().put("input", "{'a'")), "InvalidExecutionInput");
            refused(machine.call("StartExecution", "{}"), "ValidationException");
            refused(machine.call("StartExecution", "not json"), "SerializationException");
            refused(machine.call("DescribeExecution", Started.request("executionArn", "x")), "InvalidArn");
            refused(
                    machine.call("DescribeExecution", Started.request("executionArn", machine.start("{}") + "x")),
                    "ExecutionDoesNotExist");
            refused(machine.call("CreateStateMachine", "{}"), "UnknownOperationException");
        }
    }

    @Test
    void an_input_of_256_kilobytes_is_taken_and_one_byte_more_refused() {
        try (Started machine = Started.of("{StartAt: A, States: {A: {Type: Pass, End: true}}}")) {
            String most = "\"" + "x".repeat(256 * 1024 - 2) + "\"";
            assertThat(machine.run(most).path("status").asText()).isEqualTo("SUCCEEDED");
            refused(
                    machine.call(
                            "StartExecution",
                            Started.request("stateMachineArn", Started.MACHINE).put("input", most + " ")),
                    "ValidationException");
        }
    }

    @Test
    void a_result_of_more_than_256_kilobytes_fails_the_execution_and_cannot_be_caught() {
        try (Started machine = Started.with(
                """
                StartAt: A
                States:
                  A: {Type: Task, Resource: do, End: true, Retry: [{ErrorEquals: [States.ALL]}], Catch: [{ErrorEquals: [States.ALL], Next: B}]}
                  B: {Type: Succeed}
                """,
                in -> JsonNodeFactory.instance.textNode("é".repeat(128 * 1024)))) {
            JsonNode described = machine.run("{}");
            assertThat(described.path("status").asText()).isEqualTo("FAILED");
            assertThat(described.path("error").asText()).isEqualTo("States.DataLimitExceeded");
            assertThat(machine.calls).hasSize(1);
        }
    }

    @Test
    void an_execution_that_takes_longer_than_the_machines_timeout_ends() {
        try (Started machine = Started.with(
                "{StartAt: A, TimeoutSeconds: 1, States: {A: {Type: Task, Resource: do, End: true}}}", in -> {
                    Thread.sleep(60_000);
                    return in;
                })) {
            JsonNode described = machine.run("{}");
            assertThat(described.path("status").asText()).isEqualTo("TIMED_OUT");
        }
    }

    private static void refused(HttpResponse<String> response, String type) {
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Started.json(response).path("__type").asText().replaceFirst(".*#", ""))
                .isEqualTo(type);
    }
}
