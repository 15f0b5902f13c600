/**
 * The parking meter: when a model's endpoint runs.
 *
 * <p>One {@link parkmeter.lambda.meter.MeterRecord} per endpoint says until when it is paid, which windows it runs in, and
 * in which {@link parkmeter.lambda.meter.Phase} it was last seen. {@link parkmeter.lambda.meter.Meter#decide} is a pure
 * function from a record, what SageMaker shows and the time to the record's next state and one {@link
 * parkmeter.lambda.meter.Action}. {@link parkmeter.lambda.meter.Keeper} takes that step for one record: it writes the
 * intent first, by a put that fails when somebody else was faster, acts, and writes what came of it; so a function may
 * die between any two calls, and two may run at once. {@link parkmeter.lambda.meter.Tick} steps every record, each for
 * itself; {@link parkmeter.lambda.meter.Meters} is what people and calls change; {@link parkmeter.lambda.meter.Registrar}
 * is what a deployment changes.
 *
 * <p>{@link parkmeter.lambda.meter.MeterTable}, {@link parkmeter.lambda.meter.Endpoints}, {@link
 * parkmeter.lambda.meter.Activity}, {@link parkmeter.lambda.meter.Notices} and {@link parkmeter.lambda.meter.Mirror} are
 * the ports; nothing here knows AWS's SDK.
 */
@NullMarked
package parkmeter.lambda.meter;

import org.jspecify.annotations.NullMarked;
