package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sagemaker.model.CapacitySize;
import software.amazon.awssdk.services.sagemaker.model.CapacitySizeType;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariant;

/**
 * Wherever models come from and however they run, in one stack: the two golden stacks of these, of which the one's models stand behind
 * the other's.
 */
@Story
final class HostedStory {

    private static final String REGION = "us-east-1";

    /** What others have made, as the stack file names it. */
    private static final String THEIRS = "example-config";

    /** The token's name, behind which Secrets Manager writes letters of its own. */
    private static final String TOKEN = "hub-token";

    /** What a plan, which asks nobody, takes a kept token to be. */
    private static final String HELD = "[what it holds]";

    private static final String NAME = "hosted";

    private final Workbench workbench;
    private final Account account;
    private final String file;
    private final Stack stack;

    /** What Pulumi would do where the emulator forgets what it was given, with the input that it forgets. */
    private final Map<String, String> forgotten;

    HostedStory(Workbench workbench) throws IOException {
        this.workbench = workbench;
        this.account = Account.in(workbench.endpoint(), REGION);
        this.file = file(workbench, made(account));
        this.forgotten = forgotten(account);
        this.stack = workbench.stack(NAME, file);
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
                .enableNetworkIsolation(true)
                .primaryContainer(container -> container.image("theirs")));
        account.models().createEndpointConfig(request -> request.endpointConfigName(THEIRS)
                .productionVariants(ProductionVariant.builder()
                        .variantName("AllTraffic")
                        .modelName(THEIRS)
                        .instanceType("ml.g5.xlarge")
                        .initialInstanceCount(1)
                        .build()));
        account.models().createEndpoint(request -> request.endpointName(THEIRS)
                .endpointConfigName(THEIRS)
                .deploymentConfig(steps -> steps.rollingUpdatePolicy(rolling -> rolling.waitIntervalInSeconds(0)
                        .maximumBatchSize(CapacitySize.builder()
                                .type(CapacitySizeType.CAPACITY_PERCENT)
                                .value(50)
                                .build()))));
        return account.secrets()
                .createSecret(request -> request.name(TOKEN).secretString(HELD))
                .arn();
    }

    /** Held against what others have made, as a stack that declares nothing of it would be forgotten alike. */
    private static Map<String, String> forgotten(Account account) {
        var all = new HashMap<String, String>();
        if (!account.models()
                .describeModel(request -> request.modelName(THEIRS))
                .enableNetworkIsolation()) {
            all.put("create-replacement prefix-model", "enableNetworkIsolation");
            all.put("create-replacement package-model", "enableNetworkIsolation");
        }
        if (account.models()
                        .describeEndpoint(request -> request.endpointName(THEIRS))
                        .lastDeploymentConfig()
                == null) {
            // Alarms that take a change back the provider can only give to a new Endpoint.
            all.put("create-replacement shared-endpoint", "deploymentConfig");
            all.put("update scaled-endpoint", "deploymentConfig");
        }
        return Map.copyOf(all);
    }

    @AfterAll
    void end() {
        stack.close();
        account.models().deleteEndpoint(request -> request.endpointName(THEIRS));
        account.models().deleteEndpointConfig(request -> request.endpointConfigName(THEIRS));
        account.models().deleteModel(request -> request.modelName(THEIRS));
        account.secrets().deleteSecret(request -> request.secretId(TOKEN).forceDeleteWithoutRecovery(true));
    }

    @Test
    @Order(1)
    void a_preview_shows_what_the_plan_says_but_for_what_a_kept_token_tells() throws IOException {
        JsonNode preview = stack.preview("--json").json();
        // Which version of the token is kept Secrets Manager alone knows, and the names of what downloads with it have
        // a hash of that.
        assertThat(Agreement.differences(workbench.plan(NAME, file), preview))
                .filteredOn(
                        difference -> !difference.matches(
                                "(?!(prefix|archive|package|falcon|small)-).*the plan has \"(parkmeter-hosted-\\w+)-[0-9a-f]{8}\", the preview \"\\2-[0-9a-f]{8}\""))
                .isEmpty();
    }

    @Test
    @Order(2)
    void up_creates_all_of_it() {
        assertThat(stack.up().moves()).isNotEmpty().allMatch(move -> move.startsWith("create "));
        assertThat(account.of(NAME)).contains("endpoint parkmeter-hosted-scaled", "endpoint parkmeter-hosted-queued");
    }

    @Test
    @Order(3)
    void nothing_changes_afterwards_but_what_the_emulator_forgets() {
        assertThat(changes(stack.preview()))
                .extracting(Step::toString)
                .containsExactlyInAnyOrderElementsOf(forgotten.keySet());
        assertThat(changes(stack.preview("--refresh")))
                .extracting(Step::toString, Step::diffs)
                .containsExactlyInAnyOrderElementsOf(forgotten.entrySet().stream()
                        .map(each -> tuple(each.getKey(), List.of(each.getValue())))
                        .toList());
    }

    @Test
    @Order(4)
    void destroy_leaves_nothing() {
        stack.destroy();
        assertThat(account.of(NAME)).isEmpty();
    }

    /** What a preview would do; that what is replaced is also deleted goes without saying. */
    private static List<Step> changes(Run preview) {
        return preview.steps().stream()
                .filter(step -> step.real() && step.moved() && !step.op().equals("delete-replaced"))
                .toList();
    }
}
