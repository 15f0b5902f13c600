package parkmeter.lambda.aws;

import java.time.Duration;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;

/**
 * The clients of one function. {@code AWS_ENDPOINT_URL_<SERVICE>} in the environment redirects a client, as it does for
 * every AWS SDK. Thread-safe.
 *
 * @param region the AWS region that is called
 * @param credentials who calls
 * @param http what every client sends with
 */
public record Sdk(String region, AwsCredentialsProvider credentials, SdkHttpClient http) {
    private static final Duration CONNECT = Duration.ofSeconds(3);

    /** Shorter than AWS's: a connection that died while Lambda froze the function must not take a request. */
    private static final Duration IDLE = Duration.ofSeconds(20);

    private static final ProfileFile NO_PROFILES = ProfileFile.aggregator().build();

    /** With the environment's credentials, on the CRT client. */
    public static Sdk in(String region) {
        return over(
                AwsCrtHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .connectionMaxIdleTime(IDLE)
                        .build(),
                region);
    }

    /** With the environment's credentials, on an HTTP client of the caller's. */
    public static Sdk over(SdkHttpClient http, String region) {
        return new Sdk(region, EnvironmentVariableCredentialsProvider.create(), http);
    }

    /**
     * For calls that do the same when they come twice: up to four attempts.
     *
     * @param attempt when one attempt counts as failed; all together may take three times as long
     */
    public static Consumer<ClientOverrideConfiguration.Builder> retried(Duration attempt) {
        return options -> options.retryStrategy(DefaultRetryStrategy.standardStrategyBuilder()
                        .maxAttempts(4)
                        .build())
                .apiCallAttemptTimeout(attempt)
                .apiCallTimeout(attempt.multipliedBy(3));
    }

    /**
     * For calls that do not, but may be sent again where AWS says that it did nothing because there were too many: up to four
     * attempts, seconds apart.
     *
     * @param call when the call counts as failed, with all attempts
     */
    public static Consumer<ClientOverrideConfiguration.Builder> onceTaken(Duration call) {
        return options -> options.retryStrategy(DefaultRetryStrategy.standardStrategyBuilder()
                        .useClientDefaults(false)
                        .retryOnException(Sdk::throttled)
                        .treatAsThrottling(Sdk::throttled)
                        // It would count every endpoint's refusals against all others.
                        .circuitBreakerEnabled(false)
                        .maxAttempts(4)
                        .build())
                .apiCallTimeout(call);
    }

    private static boolean throttled(Throwable e) {
        return e instanceof SdkServiceException service && service.isThrottlingException();
    }

    /** For calls that do not. */
    public static Consumer<ClientOverrideConfiguration.Builder> once() {
        return options -> options.retryStrategy(DefaultRetryStrategy.doNotRetry());
    }

    /** For calls that do not, with the time after which one counts as failed. */
    public static Consumer<ClientOverrideConfiguration.Builder> once(Duration attempt) {
        return once().andThen(options -> options.apiCallTimeout(attempt));
    }

    /**
     * Makes a client.
     *
     * @param builder the service's
     * @param calls {@link #retried} or {@link #once}
     */
    public <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
            B builder, Consumer<ClientOverrideConfiguration.Builder> calls) {
        return builder.region(Region.of(region))
                .credentialsProvider(credentials)
                .httpClient(http)
                // Lambda has no profile files: looking for them costs time at the start.
                .overrideConfiguration(calls.andThen(options -> options.defaultProfileFileSupplier(() -> NO_PROFILES)))
                .build();
    }

    /** AWS's error code, or the class's name of what happened on the way: never a message, which may hold an ARN. */
    public static String cause(SdkException e) {
        String code = e instanceof AwsServiceException service && service.awsErrorDetails() != null
                ? service.awsErrorDetails().errorCode()
                : null;
        return code == null ? e.getClass().getSimpleName() : code;
    }
}
