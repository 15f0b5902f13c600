package parkmeter.lambda.jobs.store;

import parkmeter.lambda.aws.Sdk;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.model.ExecutionLimitExceededException;

/** AWS gave no answer. The message names the operation and AWS's error code, for the log: no ARN. */
public final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean throttled;

    NoAnswer(String operation, SdkException e) {
        super(operation + ": " + Sdk.cause(e), null, false, false);
        this.throttled = e instanceof ExecutionLimitExceededException
                || (e instanceof AwsServiceException service && service.isThrottlingException());
    }

    /** Whether there were too many calls. */
    public boolean throttled() {
        return throttled;
    }
}
