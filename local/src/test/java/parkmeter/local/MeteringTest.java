package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.local.aws.Rules;
import parkmeter.local.engine.Plan;
import parkmeter.local.engine.Registration;
import parkmeter.local.lambda.FunctionSpec;

class MeteringTest {
    private static final FunctionSpec FUNCTION = new FunctionSpec(
            "meter",
            "arn:function:meter",
            "a.B::c",
            "java21",
            Path.of("meter.zip"),
            512,
            Duration.ofSeconds(3),
            Map.of(),
            OptionalInt.empty());

    private final List<Registration> resources = new ArrayList<>();

    @Test
    void a_stack_without_a_meter_has_none_of_it() throws Exception {
        assertThat(metering()).isEqualTo(new Metering(Optional.empty(), List.of(), List.of()));
    }

    @ParameterizedTest
    @CsvSource({"rate(1 minute), PT1M", "rate(5 minutes), PT5M", "rate(1 hour), PT1H", "rate(2 days), PT48H"})
    void a_rule_fires_at_its_rate(String expression, Duration period) throws Exception {
        declareRule(expression, "ENABLED");
        assertThat(metering().rules()).containsExactly(new Rules.Rule("arn:rule", period, "arn:function:meter"));
    }

    @Test
    void a_rule_that_is_switched_off_never_fires() throws Exception {
        declareRule("rate(1 minute)", "DISABLED");
        assertThat(metering().rules()).isEmpty();
    }

    @Test
    void a_schedule_that_is_no_rate_is_one_clear_sentence() throws Exception {
        declareRule("cron(0 8 * * ? *)", "ENABLED");
        assertThatThrownBy(this::metering)
                .isInstanceOf(CannotRun.class)
                .hasMessage("The stack declares a rule with the schedule 'cron(0 8 * * ? *)'; the local run has rates"
                        + " only, like rate(1 minute).");
    }

    @Test
    void functions_are_called_in_the_order_of_the_dependencies_as_at_a_first_deployment() throws Exception {
        declareCall("a-model", "{\"endpoint\": \"a\"}", "CRUD", "urn:stack");
        declareCall("b-once", "{\"x\": 1}", "CREATE_ONLY");
        declareCall("stack", "{\"stack\": true}", "CRUD", "urn:table");
        declare("aws:dynamodb/table:Table", "table", "{'name': 'meters', 'hashKey': 'a'}");
        assertThat(metering().registrations())
                .extracting(each -> each.name() + " " + each.functionArn() + " " + each.payload())
                .containsExactly(
                        "stack arn:function:meter {\"stack\":true,\"tf\":{\"action\":\"create\"}}",
                        "a-model arn:function:meter {\"endpoint\":\"a\",\"tf\":{\"action\":\"create\"}}",
                        "b-once arn:function:meter {\"x\":1}");
    }

    @Test
    void a_call_of_a_function_that_is_not_declared_is_one_clear_sentence() throws Exception {
        declare(
                "aws:lambda/invocation:Invocation",
                "call",
                "{'functionName': 'other', 'input': '{}', 'lifecycleScope': 'CRUD'}");
        assertThatThrownBy(this::metering)
                .isInstanceOf(CannotRun.class)
                .hasMessage("The stack calls the function other at deployment and declares none of that name.");
    }

    private void declareRule(String expression, String state) throws Exception {
        declare(
                "aws:cloudwatch/eventRule:EventRule",
                "rule",
                "{'name': 'minute', 'arn': 'arn:rule', 'scheduleExpression': '" + expression + "', 'state': '" + state
                        + "'}");
        declare("aws:cloudwatch/eventTarget:EventTarget", "target", "{'rule': 'minute', 'arn': 'arn:function:meter'}");
    }

    private void declareCall(String name, String input, String scope, String... dependencies) throws Exception {
        JsonNode inputs = new ObjectMapper()
                .createObjectNode()
                .put("functionName", "meter")
                .put("input", input)
                .put("lifecycleScope", scope);
        add("aws:lambda/invocation:Invocation", name, inputs, dependencies);
    }

    private void declare(String type, String name, String inputs) throws Exception {
        add(type, name, new ObjectMapper().readTree(inputs.replace('\'', '"')));
    }

    private void add(String type, String name, JsonNode inputs, String... dependencies) {
        resources.add(new Registration(
                "urn:" + name,
                type,
                name,
                Optional.empty(),
                Optional.empty(),
                true,
                List.of(dependencies),
                Map.of(),
                inputs,
                inputs,
                Set.of(),
                new ObjectMapper().createObjectNode()));
    }

    private Metering metering() throws CannotRun {
        return Metering.of(new Plan("project", "stack", resources, List.of(), List.of()), List.of(FUNCTION));
    }
}
