package parkmeter.lambda.meter;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A {@link MeterRecord} while it is being changed. */
final class Draft {
    /** For so long only the function that wrote a notice publishes it; should it die, another one does after that. */
    static final Duration CLAIM = Duration.ofMinutes(2);

    private static final int MOST_NOTICES = 50;

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
    Failure failure;

    @Nullable
    Instant lastActivity;

    List<Integer> startSeconds;
    boolean warned;
    List<Notice> outbox;

    @Nullable
    String mirrored;

    List<String> changes;
    private final Map<String, Object> rest;

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
        failure = record.failure();
        lastActivity = record.lastActivity();
        startSeconds = new ArrayList<>(record.startSeconds());
        warned = record.warned();
        outbox = new ArrayList<>(record.outbox());
        mirrored = record.mirrored();
        changes = new ArrayList<>(record.changes());
        rest = record.rest();
    }

    /** Puts a notice into the outbox. */
    void tell(Notice.Kind kind, String sentence, Instant now) {
        if (outbox.size() >= MOST_NOTICES) {
            outbox.remove(0);
        }
        outbox.add(new Notice(Fields.word(kind) + "-" + now, endpoint, kind, now, sentence, Instant.EPOCH));
    }

    /** Takes the notices that nobody else is publishing. */
    void claim(Instant now) {
        outbox.replaceAll(notice -> notice.claimedUntil().isAfter(now) ? notice : notice.claimed(now.plus(CLAIM)));
    }

    void fail(Failure.What what, String reason, @Nullable Instant createdAt, Instant now) {
        Failure next = Failure.after(failure, what, reason, now, createdAt);
        failure = next;
        String then =
                switch (what) {
                    case START ->
                        "It is deleted, and started again at " + next.retryAt() + " where there still is a reason to.";
                    case CHANGE ->
                        "It serves on with the configuration before; the next attempt is at " + next.retryAt() + ".";
                    case STOP -> "It can't be deleted, and costs on; every minute there is another attempt.";
                };
        tell(Notice.Kind.FAILED, reason + " " + then, now);
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
        if (leaving || minutes == null || done().reason(now).runs()) {
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
        changes.removeIf(change ->
                Instant.parse(change.substring(change.indexOf('@') + 1)).isBefore(now.minus(CHANGE_KEPT)));
        if (changes.size() >= MOST_CHANGES) {
            changes.remove(0);
        }
        changes.add(id + "@" + now);
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
                failure,
                lastActivity,
                startSeconds,
                warned,
                outbox,
                mirrored,
                changes,
                rest);
    }
}
