package parkmeter.lambda.meter;

import java.time.Instant;

/**
 * One thing that people are told once.
 *
 * @param id no two notices of one endpoint have the same
 * @param endpoint the endpoint's name
 * @param kind what happened
 * @param at when it happened, or was seen
 * @param text one or two plain sentences: what, and why
 * @param claimedUntil until when the function that wrote it may publish it alone; after that any may
 */
public record Notice(String id, String endpoint, Kind kind, Instant at, String text, Instant claimedUntil) {

    /** What a notice tells. */
    public enum Kind {
        /** An endpoint is being created. */
        STARTED,
        /** It serves. */
        READY,
        /** It stops soon. */
        STOPS_SOON,
        /** It was deleted. */
        STOPPED,
        /** It failed, or could not be started. */
        FAILED;

        /** One or two words, for a subject line. */
        public String words() {
            return switch (this) {
                case STARTED -> "started";
                case READY -> "ready";
                case STOPS_SOON -> "stops soon";
                case STOPPED -> "stopped";
                case FAILED -> "failed";
            };
        }
    }

    Notice claimed(Instant until) {
        return new Notice(id, endpoint, kind, at, text, until);
    }
}
