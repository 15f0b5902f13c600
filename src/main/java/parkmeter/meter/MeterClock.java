package parkmeter.meter;

import com.pulumi.aws.cloudwatch.EventRule;
import com.pulumi.aws.cloudwatch.EventRuleArgs;
import com.pulumi.aws.cloudwatch.EventTarget;
import com.pulumi.aws.cloudwatch.EventTargetArgs;
import com.pulumi.aws.cloudwatch.MetricAlarm;
import com.pulumi.aws.cloudwatch.MetricAlarmArgs;
import com.pulumi.aws.cloudwatch.inputs.EventTargetDeadLetterConfigArgs;
import com.pulumi.aws.cloudwatch.inputs.EventTargetRetryPolicyArgs;
import com.pulumi.aws.lambda.FunctionEventInvokeConfig;
import com.pulumi.aws.lambda.FunctionEventInvokeConfigArgs;
import com.pulumi.aws.lambda.Permission;
import com.pulumi.aws.lambda.PermissionArgs;
import com.pulumi.aws.lambda.inputs.FunctionEventInvokeConfigDestinationConfigArgs;
import com.pulumi.aws.lambda.inputs.FunctionEventInvokeConfigDestinationConfigOnFailureArgs;
import com.pulumi.aws.sqs.Queue;
import com.pulumi.aws.sqs.QueueArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import parkmeter.config.Names;
import parkmeter.function.LambdaFunction;
import parkmeter.iam.Account;
import parkmeter.iam.PolicyDocument;
import parkmeter.iam.Statement;

/**
 * What starts the tick each minute, keeps the ticks that came to nothing, and raises an alarm when ticks fail or stay away. A tick
 * is never tried again: the next one does what this one did not.
 */
final class MeterClock extends ComponentResource {

    private static final String TICK = "meter-tick";

    /** Less than a minute: one tick ends before the next one begins. */
    private static final Duration TIMEOUT = Duration.ofSeconds(55);

    private static final int OLDEST_EVENT_SECONDS = 60;
    private static final int KEPT_SECONDS = (int) Duration.ofDays(14).toSeconds();
    private static final int ALARM_SECONDS = 300;

    private final List<Resource> running;
    private final List<String> alarms;

    /**
     * Declares the clock.
     *
     * @param environment the tick's variables
     * @param grants what the tick may do
     * @param reserved whether one of the account's concurrent executions is kept for the tick
     * @param topic the ARN of the topic that is told of an alarm
     * @param names the stack's names
     * @param account where the stack stands
     * @param options the component's options
     */
    MeterClock(
            Map<String, Output<String>> environment,
            List<Statement> grants,
            boolean reserved,
            Optional<Output<String>> topic,
            Names names,
            Account account,
            ComponentResourceOptions options) {
        super("parkmeter:meter:MeterClock", "meter-clock", options);
        String queueName = names.of("meter-dead-letters");
        String ruleName = names.of(TICK);
        Statement send =
                Statement.allow("KeepFailedTicks", List.of("sqs:SendMessage"), List.of(account.arn("sqs", queueName)));
        Queue deadLetters = new Queue(
                "meter-dead-letters",
                QueueArgs.builder()
                        .name(queueName)
                        .messageRetentionSeconds(KEPT_SECONDS)
                        .sqsManagedSseEnabled(true)
                        .policy(PolicyDocument.of(send.by("events.amazonaws.com")
                                        .when("ArnEquals", "aws:SourceArn", account.arn("events", "rule/" + ruleName)))
                                .json())
                        .build(),
                child().build());
        var allGrants = new ArrayList<>(grants);
        allGrants.add(send);
        var tick = new LambdaFunction(
                new LambdaFunction.Spec(
                        TICK,
                        LambdaFunction.Code.METER,
                        "parkmeter.lambda.meter.tick.TickHandler::handleRequest",
                        TIMEOUT,
                        reserved ? Optional.of(1) : Optional.empty(),
                        environment,
                        allGrants),
                names,
                account,
                ComponentResourceOptions.builder().parent(this).build());
        EventRule rule = new EventRule(
                "meter-rule",
                EventRuleArgs.builder()
                        .name(ruleName)
                        .description("Starts the meter's tick")
                        .scheduleExpression("rate(1 minute)")
                        .build(),
                child().build());
        FunctionEventInvokeConfig events = new FunctionEventInvokeConfig(
                "meter-tick-events",
                FunctionEventInvokeConfigArgs.builder()
                        .functionName(tick.name())
                        .maximumEventAgeInSeconds(OLDEST_EVENT_SECONDS)
                        .maximumRetryAttempts(0)
                        .destinationConfig(FunctionEventInvokeConfigDestinationConfigArgs.builder()
                                .onFailure(FunctionEventInvokeConfigDestinationConfigOnFailureArgs.builder()
                                        .destination(deadLetters.arn())
                                        .build())
                                .build())
                        .build(),
                child().build());
        Permission permission = new Permission(
                "meter-tick-permission",
                PermissionArgs.builder()
                        .statementId("rule")
                        .action("lambda:InvokeFunction")
                        .function(tick.name())
                        .principal("events.amazonaws.com")
                        .sourceArn(rule.arn())
                        .build(),
                child().deleteBeforeReplace(true).build());
        EventTarget target = new EventTarget(
                "meter-tick-target",
                EventTargetArgs.builder()
                        .rule(rule.name())
                        .targetId("tick")
                        .arn(tick.arn())
                        .deadLetterConfig(EventTargetDeadLetterConfigArgs.builder()
                                .arn(deadLetters.arn())
                                .build())
                        .retryPolicy(EventTargetRetryPolicyArgs.builder()
                                .maximumEventAgeInSeconds(OLDEST_EVENT_SECONDS)
                                .maximumRetryAttempts(0)
                                .build())
                        .build(),
                child().build());
        this.running = List.of(events, permission, target);
        String errors = alarm(
                "errors",
                "Errors",
                "GreaterThanThreshold",
                0,
                "notBreaching",
                "A tick of the meter failed",
                tick,
                topic,
                names);
        String missing = alarm(
                "missing",
                "Invocations",
                "LessThanThreshold",
                1,
                "breaching",
                "No tick of the meter for five minutes: nothing starts or stops",
                tick,
                topic,
                names);
        this.alarms = List.of(errors, missing);
        registerOutputs(Map.of());
    }

    /** The names of its alarms. */
    List<String> alarms() {
        return alarms;
    }

    /** What makes the tick run: whatever depends on these, the meter keeps until it is gone. */
    List<Resource> running() {
        return running;
    }

    private String alarm(
            String what,
            String metric,
            String comparison,
            double threshold,
            String missing,
            String description,
            LambdaFunction tick,
            Optional<Output<String>> topic,
            Names names) {
        String name = names.of(TICK + "-" + what);
        var args = MetricAlarmArgs.builder()
                .name(name)
                .alarmDescription(description)
                .namespace("AWS/Lambda")
                .metricName(metric)
                .dimensions(tick.name().applyValue(function -> Map.of("FunctionName", function)))
                .statistic("Sum")
                .period(ALARM_SECONDS)
                .evaluationPeriods(1)
                .comparisonOperator(comparison)
                .threshold(threshold)
                .treatMissingData(missing);
        topic.ifPresent(known -> args.alarmActions(known.applyValue(List::of)));
        new MetricAlarm(TICK + "-" + what, args.build(), child().build());
        return name;
    }

    private CustomResourceOptions.Builder child() {
        return CustomResourceOptions.builder().parent(this);
    }
}
