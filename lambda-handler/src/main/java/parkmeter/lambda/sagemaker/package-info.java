/**
 * The one place that talks to SageMaker.
 *
 * <p>{@link parkmeter.lambda.sagemaker.ModelEndpoint} is the port: an {@link parkmeter.lambda.sagemaker.Ask} in, a
 * {@link parkmeter.lambda.sagemaker.Reply} out, never an exception of AWS's. {@link
 * parkmeter.lambda.sagemaker.SageMakerEndpoint} is that port over the AWS SDK and its CRT client; {@link
 * parkmeter.lambda.sagemaker.SageMakerQueue} takes what an asynchronous endpoint is to answer later. Nothing of AWS's
 * leaves this package but the short error code that the log names.
 */
@NullMarked
package parkmeter.lambda.sagemaker;

import org.jspecify.annotations.NullMarked;
