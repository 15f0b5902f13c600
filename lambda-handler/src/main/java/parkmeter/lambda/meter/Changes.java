package parkmeter.lambda.meter;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Changes records that others change too: read, change, put on the condition that nobody else put in between, as often as it takes. */
final class Changes {
    private static final Duration AT_MOST = Duration.ofSeconds(20);
    private static final int UNANSWERED_AT_MOST = 5;

    private final MeterTable table;
    private final Clock clock;
    private final Pause pause;
    private final RandomGenerator random;

    Changes(MeterTable table, Clock clock, Pause pause, RandomGenerator random) {
        this.table = table;
        this.clock = clock;
        this.pause = pause;
        this.random = random;
    }

    static Changes of(Ports ports) {
        return new Changes(ports.table(), ports.clock(), ports.pause(), ports.random());
    }

    /** A change. */
    @FunctionalInterface
    interface Change {

        /**
         * The record as it is to be, from the one as it is. Asked again when somebody else was faster, or when there was no
         * answer, so it has to see in the record what it has already done.
         *
         * @param record null where there is none
         * @return null, or the same, to write nothing
         */
        @Nullable
        MeterRecord of(@Nullable MeterRecord record);
    }

    /**
     * Makes a change.
     *
     * @return what is in the table then; nothing where there is no record
     * @throws Unavailable when there is no answer again and again, or others are faster for too long
     */
    Optional<MeterTable.Row> make(String endpoint, Change change) {
        Instant giveUpAt = clock.instant().plus(AT_MOST);
        int unanswered = 0;
        for (int attempt = 0; ; attempt++) {
            try {
                Optional<MeterTable.Row> row = table.find(endpoint);
                MeterRecord before = row.map(MeterTable.Row::record).orElse(null);
                MeterRecord after = change.of(before);
                if (after == null || after.equals(before)) {
                    return row;
                }
                MeterTable.Row next =
                        row.orElse(new MeterTable.Row(endpoint, 0, "")).with(after);
                if (table.put(next)) {
                    return Optional.of(next.written());
                }
            } catch (Unavailable e) {
                unanswered++;
                if (unanswered >= UNANSWERED_AT_MOST) {
                    throw e;
                }
            }
            if (clock.instant().isAfter(giveUpAt)) {
                throw new Unavailable("the record of " + endpoint + " changes all the time");
            }
            // Up to 2.5 seconds: two hundred writers at once would keep each other from writing for ever with less.
            pause.sleep(Duration.ofMillis(1L + random.nextInt(10 << Math.min(attempt, 8))));
        }
    }
}
