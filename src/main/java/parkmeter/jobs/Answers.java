package parkmeter.jobs;

import com.pulumi.aws.s3.BucketLifecycleConfigurationV2;
import com.pulumi.aws.s3.BucketLifecycleConfigurationV2Args;
import com.pulumi.aws.s3.BucketPolicy;
import com.pulumi.aws.s3.BucketPolicyArgs;
import com.pulumi.aws.s3.BucketPublicAccessBlock;
import com.pulumi.aws.s3.BucketPublicAccessBlockArgs;
import com.pulumi.aws.s3.BucketServerSideEncryptionConfigurationV2;
import com.pulumi.aws.s3.BucketServerSideEncryptionConfigurationV2Args;
import com.pulumi.aws.s3.BucketV2;
import com.pulumi.aws.s3.BucketV2Args;
import com.pulumi.aws.s3.inputs.BucketLifecycleConfigurationV2RuleAbortIncompleteMultipartUploadArgs;
import com.pulumi.aws.s3.inputs.BucketLifecycleConfigurationV2RuleArgs;
import com.pulumi.aws.s3.inputs.BucketLifecycleConfigurationV2RuleExpirationArgs;
import com.pulumi.aws.s3.inputs.BucketLifecycleConfigurationV2RuleFilterArgs;
import com.pulumi.aws.s3.inputs.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs;
import com.pulumi.aws.s3.inputs.BucketServerSideEncryptionConfigurationV2RuleArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import parkmeter.config.ContentHash;
import parkmeter.config.Names;
import parkmeter.iam.Account;
import parkmeter.iam.PolicyDocument;
import parkmeter.iam.Statement;

/** A private bucket for what was asked and answered, which forgets it after some days. */
public final class Answers extends ComponentResource {

    private final BucketV2 bucket;

    /**
     * Declares the bucket.
     *
     * @param keepDays after how many days something is forgotten
     * @param names the stack's names
     * @param account where the stack stands
     * @param options the component's options
     */
    public Answers(int keepDays, Names names, Account account, ComponentResourceOptions options) {
        super("parkmeter:jobs:Answers", "answers", options);
        this.bucket = new BucketV2(
                "answers-bucket",
                BucketV2Args.builder()
                        .bucket(name(names, account))
                        // It holds nothing that would outlive the stack.
                        .forceDestroy(true)
                        .build(),
                child().build());
        BucketPublicAccessBlock closed = new BucketPublicAccessBlock(
                "answers-public-access",
                BucketPublicAccessBlockArgs.builder()
                        .bucket(bucket.bucket())
                        .blockPublicAcls(true)
                        .blockPublicPolicy(true)
                        .ignorePublicAcls(true)
                        .restrictPublicBuckets(true)
                        .build(),
                child().build());
        new BucketPolicy(
                "answers-policy",
                BucketPolicyArgs.builder()
                        .bucket(bucket.bucket())
                        .policy(PolicyDocument.of(overTlsOnly()).json())
                        .build(),
                // S3 takes no two changes of a bucket's access at once.
                child().dependsOn(closed).build());
        new BucketServerSideEncryptionConfigurationV2(
                "answers-encryption",
                BucketServerSideEncryptionConfigurationV2Args.builder()
                        .bucket(bucket.bucket())
                        .rules(BucketServerSideEncryptionConfigurationV2RuleArgs.builder()
                                .applyServerSideEncryptionByDefault(
                                        BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs
                                                .builder()
                                                .sseAlgorithm("AES256")
                                                .build())
                                .build())
                        .build(),
                child().build());
        new BucketLifecycleConfigurationV2(
                "answers-lifecycle",
                BucketLifecycleConfigurationV2Args.builder()
                        .bucket(bucket.bucket())
                        .rules(BucketLifecycleConfigurationV2RuleArgs.builder()
                                .id("forget")
                                .status("Enabled")
                                .filter(BucketLifecycleConfigurationV2RuleFilterArgs.builder()
                                        .prefix("")
                                        .build())
                                .expiration(BucketLifecycleConfigurationV2RuleExpirationArgs.builder()
                                        .days(keepDays)
                                        .build())
                                .abortIncompleteMultipartUpload(
                                        BucketLifecycleConfigurationV2RuleAbortIncompleteMultipartUploadArgs.builder()
                                                .daysAfterInitiation(1)
                                                .build())
                                .build())
                        .build(),
                child().build());
        registerOutputs(Map.of("bucketName", bucket.bucket()));
    }

    /** What the keys of an asynchronous model's jobs begin with. */
    public static String prefix(String model) {
        return "async/" + model + "/";
    }

    /** The bucket's name. */
    public Output<String> name() {
        return bucket.bucket();
    }

    /** Allows to write and read what is kept, and to hear that something is not there. */
    List<Statement> grants() {
        return List.of(
                Statement.allow(
                        "KeepAnswers",
                        List.of("s3:PutObject", "s3:GetObject"),
                        List.of(Output.format("%s/*", bucket.arn()))),
                // Without it S3 says of what is gone that it may not be read (S3 API reference, GetObject).
                Statement.allow("MissAnswers", List.of("s3:ListBucket"), List.of(bucket.arn())));
    }

    /** Allows to read what an asynchronous model is asked, and to write what it answers (SageMaker developer guide, "Async inference"). */
    public List<Statement> jobGrants(String model) {
        Output<String> own = Output.format("%s/%s", bucket.arn(), Output.of(prefix(model)));
        return List.of(
                Statement.allow("ReadJobs", List.of("s3:GetObject"), List.of(Output.format("%sin/*", own))),
                Statement.allow(
                        "AnswerJobs",
                        List.of("s3:PutObject"),
                        List.of(Output.format("%sout/*", own), Output.format("%sfailed/*", own))));
    }

    /**
     * Names of buckets are one world's, in lower case; a deleted one is not at once free in another region. So account and region
     * are in it, as a hash.
     */
    private static Output<String> name(Names names, Account account) {
        return account.id()
                .applyValue(id -> names.of("answers").toLowerCase(Locale.ROOT) + "-"
                        + ContentHash.of(id + " " + account.region()).shortForm());
    }

    private Statement overTlsOnly() {
        return Statement.deny(
                        "OverTlsOnly", List.of("s3:*"), List.of(bucket.arn(), Output.format("%s/*", bucket.arn())))
                .when("Bool", "aws:SecureTransport", Output.of("false"));
    }

    private CustomResourceOptions.Builder child() {
        return CustomResourceOptions.builder().parent(this);
    }
}
