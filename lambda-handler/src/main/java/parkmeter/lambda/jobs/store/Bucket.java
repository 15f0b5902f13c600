package parkmeter.lambda.jobs.store;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import parkmeter.lambda.aws.Sdk;
import parkmeter.lambda.sagemaker.Content;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** A bucket in S3. Thread-safe. */
public final class Bucket {
    private static final Duration ATTEMPT = Duration.ofSeconds(5);

    private final S3Client s3;
    private final String name;

    /** A bucket that there is. */
    public Bucket(Sdk sdk, String name) {
        this.s3 = sdk.client(
                S3Client.builder()
                        .serviceConfiguration(options -> options.chunkedEncodingEnabled(false))
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED),
                Sdk.retried(ATTEMPT));
        this.name = name;
    }

    /**
     * Keeps something under a key.
     *
     * @throws NoAnswer when AWS gives none
     */
    public void put(String key, Content content) {
        try {
            s3.putObject(
                    put -> put.bucket(name).key(key).contentType(content.type()),
                    RequestBody.fromBytes(content.bytes()));
        } catch (SdkException e) {
            throw new NoAnswer("PutObject", e);
        }
    }

    /**
     * What is kept under a key.
     *
     * @return nothing where nothing is, any more or yet
     * @throws NoAnswer when AWS gives none
     */
    public Optional<Content> get(String key) {
        try {
            ResponseBytes<GetObjectResponse> found =
                    s3.getObjectAsBytes(get -> get.bucket(name).key(key));
            return Optional.of(new Content(
                    found.asByteArrayUnsafe(),
                    Objects.requireNonNullElse(found.response().contentType(), "")));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw new NoAnswer("GetObject", e);
        }
    }

    /** The {@code s3://} URI of a key. */
    public String location(String key) {
        return prefix() + key;
    }

    /** The key of an {@code s3://} URI; nothing where it is none of this bucket's. */
    public Optional<String> key(String location) {
        return location.startsWith(prefix()) ? Optional.of(location.substring(prefix().length())) : Optional.empty();
    }

    private String prefix() {
        return "s3://" + name + "/";
    }
}
