package parkmeter.local.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static parkmeter.local.aws.Services.failure;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import parkmeter.local.edge.SetClock;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** S3 as the AWS SDK's own client sees it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3Test {
    private final S3 service = S3.start(List.of("answers", "others"), new SetClock("2026-03-04T22:00:00Z"));
    private final S3AsyncClient s3 = Services.client(
            S3AsyncClient.builder()
                    .serviceConfiguration(options -> options.chunkedEncodingEnabled(false))
                    .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED),
            service.url());

    @AfterAll
    void stop() {
        s3.close();
        service.close();
    }

    @Test
    void an_object_is_kept_with_its_type_until_another_takes_its_place() {
        put("answers", "id/request", "{\"prompt\":\"It's \\\"quoted\\\" 🙂\"}");
        assertThat(get("answers", "id/request")).isEqualTo("{\"prompt\":\"It's \\\"quoted\\\" 🙂\"}");
        put("answers", "id/request", "{}");
        var kept = s3.getObject(r -> r.bucket("answers").key("id/request"), AsyncResponseTransformer.toBytes())
                .join();
        assertThat(kept.asUtf8String()).isEqualTo("{}");
        assertThat(kept.response().contentType()).isEqualTo("application/json");
        assertThat(kept.response().eTag()).isEqualTo("\"99914b932bd37a50b983c5e7c90ae93b\"");
        assertThat(kept.response().lastModified()).isEqualTo("2026-03-04T22:00:00Z");
    }

    @Test
    void an_object_that_is_not_there_is_no_such_key_also_where_another_bucket_has_it() {
        put("others", "there", "{}");
        failure(NoSuchKeyException.class, () -> get("answers", "there"));
    }

    @Test
    void a_bucket_that_is_not_the_stacks_is_no_such_bucket() {
        failure(NoSuchBucketException.class, () -> put("elsewhere", "a", "{}"));
        assertThat(failure(S3Exception.class, () -> get("elsewhere", "a"))
                        .awsErrorDetails()
                        .errorCode())
                .isEqualTo("NoSuchBucket");
    }

    @Test
    void what_is_not_served_here_says_so() throws Exception {
        for (URI other : List.of(
                service.url().resolve("/answers?list-type=2"), service.url().resolve("/answers/id/request?acl"))) {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(other).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(501);
            assertThat(answer.body()).contains("<Code>NotImplemented</Code>");
        }
    }

    private void put(String bucket, String key, String text) {
        s3.putObject(r -> r.bucket(bucket).key(key).contentType("application/json"), AsyncRequestBody.fromString(text))
                .join();
    }

    private String get(String bucket, String key) {
        return s3.getObject(r -> r.bucket(bucket).key(key), AsyncResponseTransformer.toBytes())
                .join()
                .asUtf8String();
    }
}
