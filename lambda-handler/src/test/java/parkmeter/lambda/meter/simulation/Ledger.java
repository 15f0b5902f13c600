package parkmeter.lambda.meter.simulation;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import parkmeter.lambda.meter.Schedule;
import parkmeter.lambda.meter.Window;

/**
 * What one meter owes its people, in milliseconds since 1970: a second description of time, windows and idle stops, from
 * the words and without the code under test.
 */
final class Ledger {
    static final long NEVER = Long.MIN_VALUE;

    /** A call counts so long after it came, at the latest: until then it may be on its way into the metric. */
    static final long METRIC_DELAY = 2 * SageMaker.MINUTE;

    /** A time that a window is open. */
    record Open(long from, long to, boolean idle, int instances) {}

    boolean exists;
    boolean leaving;
    long paidUntil;
    long paidAt = NEVER;
    long stoppedAt = NEVER;
    long idleAt = NEVER;
    int maxMinutes;
    int idleMinutes = -1;
    int wakeMinutes = -1;
    /** Whether its instances are counted. */
    boolean counts;

    Schedule schedule = Schedule.NONE;
    List<Open> openings = List.of();

    /** When it last had a reason, of the moments at which anybody asked. */
    long reasonAt = NEVER;

    /** How long there was a reason to run. */
    long reasonMillis;

    private long addedUpTo;

    Ledger(long beganAt) {
        addedUpTo = beganAt;
    }

    void schedule(Schedule next, long around) {
        if (!next.equals(schedule)) {
            schedule = next;
            openings = openings(next, around);
        }
    }

    /** As topping up is described: max(now, paid until) + n, capped at now + maxMinutes. */
    void topUp(int minutes, long now) {
        long asked = Math.max(now, paidUntil) + minutes * SageMaker.MINUTE;
        paidUntil = Math.max(Math.min(asked, now + maxMinutes * SageMaker.MINUTE), paidUntil);
        paidAt = now;
        idleAt = NEVER;
        stoppedAt = NEVER;
    }

    void stop(long now) {
        paidUntil = Math.min(paidUntil, now);
        stoppedAt = now;
        idleAt = NEVER;
    }

    void wake(long now) {
        paidUntil = Math.max(paidUntil, now + wakeMinutes * SageMaker.MINUTE);
        paidAt = now;
        idleAt = NEVER;
    }

    /** Whether it is to run, idle stops aside that nobody has made yet. */
    boolean runs(long now) {
        if (!exists || leaving) {
            return false;
        }
        if (paidUntil > now && idleAt == NEVER) {
            return true;
        }
        for (Open open : openings) {
            if (open.from <= now && now < open.to && open.from > stoppedAt && (!open.idle || open.from > idleAt)) {
                return true;
            }
        }
        return false;
    }

    /** How many instances it is to have: the most of the open windows, or the configuration's own; -1 where nobody counts. */
    int instances(long now) {
        int most = 0;
        for (Open open : openings) {
            if (open.from <= now && now < open.to && open.from > stoppedAt && (!open.idle || open.from > idleAt)) {
                most = Math.max(most, open.instances);
            }
        }
        return !counts ? -1 : most == 0 ? SageMaker.OWN : most;
    }

    /** Adds up until now for how long there was a reason; to be called before anything changes. */
    void addUp(long now) {
        for (long at = addedUpTo; at < now; ) {
            if (runs(at)) {
                long end = Math.min(now, Math.max(end(at), at + 1));
                reasonMillis += end - at;
                at = end;
            } else {
                at = nextOpening(at, now);
            }
        }
        addedUpTo = Math.max(addedUpTo, now);
    }

    private long nextOpening(long after, long atMost) {
        long next = atMost;
        for (Open open : openings) {
            if (open.from > after && open.from < next) {
                next = open.from;
            }
        }
        return next;
    }

    /** Whether a window holds it also when nobody calls. */
    boolean held(long now) {
        for (Open open : openings) {
            if (!open.idle && open.from <= now && now < open.to && open.from > stoppedAt) {
                return true;
            }
        }
        return false;
    }

    /** When a meter must have been seen to end: the first moment after {@code now} without a reason, as things stand. */
    long end(long now) {
        long end = now;
        for (boolean more = true; more && end < now + 9 * 24 * 60 * SageMaker.MINUTE; ) {
            more = false;
            if (paidUntil > end && idleAt == NEVER) {
                end = paidUntil;
                more = true;
            }
            for (Open open : openings) {
                if (open.from <= end && end < open.to && open.from > stoppedAt && (!open.idle || open.from > idleAt)) {
                    end = open.to;
                    more = true;
                }
            }
        }
        return end;
    }

    /**
     * The openings of ten days, by looking at clocks: a window opens with the first minute whose clock shows its start or
     * later, and closes with the last one whose clock shows its stop, or where none does, with the first that shows more.
     */
    static List<Open> openings(Schedule schedule, long around) {
        List<Open> openings = new ArrayList<>();
        for (Window window : schedule.windows()) {
            ZoneId zone = window.zone();
            LocalDate first =
                    Instant.ofEpochMilli(around).atZone(zone).toLocalDate().minusDays(2);
            for (int i = 0; i < 12; i++) {
                LocalDate day = first.plusDays(i);
                boolean on =
                        window.date() == null ? window.days().contains(day.getDayOfWeek()) : day.equals(window.date());
                if (on) {
                    LocalDateTime start = day.atTime(window.start());
                    LocalDateTime stop = day.atTime(window.stop());
                    if (!stop.isAfter(start)) {
                        stop = stop.plusDays(1);
                    }
                    long from = firstNotBefore(start, zone);
                    long to = lastAt(stop, zone);
                    if (from < to) {
                        openings.add(new Open(
                                from,
                                to,
                                window.idle(),
                                Objects.requireNonNullElse(window.instances(), SageMaker.OWN)));
                    }
                }
            }
        }
        return openings;
    }

    private static boolean changes(LocalDateTime wall, ZoneId zone) {
        return !zone.getRules()
                .getOffset(wall.minusDays(1))
                .equals(zone.getRules().getOffset(wall.plusDays(1)));
    }

    private static long plain(LocalDateTime wall, ZoneId zone) {
        return wall.toEpochSecond(zone.getRules().getOffset(wall.minusDays(1))) * 1000;
    }

    private static boolean before(long moment, LocalDateTime wall, ZoneId zone) {
        return LocalDateTime.ofInstant(Instant.ofEpochMilli(moment), zone).isBefore(wall);
    }

    private static long firstNotBefore(LocalDateTime wall, ZoneId zone) {
        long moment = plain(wall, zone);
        if (!changes(wall, zone)) {
            return moment;
        }
        moment -= 180 * SageMaker.MINUTE;
        while (before(moment, wall, zone)) {
            moment += SageMaker.MINUTE;
        }
        return moment;
    }

    private static long lastAt(LocalDateTime wall, ZoneId zone) {
        long plain = plain(wall, zone);
        if (!changes(wall, zone)) {
            return plain;
        }
        for (long moment = plain + 180 * SageMaker.MINUTE; moment > plain - 180 * SageMaker.MINUTE; ) {
            moment -= SageMaker.MINUTE;
            if (LocalDateTime.ofInstant(Instant.ofEpochMilli(moment), zone).equals(wall)) {
                return moment;
            }
        }
        return firstNotBefore(wall, zone);
    }
}
