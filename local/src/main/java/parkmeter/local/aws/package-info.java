/**
 * The AWS services that the functions call, as their SDK sees them over HTTP, and the clock that calls them.
 *
 * <p>{@link parkmeter.local.aws.SageMakerRuntime} stands between a function and the model server: {@code Refusals} holds what
 * SageMaker answers in the model's stead, {@code PayloadParts} the event stream of a streamed answer. {@link
 * parkmeter.local.aws.SageMaker} is the control plane: it lets {@link parkmeter.local.aws.Containers} start what an {@code Endpoint}
 * needs, and the runtime serve what is in service. {@link parkmeter.local.aws.AwsApi} is one address for it and for the few
 * operations of {@link parkmeter.local.aws.CloudWatch}, {@link parkmeter.local.aws.Sns} and {@link parkmeter.local.aws.Ssm} that the
 * meter uses, for the keys of {@link parkmeter.local.aws.ApiGateway} that the authorizer asks for, and for {@link
 * parkmeter.local.aws.Cognito}, where people sign in. {@link parkmeter.local.aws.DynamoDb} is DynamoDB Local, {@link
 * parkmeter.local.aws.S3} keeps what jobs ask and answer; Step Functions has a package of its own. {@link parkmeter.local.aws.Rules}
 * fires EventBridge's rules.
 * All of them go by {@link parkmeter.local.aws.StackClock}, which may run faster than the machine's.
 *
 * <p>A call waits for the model on the server's thread, through the JDK's plain HTTP connection: there are no more calls
 * at a time than functions' processes, and this takes a third less of the host's time for a call than the JDK's
 * asynchronous client.
 */
@NullMarked
package parkmeter.local.aws;

import org.jspecify.annotations.NullMarked;
