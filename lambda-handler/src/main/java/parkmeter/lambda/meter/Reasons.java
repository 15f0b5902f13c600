package parkmeter.lambda.meter;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds out why an endpoint is to run at a moment, or why not. */
final class Reasons {
    /** Windows that follow each other without a gap are looked through so far. */
    private static final Duration FAR = Duration.ofDays(8);

    private Reasons() {}

    static boolean runs(MeterRecord record, Instant now) {
        return !record.leaving() && (paid(record, now) || opening(record, now) != null);
    }

    static Reason of(MeterRecord record, Instant now) {
        if (record.leaving()) {
            return off(Reason.Kind.LEAVING, "It is being taken off the meter.", now);
        }
        Window.Opening opening = opening(record, now);
        if (opening != null) {
            return new Reason(
                    Reason.Kind.WINDOW,
                    "Inside its " + name(opening) + " until " + said(opening.to()) + ".",
                    null,
                    end(record, now));
        }
        if (paid(record, now)) {
            return new Reason(Reason.Kind.PAID, "Paid until " + said(record.paidUntil()) + ".", null, end(record, now));
        }
        return past(record, now);
    }

    /** Why it does not run: what ended last. */
    private static Reason past(MeterRecord record, Instant now) {
        Instant idleAt = record.idleAt();
        Instant stoppedAt = record.stoppedAt();
        Window.Opening last = last(record, now);
        Instant over = last == null ? Instant.MIN : last.to();
        if (idleAt != null && !over.isAfter(idleAt) && (stoppedAt == null || idleAt.isAfter(stoppedAt))) {
            return off(
                    Reason.Kind.IDLE,
                    "Stopped at " + said(idleAt) + " since nobody called it; a top-up starts it.",
                    idleAt);
        }
        if (stoppedAt != null && !over.isAfter(stoppedAt) && !record.paidUntil().isAfter(stoppedAt)) {
            return off(
                    Reason.Kind.STOPPED,
                    "Somebody stopped it at " + said(stoppedAt) + "; a top-up starts it.",
                    stoppedAt);
        }
        if (last != null && over.isAfter(record.paidUntil())) {
            return off(Reason.Kind.WINDOW_OVER, "Its " + name(last) + " ended at " + said(over) + ".", over);
        }
        return off(
                Reason.Kind.TIME_UP,
                "Its time was up at " + said(record.paidUntil()) + "; a top-up starts it.",
                record.paidUntil());
    }

    /** The opening that ended last, of those that counted; null where there was none lately. */
    private static Window.@Nullable Opening last(MeterRecord record, Instant now) {
        Window.Opening last = null;
        for (Window.Opening opening : record.schedule().past(now)) {
            if (counts(record, opening) && (last == null || opening.to().isAfter(last.to()))) {
                last = opening;
            }
        }
        return last;
    }

    private static String name(Window.Opening opening) {
        String name = opening.window().name();
        return name == null ? "window" : "window " + name;
    }

    /** A moment in a sentence: to the second. */
    static String said(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static Reason off(Reason.Kind kind, String sentence, Instant since) {
        return new Reason(kind, sentence, since, null);
    }

    private static boolean paid(MeterRecord record, Instant at) {
        return record.idleAt() == null && record.paidUntil().isAfter(at);
    }

    /** True where a window keeps the endpoint running also when nobody calls it. */
    static boolean held(MeterRecord record, Instant now) {
        return record.schedule().open(now).stream()
                .anyMatch(opening -> !opening.window().idle() && counts(record, opening));
    }

    /** The opening that counts now and lasts longest; null where none does. */
    private static Window.@Nullable Opening opening(MeterRecord record, Instant now) {
        Window.Opening last = null;
        for (Window.Opening opening : record.schedule().open(now)) {
            if (counts(record, opening) && (last == null || opening.to().isAfter(last.to()))) {
                last = opening;
            }
        }
        return last;
    }

    /**
     * How many instances the endpoint is to have: the most of the windows that are open, of which one without a number means
     * the configuration's own, and that where none is open; null where nobody counts.
     */
    static @Nullable Integer instances(MeterRecord record, Instant now) {
        Integer own = record.terms().instances();
        if (own == null) {
            return null;
        }
        return record.schedule().open(now).stream()
                .filter(opening -> counts(record, opening))
                .map(opening -> Objects.requireNonNullElse(opening.window().instances(), own))
                .max(Integer::compare)
                .orElse(own);
    }

    /** A stop ends the windows that are open then, and an idle stop those of them that allow it; not the ones that open later. */
    private static boolean counts(MeterRecord record, Window.Opening opening) {
        return after(opening, record.stoppedAt()) && (!opening.window().idle() || after(opening, record.idleAt()));
    }

    private static boolean after(Window.Opening opening, @Nullable Instant end) {
        return end == null || opening.from().isAfter(end);
    }

    /** True where there is a reason until {@code then} without a break, for all that is known now. */
    static boolean lasts(MeterRecord record, Instant now, Instant then) {
        return (paid(record, now) && record.paidUntil().isAfter(then))
                || end(record, now).isAfter(then);
    }

    /** When there will be no reason left, as things stand; at most {@link #FAR} from now. */
    static Instant end(MeterRecord record, Instant now) {
        Instant end = now;
        while (end.isBefore(now.plus(FAR))) {
            Instant next = paid(record, end) ? record.paidUntil() : end;
            Window.Opening opening = opening(record, next);
            if (opening != null) {
                next = opening.to();
            }
            if (next.equals(end)) {
                return end;
            }
            end = next;
        }
        return now.plus(FAR);
    }
}
