package parkmeter.lambda.meter;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one meter; time and schedule are not among them.
 *
 * @param maxMinutes the most that the meter takes, counted from now
 * @param idleMinutes without an invocation for so long the endpoint stops; null for never
 * @param wakeMinutes what a call to a stopped model puts on the meter; null where calls wake nothing
 * @param onChange how a new configuration reaches a running endpoint
 * @param beforeStopMinutes how long before its end a notice says so; 0 for none
 * @param hourlyCost what an hour costs, in the currency that the config means; null where nobody said
 * @param instances how many instances the EndpointConfiguration has: as many as there are outside windows that say how many;
 *     null where the meter leaves their number alone
 */
public record Terms(
        int maxMinutes,
        @Nullable Integer idleMinutes,
        @Nullable Integer wakeMinutes,
        OnChange onChange,
        int beforeStopMinutes,
        @Nullable BigDecimal hourlyCost,
        @Nullable Integer instances) {

    /** For an endpoint that was registered by its name alone. */
    public static final Terms ADOPTED = new Terms(480, null, null, OnChange.UPDATE, 10, null, null);
}
