package parkmeter.lambda.meter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The last failure to start or to change an endpoint.
 *
 * @param at when it was seen
 * @param reason SageMaker's words
 * @param streak how many there were in a row; 0 once an endpoint has come into service since
 * @param retryAt when to try again
 * @param createdAt the endpoint that failed; null where none was made
 */
public record Failure(Instant at, String reason, int streak, Instant retryAt, @Nullable Instant createdAt) {}
