/**
 * Step Functions on one machine: state machines of the Amazon States Language in its JSONPath dialect, run as they were declared, behind
 * the calls that start and describe their executions (states-language.net/spec.html, Step Functions developer guide and API reference).
 *
 * <p>{@link parkmeter.local.states.StepFunctions} answers the calls; {@code Definition} reads a machine once and refuses what isn't run
 * here, rather than running it otherwise; {@code Run} goes from state to state. There are the states Task, Pass, Choice, Wait, Succeed and
 * Fail with their data flow, retries, catchers, timeouts and limits; there is no Parallel, no Map, no JSONata. What a Task does is a
 * {@link parkmeter.local.states.TaskResource}. No library on Maven Central runs this language: those that are there model or write it.
 */
@NullMarked
package parkmeter.local.states;

import org.jspecify.annotations.NullMarked;
