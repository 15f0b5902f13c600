package parkmeter.lambda.invoke;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.clock.FunctionClock;
import parkmeter.lambda.gateway.CallFailed;
import parkmeter.lambda.gateway.Code;
import parkmeter.lambda.sagemaker.Ask;
import parkmeter.lambda.sagemaker.ModelEndpoint;
import parkmeter.lambda.sagemaker.Reply;
import parkmeter.lambda.sagemaker.SageMakerEndpoint;

/** A model with its meter: what it answers, or why it does not in the words of this API. */
public final class ServedModel {
    /** For reading the request, and for the answer's way back, before Lambda and API Gateway give up. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final ModelEndpoint endpoint;
    private final ModelMeter meter;
    private final Engine engine;

    ServedModel(ModelEndpoint endpoint, ModelMeter meter, Engine engine) {
        this.endpoint = endpoint;
        this.meter = meter;
        this.engine = engine;
    }

    /**
     * The one on a SageMaker endpoint.
     *
     * @param endpoint the endpoint's name
     * @param region the AWS region that it is in
     * @param table the name of the meter's table; null where the model is always on
     * @param clock the meter's time
     * @param engine what runs in its container
     */
    public static ServedModel of(
            String endpoint, String region, @Nullable String table, FunctionClock clock, Engine engine) {
        return new ServedModel(
                SageMakerEndpoint.named(endpoint, region), ModelMeter.of(endpoint, region, table, clock), engine);
    }

    /** What runs in its container. */
    Engine engine() {
        return engine;
    }

    /**
     * Asks once.
     *
     * @param left how long Lambda lets the function run on
     * @throws CallFailed when there is no answer
     */
    Reply.Answered answer(Ask ask, Author author, Duration left) throws CallFailed {
        long start = System.nanoTime();
        Duration atMost = left.minus(MARGIN);
        if (atMost.isNegative() || atMost.isZero()) {
            throw timeout(author, "");
        }
        Reply reply = endpoint.invoke(ask, atMost);
        if (reply instanceof Reply.Answered answered) {
            return answered;
        }
        if (reply instanceof Reply.Failed failed && failed.reason() == Reply.Reason.UNAVAILABLE) {
            throw meter.refusal(failed.cause(), left.minusNanos(System.nanoTime() - start))
                    .orElseGet(() -> unavailable(failed.cause()));
        }
        throw reply instanceof Reply.ModelError error
                ? failed(engine.fault(error.status(), error.message()), author, "ModelError" + error.status())
                : failed((Reply.Failed) reply, author);
    }

    /** What a container's error is called here. */
    static CallFailed failed(Fault fault, Author author, String cause) {
        return switch (fault.kind()) {
            case REFUSED -> refused(fault, cause);
            case MISFIT -> author == Author.CALLER ? refused(fault, cause) : defective(cause);
            case MEDIA_TYPE ->
                author == Author.CALLER
                        ? new CallFailed(
                                Code.UNSUPPORTED_MEDIA_TYPE, "The model does not take this Content-Type.", cause)
                        : defective(cause);
            case TOO_LARGE -> tooLarge(author, cause);
            case OVERLOADED ->
                new CallFailed(Code.MODEL_OVERLOADED, "The model is overloaded: try again in a moment.", cause);
            case NOT_READY -> unavailable(cause);
            case TIMED_OUT -> timeout(author, cause);
            case FAILED -> defective(cause);
        };
    }

    private static CallFailed refused(Fault fault, String cause) {
        return new CallFailed(Code.MODEL_REFUSED, "The model refused the request: " + fault.reason(), cause);
    }

    private static CallFailed tooLarge(Author author, String cause) {
        return new CallFailed(
                Code.PAYLOAD_TOO_LARGE, "The request is too large for the model. " + author.smallerRequest(), cause);
    }

    private static CallFailed defective(String cause) {
        return new CallFailed(Code.MODEL_ERROR, "The model failed to generate an answer.", cause);
    }

    static CallFailed failed(Reply.Failed failed, Author author) {
        String cause = failed.cause();
        return switch (failed.reason()) {
            case THROTTLED ->
                new CallFailed(Code.THROTTLED, "Too many requests for the model: try again in a moment.", cause);
            case UNAVAILABLE -> unavailable(cause);
            case TIMED_OUT -> timeout(author, cause);
            case TOO_LARGE -> tooLarge(author, cause);
            case BROKEN ->
                new CallFailed(Code.MODEL_ERROR, "The model can't be called: see the function's log.", cause);
        };
    }

    /** Nobody knows more than that the endpoint refused the call. */
    static CallFailed unavailable(String cause) {
        return new CallFailed(
                Code.MODEL_UNAVAILABLE, "The model is not ready: try again after the time in Retry-After.", cause);
    }

    private static CallFailed timeout(Author author, String cause) {
        return new CallFailed(Code.TIMEOUT, "The model took too long: " + author.fasterAnswer() + ".", cause);
    }
}
