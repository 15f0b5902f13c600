package parkmeter.model;

import com.pulumi.aws.sagemaker.inputs.EndpointDeploymentConfigArgs;
import com.pulumi.aws.sagemaker.inputs.EndpointDeploymentConfigAutoRollbackConfigurationAlarmArgs;
import com.pulumi.aws.sagemaker.inputs.EndpointDeploymentConfigAutoRollbackConfigurationArgs;
import com.pulumi.aws.sagemaker.inputs.EndpointDeploymentConfigBlueGreenUpdatePolicyArgs;
import com.pulumi.aws.sagemaker.inputs.EndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationArgs;
import com.pulumi.aws.sagemaker.inputs.EndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationCanarySizeArgs;
import com.pulumi.aws.sagemaker.inputs.EndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationLinearStepSizeArgs;
import com.pulumi.aws.sagemaker.inputs.EndpointDeploymentConfigRollingUpdatePolicyArgs;
import com.pulumi.aws.sagemaker.inputs.EndpointDeploymentConfigRollingUpdatePolicyMaximumBatchSizeArgs;
import java.time.Duration;
import parkmeter.config.Hosting;

/** How a change reaches a running endpoint, in SageMaker's words (SageMaker API reference, DeploymentConfig). */
final class Updates {

    private static final String PERCENT = "CAPACITY_PERCENT";

    private Updates() {}

    /** How long all steps are watched. */
    static Duration watched(Hosting.Update update) {
        if (update instanceof Hosting.Update.Rolling rolling) {
            return steps(rolling.percent(), rolling.waitSeconds());
        }
        Hosting.Update.BlueGreen blueGreen = (Hosting.Update.BlueGreen) update;
        return blueGreen.shift() == Hosting.Shift.LINEAR
                ? steps(blueGreen.percent().orElseThrow(), blueGreen.waitSeconds())
                : Duration.ofSeconds(2L * blueGreen.waitSeconds());
    }

    private static Duration steps(int percent, int waitSeconds) {
        return Duration.ofSeconds((long) Math.ceil(100.0 / percent) * waitSeconds);
    }

    static EndpointDeploymentConfigArgs of(Hosting.Update update) {
        var args = EndpointDeploymentConfigArgs.builder();
        if (update instanceof Hosting.Update.BlueGreen blueGreen) {
            args.blueGreenUpdatePolicy(EndpointDeploymentConfigBlueGreenUpdatePolicyArgs.builder()
                    .trafficRoutingConfiguration(shift(blueGreen))
                    .build());
        } else if (update instanceof Hosting.Update.Rolling rolling) {
            args.rollingUpdatePolicy(EndpointDeploymentConfigRollingUpdatePolicyArgs.builder()
                    .maximumBatchSize(EndpointDeploymentConfigRollingUpdatePolicyMaximumBatchSizeArgs.builder()
                            .type(PERCENT)
                            .value(rolling.percent())
                            .build())
                    .waitIntervalInSeconds(rolling.waitSeconds())
                    .build());
        } else {
            throw new IllegalStateException("update " + update);
        }
        if (!update.rollbackAlarms().isEmpty()) {
            args.autoRollbackConfiguration(EndpointDeploymentConfigAutoRollbackConfigurationArgs.builder()
                    .alarms(update.rollbackAlarms().stream()
                            .map(name -> EndpointDeploymentConfigAutoRollbackConfigurationAlarmArgs.builder()
                                    .alarmName(name)
                                    .build())
                            .toList())
                    .build());
        }
        return args.build();
    }

    private static EndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationArgs shift(
            Hosting.Update.BlueGreen update) {
        var args = EndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationArgs.builder()
                .type(update.shift().name())
                .waitIntervalInSeconds(update.waitSeconds());
        update.percent().ifPresent(percent -> {
            if (update.shift() == Hosting.Shift.CANARY) {
                args.canarySize(
                        EndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationCanarySizeArgs.builder()
                                .type(PERCENT)
                                .value(percent)
                                .build());
            } else {
                args.linearStepSize(
                        EndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationLinearStepSizeArgs
                                .builder()
                                .type(PERCENT)
                                .value(percent)
                                .build());
            }
        });
        return args.build();
    }
}
