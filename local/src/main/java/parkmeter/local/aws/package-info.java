/**
 * The AWS services that the functions call, as their SDK sees them over HTTP. {@link
 * parkmeter.local.aws.SageMakerRuntime} stands between a function and the model server: {@code Refusals} holds what
 * SageMaker answers in the model's stead, {@code PayloadParts} the event stream of a streamed answer.
 */
@NullMarked
package parkmeter.local.aws;

import org.jspecify.annotations.NullMarked;
