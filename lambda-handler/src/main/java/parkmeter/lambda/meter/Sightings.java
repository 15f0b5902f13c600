package parkmeter.lambda.meter;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes over into a record what SageMaker shows, and tells people of what is new in it. */
final class Sightings {
    /**
     * For so long after CreateEndpoint or UpdateEndpoint was asked for, that nothing is to be seen of it means nothing: the
     * function that asks may still be at it, and SageMaker may show it late. Whoever asks does so within half of it.
     */
    static final Duration LEASE = Duration.ofMinutes(2);

    /** How far SageMaker's clock may be behind. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private static final String OUTSIDE = "It was deleted, not by the meter.";

    private final Draft draft;
    private final Instant now;

    Sightings(Draft draft, Instant now) {
        this.draft = draft;
        this.now = now;
    }

    /** True while somebody may be creating the endpoint. */
    static boolean leased(Phase phase, Instant now) {
        return phase instanceof Phase.Asked asked && now.isBefore(asked.at().plus(LEASE));
    }

    void absent() {
        Phase phase = draft.phase;
        if (phase instanceof Phase.Asked asked && !leased(phase, now)) {
            if (asked.accepted()) {
                stopped(OUTSIDE);
            } else {
                draft.phase = new Phase.Stopped(now, "A request to create it had no effect.");
            }
        } else if (phase instanceof Phase.Starting || phase instanceof Phase.Running) {
            stopped(OUTSIDE);
        } else if (phase instanceof Phase.Stopping stopping) {
            if (!stopping.announced()) {
                draft.tell(Notice.Kind.STOPPED, stopping.why(), now);
            }
            draft.phase = new Phase.Stopped(now, stopping.why());
        }
        draft.seeNone();
    }

    private void stopped(String why) {
        draft.tell(Notice.Kind.STOPPED, why, now);
        draft.phase = new Phase.Stopped(now, why);
    }

    void listed(Sight.Listed listed) {
        MeterRecord.Seen last = draft.seen;
        boolean same = last != null && last.createdAt().equals(listed.createdAt());
        boolean unchanged = same
                && Objects.requireNonNull(last).modifiedAt().equals(listed.modifiedAt())
                && last.status() == listed.status();
        MeterRecord.Seen seen = new MeterRecord.Seen(
                listed.status(),
                listed.createdAt(),
                listed.modifiedAt(),
                unchanged ? Objects.requireNonNull(last).configuration() : null,
                same ? Objects.requireNonNull(last).variants() : List.of(),
                unchanged ? Objects.requireNonNull(last).instances() : null);
        present(seen, null, false);
    }

    void described(Sight.Described described) {
        MeterRecord.Seen seen = new MeterRecord.Seen(
                described.status(),
                described.createdAt(),
                described.modifiedAt(),
                described.configuration(),
                described.variants(),
                described.instances());
        present(seen, described.failureReason(), true);
    }

    private void present(MeterRecord.Seen seen, @Nullable String failureReason, boolean described) {
        if (draft.phase instanceof Phase.Asked asked
                && leased(asked, now)
                && seen.createdAt().isBefore(asked.at().minus(SKEW))) {
            return; // not what was asked for, which may still come
        }
        draft.see(seen, now);
        Instant known = draft.phase.instance();
        if (known != null && !known.equals(seen.createdAt())) {
            absent();
            draft.see(seen, now);
        }
        arrive(seen);
        if (seen.status() == Status.DELETING) {
            deleting(seen);
        } else if (seen.status().broken()) {
            if (described) {
                broken(seen, failureReason);
            }
        } else if (seen.status() != Status.CREATING) {
            if (draft.phase instanceof Phase.Starting) {
                ready(seen);
            }
            if (draft.phase instanceof Phase.Running running && described) {
                changed(running, seen, failureReason);
            }
        }
    }

    /** From no endpoint to one: asked for, or made by somebody else. */
    private void arrive(MeterRecord.Seen seen) {
        Phase phase = draft.phase;
        if (phase instanceof Phase.Asked asked) {
            if (!asked.accepted()) {
                draft.tell(Notice.Kind.STARTED, asked.why(), now);
            }
            draft.phase = new Phase.Starting(seen.createdAt(), asked.why());
        } else if (phase instanceof Phase.Stopped && seen.status() != Status.DELETING) {
            String why = "It was created, not by the meter.";
            if (seen.status() == Status.CREATING) {
                draft.tell(Notice.Kind.STARTED, why, now);
            }
            draft.phase = new Phase.Starting(seen.createdAt(), why);
            if (!seen.status().broken() && seen.status() != Status.CREATING) {
                serves(seen); // since when nobody knows: how long it took to start does not follow
            }
        }
    }

    private void ready(MeterRecord.Seen seen) {
        Instant readyAt = serves(seen);
        draft.started(Duration.between(seen.createdAt(), readyAt).toSeconds());
    }

    private Instant serves(MeterRecord.Seen seen) {
        boolean told = seen.modifiedAt().isAfter(seen.createdAt())
                && !seen.modifiedAt().isAfter(now);
        Instant readyAt = told ? seen.modifiedAt() : now;
        draft.phase = new Phase.Running(seen.createdAt(), readyAt, null);
        overcome(Failure.What.START);
        draft.tell(Notice.Kind.READY, "It serves.", now);
        return readyAt;
    }

    private void deleting(MeterRecord.Seen seen) {
        if (draft.phase instanceof Phase.Stopping stopping) {
            if (!stopping.announced()) {
                draft.tell(Notice.Kind.STOPPED, stopping.why(), now);
                draft.phase = stopping.announcedToo();
            }
        } else if (!(draft.phase instanceof Phase.Stopped)) {
            draft.tell(Notice.Kind.STOPPED, OUTSIDE, now);
            draft.phase = new Phase.Stopping(seen.createdAt(), null, now, OUTSIDE, true);
        }
    }

    private void broken(MeterRecord.Seen seen, @Nullable String failureReason) {
        Failure last = draft.failure;
        if (last != null && seen.createdAt().equals(last.createdAt())) {
            return; // people know
        }
        draft.fail(
                Failure.What.START,
                failureReason == null ? "Its status is " + seen.status().word() + "." : failureReason,
                seen.createdAt(),
                now);
    }

    /** A change ends with the new configuration, or with the one before. */
    private void changed(Phase.Running running, MeterRecord.Seen seen, @Nullable String failureReason) {
        Phase.Change change = running.change();
        if (change == null || seen.status() != Status.IN_SERVICE) {
            return;
        }
        if (change.to().equals(seen.configuration())
                && (change.instances() == null || change.instances().equals(seen.instances()))) {
            overcome(Failure.What.CHANGE);
        } else if (now.isBefore(change.at().plus(LEASE))) {
            return;
        } else if (!seen.modifiedAt().isBefore(change.at().minus(SKEW))) {
            // Else nobody has touched it since: the request had no effect, and is made again.
            draft.fail(Failure.What.CHANGE, failureReason == null ? failed(change, seen) : failureReason, null, now);
        }
        draft.phase = new Phase.Running(running.createdAt(), running.readyAt(), null);
    }

    private static String failed(Phase.Change change, MeterRecord.Seen seen) {
        return change.instances() == null
                ? "The move to " + change.to() + " failed, and it serves with " + seen.configuration() + "."
                : "The change to " + change.instances() + " instances failed, and it has " + seen.instances() + ".";
    }

    private void overcome(Failure.What what) {
        Failure failure = draft.failure;
        if (failure != null && failure.what() == what) {
            draft.failure = failure.over();
        }
    }
}
