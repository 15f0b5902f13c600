package parkmeter.lambda.sagemaker;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.aws.Sdk;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.sagemakerruntime.SageMakerRuntimeClient;
import software.amazon.awssdk.services.sagemakerruntime.model.InvokeEndpointAsyncResponse;

/**
 * Asynchronous SageMaker endpoints (InvokeEndpointAsync): a request waits until an instance takes it, and what comes of it is
 * written to S3. Thread-safe.
 */
public final class SageMakerQueue {
    /** SageMaker's limit on a request that comes in the call itself, in bytes. */
    public static final int MOST_INLINE = 128_000;

    /** So long a request waits at most for an instance (SageMaker's most and default: 6 hours)… */
    private static final Duration WAITING = Duration.ofHours(6);

    /** …and so long an instance has for it (SageMaker's most). */
    private static final Duration WORKING = Duration.ofHours(1);

    /** After that nothing more comes of a request. */
    public static final Duration LAST_ANSWER = WAITING.plus(WORKING);

    private static final Duration CALL = Duration.ofSeconds(10);
    private static final ExecutionAttribute<byte[]> BODY = new ExecutionAttribute<>("InvokeEndpointAsyncBody");

    private final SageMakerRuntimeClient client;

    /** Those of the account and region that are called. */
    public SageMakerQueue(Sdk sdk) {
        // Sent a second time, it would be a second generation.
        this.client = sdk.client(
                SageMakerRuntimeClient.builder(),
                Sdk.onceTaken(CALL).andThen(options -> options.addExecutionInterceptor(new InlineBody())));
    }

    /**
     * Hands in a request.
     *
     * @param endpoint the endpoint's name
     * @param ask what its model is asked
     * @param location the {@code s3://} URI that the body is kept under; null for one of at most {@link #MOST_INLINE} bytes
     *     that comes with the call
     */
    public Taken ask(String endpoint, Ask ask, @Nullable String location) {
        try {
            InvokeEndpointAsyncResponse taken = client.invokeEndpointAsync(request -> request.endpointName(endpoint)
                    .contentType(SageMakerEndpoint.orNull(ask.content().type()))
                    .accept(SageMakerEndpoint.orNull(ask.accept()))
                    .customAttributes(SageMakerEndpoint.orNull(ask.customAttributes()))
                    .inputLocation(location)
                    .requestTTLSeconds(Math.toIntExact(WAITING.toSeconds()))
                    .invocationTimeoutSeconds(Math.toIntExact(WORKING.toSeconds()))
                    .overrideConfiguration(options -> {
                        if (location == null) {
                            options.putExecutionAttribute(BODY, ask.content().bytes());
                        }
                    }));
            return new Taken.Waiting(
                    Objects.requireNonNullElse(taken.outputLocation(), ""),
                    Objects.requireNonNullElse(taken.failureLocation(), ""));
        } catch (SdkException e) {
            return new Taken.Refused(SageMakerEndpoint.failed(e));
        }
    }

    /** The operation's payload, which this version of the SDK does not know yet. */
    private static final class InlineBody implements ExecutionInterceptor {
        @Override
        public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
            byte[] body = attributes.getAttribute(BODY);
            return body != null && context.httpRequest() instanceof SdkHttpFullRequest request
                    ? request.toBuilder()
                            .contentStreamProvider(ContentStreamProvider.fromByteArrayUnsafe(body))
                            .putHeader("Content-Length", Integer.toString(body.length))
                            .build()
                    : context.httpRequest();
        }
    }
}
