package parkmeter.watch;

import com.pulumi.aws.cloudwatch.CompositeAlarm;
import com.pulumi.aws.cloudwatch.CompositeAlarmArgs;
import com.pulumi.aws.cloudwatch.MetricAlarm;
import com.pulumi.aws.cloudwatch.MetricAlarmArgs;
import com.pulumi.aws.cloudwatch.inputs.MetricAlarmMetricQueryArgs;
import com.pulumi.aws.cloudwatch.inputs.MetricAlarmMetricQueryMetricArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import parkmeter.config.Names;
import parkmeter.iam.Account;

/**
 * Declares alarms.
 *
 * @param names the stack's names
 * @param account where the stack stands
 * @param topic the ARN of the topic that is told
 */
record Alarms(Names names, Account account, Output<String> topic) {

    /** An alarm that was declared: its name and ARN, both known before it stands. */
    record Declared(String name, Output<String> arn, Resource resource) {}

    /** An alarm that tells people itself. */
    Declared telling(Alarm alarm, Resource parent) {
        return declare(alarm, args(alarm).alarmActions(topic.applyValue(List::of)), parent);
    }

    /** An alarm that others are made of. */
    Declared silent(Alarm alarm, Resource parent) {
        return declare(alarm, args(alarm), parent);
    }

    /**
     * An alarm that rings once where any of several does: what goes wrong together is one message.
     *
     * @param unless alarms beside which it need not ring: they tell of the same
     */
    Declared anyOf(String part, String description, List<Declared> alarms, List<Declared> unless, Resource parent) {
        String rule = any(alarms);
        if (!unless.isEmpty()) {
            rule = "(" + rule + ") AND NOT (" + any(unless) + ")";
        }
        var first = new ArrayList<Resource>();
        alarms.forEach(alarm -> first.add(alarm.resource()));
        unless.forEach(alarm -> first.add(alarm.resource()));
        var composite = new CompositeAlarm(
                part,
                CompositeAlarmArgs.builder()
                        .alarmName(names.of(part))
                        .alarmDescription(description)
                        .alarmRule(rule)
                        .alarmActions(topic.applyValue(List::of))
                        .build(),
                // AWS takes no rule with an alarm that is not there, and lets none go that a rule has.
                CustomResourceOptions.builder().parent(parent).dependsOn(first).build());
        return declared(part, composite);
    }

    private static String any(List<Declared> alarms) {
        return alarms.stream().map(alarm -> "ALARM(\"" + alarm.name() + "\")").collect(Collectors.joining(" OR "));
    }

    private Declared declare(Alarm alarm, MetricAlarmArgs.Builder args, Resource parent) {
        var declared = new MetricAlarm(
                alarm.part(),
                args.build(),
                CustomResourceOptions.builder().parent(parent).build());
        return declared(alarm.part(), declared);
    }

    private Declared declared(String part, Resource resource) {
        return new Declared(names.of(part), account.arn("cloudwatch", "alarm:" + names.of(part)), resource);
    }

    private MetricAlarmArgs.Builder args(Alarm alarm) {
        var args = MetricAlarmArgs.builder()
                .name(names.of(alarm.part()))
                .alarmDescription(alarm.description())
                .comparisonOperator(alarm.comparison())
                .threshold(alarm.threshold())
                .evaluationPeriods(alarm.values())
                .datapointsToAlarm(alarm.bad())
                .treatMissingData("notBreaching");
        int period = (int) alarm.period().toSeconds();
        if (alarm.signal() instanceof Signal.Of one) {
            args.namespace(namespace(one.measure()))
                    .metricName(one.measure().metric())
                    .dimensions(one.dimensions())
                    .period(period);
            return percentile(one) ? args.extendedStatistic(one.statistic()) : args.statistic(one.statistic());
        }
        if (!(alarm.signal() instanceof Signal.Formula formula)) {
            throw new IllegalStateException("signal " + alarm.signal());
        }
        var queries = new ArrayList<MetricAlarmMetricQueryArgs>();
        queries.add(MetricAlarmMetricQueryArgs.builder()
                .id("value")
                .expression(formula.expression())
                .label(alarm.description())
                .returnData(true)
                .build());
        formula.terms().forEach(term -> queries.add(query(term, period)));
        return args.metricQueries(queries);
    }

    private MetricAlarmMetricQueryArgs query(Signal.Of term, int period) {
        return MetricAlarmMetricQueryArgs.builder()
                .id(term.id())
                .metric(MetricAlarmMetricQueryMetricArgs.builder()
                        .namespace(namespace(term.measure()))
                        .metricName(term.measure().metric())
                        .dimensions(term.dimensions())
                        .period(period)
                        .stat(term.statistic())
                        .build())
                .build();
    }

    private String namespace(Measure measure) {
        return measure.namespace(Watch.namespace(names));
    }

    private static boolean percentile(Signal.Of one) {
        return one.statistic().startsWith("p");
    }
}
