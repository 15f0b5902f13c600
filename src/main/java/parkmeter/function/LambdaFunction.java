package parkmeter.function;

import com.pulumi.asset.FileArchive;
import com.pulumi.aws.cloudwatch.LogGroup;
import com.pulumi.aws.cloudwatch.LogGroupArgs;
import com.pulumi.aws.iam.Role;
import com.pulumi.aws.iam.RoleArgs;
import com.pulumi.aws.iam.RolePolicy;
import com.pulumi.aws.iam.RolePolicyArgs;
import com.pulumi.aws.lambda.Function;
import com.pulumi.aws.lambda.FunctionArgs;
import com.pulumi.aws.lambda.enums.Runtime;
import com.pulumi.aws.lambda.inputs.FunctionEnvironmentArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import parkmeter.config.Names;
import parkmeter.iam.Account;
import parkmeter.iam.PolicyDocument;
import parkmeter.iam.Statement;

/** A Lambda function with its role and its log group. */
public final class LambdaFunction extends ComponentResource {

    private static final int LOG_RETENTION_DAYS = 14;
    private static final int MEMORY_MEGABYTES = 512;

    private final Function function;

    /**
     * What a function is.
     *
     * @param part its name in the stack
     * @param handler the class and method in the zip, {@code package.Class::method}
     * @param timeout how long a call may take, in whole seconds
     * @param environment its variables
     * @param grants what it may do beside writing its log
     */
    public record Spec(
            String part, String handler, Duration timeout, Map<String, String> environment, List<Statement> grants) {}

    /**
     * Declares the function's resources.
     *
     * @param spec what the function is
     * @param names the stack's names
     * @param account where the stack stands
     * @param options the component's options, with the provider
     */
    public LambdaFunction(Spec spec, Names names, Account account, ComponentResourceOptions options) {
        super("parkmeter:function:LambdaFunction", spec.part(), options);
        String name = names.of(spec.part());
        String logGroup = "/aws/lambda/" + name;
        Role role = new Role(
                spec.part() + "-role",
                RoleArgs.builder()
                        .name(name)
                        .assumeRolePolicy(PolicyDocument.of(Statement.trust("lambda.amazonaws.com", account))
                                .json())
                        .build(),
                child().build());
        LogGroup logs = new LogGroup(
                spec.part() + "-log-group",
                LogGroupArgs.builder()
                        .name(logGroup)
                        .retentionInDays(LOG_RETENTION_DAYS)
                        .build(),
                child().build());
        // No CreateLogGroup: the group stands before the function, and what runs out after a destroy can't bring it
        // back.
        RolePolicy writeLog = policy(
                spec,
                role,
                "logs",
                PolicyDocument.of(Statement.allow(
                        "Write",
                        List.of("logs:CreateLogStream", "logs:PutLogEvents"),
                        List.of(account.arn("logs", "log-group:" + logGroup + ":*")))));
        RolePolicy calls = policy(spec, role, "calls", new PolicyDocument(spec.grants()));
        this.function = new Function(
                spec.part() + "-function",
                FunctionArgs.builder()
                        .name(name)
                        .role(role.arn())
                        .runtime(Runtime.Java21)
                        .handler(spec.handler())
                        .code(new FileArchive("lambda-handler/target/function.zip"))
                        .memorySize(MEMORY_MEGABYTES)
                        .timeout((int) spec.timeout().toSeconds())
                        .environment(FunctionEnvironmentArgs.builder()
                                .variables(spec.environment())
                                .build())
                        .build(),
                child().dependsOn(logs, writeLog, calls).build());
        registerOutputs(Map.of("functionName", function.name()));
    }

    /** The function's name. */
    public Output<String> name() {
        return function.name();
    }

    /** The address under which API Gateway calls the function. */
    public Output<String> invokeArn() {
        return function.invokeArn();
    }

    private RolePolicy policy(Spec spec, Role role, String concern, PolicyDocument document) {
        return new RolePolicy(
                spec.part() + "-role-" + concern,
                RolePolicyArgs.builder()
                        .name(concern)
                        .role(role.name())
                        .policy(document.json())
                        .build(),
                child().build());
    }

    private CustomResourceOptions.Builder child() {
        return CustomResourceOptions.builder().parent(this);
    }
}
