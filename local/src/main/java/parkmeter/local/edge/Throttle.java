package parkmeter.local.edge;

/**
 * A token bucket, as API Gateway's usage plans and method settings have one.
 *
 * @param rate requests a second that flow back into the bucket; 0 lets none through
 * @param burst requests that the bucket holds
 */
public record Throttle(double rate, int burst) {
    /** Refuses what no bucket can be made of. */
    public Throttle {
        if (!(rate >= 0) || Double.isInfinite(rate) || burst < 0) {
            throw new IllegalArgumentException(
                    "a throttle's rate and burst are numbers from 0: rate %s, burst %s".formatted(rate, burst));
        }
    }
}
