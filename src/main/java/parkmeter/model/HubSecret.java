package parkmeter.model;

import com.pulumi.aws.secretsmanager.Secret;
import com.pulumi.aws.secretsmanager.SecretArgs;
import com.pulumi.aws.secretsmanager.SecretVersion;
import com.pulumi.aws.secretsmanager.SecretVersionArgs;
import com.pulumi.aws.secretsmanager.SecretsmanagerFunctions;
import com.pulumi.aws.secretsmanager.inputs.GetSecretVersionArgs;
import com.pulumi.aws.secretsmanager.outputs.GetSecretVersionResult;
import com.pulumi.core.Output;
import com.pulumi.deployment.InvokeOptions;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import java.util.Map;
import parkmeter.config.HubToken;
import parkmeter.config.Names;

/**
 * The token with which containers download models from the hub, in AWS Secrets Manager: the one that the stack file holds is put
 * there, another is read from there.
 */
public final class HubSecret extends ComponentResource {

    private final Output<String> value;
    private final Output<String> mark;
    private final Output<String> arn;

    /**
     * Declares the secret, or looks one up.
     *
     * @param token which token
     * @param names the stack's names
     * @param options the component's options, with the provider
     */
    public HubSecret(HubToken token, Names names, ComponentResourceOptions options) {
        super("parkmeter:model:HubSecret", "hub-token", options);
        if (token instanceof HubToken.Kept kept) {
            Output<GetSecretVersionResult> found = SecretsmanagerFunctions.getSecretVersion(
                    GetSecretVersionArgs.builder().secretId(kept.secret()).build(),
                    InvokeOptions.builder().parent(this).build());
            this.value = found.applyValue(GetSecretVersionResult::secretString).asSecret();
            // A version's id is not the secret, which the lookup as a whole is.
            this.mark = found.applyValue(GetSecretVersionResult::versionId).asPlaintext();
            this.arn = Output.of(kept.secret());
        } else {
            String given = ((HubToken.Given) token).value().reveal();
            Secret secret = new Secret(
                    "hub-token-secret",
                    SecretArgs.builder()
                            .name(names.of("hub-token"))
                            .description("A token of the Hugging Face hub")
                            // The stack file has it; a deleted name that lives on would be in the way of the next
                            // deployment.
                            .recoveryWindowInDays(0)
                            .build(),
                    child());
            this.value = Output.ofSecret(given);
            new SecretVersion(
                    "hub-token-version",
                    SecretVersionArgs.builder()
                            .secretId(secret.id())
                            .secretString(value)
                            .build(),
                    child());
            this.mark = Output.of(given);
            this.arn = secret.arn();
        }
        registerOutputs(Map.of("secretArn", arn));
    }

    /** The secret's ARN, for who stages models or runs something else with the same token. */
    public Output<String> arn() {
        return arn;
    }

    /** The token, as a secret. */
    Output<String> value() {
        return value;
    }

    /** What tells one token from another, for a hash alone. */
    Output<String> mark() {
        return mark;
    }

    private CustomResourceOptions child() {
        return CustomResourceOptions.builder().parent(this).build();
    }
}
