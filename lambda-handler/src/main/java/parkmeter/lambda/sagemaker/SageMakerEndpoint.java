package parkmeter.lambda.sagemaker;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.aws.Sdk;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.crt.CRT;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.sagemakerruntime.SageMakerRuntimeClient;
import software.amazon.awssdk.services.sagemakerruntime.model.InvokeEndpointResponse;
import software.amazon.awssdk.services.sagemakerruntime.model.ModelErrorException;
import software.amazon.awssdk.services.sagemakerruntime.model.ModelNotReadyException;
import software.amazon.awssdk.services.sagemakerruntime.model.ServiceUnavailableException;
import software.amazon.awssdk.services.sagemakerruntime.model.ValidationErrorException;

/** A SageMaker endpoint, over the AWS SDK on its CRT client. Thread-safe. */
public final class SageMakerEndpoint implements ModelEndpoint, AutoCloseable {
    /** What it says with a ValidationError: of a serverless endpoint, and of another one. */
    private static final Pattern OVERSIZE = Pattern.compile(
            "Request \\S{1,64} has oversize body\\.|Value at 'body' failed to satisfy constraint: Member must have length");

    private final String name;
    private final SdkHttpClient http;
    private final SageMakerRuntimeClient client;

    private SageMakerEndpoint(String name, Sdk sdk) {
        this.name = name;
        this.http = sdk.http();
        this.client = sdk.client(SageMakerRuntimeClient.builder(), Sdk.once());
    }

    /**
     * The endpoint of this name, called with the credentials in the environment. {@code
     * AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME} there redirects the calls, as it does for every AWS SDK.
     *
     * @param name the endpoint's name
     * @param region the AWS region that it is in
     */
    public static SageMakerEndpoint named(String name, String region) {
        return new SageMakerEndpoint(name, Sdk.in(region));
    }

    /** Loads the CRT's native library, which takes a while and no class of the SDK's. */
    public static void loadNativeLibrary() {
        CRT.getArchIdentifier();
    }

    static SageMakerEndpoint over(SdkHttpClient http, String name, String region) {
        return new SageMakerEndpoint(name, Sdk.over(http, region));
    }

    /**
     * An endpoint that calls nobody: every request is signed, "sent" and read by the same code as the real one's, and
     * gets the same answer. For loading that code before the first request comes.
     *
     * @param answer the body of every answer
     */
    public static SageMakerEndpoint canned(String answer, String region) {
        return new SageMakerEndpoint("canned", new Sdk(region, CannedHttp.CREDENTIALS, new CannedHttp(answer)));
    }

    @Override
    public Reply invoke(Ask ask, Duration atMost) {
        try {
            InvokeEndpointResponse answer = client.invokeEndpoint(request -> request.endpointName(name)
                    .contentType(orNull(ask.content().type()))
                    .accept(orNull(ask.accept()))
                    .customAttributes(orNull(ask.customAttributes()))
                    .body(SdkBytes.fromByteArrayUnsafe(ask.content().bytes()))
                    .overrideConfiguration(options -> options.apiCallTimeout(atMost)));
            return new Reply.Answered(
                    new Content(answer.body().asByteArrayUnsafe(), orEmpty(answer.contentType())),
                    orEmpty(answer.customAttributes()));
        } catch (SdkException e) {
            return reply(e);
        }
    }

    static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** The SDK's exceptions, and those of <a href="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html">InvokeEndpoint</a>, as replies. */
    private static Reply reply(SdkException e) {
        if (e instanceof ModelErrorException model) {
            Integer status = model.originalStatusCode();
            String message = model.originalMessage();
            return new Reply.ModelError(status == null ? 0 : status, message == null ? "" : message);
        }
        return failed(e);
    }

    static Reply.Failed failed(SdkException e) {
        return new Reply.Failed(reason(e), Sdk.cause(e));
    }

    private static Reply.Reason reason(SdkException e) {
        if (e instanceof ApiCallTimeoutException
                || e instanceof ApiCallAttemptTimeoutException
                || e instanceof AbortedException) {
            return Reply.Reason.TIMED_OUT;
        }
        if (e instanceof SdkServiceException service
                && (service.statusCode() == 413
                        || OVERSIZE.matcher(String.valueOf(service.getMessage()))
                                .find())) {
            return Reply.Reason.TOO_LARGE;
        }
        // A request of ours is else valid, so a ValidationError is about the endpoint: "Endpoint … not found.", which
        // SageMaker also says while it is being created.
        if (e instanceof ModelNotReadyException
                || e instanceof ServiceUnavailableException
                || e instanceof ValidationErrorException
                || e instanceof SdkClientException) {
            return Reply.Reason.UNAVAILABLE;
        }
        return e instanceof AwsServiceException service && service.isThrottlingException()
                ? Reply.Reason.THROTTLED
                : Reply.Reason.BROKEN;
    }

    @Override
    public void close() {
        client.close();
        http.close();
    }
}
