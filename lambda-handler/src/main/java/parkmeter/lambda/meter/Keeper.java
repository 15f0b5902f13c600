package parkmeter.lambda.meter;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Takes one record's step: looks, decides, writes the intent, acts, writes what came of it, tells people.
 *
 * <p>The intent is written on the condition that the record is still the one that was decided about. So two functions may
 * take the same step at once, and either may die anywhere: one of them acts, and the next step goes on from what is
 * written.
 */
public final class Keeper {
    /** A deed is done at once after its intent is written, or not at all: others count on it. */
    private static final Duration AT_ONCE = Sightings.LEASE.dividedBy(4);

    /** A record that is to go waits so long for its last notices to get out. */
    private static final Duration NOTICES_HOLD = Duration.ofMinutes(10);

    private final Ports ports;
    private final Changes changes;

    /** Over the ports. */
    public Keeper(Ports ports) {
        this.ports = ports;
        this.changes = Changes.of(ports);
    }

    /**
     * Looks at one endpoint and does what is to be done about it now; nothing where it has no record.
     *
     * @throws Unavailable when a port gave no answer; whatever was done by then, the next step goes on from it
     * @throws UnreadableRecord when the row holds no record
     */
    public void step(String endpoint) {
        Optional<MeterTable.Row> row = ports.table().find(endpoint);
        if (row.isPresent()) {
            MeterRecord record = row.get().record();
            Sight sight = ports.endpoints().describe(endpoint);
            new Step(row.get(), record).take(sight, calls(record, sight), false);
        }
    }

    /** The same; where it fails the tick's next step does it. */
    void tryStep(String endpoint) {
        try {
            step(endpoint);
        } catch (Unavailable | UnreadableRecord e) {
            // The tick says so, if it meets it too.
        }
    }

    /** When the endpoint was called, where that matters. */
    private Meter.Calls calls(MeterRecord record, Sight sight) {
        Activity.Question question =
                Meter.asksForCalls(record, sight, ports.now()) ? Meter.question(record, sight) : null;
        if (question == null) {
            return new Meter.Calls.Unknown();
        }
        try {
            return new Meter.Calls.Known(
                    ports.activity().lastInvocations(List.of(question)).get(record.endpoint()));
        } catch (Unavailable e) {
            return new Meter.Calls.Unknown();
        }
    }

    /**
     * The tick's step, after its look at all.
     *
     * @param row what was read before the look
     * @param record what is in it
     * @param sight what the list tells
     * @return what was done, for the log; null where nothing was
     */
    @Nullable
    String step(MeterTable.Row row, MeterRecord record, Sight sight, Meter.Calls calls) {
        return new Step(row, record).take(enough(record, sight), calls, true);
    }

    /** What the list tells, or a description where it is not enough. */
    private Sight enough(MeterRecord record, Sight sight) {
        if (!Meter.asksForMore(record, sight, ports.now())) {
            return sight;
        }
        try {
            return ports.endpoints().describe(record.endpoint());
        } catch (Unavailable e) {
            if (sight instanceof Sight.Absent) {
                throw e; // it was there, and may be: the list alone is no proof
            }
            return sight;
        }
    }

    /** One step, and the row as far as it is written. */
    private final class Step {
        private final Set<String> claimed = new HashSet<>();
        private MeterTable.Row row;
        private MeterRecord record;

        Step(MeterTable.Row row, MeterRecord record) {
            this.row = row;
            this.record = record;
        }

        @Nullable
        String take(Sight sight, Meter.Calls calls, boolean notesMirror) {
            Instant decidedAt = ports.now();
            Meter.Decision decision = Meter.decide(record, new Meter.Observed(sight, calls), decidedAt);
            Action action = decision.action();
            // Before a deed also where nothing is new: it shows that nobody has put time on the meter since it was
            // read.
            boolean mustWrite =
                    !(action instanceof Action.Rest) || !decision.record().equals(record);
            if (mustWrite && !write(decision.record())) {
                return "left to somebody who was faster";
            }
            if (action instanceof Action.Forget) {
                return forget();
            }
            String done = action instanceof Action.Rest ? null : act(action, decidedAt);
            Set<String> published = publish();
            MeterRecord mirrored = mirror();
            if (!published.isEmpty() || (notesMirror && mirrored != null)) {
                change(now -> {
                    Draft draft = without(published, now).edit();
                    draft.mirrored |= notesMirror && mirrored != null && draft.mirrorsAlike(mirrored);
                    return draft.done();
                });
            }
            return done;
        }

        private String act(Action action, Instant decidedAt) {
            Endpoints.Outcome outcome = ports.now().isAfter(decidedAt.plus(AT_ONCE))
                    ? new Endpoints.Outcome.Throttled() // too late: nothing is done
                    : deed(action);
            change(now -> Meter.after(now, action, outcome, ports.now()));
            return action + ": " + outcome;
        }

        private Endpoints.Outcome deed(Action action) {
            String endpoint = record.endpoint();
            if (action instanceof Action.Create create) {
                return ports.endpoints().create(endpoint, create.configuration());
            }
            if (action instanceof Action.Update update) {
                return ports.endpoints().update(endpoint, update.configuration());
            }
            if (action instanceof Action.Scale scale) {
                return ports.endpoints().scale(endpoint, scale.instances());
            }
            return ports.endpoints().delete(endpoint);
        }

        /** The record goes, and its mirror before it: as long as there is the record, this is tried again. */
        private String forget() {
            Set<String> published = publish();
            if (!published.isEmpty()) {
                change(now -> without(published, now));
            }
            Instant held = ports.now().minus(NOTICES_HOLD);
            if (record.outbox().stream().anyMatch(notice -> notice.at().isAfter(held))) {
                return "goes once its last notices are out";
            }
            ports.mirror().delete(record.endpoint());
            return ports.table().delete(record.endpoint(), row.version()) ? "gone" : "left to somebody who was faster";
        }

        /** Publishes what this step has claimed. */
        private Set<String> publish() {
            Set<String> published = new HashSet<>();
            for (Notice notice : record.outbox()) {
                if (claimed.contains(notice.id())) {
                    try {
                        ports.notices().publish(notice);
                        published.add(notice.id());
                    } catch (Unavailable e) {
                        // It stays in the outbox, and goes out once the claim is over.
                    }
                }
            }
            return published;
        }

        /** Brings the mirror up to date; gives what it then holds, null where nothing was to be done or nothing is certain. */
        private @Nullable MeterRecord mirror() {
            if (record.leaving() || record.mirrored()) {
                return null;
            }
            try {
                ports.mirror().put(record.endpoint(), Mirror.json(record));
                return record;
            } catch (Unavailable e) {
                return null;
            }
        }

        /** Writes, if nobody else has written since. */
        private boolean write(MeterRecord next) {
            MeterTable.Row put = row.with(next);
            if (!ports.table().put(put)) {
                return false;
            }
            claimed.addAll(newlyClaimed(record, next));
            row = put.written();
            record = next;
            return true;
        }

        /** Changes the record, whoever else writes; nothing where it is gone. */
        private void change(UnaryOperator<MeterRecord> change) {
            MeterRecord next = change.apply(record);
            if (next.equals(record)) {
                return;
            }
            try {
                if (write(next)) {
                    return;
                }
            } catch (Unavailable e) {
                // Perhaps it is written: the next attempt sees.
            }
            Set<String> mine = new HashSet<>();
            changes.make(record.endpoint(), now -> {
                        mine.clear();
                        if (now == null) {
                            return null;
                        }
                        MeterRecord then = change.apply(now);
                        mine.addAll(newlyClaimed(now, then));
                        return then;
                    })
                    .ifPresent(now -> {
                        row = now;
                        record = now.record();
                    });
            claimed.addAll(mine);
        }
    }

    private static MeterRecord without(Set<String> notices, MeterRecord record) {
        Draft draft = record.edit();
        draft.published(notices);
        return draft.done();
    }

    private static Set<String> newlyClaimed(MeterRecord before, MeterRecord after) {
        Set<String> ids = new HashSet<>();
        for (Notice notice : after.outbox()) {
            if (!before.outbox().contains(notice)) {
                ids.add(notice.id());
            }
        }
        return ids;
    }
}
