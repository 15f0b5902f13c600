/**
 * What a deployment calls: {@code aws.lambda.Invocation} with the lifecycle scope CRUD invokes the function when the
 * resource is created, changed and deleted, and says which in {@code tf.action}.
 */
@NullMarked
package parkmeter.lambda.meter.registration;

import org.jspecify.annotations.NullMarked;
