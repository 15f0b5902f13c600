package parkmeter.config;

import java.util.Optional;

/**
 * A usage plan: what each of its clients may use.
 *
 * @param name its name in the stack
 * @param throttle the limit for each client
 * @param quota the number of requests that each client may send; absent: no limit
 */
public record Plan(String name, Throttle throttle, Optional<Quota> quota) {

    /**
     * How much a client may use.
     *
     * @param limit requests in a period, from 1
     * @param period how long a period is; it starts at midnight UTC
     */
    public record Quota(int limit, Period period) {}

    /** API Gateway's periods. */
    public enum Period {
        DAY,
        WEEK,
        MONTH
    }
}
