package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sagemaker.model.DesiredWeightAndCapacity;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariant;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariantSummary;

/**
 * Wherever models come from and however they run, in one stack: the two golden stacks of these, of which the one's models stand behind
 * the other's.
 */
@Story
final class HostedStory extends LifeCycle {

    private static final String REGION = "us-east-1";
    private static final String SCALED = "parkmeter-hosted-scaled";

    /** What others have made, as the stack file names it. */
    private static final String THEIRS = "example-config";

    /** The token's name, behind which Secrets Manager writes letters of its own. */
    private static final String TOKEN = "hub-token";

    /** What a plan, which asks nobody, takes a kept token to be. */
    private static final String HELD = "[what it holds]";

    private final Account account;

    HostedStory(Workbench workbench) throws IOException {
        super(
                workbench,
                new Sample(
                        "hosted",
                        file(workbench, made(Account.in(workbench.endpoint(), REGION))),
                        Map.of(),
                        "prefix",
                        "/prefix"));
        this.account = stack.account();
    }

    private static String file(Workbench workbench, String token) throws IOException {
        String sources = workbench.file("local/src/test/stacks/Pulumi.sources.yaml");
        String hosting = workbench.file("local/src/test/stacks/Pulumi.hosting.yaml");
        return sources.replaceFirst("arn:aws:secretsmanager:\\S+", token)
                + hosting.substring(hosting.indexOf("    - name:")).replace(":eu-west-2:", ":" + REGION + ":");
    }

    /** Makes what is to be there before the stack; the ARN of the token. */
    private static String made(Account account) {
        account.models().createModel(request -> request.modelName(THEIRS)
                .executionRoleArn("arn:aws:iam::" + AwsCall.ACCOUNT + ":role/theirs")
                .primaryContainer(container -> container.image("theirs")));
        account.models().createEndpointConfig(request -> request.endpointConfigName(THEIRS)
                .productionVariants(ProductionVariant.builder()
                        .variantName("AllTraffic")
                        .modelName(THEIRS)
                        .instanceType("ml.g5.xlarge")
                        .initialInstanceCount(1)
                        .build()));
        return account.secrets()
                .createSecret(request -> request.name(TOKEN).secretString(HELD))
                .arn();
    }

    /** Which version of the token is kept tells Secrets Manager alone, and the name of what downloads with it has a hash of that. */
    @Override
    boolean unplanned(String difference) {
        return difference.matches("gguf-.*parkmeter-hosted-gguf-[0-9a-f]{8}.*parkmeter-hosted-gguf-[0-9a-f]{8}.*");
    }

    @AfterAll
    void what_others_made_goes_too() {
        account.models().deleteEndpointConfig(request -> request.endpointConfigName(THEIRS));
        account.models().deleteModel(request -> request.modelName(THEIRS));
        account.secrets().deleteSecret(request -> request.secretId(TOKEN).forceDeleteWithoutRecovery(true));
    }

    @Test
    @Order(20)
    void how_many_instances_there_are_now_is_autoscalings_alone() throws IOException {
        account.models().updateEndpointWeightsAndCapacities(request -> request.endpointName(SCALED)
                .desiredWeightsAndCapacities(DesiredWeightAndCapacity.builder()
                        .variantName("AllTraffic")
                        .desiredInstanceCount(3)
                        .build()));
        assertThat(instances()).isEqualTo(3);

        stack.refresh("--expect-no-changes");
        stack.change("max: 4", "max: 5");

        assertThat(stack.up().moves()).containsExactly("update scaled-scaling-target");
        assertThat(instances()).isEqualTo(3);
    }

    @Test
    @Order(21)
    void another_weight_of_a_variant_makes_a_new_configuration_and_leaves_the_models() throws IOException {
        stack.change("weight: 9", "weight: 8");
        assertThat(stack.up().moves())
                .containsExactly(
                        "create-replacement shared-configuration",
                        "update shared-endpoint",
                        "delete-replaced shared-configuration");
    }

    private int instances() {
        return account.models().describeEndpoint(request -> request.endpointName(SCALED)).productionVariants().stream()
                .mapToInt(ProductionVariantSummary::desiredInstanceCount)
                .sum();
    }
}
