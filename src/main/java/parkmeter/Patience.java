package parkmeter;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Lets the program rest while the engine works.
 *
 * <p>Pulumi's SDK for Java asks without a pause whether its registrations have ended (1.36.1,
 * {@code DeploymentImpl.DefaultRunner.loopUntilDone}): a core is busy for as long as a GPU starts. A line in its log is all that it
 * does in each round where a program has a say, so the pause is there. docs/decisions/0007-a-program-at-rest.md.
 */
final class Patience {

    /** The SDK's logs are named after its classes. */
    static final String SDK = "com.pulumi.deployment.internal.DeploymentImpl";

    private static final String EACH_ROUND = "Remaining tasks ";
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Logger log;

    /** Rests where this log has a line. */
    Patience(Logger log) {
        this.log = log;
    }

    /** Rests where the SDK's log has a line. */
    static Patience withSdk() {
        return new Patience(Logger.getLogger(SDK));
    }

    /** Takes effect from now on; the SDK sets its log's level when it connects to the engine, so that has to be over. */
    void begin() {
        Level shown = log.getLevel();
        log.setLevel(Level.FINEST);
        log.setFilter(line -> {
            if (line.getMessage().startsWith(EACH_ROUND)) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            return shown != null && line.getLevel().intValue() >= shown.intValue();
        });
    }
}
