package parkmeter.config;

/**
 * A token bucket, as API Gateway throttles.
 *
 * @param rate requests a second in the long run, above 0
 * @param burst requests at once, from 1
 */
public record Throttle(double rate, int burst) {}
