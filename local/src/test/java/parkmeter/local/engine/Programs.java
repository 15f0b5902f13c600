package parkmeter.local.engine;

import com.pulumi.Pulumi;
import com.pulumi.aws.AwsFunctions;
import com.pulumi.aws.iam.Role;
import com.pulumi.aws.iam.RoleArgs;
import com.pulumi.aws.kms.Key;
import com.pulumi.aws.lambda.Function;
import com.pulumi.aws.lambda.FunctionArgs;
import com.pulumi.aws.s3.BucketV2;
import com.pulumi.aws.sagemaker.SagemakerFunctions;
import com.pulumi.aws.sagemaker.inputs.GetPrebuiltEcrImageArgs;
import com.pulumi.aws.sns.SnsFunctions;
import com.pulumi.aws.sns.inputs.GetTopicArgs;
import com.pulumi.core.Output;
import com.pulumi.exceptions.RunException;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.CustomResourceOptions;
import java.util.concurrent.CountDownLatch;

/** Small Pulumi programs, each with a main of its own, that the engine's tests run as processes. */
final class Programs {
    private Programs() {}

    /** A role in a component, and a function that waits for it. */
    static final class RoleAndFunction {
        public static void main(String[] args) {
            Pulumi.run(ctx -> {
                ComponentResource part = new ComponentResource("test:part:Part", "part");
                CustomResourceOptions inPart = CustomResourceOptions.builder()
                        .parent(part)
                        .protect(true)
                        .build();
                Role role = new Role(
                        "role",
                        RoleArgs.builder()
                                .name("Reader")
                                .assumeRolePolicy("{\"Version\":\"2012-10-17\"}")
                                .build(),
                        inPart);
                Function function = new Function(
                        "function",
                        FunctionArgs.builder()
                                .name("Invoke")
                                .role(role.arn())
                                .description(Output.ofSecret("my secret"))
                                .build(),
                        inPart);
                ctx.export("invokeArn", function.invokeArn().applyValue(String::trim));
                ctx.export("token", ctx.config().requireSecret("token"));
                ctx.export("account", AwsFunctions.getCallerIdentity().applyValue(it -> it.accountId()));
                ctx.export("partition", AwsFunctions.getPartition().applyValue(it -> it.partition()));
            });
        }
    }

    /** A type that the engine has no rule for. */
    static final class UnknownType {
        public static void main(String[] args) {
            Pulumi.run(ctx -> {
                Key key = new Key("key");
                ctx.export("arn", key.arn());
                ctx.export("id", key.id());
            });
        }
    }

    static final class PrebuiltImage {
        public static void main(String[] args) {
            Pulumi.run(ctx -> ctx.export(
                    "image",
                    SagemakerFunctions.getPrebuiltEcrImage(GetPrebuiltEcrImageArgs.builder()
                                    .repositoryName("huggingface-pytorch-tgi-inference")
                                    .imageTag("3")
                                    .build())
                            .applyValue(it -> it.registryPath())));
        }
    }

    /** A function of the provider that the engine doesn't answer. */
    static final class UnknownCall {
        public static void main(String[] args) {
            Pulumi.run(ctx -> ctx.export(
                    "topic",
                    SnsFunctions.getTopic(GetTopicArgs.builder().name("news").build())
                            .applyValue(it -> it.arn())));
        }
    }

    static final class SameNameTwice {
        public static void main(String[] args) {
            Pulumi.run(ctx -> {
                new BucketV2("bucket");
                new BucketV2("bucket");
            });
        }
    }

    static final class Refuses {
        public static void main(String[] args) {
            Pulumi.run(ctx -> {
                throw new RunException("The size is wrong: mend it");
            });
        }
    }

    /** A mistake in a program: an exception that nobody expects. */
    static final class Breaks {
        public static void main(String[] args) {
            Pulumi.run(ctx -> {
                throw new IllegalStateException("a mistake");
            });
        }
    }

    static final class Warns {
        public static void main(String[] args) {
            Pulumi.run(ctx -> ctx.log().warn("A GPU is expensive"));
        }
    }

    static final class Hangs {
        public static void main(String[] args) throws InterruptedException {
            new CountDownLatch(1).await();
        }
    }

    static final class Dies {
        public static void main(String[] args) {
            System.err.println("no such library");
            System.exit(3);
        }
    }
}
