/**
 * Answers that take longer than API Gateway waits. {@link parkmeter.jobs.Jobs} has the two functions and the state machine between
 * them: one takes calls and tells what became of them, the other does one call each, as the machine's task. What was asked and
 * answered is in {@link parkmeter.jobs.Answers}, a bucket that forgets it after some days.
 *
 * <p>What needs what: bucket, the working function, the machine, the function that the API calls.
 */
@NullMarked
package parkmeter.jobs;

import org.jspecify.annotations.NullMarked;
