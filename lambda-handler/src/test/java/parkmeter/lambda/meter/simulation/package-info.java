/**
 * Random weeks of meters, on a virtual clock.
 *
 * <p>{@link parkmeter.lambda.meter.simulation.Timeline} runs functions as on Lambda: several at once, each call of a port
 * taking time, so that they interleave anywhere. {@link parkmeter.lambda.meter.simulation.SageMaker} is a control plane
 * with random start times and failures; {@link parkmeter.lambda.meter.simulation.Cloud} puts it and the other ports behind
 * random faults: throttling, lost answers, calls that take effect late, functions killed between any two calls. {@link
 * parkmeter.lambda.meter.simulation.Ledger} is a second, simpler description of what a meter owes its people, written
 * without the code under test; {@link parkmeter.lambda.meter.simulation.History} makes one random week, and compares.
 */
@NullMarked
package parkmeter.lambda.meter.simulation;

import org.jspecify.annotations.NullMarked;
