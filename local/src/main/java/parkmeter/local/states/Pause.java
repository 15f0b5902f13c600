package parkmeter.local.states;

import java.time.Duration;

/** How a Wait, and the time before a retry, pass. */
@FunctionalInterface
public interface Pause {
    /** Returns when so much time is over. */
    void during(Duration time) throws InterruptedException;

    /** As long as it says. */
    static Pause real() {
        return time -> Thread.sleep(time.toMillis());
    }
}
