package parkmeter.local.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** states-language.net/spec.html, and Step Functions developer guide, "Handling errors in Step Functions workflows". */
class RunTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | {\"a\":{\"b\":1},\"c\":2}",
                "'InputPath: $.a,' | {\"b\":1}",
                "'InputPath: null,' | {}",
                "'Parameters: {x.$: $.a.b, y: 7, z: {deep.$: $.c}},' | {\"x\":1,\"y\":7,\"z\":{\"deep\":2}}",
                "'InputPath: $.a, Parameters: {x.$: $.b},' | {\"x\":1}",
                "'ResultPath: $.r,' | {\"a\":{\"b\":1},\"c\":2,\"r\":{\"a\":{\"b\":1},\"c\":2}}",
                "'ResultPath: $.a.r, Parameters: {x: 1},' | {\"a\":{\"b\":1,\"r\":{\"x\":1}},\"c\":2}",
                "'InputPath: $.a, ResultPath: $.r,' | {\"a\":{\"b\":1},\"c\":2,\"r\":{\"b\":1}}",
                "'ResultPath: null,' | {\"a\":{\"b\":1},\"c\":2}",
                "'OutputPath: $.a,' | {\"b\":1}",
                "'OutputPath: null,' | {}",
                "'ResultSelector: {only.$: $.c},' | {\"only\":2}",
                "'Parameters: {n.$: $$.Execution.Input.c, s.$: $$.State.Name},' | {\"n\":2,\"s\":\"A\"}"
            })
    void data_flows_through_a_task_as_the_language_says(String fields, String output) {
        try (Started machine =
                Started.of("{StartAt: A, States: {A: {Type: Task, Resource: do, " + fields + " End: true}}}")) {
            assertThat(machine.output("{\"a\":{\"b\":1},\"c\":2}")).isEqualTo(Started.parse(output));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "States.Format('Hello {}, {} \\{\\}', $.name, $.n) | \"Hello It's, 1.5 {}\"",
                "States.Format('it\\'s') | \"it's\"",
                "States.JsonToString($.o) | \"{\\\"k\\\":[1,\\\"a\\\"]}\"",
                "States.StringToJson($.s) | {\"x\":100.0}",
                "States.Array($.n, 'a', 2, true, null) | [1.5,\"a\",2,true,null]",
                "States.Base64Decode(States.Base64Encode($.name)) | \"It's\"",
                "States.Hash('abc', 'SHA-256') | \"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\""
            })
    void intrinsic_functions_give_what_the_language_says(String function, String value) {
        String definition =
                "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true,\"Parameters\":{\"v.$\":"
                        + new TextNode(function) + "}}}}";
        try (Started machine = Started.of(definition)) {
            JsonNode output =
                    machine.output("{\"name\":\"It's\",\"n\":1.5,\"o\":{\"k\":[1,\"a\"]},\"s\":\"{\\\"x\\\":100.0}\"}");
            assertThat(output.path("v")).isEqualTo(Started.parse(value));
        }
    }

    @Test
    void a_choice_takes_the_first_way_that_holds_or_its_default() {
        try (Started machine = Started.of(
                """
                StartAt: C
                States:
                  C:
                    Type: Choice
                    Choices:
                      - {And: [{Variable: $.n, IsPresent: true}, {Variable: $.n, NumericGreaterThan: 5}], Next: Many}
                      - {Variable: $.s, StringMatches: 'a*z', Next: Text}
                      - {Not: {Variable: $.b, BooleanEquals: false}, Next: Yes}
                    Default: Other
                  Many: {Type: Pass, Result: many, End: true}
                  Text: {Type: Pass, Result: text, End: true}
                  Yes: {Type: Pass, Result: 'yes', End: true}
                  Other: {Type: Pass, Result: other, End: true}
                """)) {
            assertThat(machine.output("{\"n\":6}").asText()).isEqualTo("many");
            assertThat(machine.output("{\"n\":5,\"s\":\"a-*-z\"}").asText()).isEqualTo("text");
            assertThat(machine.output("{\"s\":\"a\",\"b\":true}").asText()).isEqualTo("yes");
            assertThat(machine.output("{\"s\":\"a\",\"b\":false}").asText()).isEqualTo("other");
            assertThat(machine.run("{\"s\":\"a\"}").path("error").asText()).isEqualTo("States.Runtime");
        }
        try (Started narrow = Started.of("{StartAt: C, States: {C: {Type: Choice, Choices: [{Variable: $.a,"
                + " StringEqualsPath: $.b, Next: S}]}, S: {Type: Succeed}}}")) {
            assertThat(narrow.run("{\"a\":\"x\",\"b\":\"x\"}").path("status").asText())
                    .isEqualTo("SUCCEEDED");
            assertThat(narrow.run("{\"a\":\"x\",\"b\":\"y\"}").path("error").asText())
                    .isEqualTo("States.NoChoiceMatched");
        }
    }

    @Test
    void a_failed_task_is_tried_again_by_the_rule_that_names_its_error_waiting_longer_each_time() {
        AtomicInteger tries = new AtomicInteger();
        try (Started machine = Started.with(
                """
                StartAt: A
                States:
                  A:
                    Type: Task
                    Resource: do
                    End: true
                    Retry:
                      - {ErrorEquals: [Busy], IntervalSeconds: 2, MaxAttempts: 4, BackoffRate: 3, MaxDelaySeconds: 10}
                      - {ErrorEquals: [States.ALL], MaxAttempts: 1}
                """,
                in -> {
                    if (tries.incrementAndGet() <= 3) {
                        throw new TaskFailed("Busy", "later");
                    }
                    if (tries.get() == 4) {
                        throw new TaskFailed("Other", "once");
                    }
                    return in;
                })) {
            assertThat(machine.output("{\"a\":1}")).isEqualTo(Started.parse("{\"a\":1}"));
            assertThat(machine.pauses)
                    .containsExactly(
                            Duration.ofSeconds(2),
                            Duration.ofSeconds(6),
                            Duration.ofSeconds(10),
                            Duration.ofSeconds(1));
            assertThat(machine.calls).hasSize(5);
        }
    }

    @Test
    void when_all_tries_are_used_up_the_catcher_that_names_the_error_leads_on() {
        String definition =
                """
                StartAt: A
                States:
                  A:
                    Type: Task
                    Resource: do
                    End: true
                    Retry: [{ErrorEquals: [States.TaskFailed], MaxAttempts: 2}]
                    Catch:
                      - {ErrorEquals: [Other], Next: B}
                      - {ErrorEquals: [States.ALL], ResultPath: $.problem, Next: C}
                  B: {Type: Fail}
                  C: {Type: Pass, End: true}
                """;
        try (Started machine = Started.with(definition, in -> {
            throw new TaskFailed("Mine", "it's \"broken\"");
        })) {
            assertThat(machine.output("{\"a\":1}"))
                    .isEqualTo(Started.parse(
                            "{\"a\":1,\"problem\":{\"Error\":\"Mine\",\"Cause\":\"it's \\\"broken\\\"\"}}"));
            assertThat(machine.calls).hasSize(3);
        }
    }

    @Test
    void a_task_that_is_slower_than_its_timeout_fails_with_states_timeout_which_task_failed_does_not_name() {
        try (Started machine = Started.with(
                """
                StartAt: A
                States:
                  A:
                    Type: Task
                    Resource: do
                    TimeoutSeconds: 1
                    End: true
                    Catch: [{ErrorEquals: [States.TaskFailed], Next: Wrong}, {ErrorEquals: [States.Timeout], Next: Right}]
                  Wrong: {Type: Fail}
                  Right: {Type: Succeed}
                """,
                in -> {
                    Thread.sleep(60_000);
                    return in;
                })) {
            assertThat(machine.output("{}").path("Error").asText()).isEqualTo("States.Timeout");
        }
    }

    @Test
    void waiting_takes_the_time_that_is_declared_or_that_the_data_says() {
        try (Started machine = Started.of("{StartAt: A, States: {A: {Type: Wait, Seconds: 5, Next: B},"
                + " B: {Type: Wait, SecondsPath: $.s, End: true}}}")) {
            assertThat(machine.output("{\"s\":7}")).isEqualTo(Started.parse("{\"s\":7}"));
            assertThat(machine.pauses).containsExactly(Duration.ofSeconds(5), Duration.ofSeconds(7));
        }
    }

    @Test
    void a_fail_state_says_what_is_declared_or_what_the_data_says() {
        try (Started machine = Started.of("{StartAt: A, States: {A: {Type: Fail, Error: Mine, CausePath: $.why}}}")) {
            JsonNode described = machine.run("{\"why\":\"it's so\"}");
            assertThat(described.path("error").asText()).isEqualTo("Mine");
            assertThat(described.path("cause").asText()).isEqualTo("it's so");
        }
    }

    @Test
    void a_path_that_leads_nowhere_fails_by_name_and_says_nothing_of_the_data() {
        try (Started machine = Started.of(
                "{StartAt: A, States: {A: {Type: Task, Resource: do, Parameters: {x.$: $.absent}, End: true}}}")) {
            JsonNode described = machine.run("{\"secret\":1}");
            assertThat(described.path("error").asText()).isEqualTo("States.ParameterPathFailure");
            assertThat(described.path("cause").asText()).contains("$.absent").doesNotContain("secret");
        }
    }

    @Test
    void a_circle_ends() {
        try (Started machine =
                Started.of("{StartAt: A, States: {A: {Type: Pass, Next: B}, B: {Type: Pass, Next: A}}}")) {
            assertThat(machine.run("{}").path("error").asText()).isEqualTo("States.Runtime");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{StartAt: Absent, States: {A: {Type: Succeed}}} | there is no state 'Absent'",
                "{StartAt: A, States: {A: {Type: Pass, Next: B}}} | there is no state 'B'",
                "{StartAt: A, States: {A: {Type: Pass}}} | state 'A': a state has Next, or End",
                "{StartAt: A, States: {A: {Type: Parallel, End: true}}} | state 'A': the type 'Parallel' is not run locally",
                "{StartAt: A, States: {A: {Type: Pass, Assign: {}, End: true}}} | state 'A': the field Assign is not run locally",
                "{StartAt: A, QueryLanguage: JSONata, States: {A: {Type: Succeed}}} | the query language is JSONPath locally",
                "{StartAt: A, States: {A: {Type: Task, Resource: 'arn:x', End: true}}} | the resource arn:x is not run locally; there are do",
                "{StartAt: A, States: {A: {Type: Task, Resource: do, HeartbeatSeconds: 1, End: true}}} | the field HeartbeatSeconds",
                "{StartAt: A, States: {A: {Type: Pass, Parameters: {x.$: 'States.MathAdd(1, 2)'}, End: true}}} | the function States.MathAdd",
                "{StartAt: A, States: {A: {Type: Pass, Parameters: {x.$: 'name'}, End: true}}} | neither a path nor an intrinsic function",
                "{StartAt: A, States: {A: {Type: Pass, InputPath: '$[', End: true}}} | is no JSONPath",
                "{StartAt: A, States: {A: {Type: Pass, ResultPath: '$[0]', End: true}}} | is no reference path",
                "{StartAt: A, States: {A: {Type: Wait, Timestamp: x, End: true}}} | the field Timestamp",
                "{StartAt: A, States: {A: {Type: Task, Resource: do, End: true, Retry: [{ErrorEquals: [States.ALL, X]}]}}} | States.ALL alone",
                "{StartAt: A, States: {A: {Type: Choice, Choices: [{Variable: $.a, TimestampEquals: x, Next: A}]}}} | TimestampEquals is not run"
            })
    void what_would_run_otherwise_than_on_aws_is_refused_at_the_start(String both) {
        String definition = both.substring(0, both.lastIndexOf(" | "));
        assertThatThrownBy(() -> Started.of(definition).close())
                .isInstanceOf(Unrunnable.class)
                .hasMessageContaining(both.substring(both.lastIndexOf(" | ") + 3));
    }
}
