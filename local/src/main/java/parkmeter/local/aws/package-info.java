/**
 * The AWS services that the functions call, as their SDK sees them over HTTP. {@link
 * parkmeter.local.aws.SageMakerRuntime} stands between a function and the model server: {@code Refusals} holds what
 * SageMaker answers in the model's stead, {@code PayloadParts} the event stream of a streamed answer.
 *
 * <p>A call waits for the model on the server's thread, through the JDK's plain HTTP connection: there are no more calls
 * at a time than functions' processes, and this takes a third less of the host's time for a call than the JDK's
 * asynchronous client.
 */
@NullMarked
package parkmeter.local.aws;

import org.jspecify.annotations.NullMarked;
