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
import java.util.Optional;
import parkmeter.config.Names;
import parkmeter.iam.Account;
import parkmeter.iam.PolicyDocument;
import parkmeter.iam.Statement;

/** A Lambda function with its role and its log group. */
public final class LambdaFunction extends ComponentResource {

    private static final int LOG_RETENTION_DAYS = 14;
    private static final int MEMORY_MEGABYTES = 512;

    /** The zips that {@code lambda-handler} builds. */
    public enum Code {
        /** What answers a model's callers. */
        FUNCTION("function"),
        /** What keeps the meter. */
        METER("meter"),
        /** What looks at callers' tokens and keys, and issues tokens. */
        ACCESS("access"),
        /** What takes and does jobs. */
        JOBS("jobs");

        private final String zip;

        Code(String zip) {
            this.zip = zip;
        }

        private FileArchive archive() {
            return new FileArchive("lambda-handler/target/" + zip + ".zip");
        }
    }

    private final Function function;

    /**
     * What a function is.
     *
     * @param part its name in the stack
     * @param code the zip that it runs from
     * @param handler the class and method in the zip, {@code package.Class::method}
     * @param timeout how long a call may take, in whole seconds
     * @param concurrency how many calls may run at once, kept free for it in the account; absent: what the account has
     * @param environment its variables
     * @param grants what it may do beside writing its log
     */
    public record Spec(
            String part,
            Code code,
            String handler,
            Duration timeout,
            Optional<Integer> concurrency,
            Map<String, Output<String>> environment,
            List<Statement> grants) {

        public Spec {
            environment = Map.copyOf(environment);
            grants = List.copyOf(grants);
        }
    }

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
        String logGroup = logGroup(name);
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
        RolePolicy calls = policy(spec, role, "calls", PolicyDocument.numbered(spec.grants()));
        var variables = Output.<String>mapBuilder();
        spec.environment().forEach(variables::put);
        var args = FunctionArgs.builder()
                .name(name)
                .role(role.arn())
                .runtime(Runtime.Java21)
                .handler(spec.handler())
                .code(spec.code().archive())
                .memorySize(MEMORY_MEGABYTES)
                .timeout((int) spec.timeout().toSeconds())
                .environment(FunctionEnvironmentArgs.builder()
                        .variables(variables.build())
                        .build());
        spec.concurrency().ifPresent(args::reservedConcurrentExecutions);
        this.function = new Function(
                spec.part() + "-function",
                args.build(),
                child().dependsOn(logs, writeLog, calls).build());
        registerOutputs(Map.of("functionName", function.name()));
    }

    /** The name of a function's log group (Lambda developer guide, "Sending Lambda function logs to CloudWatch Logs"). */
    public static String logGroup(String function) {
        return "/aws/lambda/" + function;
    }

    /** The function's name. */
    public Output<String> name() {
        return function.name();
    }

    /** The address under which API Gateway calls the function. */
    public Output<String> invokeArn() {
        return function.invokeArn();
    }

    /** The function's ARN. */
    public Output<String> arn() {
        return function.arn();
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
