package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariant;

/**
 * Wherever models come from and however they run, in one stack: the two golden stacks of these, of which the one's models stand behind
 * the other's. That nothing changes afterwards can't be told here: moto forgets a Model's network isolation and an Endpoint's deployment
 * config.
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

    HostedStory(Workbench workbench) throws IOException {
        this.workbench = workbench;
        this.account = Account.in(workbench.endpoint(), REGION);
        this.file = file(workbench, made(account));
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

    @AfterAll
    void end() {
        stack.close();
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
    void destroy_leaves_nothing() {
        stack.destroy();
        assertThat(account.of(NAME)).isEmpty();
    }
}
