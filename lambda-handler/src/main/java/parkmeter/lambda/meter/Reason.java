package parkmeter.lambda.meter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why an endpoint runs at a moment, or why not.
 *
 * @param kind which rule says so
 * @param sentence the same for people
 * @param since since when it does not run; null where it runs
 * @param until when it ends, other windows and paid time behind it counted in; null where it does not run
 */
public record Reason(Kind kind, String sentence, @Nullable Instant since, @Nullable Instant until) {

    /** Which rule decides. */
    public enum Kind {
        /** It is paid for. */
        PAID,
        /** It is inside a window of its schedule. */
        WINDOW,
        /** The time on its meter is up, and no window is open. */
        TIME_UP,
        /** Its last window is over, and no time is on its meter. */
        WINDOW_OVER,
        /** Somebody stopped it. */
        STOPPED,
        /** It was not invoked for long. */
        IDLE,
        /** It is being taken off the meter. */
        LEAVING
    }

    /** True where the endpoint is to run. */
    public boolean runs() {
        return kind == Kind.PAID || kind == Kind.WINDOW;
    }
}
