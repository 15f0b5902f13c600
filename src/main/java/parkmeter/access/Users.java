package parkmeter.access;

import com.pulumi.aws.cognito.CognitoFunctions;
import com.pulumi.aws.cognito.UserPool;
import com.pulumi.aws.cognito.UserPoolArgs;
import com.pulumi.aws.cognito.UserPoolClient;
import com.pulumi.aws.cognito.UserPoolClientArgs;
import com.pulumi.aws.cognito.inputs.GetUserPoolPlainArgs;
import com.pulumi.aws.cognito.inputs.UserPoolAdminCreateUserConfigArgs;
import com.pulumi.aws.cognito.outputs.GetUserPoolResult;
import com.pulumi.core.Output;
import com.pulumi.deployment.InvokeOptions;
import com.pulumi.exceptions.RunException;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import java.util.Map;
import parkmeter.api.Guards;
import parkmeter.config.Names;
import parkmeter.config.UserPoolSettings;
import parkmeter.iam.Account;

/** The Cognito user pool of those who sign in, and the app client through which they do. */
public final class Users extends ComponentResource {

    private final Output<String> poolId;
    private final Output<String> poolArn;
    private final UserPoolClient client;
    private final Account account;

    /**
     * Declares the pool, or looks one up, and its app client.
     *
     * @param settings which pool
     * @param names the stack's names
     * @param account where the stack stands
     * @param lookup how a pool that is there is asked for
     * @param options the component's options, with the provider
     * @throws RunException in one sentence, where there is no such pool
     */
    public Users(
            UserPoolSettings settings,
            Names names,
            Account account,
            InvokeOptions lookup,
            ComponentResourceOptions options) {
        super("parkmeter:access:Users", "users", options);
        this.account = account;
        if (settings.id().isPresent()) {
            GetUserPoolResult found = existing(settings.id().get(), lookup);
            this.poolId = Output.of(settings.id().get());
            this.poolArn = Output.of(found.arn());
        } else {
            UserPool pool = pool(names);
            this.poolId = pool.id();
            this.poolArn = pool.arn();
        }
        this.client = new UserPoolClient(
                "users-client",
                UserPoolClientArgs.builder()
                        .name(names.stackWide())
                        .userPoolId(poolId)
                        .generateSecret(false)
                        .explicitAuthFlows(
                                "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")
                        // Else who tries names could tell those that are.
                        .preventUserExistenceErrors("ENABLED")
                        .enableTokenRevocation(true)
                        .build(),
                child());
        registerOutputs(Map.of("userPoolId", poolId));
    }

    /** The pool's id. */
    public Output<String> poolId() {
        return poolId;
    }

    /** The app client's id. */
    public Output<String> clientId() {
        return client.id();
    }

    /** The same as what API Gateway asks (Cognito developer guide, "Verifying a JSON web token"). */
    public Guards.UserPool guard() {
        // The suffix of AWS's addresses goes by the partition.
        Output<String> suffix = account.partition()
                .applyValue(partition -> partition.equals("aws-cn") ? "amazonaws.com.cn" : "amazonaws.com");
        return new Guards.UserPool(
                poolArn, Output.format("https://cognito-idp.%s.%s/%s", account.region(), suffix, poolId), client.id());
    }

    private UserPool pool(Names names) {
        return new UserPool(
                "users-pool",
                UserPoolArgs.builder()
                        .name(names.stackWide())
                        // Else anybody could let himself in.
                        .adminCreateUserConfig(UserPoolAdminCreateUserConfigArgs.builder()
                                .allowAdminCreateUserOnly(true)
                                .build())
                        .build(),
                child());
    }

    private static GetUserPoolResult existing(String id, InvokeOptions lookup) {
        return Lookup.answer(
                CognitoFunctions.getUserPoolPlain(
                        GetUserPoolPlainArgs.builder().userPoolId(id).build(), lookup),
                "parkmeter:cognito.userPool: the pool '" + id + "'",
                "aws cognito-idp list-user-pools --max-results 60");
    }

    private CustomResourceOptions child() {
        return CustomResourceOptions.builder().parent(this).build();
    }
}
