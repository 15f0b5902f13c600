package parkmeter.local.states;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.local.lambda.InvokeResult;
import parkmeter.local.lambda.InvokeResult.Reason;

/** The task that calls a function, in a machine like that of long answers. */
class InvokeFunctionTest {
    private static final String PREFIX = "arn:aws:lambda:eu-west-2:123456789012:function:";

    private final List<String> arns = Collections.synchronizedList(new ArrayList<>());
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private final List<InvokeResult> answers = Collections.synchronizedList(new ArrayList<>());

    @ParameterizedTest
    @ValueSource(strings = {"work", PREFIX + "work", PREFIX + "work:live"})
    void a_function_gets_the_payload_and_its_answer_is_the_states_payload(String name) {
        answers.add(answer("{\"said\": \"It's 🙂\"}"));
        try (Started machine = machine(name)) {
            assertThat(machine.output("{\"job\":\"It's \\\"quoted\\\" 🙂\"}"))
                    .isEqualTo(Started.parse("{\"said\":\"It's 🙂\"}"));
        }
        assertThat(arns).containsExactly(PREFIX + "work");
        assertThat(events).containsExactly("{\"job\":\"It's \\\"quoted\\\" 🙂\"}");
    }

    @Test
    void what_a_handler_throws_is_named_by_its_class_and_told_by_lambdas_json() {
        answers.add(new InvokeResult.Failed(Reason.HANDLER_ERROR, "a.b.JobFailed", "{\"code\":\"model_refused\"}"));
        try (Started machine = machine("work")) {
            JsonNode described = machine.run("{}");
            assertThat(described.path("status").asText()).isEqualTo("FAILED");
            assertThat(described.path("error").asText()).isEqualTo("a.b.JobFailed");
            JsonNode cause = Started.parse(described.path("cause").asText());
            assertThat(cause.path("errorMessage").asText()).isEqualTo("{\"code\":\"model_refused\"}");
            assertThat(cause.path("errorType").asText()).isEqualTo("a.b.JobFailed");
        }
    }

    @Test
    void an_error_that_time_mends_is_tried_again_as_the_definition_says() {
        answers.add(new InvokeResult.Failed(Reason.HANDLER_ERROR, "a.b.TryAgain", "{}"));
        answers.add(new InvokeResult.Throttled());
        answers.add(answer("{}"));
        try (Started machine = machine("work")) {
            assertThat(machine.output("{}")).isEmpty();
            assertThat(machine.pauses).containsExactly(Duration.ofSeconds(5), Duration.ofSeconds(2));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NO_SUCH_FUNCTION,   Lambda.ResourceNotFoundException",
        "REQUEST_TOO_LARGE,  Lambda.RequestTooLargeException",
        "CLOSED,             Lambda.ServiceException",
        "RUNTIME_EXITED,     Runtime.ExitError",
        "TIMED_OUT,          Sandbox.Timedout",
        "INIT_FAILED,        Runtime.ExitError",
        "RESPONSE_TOO_LARGE, Function.ResponseSizeTooLarge",
    })
    void what_lambda_itself_says_has_lambdas_names(Reason reason, String error) {
        for (int i = 0; i < 10; i++) {
            answers.add(new InvokeResult.Failed(reason, "why"));
        }
        try (Started machine = machine("work")) {
            assertThat(machine.run("{}").path("error").asText()).isEqualTo(error);
        }
    }

    private static InvokeResult answer(String json) {
        return new InvokeResult.Answer(json.getBytes(StandardCharsets.UTF_8));
    }

    private Started machine(String function) {
        return Started.with(
                """
                StartAt: Work
                TimeoutSeconds: 3600
                States:
                  Work:
                    Type: Task
                    Resource: "arn:aws:states:::lambda:invoke"
                    TimeoutSeconds: 90
                    Parameters: {FunctionName: "%s", Payload.$: $}
                    OutputPath: $.Payload
                    Retry:
                      - {ErrorEquals: [a.b.TryAgain], IntervalSeconds: 5, BackoffRate: 2, MaxDelaySeconds: 60, MaxAttempts: 20, JitterStrategy: FULL}
                      - {ErrorEquals: [Lambda.TooManyRequestsException, Lambda.ServiceException], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 6}
                    End: true
                """
                        .formatted(function),
                Map.of(
                        InvokeFunction.resource("aws"),
                        new InvokeFunction(
                                (arn, event) -> {
                                    arns.add(arn);
                                    events.add(new String(event, StandardCharsets.UTF_8));
                                    return CompletableFuture.completedFuture(answers.remove(0));
                                },
                                PREFIX)));
    }
}
