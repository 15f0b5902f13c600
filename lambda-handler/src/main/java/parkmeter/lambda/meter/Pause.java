package parkmeter.lambda.meter;

import java.time.Duration;

/** Waits. */
@FunctionalInterface
public interface Pause {

    /** Returns after so long. */
    void sleep(Duration duration);
}
