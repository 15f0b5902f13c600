package parkmeter.lambda.meter;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rules: what is to be done about an endpoint, given what is known of it. Pure. */
public final class Meter {
    /** CloudWatch shows an invocation up to so long after it happened: the minute it is counted in, and the way there. */
    static final Duration METRIC_DELAY = Duration.ofMinutes(2);

    private Meter() {}

    /**
     * What was looked at, after the record was read.
     *
     * @param sight what SageMaker shows of the endpoint
     * @param calls when it was called
     */
    public record Observed(Sight sight, Calls calls) {}

    /** When an endpoint was called. */
    public sealed interface Calls {

        /** Nobody looked, or there was no answer: nothing follows from it. */
        record Unknown() implements Calls {}

        /**
         * CloudWatch was asked.
         *
         * @param last the end of the last minute with an invocation in it; null where there was none
         */
        record Known(@Nullable Instant last) implements Calls {}
    }

    /**
     * What is to be done, and the record that has to be written before it is done.
     *
     * @param record the record's next state, with the action's intent in it; the same where nothing is new
     * @param action what to do once that is written
     */
    public record Decision(MeterRecord record, Action action) {}

    /** Decides about one endpoint. */
    public static Decision decide(MeterRecord record, Observed observed, Instant now) {
        Draft draft = record.edit();
        see(draft, observed.sight(), now);
        listen(draft, observed.calls(), now);
        MeterRecord looked = draft.done();
        boolean runs = looked.runs(now);
        if (runs && observed.calls() instanceof Calls.Known && idle(looked, now)) {
            draft.idleAt = now;
            looked = draft.done();
            runs = looked.runs(now);
        }
        Action action = observed.sight() instanceof Sight.Absent
                ? whereThereIsNone(draft, looked, runs, now)
                : whereThereIsOne(draft, looked, runs, observed.sight() instanceof Sight.Described, now);
        warn(draft, looked, runs, now);
        draft.claim(now);
        return new Decision(draft.done(), action);
    }

    private static void see(Draft draft, Sight sight, Instant now) {
        Sightings sightings = new Sightings(draft, now);
        if (sight instanceof Sight.Listed listed) {
            sightings.listed(listed);
        } else if (sight instanceof Sight.Described described) {
            sightings.described(described);
        } else {
            sightings.absent();
        }
    }

    private static void listen(Draft draft, Calls calls, Instant now) {
        if (!(calls instanceof Calls.Known known)) {
            return;
        }
        draft.lastActivity = later(draft.lastActivity, known.last());
        Instant idleAt = draft.idleAt;
        Instant last = known.last();
        // It was stopped as idle, ran again inside a window, and was called there: not idle any more.
        if (idleAt != null
                && last != null
                && last.isAfter(idleAt)
                && !last.isAfter(now)
                && draft.phase instanceof Phase.Running running
                && running.readyAt().isAfter(idleAt)) {
            draft.idleAt = null;
        }
    }

    private static boolean idle(MeterRecord record, Instant now) {
        Instant at = idleFrom(record);
        return at != null && !now.isBefore(at) && !Reasons.held(record, now);
    }

    /** From when on the endpoint counts as idle, if it is not called before; null where it never does. */
    private static @Nullable Instant idleFrom(MeterRecord record) {
        Integer minutes = record.terms().idleMinutes();
        MeterRecord.Seen seen = record.seen();
        if (minutes == null
                || seen == null
                || seen.status() != Status.IN_SERVICE
                || !(record.phase() instanceof Phase.Running running)) {
            return null;
        }
        Instant last = Objects.requireNonNull(later(later(running.readyAt(), record.lastActivity()), record.paidAt()));
        return last.plus(Duration.ofMinutes(minutes)).plus(METRIC_DELAY);
    }

    /** True where it depends on the calls whether the endpoint goes on: the rest of the time nobody has to ask. */
    static boolean asksForCalls(MeterRecord record, Sight sight, Instant now) {
        if (record.terms().idleMinutes() == null || sight instanceof Sight.Absent) {
            return false;
        }
        Instant idleAt = record.idleAt();
        boolean idleBefore = idleAt != null
                && record.paidUntil().isAfter(now)
                && record.phase() instanceof Phase.Running running
                && running.readyAt().isAfter(idleAt);
        return idleBefore || idle(record, now);
    }

    /** What to ask CloudWatch about an endpoint; null where its variants are not known. */
    static Activity.@Nullable Question question(MeterRecord record, Sight sight) {
        List<String> variants = sight instanceof Sight.Described described
                ? described.variants()
                : record.seen() == null ? List.of() : record.seen().variants();
        Instant since = later(record.phase().instance(), record.lastActivity());
        return variants.isEmpty() || since == null ? null : new Activity.Question(record.endpoint(), variants, since);
    }

    /** True where the list does not tell enough, and the endpoint has to be described. */
    static boolean asksForMore(MeterRecord record, Sight sight, Instant now) {
        if (sight instanceof Sight.Absent) {
            return (!(record.phase() instanceof Phase.Stopped) && !Sightings.leased(record.phase(), now))
                    || record.leaving();
        }
        if (!(sight instanceof Sight.Listed listed)) {
            return false;
        }
        MeterRecord.Seen seen = record.seen();
        boolean known = seen != null
                && seen.configuration() != null
                && (record.terms().instances() == null
                        || seen.instances() != null
                        || !seen.variants().contains(Endpoints.VARIANT))
                && seen.status() == listed.status()
                && seen.createdAt().equals(listed.createdAt())
                && seen.modifiedAt().equals(listed.modifiedAt());
        boolean changing = record.phase() instanceof Phase.Running running && running.change() != null;
        return !listed.status().inTransition()
                && (!known || changing || listed.status().broken());
    }

    private static Action whereThereIsNone(Draft draft, MeterRecord looked, boolean runs, Instant now) {
        if (draft.phase instanceof Phase.Asked) {
            return new Action.Rest();
        }
        if (draft.leaving) {
            return new Action.Forget();
        }
        if (!runs || draft.mustWait(Failure.What.START, now)) {
            return new Action.Rest();
        }
        draft.phase = new Phase.Asked(now, looked.reason(now).sentence(), false);
        return new Action.Create(draft.configuration);
    }

    private static Action whereThereIsOne(
            Draft draft, MeterRecord looked, boolean runs, boolean described, Instant now) {
        MeterRecord.Seen seen = draft.seen;
        Phase phase = draft.phase;
        Instant createdAt = phase.instance();
        if (seen == null || createdAt == null || seen.status().inTransition()) {
            return new Action.Rest();
        }
        if (seen.status().broken()) {
            Failure failure = draft.failure;
            // Not before the reason is known: with the endpoint it would be gone.
            return described && failure != null
                    ? delete(draft, createdAt, "It failed: " + failure.reason(), true, now)
                    : new Action.Rest();
        }
        if (!runs) {
            return delete(draft, createdAt, looked.reason(now).sentence(), false, now);
        }
        if (phase instanceof Phase.Stopping stopping) {
            if (stopping.announced() && now.isBefore(stopping.since().plus(Sightings.LEASE))) {
                return new Action.Rest(); // SageMaker has said yes, and shows it late
            }
            Instant readyAt = stopping.readyAt();
            // A reason came back before it was deleted.
            draft.phase = new Phase.Running(createdAt, readyAt == null ? now : readyAt, null);
        }
        return change(draft, looked, seen, now);
    }

    private static Action delete(Draft draft, Instant createdAt, String why, boolean announced, Instant now) {
        if (!(draft.phase instanceof Phase.Stopping)) {
            Instant readyAt = draft.phase instanceof Phase.Running running ? running.readyAt() : null;
            draft.phase = new Phase.Stopping(createdAt, readyAt, now, why, announced);
        }
        return new Action.Delete();
    }

    private static Action change(Draft draft, MeterRecord looked, MeterRecord.Seen seen, Instant now) {
        String configuration = seen.configuration();
        if (seen.status() != Status.IN_SERVICE
                || configuration == null
                || !(draft.phase instanceof Phase.Running running)
                || running.change() != null
                || draft.mustWait(Failure.What.CHANGE, now)) {
            return new Action.Rest();
        }
        if (configuration.equals(draft.configuration)) {
            return scale(draft, looked, running, seen, now);
        }
        if (draft.terms.onChange() == OnChange.RECREATE) {
            return delete(draft, running.createdAt(), "It starts again with a new configuration.", false, now);
        }
        draft.phase = new Phase.Running(
                running.createdAt(), running.readyAt(), new Phase.Change(draft.configuration, null, now));
        return new Action.Update(draft.configuration);
    }

    /** Once it has the configuration, which brings a number of its own. */
    private static Action scale(
            Draft draft, MeterRecord looked, Phase.Running running, MeterRecord.Seen seen, Instant now) {
        Integer wanted = looked.instances(now);
        if (wanted == null || seen.instances() == null || wanted.equals(seen.instances())) {
            return new Action.Rest();
        }
        draft.phase = new Phase.Running(
                running.createdAt(), running.readyAt(), new Phase.Change(draft.configuration, wanted, now));
        return new Action.Scale(wanted);
    }

    private static void warn(Draft draft, MeterRecord looked, boolean runs, Instant now) {
        Instant soon = now.plus(Duration.ofMinutes(draft.terms.beforeStopMinutes()));
        boolean stopsSoon = runs && soon.isAfter(now) && !Reasons.lasts(looked, now, soon);
        if (!stopsSoon) {
            draft.warned = false;
        } else if (!draft.warned && (draft.phase instanceof Phase.Starting || draft.phase instanceof Phase.Running)) {
            draft.warned = true;
            Instant until = Reasons.end(looked, now);
            draft.tell(Notice.Kind.STOPS_SOON, "It stops at " + Reasons.said(until) + "; a top-up keeps it.", now);
        }
    }

    /**
     * Takes what came of an action over into the record.
     *
     * @param record the record as it is by now; somebody else may have changed it since
     */
    static MeterRecord after(MeterRecord record, Action action, Endpoints.Outcome outcome, Instant now) {
        Draft draft = record.edit();
        if (action instanceof Action.Create && draft.phase instanceof Phase.Asked asked && !asked.accepted()) {
            afterCreate(draft, asked, outcome, now);
        } else if (action instanceof Action.Delete && draft.phase instanceof Phase.Stopping stopping) {
            afterDelete(draft, stopping, outcome, now);
        } else if (draft.phase instanceof Phase.Running running
                && running.change() != null
                && makes(action, running.change())) {
            afterUpdate(draft, running, outcome, now);
        }
        draft.claim(now);
        return draft.done();
    }

    private static boolean makes(Action action, Phase.Change change) {
        Integer instances = change.instances();
        return instances == null
                ? action.equals(new Action.Update(change.to()))
                : action.equals(new Action.Scale(instances));
    }

    private static void afterCreate(Draft draft, Phase.Asked asked, Endpoints.Outcome outcome, Instant now) {
        String refused = refusal(outcome);
        if (outcome instanceof Endpoints.Outcome.Done) {
            draft.phase = new Phase.Asked(asked.at(), asked.why(), true);
            draft.tell(Notice.Kind.STARTED, asked.why(), now);
        } else if (refused != null) {
            draft.phase = new Phase.Stopped(now, "It could not be created.");
            draft.fail(Failure.What.START, refused, null, now);
        } else if (nothingDone(outcome)) {
            draft.phase = new Phase.Stopped(now, "It could not be created yet.");
        }
        // Else the endpoint may come, or there is one that the next look will show.
    }

    private static void afterDelete(Draft draft, Phase.Stopping stopping, Endpoints.Outcome outcome, Instant now) {
        String refused = refusal(outcome);
        if (outcome instanceof Endpoints.Outcome.Done && !stopping.announced()) {
            draft.phase = stopping.announcedToo();
            draft.tell(Notice.Kind.STOPPED, stopping.why(), now);
        } else if (refused != null) {
            Failure last = draft.failure;
            if (last == null || !stopping.createdAt().equals(last.createdAt())) {
                draft.fail(Failure.What.STOP, refused, stopping.createdAt(), now);
            }
        }
    }

    private static void afterUpdate(Draft draft, Phase.Running running, Endpoints.Outcome outcome, Instant now) {
        String refused = refusal(outcome);
        if (refused != null) {
            draft.fail(Failure.What.CHANGE, refused, null, now);
        }
        if (refused != null || nothingDone(outcome)) {
            draft.phase = new Phase.Running(running.createdAt(), running.readyAt(), null);
        }
    }

    private static boolean nothingDone(Endpoints.Outcome outcome) {
        return outcome instanceof Endpoints.Outcome.Throttled
                || outcome instanceof Endpoints.Outcome.InTransition
                || outcome instanceof Endpoints.Outcome.NotFound;
    }

    /** SageMaker's reason where asking again at once would be of no use; else null. */
    private static @Nullable String refusal(Endpoints.Outcome outcome) {
        if (outcome instanceof Endpoints.Outcome.LimitExceeded limit) {
            return limit.reason();
        }
        return outcome instanceof Endpoints.Outcome.Refused refused ? refused.reason() : null;
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        return one == null || (other != null && other.isAfter(one)) ? other : one;
    }
}
