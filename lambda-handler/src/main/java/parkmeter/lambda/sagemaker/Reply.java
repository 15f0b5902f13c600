package parkmeter.lambda.sagemaker;

/** What came of a request to a model. */
public sealed interface Reply {

    /**
     * The model answered.
     *
     * @param content the container's answer
     * @param customAttributes what it wrote in {@code X-Amzn-SageMaker-Custom-Attributes}; empty for nothing
     */
    record Answered(Content content, String customAttributes) implements Reply {}

    /**
     * The model's container answered with an error (SageMaker's {@code ModelError}).
     *
     * @param status the container's HTTP status, or 0 when it gave none
     * @param message the container's body, whatever it holds: often JSON, sometimes plain text, sometimes nothing
     */
    record ModelError(int status, String message) implements Reply {}

    /**
     * The request did not get as far as the model, or its answer did not come back.
     *
     * @param reason what a caller can do about it depends on this
     * @param cause AWS's error code or an exception's class name, for the log only
     */
    record Failed(Reason reason, String cause) implements Reply {}

    /** Why there is no answer of the model's. */
    enum Reason {
        /** SageMaker takes no more requests for the moment. */
        THROTTLED,
        /** There is no endpoint, it is not ready, or it cannot be reached. */
        UNAVAILABLE,
        /** The time was up. */
        TIMED_OUT,
        /** The request is larger than SageMaker hands on to such an endpoint. */
        TOO_LARGE,
        /** SageMaker refused or failed for a reason that neither the caller nor time will mend. */
        BROKEN
    }
}
