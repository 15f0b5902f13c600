/**
 * Random weeks of meters, on a virtual clock.
 *
 * <p>{@link parkmeter.lambda.meter.simulation.History} makes one random week: deployments, top-ups, stops, schedules, calls,
 * people who touch what is the meter's, and a destroy at its end. {@link parkmeter.lambda.meter.simulation.Minutes} are its
 * ticks. {@link parkmeter.lambda.meter.simulation.Timeline} runs functions as on Lambda: several at once, each call of a port
 * taking time, so that they interleave anywhere. {@link parkmeter.lambda.meter.simulation.SageMaker} is a control plane
 * with random start times and failures; {@link parkmeter.lambda.meter.simulation.Cloud} puts it and the other ports behind
 * random faults: throttling, lost answers, calls that take effect late, functions killed between any two calls.
 *
 * <p>{@link parkmeter.lambda.meter.simulation.Ledger} is a second, simpler description of what a meter owes its people,
 * written without the code under test; {@link parkmeter.lambda.meter.simulation.Promises} compares, and says what must hold.
 * Each week follows from its seed alone.
 */
@NullMarked
package parkmeter.lambda.meter.simulation;

import org.jspecify.annotations.NullMarked;
