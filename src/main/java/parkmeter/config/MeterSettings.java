package parkmeter.config;

import java.util.List;
import java.util.Optional;

/**
 * What the stack's meter does beside keeping the models' time.
 *
 * @param adopt the names of endpoints and configurations of others that callers may put on the meter; {@code *} stands for
 *     any characters
 * @param reservedConcurrency whether one of the account's concurrent Lambda executions is kept for the tick
 * @param notices who is told of what the meter does; absent: nobody
 */
public record MeterSettings(List<String> adopt, boolean reservedConcurrency, Optional<Notices> notices) {

    public MeterSettings {
        adopt = List.copyOf(adopt);
    }

    /** How long before an endpoint stops it is said, in minutes, where the stack does not say. */
    public static final int BEFORE_STOP_MINUTES = 10;

    /** How long before an endpoint stops it is said, in minutes; 0: never. */
    public int beforeStopMinutes() {
        return notices.map(Notices::beforeStopMinutes).orElse(BEFORE_STOP_MINUTES);
    }

    /**
     * Who is told.
     *
     * @param email addresses, each of which has to confirm; none: a topic to subscribe to
     * @param beforeStopMinutes how long before an endpoint stops it is said; 0: never
     */
    public record Notices(List<String> email, int beforeStopMinutes) {

        public Notices {
            email = List.copyOf(email);
        }
    }
}
