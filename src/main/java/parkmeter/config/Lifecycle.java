package parkmeter.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** When a model runs. */
public sealed interface Lifecycle {

    /** From {@code pulumi up} to {@code pulumi destroy}: the GPU is paid for all the time. */
    record AlwaysOn() implements Lifecycle {}

    /**
     * While there is time on its meter, inside a window of its schedule, or after a request woke it.
     *
     * @param initialMinutes what the first deployment puts on the meter, from 0 to {@code maxMinutes}
     * @param maxMinutes how much the meter holds at most
     * @param idleMinutes after how long without a call the model stops; absent: never
     * @param wakeMinutes what a call to a stopped model puts on the meter; absent: nothing
     * @param schedule when it runs whatever the meter says
     * @param onChange how a new configuration reaches a running endpoint
     * @param hourlyCost what all instances together cost in an hour, in whatever currency; absent: unknown
     */
    record Metered(
            int initialMinutes,
            int maxMinutes,
            Optional<Integer> idleMinutes,
            Optional<Integer> wakeMinutes,
            List<Window> schedule,
            OnChange onChange,
            Optional<BigDecimal> hourlyCost)
            implements Lifecycle {

        public Metered {
            schedule = List.copyOf(schedule);
        }

        /** Whether a window says how many instances there are. */
        public boolean countsInstances() {
            return schedule.stream().anyMatch(window -> window.instances().isPresent());
        }

        /** The same with what an hour costs, where nobody said it. */
        Metered costing(Optional<BigDecimal> cost) {
            return new Metered(
                    initialMinutes,
                    maxMinutes,
                    idleMinutes,
                    wakeMinutes,
                    schedule,
                    onChange,
                    hourlyCost.or(() -> cost));
        }
    }

    /** How a new configuration reaches a running endpoint. */
    enum OnChange {
        /** SageMaker starts new instances, moves the calls over and ends the old ones: no gap, room for both in the quota. */
        UPDATE,
        /** The endpoint is deleted and created again: one set of instances at a time, minutes without an answer. */
        RECREATE
    }
}
