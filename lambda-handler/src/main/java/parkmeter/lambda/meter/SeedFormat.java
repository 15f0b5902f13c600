package parkmeter.lambda.meter;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How the routes {@code /endpoint-expiry} and the SSM mirror write times. */
public final class SeedFormat {
    private static final DateTimeFormatter EXPIRY =
            DateTimeFormatter.ofPattern("dd-MM-uuuu-HH-mm-ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private SeedFormat() {}

    /** Python's {@code %d-%m-%Y-%H-%M-%S}, in UTC. */
    public static String expiry(Instant moment) {
        return EXPIRY.format(moment);
    }

    /** Python's {@code str(timedelta)}: {@code 0:24:05.157431}, {@code 1 day, 0:00:00}, {@code -1 day, 23:59:50}. */
    public static String timeLeft(Duration left) {
        long micros = Math.floorDiv(left.getSeconds() * 1_000_000_000L + left.getNano(), 1_000L);
        long days = Math.floorDiv(micros, 86_400_000_000L);
        long rest = Math.floorMod(micros, 86_400_000_000L);
        long seconds = rest / 1_000_000;
        String text = days == 0 ? "" : days + (Math.abs(days) == 1 ? " day, " : " days, ");
        text += seconds / 3600 + String.format(Locale.ROOT, ":%02d:%02d", seconds / 60 % 60, seconds % 60);
        return rest % 1_000_000 == 0 ? text : text + String.format(Locale.ROOT, ".%06d", rest % 1_000_000);
    }
}
