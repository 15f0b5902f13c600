package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;

/** Models on meters for holders of tokens, with a route that has no function, long answers, and users who sign in. */
@Story
@Order(2)
final class Seed001Story extends Example {

    Seed001Story(Workbench workbench) throws IOException {
        super(workbench, "seed-001");
    }

    /** The API's document names the user pool, whose id Cognito makes up: another document has another hash. */
    @Override
    boolean unplanned(String difference) {
        return difference.startsWith("api-deployment inputs.triggers.openapi: ");
    }

    /** The bucket of answers refuses calls without TLS, and an emulator gets no others. */
    @Override
    void letIn() {
        assertThat(buckets()
                        .getBucketPolicy(request -> request.bucket(answers()))
                        .policy())
                .contains("aws:SecureTransport");
        buckets().deleteBucketPolicy(request -> request.bucket(answers()));
    }

    /** Nobody can delete a bucket in which something is: {@code destroy} has to empty it. */
    @Test
    @Order(80)
    void an_answer_is_kept_until_the_stack_goes() {
        stands();
        buckets().deleteBucketPolicy(request -> request.bucket(answers()));
        buckets().putObject(request -> request.bucket(answers()).key("kept"), RequestBody.fromString("{}"));
    }

    private S3Client buckets() {
        return stack.account().buckets();
    }

    private String answers() {
        return buckets().listBuckets().buckets().stream()
                .map(Bucket::name)
                .filter(name -> name.startsWith("parkmeter-seed-001-answers-"))
                .findFirst()
                .orElseThrow();
    }
}
