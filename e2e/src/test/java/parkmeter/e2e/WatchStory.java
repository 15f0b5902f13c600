package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.sns.model.Subscription;

/** A stack that is watched: who is told of what, what the tick writes down for the alarms, and that all of it can be taken out again. */
@Story
final class WatchStory extends LifeCycle {

    private static final String PREFIX = "parkmeter-watched-";

    private final Workbench workbench;

    WatchStory(Workbench workbench) throws IOException {
        super(
                workbench,
                new Sample(
                        "watched",
                        workbench.file("e2e/src/test/stacks/Pulumi.watched.yaml"),
                        Map.of(),
                        "small",
                        "/small"));
        this.workbench = workbench;
    }

    @Test
    @Order(10)
    void every_alarm_tells_the_topic_or_is_in_the_rule_of_one_that_does() {
        List<CompositeAlarm> composites = stack.account()
                .alarms()
                .describeAlarms(request -> request.alarmNamePrefix(PREFIX).alarmTypes(AlarmType.COMPOSITE_ALARM))
                .compositeAlarms();
        assertThat(composites)
                .extracting(CompositeAlarm::alarmName)
                .containsExactlyInAnyOrder(PREFIX + "small-unwell", PREFIX + "api-failing");
        assertThat(composites).allSatisfy(alarm -> assertThat(alarm.alarmActions())
                .singleElement()
                .asString()
                .endsWith(":" + PREFIX + "alerts"));
        List<MetricAlarm> alarms = stack.account()
                .alarms()
                .describeAlarms(request -> request.alarmNamePrefix(PREFIX).alarmTypes(AlarmType.METRIC_ALARM))
                .metricAlarms();
        assertThat(alarms).hasSizeGreaterThan(8).allSatisfy(alarm -> assertThat(
                        alarm.alarmActions().isEmpty())
                .as(alarm.alarmName())
                .isEqualTo(composites.stream()
                        .anyMatch(
                                composite -> composite.alarmRule().contains("ALARM(\"" + alarm.alarmName() + "\")"))));
    }

    @Test
    @Order(11)
    void the_tick_writes_a_line_of_metrics_for_the_endpoint() throws Exception {
        workbench.emulator();
        String group = "/aws/lambda/" + PREFIX + "meter-tick";
        stack.account().functions().invoke(call -> call.functionName(PREFIX + "meter-tick"));
        assertThat(stack.account()
                        .logs()
                        .filterLogEvents(request -> request.logGroupName(group))
                        .events())
                .extracting(FilteredLogEvent::message)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("{\"_aws\":")
                        .contains(
                                "\"Namespace\":\"Parkmeter/parkmeter-watched\"",
                                "\"Endpoint\":\"" + PREFIX + "small\"",
                                "\"Unpaid\":0,\"FailedStart\":0"));
    }

    @Test
    @Order(20)
    void an_address_more_is_a_subscription_more_and_nothing_else() throws IOException {
        stack.change("[ops@example.com]", "[ops@example.com, costs@example.com]");

        assertThat(stack.up().moves()).containsExactly("create alerts-mail-costs@example.com");

        assertThat(stack.account().topics().listSubscriptionsPaginator().subscriptions().stream()
                        .filter(subscription -> subscription.topicArn().endsWith(":" + PREFIX + "alerts")))
                .extracting(Subscription::endpoint)
                .containsExactlyInAnyOrder("ops@example.com", "costs@example.com");
    }

    @Test
    @Order(21)
    void without_watch_nothing_of_it_stands_and_the_rest_stays() throws IOException {
        stack.change(
                "parkmeter:watch: {email: [ops@example.com, costs@example.com], accessLog: true, budget: {monthlyDollars: 50}}",
                "parkmeter:meter: {}");

        List<String> moves = stack.up().moves();

        assertThat(moves)
                .filteredOn(move -> !move.startsWith("delete "))
                .containsExactlyInAnyOrder(
                        "update api-stage",
                        "update meter-tick-function",
                        "update meter-tick-errors",
                        "update meter-tick-missing");
        assertThat(stack.account().of("watched"))
                .contains("endpoint " + PREFIX + "small")
                .noneMatch(name ->
                        name.matches("(dashboard|budget|log filter|topic) .*|.*-unwell|log group /aws/vendedlogs.*"));
    }
}
