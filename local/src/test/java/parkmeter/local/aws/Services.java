package parkmeter.local.aws;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import parkmeter.local.gateway.ApiKey;
import parkmeter.local.identity.UserPool;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsAsyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;

/** All services, running, with containers that come up when a test says so, and the AWS SDK's own clients. */
final class Services implements AutoCloseable {
    static final String TOPIC = "arn:aws:sns:eu-west-2:123456789012:notices";

    static final EndpointConfig JOBS = new EndpointConfig(
            "jobs",
            List.of(new EndpointConfig.Variant("AllTraffic", Optional.of("ml.g5.xlarge"), 1, 1)),
            Optional.of(new EndpointConfig.Async(
                    "s3://answers/async/m/out/",
                    Optional.of("s3://answers/async/m/failed/"),
                    Optional.of("arn:aws:sns:eu-west-2:123456789012:done"),
                    Optional.of("arn:aws:sns:eu-west-2:123456789012:failed"),
                    4)));

    static final String POOL = "eu-west-2_a1b2c3d4e";
    static final String CLIENT = "1example23456789";

    /** One for all clients: each would take two seconds to close. */
    private static final SdkAsyncHttpClient HTTP = NettyNioAsyncHttpClient.create();

    final StackClock clock = new StackClock(Clock.systemUTC(), 100);
    final CloudWatch cloudWatch = new CloudWatch(clock);
    final S3 s3 = S3.start(List.of("answers"), clock);
    final List<Sns.Message> answered = new CopyOnWriteArrayList<>();
    final SageMakerRuntime runtime;
    final List<Ssm.Put> puts = new CopyOnWriteArrayList<>();
    final List<Sns.Message> messages = new CopyOnWriteArrayList<>();
    final Map<String, Started> started = new ConcurrentHashMap<>();
    final UserPool pool = UserPool.create("arn:aws:cognito-idp:eu-west-2:123456789012:userpool/" + POOL, clock);
    final SageMaker sageMaker;
    final AwsApi api;

    /** A container that was asked for: completes when a test lets it. */
    static final class Started implements Containers.Container {
        final CompletableFuture<Containers.Container> up = new CompletableFuture<>();
        final URI url;
        final CountDownLatch mayClose = new CountDownLatch(1);
        volatile boolean held;
        volatile boolean closed;

        Started(URI url) {
            this.url = url;
        }

        @Override
        public URI url() {
            return url;
        }

        @Override
        public void close() {
            try {
                if (held) {
                    mayClose.await();
                }
                closed = true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Lets it take its time to end, until {@link #mayClose} is counted down. */
        void takesLongToClose() {
            held = true;
        }

        void comesUp() {
            up.complete(this);
        }
    }

    /**
     * @param model what stands behind every container
     * @param start the least time of a start
     */
    Services(URI model, Duration start) {
        runtime = SageMakerRuntime.start(
                "eu-west-2",
                "123456789012",
                cloudWatch,
                new AsyncInference.Surroundings(Optional.of(s3), clock, start, "rested"::equals, answered::add));
        sageMaker = new SageMaker(
                new SageMaker.Place("aws", "eu-west-2", "123456789012"),
                List.of(
                        configuration("small", "ml.g5.xlarge", 1),
                        configuration("other", "ml.g5.xlarge", 1),
                        configuration("large", "ml.g5.12xlarge", 2),
                        JOBS,
                        new EndpointConfig(
                                "split",
                                List.of(
                                        new EndpointConfig.Variant("first", Optional.of("ml.g5.xlarge"), 1, 1),
                                        new EndpointConfig.Variant("second", Optional.of("ml.g5.xlarge"), 2, 0)),
                                Optional.empty()),
                        new EndpointConfig(
                                "serverless",
                                List.of(new EndpointConfig.Variant("AllTraffic", Optional.empty(), 1, 1)),
                                Optional.empty())),
                (endpoint, configuration, variant) -> {
                    Started container = new Started(model);
                    started.put(endpoint + "/" + configuration, container);
                    started.put(endpoint + "/" + configuration + "/" + variant, container);
                    return container.up;
                },
                runtime,
                clock,
                start);
        api = AwsApi.start(new AwsApi.Services(
                sageMaker,
                new Ssm(clock, puts::add),
                cloudWatch,
                new Sns(Set.of(TOPIC), messages::add),
                new Cognito(
                        List.of(new Cognito.Pool(POOL, pool)),
                        List.of(
                                new Cognito.Client(CLIENT, POOL, List.of("ALLOW_USER_PASSWORD_AUTH")),
                                new Cognito.Client("another", POOL, List.of("ALLOW_USER_SRP_AUTH"))),
                        clock),
                new ApiGateway(List.of(new ApiKey("a1b2c3d4e5", "first", "the-value", true)))));
    }

    private static EndpointConfig configuration(String name, String instanceType, int instances) {
        return new EndpointConfig(
                name,
                List.of(new EndpointConfig.Variant("AllTraffic", Optional.of(instanceType), instances, 1)),
                Optional.empty());
    }

    /** A client of one of the services, that tries each call once. */
    <B extends AwsAsyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(B builder) {
        return client(builder, api.url());
    }

    static <B extends AwsAsyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(B builder, URI at) {
        return builder.endpointOverride(at)
                .region(Region.EU_WEST_2)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
                .httpClient(HTTP)
                .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(1)))
                .build();
    }

    /** The error that a call ends with. */
    static <E extends AwsServiceException> E failure(Class<E> type, ThrowingCallable call) {
        CompletionException thrown = Assertions.catchThrowableOfType(CompletionException.class, call);
        Assertions.assertThat(thrown).hasCauseInstanceOf(type);
        return Objects.requireNonNull(type.cast(thrown.getCause()));
    }

    @Override
    public void close() {
        api.close();
        sageMaker.close();
        runtime.close();
        s3.close();
    }
}
