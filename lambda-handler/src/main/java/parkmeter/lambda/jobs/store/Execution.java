package parkmeter.lambda.jobs.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run of the state machine.
 *
 * @param arn its ARN
 * @param machineArn the state machine's
 * @param name names it in the machine
 * @param status {@code RUNNING}, {@code SUCCEEDED}, {@code FAILED}, {@code TIMED_OUT}, {@code ABORTED}, {@code
 *     PENDING_REDRIVE}
 * @param startedAt when it began
 * @param stoppedAt when it ended; null where it did not yet
 * @param input JSON
 * @param cause why it failed; null where it did not, or nobody knows
 */
public record Execution(
        String arn,
        String machineArn,
        String name,
        String status,
        Instant startedAt,
        @Nullable Instant stoppedAt,
        String input,
        @Nullable String cause) {}
