package parkmeter.model;

import com.pulumi.aws.iam.Role;
import com.pulumi.aws.iam.RoleArgs;
import com.pulumi.aws.iam.RolePolicy;
import com.pulumi.aws.iam.RolePolicyArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import parkmeter.config.Names;
import parkmeter.config.S3Location;
import parkmeter.iam.Account;
import parkmeter.iam.PolicyDocument;
import parkmeter.iam.Statement;

/** The role under which a model's containers run, with one policy for each concern. */
final class ExecutionRole extends ComponentResource {

    private final Role role;
    private final String model;
    private final List<Resource> policies = new ArrayList<>();

    ExecutionRole(String model, Names names, Account account, ComponentResourceOptions options) {
        super("parkmeter:model:ExecutionRole", model + "-execution", options);
        this.model = model;
        this.role = new Role(
                model + "-execution",
                RoleArgs.builder()
                        .name(names.of(model + "-execution"))
                        .assumeRolePolicy(PolicyDocument.of(Statement.trust("sagemaker.amazonaws.com", account))
                                .json())
                        .build(),
                child());
        registerOutputs(Map.of());
    }

    Output<String> arn() {
        return role.arn();
    }

    /** All of its policies: a container starts as soon as its endpoint stands, and what it may do has to stand first. */
    List<Resource> policies() {
        return List.copyOf(policies);
    }

    void allow(String concern, List<Statement> statements) {
        policies.add(new RolePolicy(
                model + "-execution-" + concern,
                RolePolicyArgs.builder()
                        .name(concern)
                        .role(role.name())
                        .policy(PolicyDocument.numbered(statements).json())
                        .build(),
                child()));
    }

    /**
     * Allows to get images from ECR.
     *
     * @param repositories their ARNs
     */
    static List<Statement> pull(List<Output<String>> repositories) {
        return List.of(
                // A registry's token belongs to no resource (Service authorization reference, Amazon ECR).
                Statement.allow("Login", List.of("ecr:GetAuthorizationToken"), List.of(Output.of("*"))),
                Statement.allow(
                        "Pull",
                        List.of("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
                        repositories));
    }

    /** Allows to write the log of this group. */
    static List<Statement> log(String group, Account account) {
        return List.of(Statement.allow(
                "Write",
                List.of("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
                List.of(account.arn("logs", "log-group:" + group + ":*"))));
    }

    static List<Statement> metrics() {
        // A metric belongs to no resource; its namespace is what can be limited (Service authorization reference,
        // CloudWatch).
        return List.of(Statement.allow("Publish", List.of("cloudwatch:PutMetricData"), List.of(Output.of("*")))
                .when("StringEquals", "cloudwatch:namespace", Output.of("/aws/sagemaker/Endpoints")));
    }

    /** Allows to read what is at, or under, a place in S3, and to list that and nothing beside it. */
    static List<Statement> read(S3Location place, Account account) {
        String under = place.isArchive() ? place.key() : place.key() + "*";
        return List.of(
                Statement.allow(
                        "Read", List.of("s3:GetObject"), List.of(bucket(place.bucket() + "/" + under, account))),
                Statement.allow("List", List.of("s3:ListBucket"), List.of(bucket(place.bucket(), account)))
                        .when("StringLike", "s3:prefix", Output.of(under)));
    }

    /** Allows to write under a place in S3. */
    static List<Statement> write(S3Location place, Account account) {
        return List.of(Statement.allow(
                "Write", List.of("s3:PutObject"), List.of(bucket(place.bucket() + "/" + place.key() + "*", account))));
    }

    private static Output<String> bucket(String path, Account account) {
        return Output.format("arn:%s:s3:::%s", account.partition(), Output.of(path));
    }

    private CustomResourceOptions child() {
        return CustomResourceOptions.builder().parent(this).build();
    }
}
