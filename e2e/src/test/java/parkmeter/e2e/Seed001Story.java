package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Order;
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
        var buckets = stack.account().buckets();
        buckets.listBuckets().buckets().stream()
                .map(Bucket::name)
                .filter(name -> name.startsWith("parkmeter-seed-001-answers-"))
                .forEach(name -> {
                    assertThat(buckets.getBucketPolicy(request -> request.bucket(name))
                                    .policy())
                            .contains("aws:SecureTransport");
                    buckets.deleteBucketPolicy(request -> request.bucket(name));
                });
    }
}
