package parkmeter.lambda.meter;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A {@link MeterRecord} while it is being changed. */
final class Draft {
    /** For so long only the function that wrote a notice publishes it; should it die, another one does after that. */
    static final Duration CLAIM = Duration.ofMinutes(2);

    private static final int MOST_NOTICES = 50;
    private static final int MOST_STARTS = 5;

    /** A writer that did not hear whether it wrote looks for its id; none asks for so long. */
    private static final Duration CHANGE_KEPT = Duration.ofMinutes(10);

    private static final int MOST_CHANGES = 1000;

    final String endpoint;
    String configuration;

    @Nullable
    String model;

    Terms terms;
    Schedule schedule;
    Schedule declaredSchedule;
    Instant paidUntil;

    @Nullable
    Instant paidAt;

    @Nullable
    Instant idleAt;

    @Nullable
    Instant stoppedAt;

    boolean leaving;
    Phase phase;
    MeterRecord.@Nullable Seen seen;

    @Nullable
    Usage usage;

    @Nullable
    Failure failure;

    @Nullable
    Instant lastActivity;

    List<Integer> startSeconds;
    boolean warned;
    List<Notice> outbox;

    boolean mirrored;

    List<String> changes;
    private final Map<String, Object> rest;
    private final MeterRecord before;

    Draft(MeterRecord record) {
        endpoint = record.endpoint();
        configuration = record.configuration();
        model = record.model();
        terms = record.terms();
        schedule = record.schedule();
        declaredSchedule = record.declaredSchedule();
        paidUntil = record.paidUntil();
        paidAt = record.paidAt();
        idleAt = record.idleAt();
        stoppedAt = record.stoppedAt();
        leaving = record.leaving();
        phase = record.phase();
        seen = record.seen();
        usage = record.usage();
        failure = record.failure();
        lastActivity = record.lastActivity();
        startSeconds = record.startSeconds();
        warned = record.warned();
        outbox = record.outbox();
        mirrored = record.mirrored();
        changes = record.changes();
        rest = record.rest();
        before = record;
    }

    /** Takes over what SageMaker shows, and counts the time of its instances. */
    void see(MeterRecord.Seen shown, Instant now) {
        seen = shown;
        Integer own = terms.instances();
        if (own == null) {
            usage = null;
            return;
        }
        Integer shownInstances = shown.instances();
        if (usage == null || !usage.createdAt().equals(shown.createdAt())) {
            usage = Usage.from(shown.createdAt(), shownInstances == null ? own : shownInstances);
        } else if (shownInstances != null) {
            usage = usage.with(shownInstances, now);
        }
    }

    /** There is no endpoint. */
    void seeNone() {
        seen = null;
        usage = null;
    }

    /** Puts a notice into the outbox. */
    void tell(Notice.Kind kind, String sentence, Instant now) {
        String first = Fields.word(kind) + "-" + now;
        String id = first;
        for (int next = 1; isTaken(id); next++) {
            id = first + "-" + next;
        }
        Notice notice = new Notice(id, endpoint, kind, now, sentence, Instant.EPOCH);
        outbox = newest(outbox, notice, MOST_NOTICES);
    }

    private boolean isTaken(String id) {
        return outbox.stream().anyMatch(notice -> notice.id().equals(id));
    }

    /** Takes the notices that nobody else is publishing. */
    void claim(Instant now) {
        if (!outbox.isEmpty()) {
            outbox = outbox.stream()
                    .map(notice -> notice.claimedUntil().isAfter(now) ? notice : notice.claimed(now.plus(CLAIM)))
                    .toList();
        }
    }

    void fail(Failure.What what, String reason, @Nullable Instant createdAt, Instant now) {
        failure = Failure.after(failure, what, reason, now, createdAt);
        String next = Reasons.said(failure.retryAt());
        String then =
                switch (what) {
                    case START ->
                        (createdAt == null ? "It is tried again at " : "It is deleted, and started again at ") + next
                                + " where there still is a reason to.";
                    case CHANGE -> "It serves on as before; the next attempt is at " + next + ".";
                    case STOP -> "It can't be deleted, and costs on; every minute there is another attempt.";
                };
        tell(Notice.Kind.FAILED, (reason.matches("(?s).*[.!?]") ? reason : reason + ".") + " " + then, now);
    }

    boolean mustWait(Failure.What attempt, Instant now) {
        return failure != null && failure.forbids(attempt, now);
    }

    /**
     * Puts minutes on the meter, once for each id.
     *
     * @return true where the cap took some of them
     */
    boolean topUp(int minutes, String id, Instant now) {
        if (changes.stream().anyMatch(change -> change.startsWith(id + "@"))) {
            return false;
        }
        Instant asked = (paidUntil.isAfter(now) ? paidUntil : now).plus(Duration.ofMinutes(minutes));
        Instant cap = now.plus(Duration.ofMinutes(terms.maxMinutes()));
        boolean cut = asked.isAfter(cap);
        // Never less than there is: the cap may have been larger once.
        paidUntil = !cut ? asked : paidUntil.isAfter(cap) ? paidUntil : cap;
        paidAt = now;
        idleAt = null;
        stoppedAt = null;
        changedBy(id, now);
        return cut;
    }

    /**
     * Puts the terms' wake minutes on the meter, where there is no reason to run.
     *
     * @return true where it did
     */
    boolean wake(Instant now) {
        Integer minutes = terms.wakeMinutes();
        if (leaving || minutes == null || done().runs(now)) {
            return false;
        }
        Instant until = now.plus(Duration.ofMinutes(minutes));
        paidUntil = paidUntil.isAfter(until) ? paidUntil : until;
        paidAt = now;
        idleAt = null;
        return true;
    }

    /** Another configuration may work where the one before did not. */
    void configure(String next) {
        if (!next.equals(configuration)) {
            configuration = next;
            failure = failure == null ? null : failure.over();
        }
    }

    /** Ends paid time and the windows that are open. */
    void stop(Instant now) {
        paidUntil = paidUntil.isAfter(now) ? now : paidUntil;
        stoppedAt = now;
        idleAt = null;
    }

    /** Notes who changed the time: {@code <id>@<moment>}. */
    private void changedBy(String id, Instant now) {
        List<String> kept = changes.stream()
                .filter(change ->
                        Instant.parse(change.substring(change.indexOf('@') + 1)).isAfter(now.minus(CHANGE_KEPT)))
                .toList();
        changes = newest(kept, id + "@" + now, MOST_CHANGES);
    }

    /** Notes how long a start took. */
    void started(long seconds) {
        startSeconds = newest(startSeconds, (int) Math.max(0, seconds), MOST_STARTS);
    }

    /** Takes notices out of the outbox. */
    void published(Set<String> ids) {
        outbox = outbox.stream().filter(notice -> !ids.contains(notice.id())).toList();
    }

    private static <T> List<T> newest(List<T> before, T last, int most) {
        List<T> all = new ArrayList<>(before);
        all.add(last);
        return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
    }

    /** True where the mirror of {@code other} is this one's too. */
    boolean mirrorsAlike(MeterRecord other) {
        return paidUntil.equals(other.paidUntil())
                && configuration.equals(other.configuration())
                && schedule.equals(other.schedule());
    }

    MeterRecord done() {
        return new MeterRecord(
                endpoint,
                configuration,
                model,
                terms,
                schedule,
                declaredSchedule,
                paidUntil,
                paidAt,
                idleAt,
                stoppedAt,
                leaving,
                phase,
                seen,
                usage,
                failure,
                lastActivity,
                startSeconds,
                warned,
                outbox,
                mirrored && mirrorsAlike(before),
                changes,
                rest);
    }
}
