package parkmeter.model;

import com.pulumi.aws.appautoscaling.Policy;
import com.pulumi.aws.appautoscaling.PolicyArgs;
import com.pulumi.aws.appautoscaling.ScheduledAction;
import com.pulumi.aws.appautoscaling.ScheduledActionArgs;
import com.pulumi.aws.appautoscaling.Target;
import com.pulumi.aws.appautoscaling.TargetArgs;
import com.pulumi.aws.appautoscaling.inputs.PolicyStepScalingPolicyConfigurationArgs;
import com.pulumi.aws.appautoscaling.inputs.PolicyStepScalingPolicyConfigurationStepAdjustmentArgs;
import com.pulumi.aws.appautoscaling.inputs.PolicyTargetTrackingScalingPolicyConfigurationArgs;
import com.pulumi.aws.appautoscaling.inputs.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationArgs;
import com.pulumi.aws.appautoscaling.inputs.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationDimensionArgs;
import com.pulumi.aws.appautoscaling.inputs.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs;
import com.pulumi.aws.appautoscaling.inputs.ScheduledActionScalableTargetActionArgs;
import com.pulumi.aws.cloudwatch.MetricAlarm;
import com.pulumi.aws.cloudwatch.MetricAlarmArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import parkmeter.config.Hosting;
import parkmeter.config.Names;

/**
 * Changes how many instances an endpoint has, by what there is to do (Application Auto Scaling user guide, "Amazon SageMaker endpoint
 * variants"). What it has changed is no difference to the stack file: nothing here says how many there are now.
 */
final class Autoscaling extends ComponentResource {

    private static final String NAMESPACE = "sagemaker";
    private static final String DIMENSION = "sagemaker:variant:DesiredInstanceCount";

    /** How long an endpoint that has no instance may look for a second job before it gets another instance. */
    private static final int WAKE_COOLDOWN_SECONDS = 300;

    private final String model;
    private final Output<String> endpoint;
    private final Hosting.Scaling scaling;
    private final Names names;
    private final Target target;

    /**
     * Declares what changes the instances.
     *
     * @param model the model's name
     * @param endpoint the endpoint's name, known once it stands
     * @param scaling the limits and what to reach
     * @param jobs whether the endpoint takes jobs, and may have no instance while there is none
     * @param names the stack's names
     * @param options the component's options
     */
    Autoscaling(
            String model,
            Output<String> endpoint,
            Hosting.Scaling scaling,
            boolean jobs,
            Names names,
            ComponentResourceOptions options) {
        super("parkmeter:model:Autoscaling", model + "-scaling", options);
        this.model = model;
        this.endpoint = endpoint;
        this.scaling = scaling;
        this.names = names;
        this.target = new Target(
                model + "-scaling-target",
                TargetArgs.builder()
                        .serviceNamespace(NAMESPACE)
                        .scalableDimension(DIMENSION)
                        .resourceId(
                                endpoint.applyValue(name -> "endpoint/" + name + "/variant/" + Hosting.Variant.ONLY))
                        .minCapacity(scaling.min())
                        .maxCapacity(scaling.max())
                        .build(),
                child().build());
        if (jobs) {
            track(backlog());
            wake();
        } else {
            track(concurrency());
        }
        schedule();
        registerOutputs(Map.of());
    }

    private void track(PolicyTargetTrackingScalingPolicyConfigurationArgs.Builder what) {
        new Policy(
                model + "-scaling-load",
                policy("load", "TargetTrackingScaling")
                        .targetTrackingScalingPolicyConfiguration(what.targetValue(scaling.target())
                                .scaleOutCooldown(scaling.scaleOutSeconds())
                                .scaleInCooldown(scaling.scaleInSeconds())
                                .build())
                        .build(),
                child().build());
    }

    /** Calls in an instance, those that wait in it counted, every ten seconds. */
    private static PolicyTargetTrackingScalingPolicyConfigurationArgs.Builder concurrency() {
        return PolicyTargetTrackingScalingPolicyConfigurationArgs.builder()
                .predefinedMetricSpecification(
                        PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs.builder()
                                .predefinedMetricType("SageMakerVariantConcurrentRequestsPerModelHighResolution")
                                .build());
    }

    /** Waiting jobs for each instance (SageMaker developer guide, "Autoscale an asynchronous endpoint"). */
    private PolicyTargetTrackingScalingPolicyConfigurationArgs.Builder backlog() {
        return PolicyTargetTrackingScalingPolicyConfigurationArgs.builder()
                .customizedMetricSpecification(
                        PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationArgs.builder()
                                .namespace("AWS/SageMaker")
                                .metricName("ApproximateBacklogSizePerInstance")
                                .statistic("Average")
                                .dimensions(
                                        PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationDimensionArgs
                                                .builder()
                                                .name("EndpointName")
                                                .value(endpoint)
                                                .build())
                                .build());
    }

    /** Without it the first job waits until there are as many as {@link #backlog} is to reach. */
    private void wake() {
        Policy wake = new Policy(
                model + "-scaling-wake",
                policy("wake", "StepScaling")
                        .stepScalingPolicyConfiguration(PolicyStepScalingPolicyConfigurationArgs.builder()
                                .adjustmentType("ChangeInCapacity")
                                .metricAggregationType("Average")
                                .cooldown(WAKE_COOLDOWN_SECONDS)
                                .stepAdjustments(PolicyStepScalingPolicyConfigurationStepAdjustmentArgs.builder()
                                        .metricIntervalLowerBound("0")
                                        .scalingAdjustment(1)
                                        .build())
                                .build())
                        .build(),
                child().build());
        new MetricAlarm(
                model + "-scaling-wake-alarm",
                MetricAlarmArgs.builder()
                        .name(names.of(model + "-wake"))
                        .alarmDescription("A job waits, and there is no instance for it")
                        .namespace("AWS/SageMaker")
                        .metricName("HasBacklogWithoutCapacity")
                        .dimensions(endpoint.applyValue(name -> Map.of("EndpointName", name)))
                        .statistic("Average")
                        .period(60)
                        .evaluationPeriods(2)
                        .datapointsToAlarm(2)
                        .comparisonOperator("GreaterThanOrEqualToThreshold")
                        .threshold(1.0)
                        .treatMissingData("missing")
                        .alarmActions(wake.arn().applyValue(List::of))
                        .build(),
                child().build());
    }

    private void schedule() {
        List<Resource> before = new ArrayList<>();
        for (Hosting.Scheduled each : scaling.schedule()) {
            // One at a time: Application Auto Scaling refuses two changes of one target at once.
            before.add(new ScheduledAction(
                    model + "-scaling-" + each.name(),
                    ScheduledActionArgs.builder()
                            .name(names.of(model + "-" + each.name()))
                            .serviceNamespace(target.serviceNamespace())
                            .scalableDimension(target.scalableDimension())
                            .resourceId(target.resourceId())
                            .schedule(each.when())
                            .timezone(each.timezone())
                            .scalableTargetAction(ScheduledActionScalableTargetActionArgs.builder()
                                    .minCapacity(each.min())
                                    .maxCapacity(each.max())
                                    .build())
                            .build(),
                    child().dependsOn(List.copyOf(before)).build()));
        }
    }

    private PolicyArgs.Builder policy(String part, String type) {
        return PolicyArgs.builder()
                .name(names.of(model + "-" + part))
                .policyType(type)
                .serviceNamespace(target.serviceNamespace())
                .scalableDimension(target.scalableDimension())
                .resourceId(target.resourceId());
    }

    private CustomResourceOptions.Builder child() {
        return CustomResourceOptions.builder().parent(this);
    }
}
