package parkmeter.lambda.meter;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment does to the meters. Each returns only when its work is finished; one that did not finish goes on, when
 * it is asked again, where it was.
 */
public final class Registrar {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

    /** A role that was just made is unknown in parts of AWS for some seconds, at times for a minute: calls are denied. */
    private static final Duration NEW_ROLE = Duration.ofMinutes(2);

    private final Ports ports;
    private final Keeper keeper;
    private final Changes changes;

    /** Over the ports, and with what steps a record. */
    public Registrar(Ports ports, Keeper keeper) {
        this.ports = ports;
        this.keeper = keeper;
        this.changes = Changes.of(ports);
    }

    /** The time was up first, or SageMaker refused. */
    public static final class Unfinished extends Exception {
        Unfinished(String sentence) {
            super(sentence, null, false, false);
        }
    }

    /**
     * Waits until table and SageMaker answer, as they do at once where the function's role is not brand-new.
     *
     * @param giveUpAt when to stop waiting; two minutes are enough in any case
     * @throws Unavailable when they don't
     */
    public void awaitAnswers(String endpoint, Instant giveUpAt) {
        Instant enough = ports.clock().instant().plus(NEW_ROLE);
        Instant last = giveUpAt.isBefore(enough) ? giveUpAt : enough;
        while (true) {
            try {
                ports.table().find(endpoint);
                ports.endpoints().describe(endpoint);
                return;
            } catch (Unavailable e) {
                if (!ports.clock().instant().isBefore(last)) {
                    throw e;
                }
                ports.pause().sleep(BETWEEN_LOOKS);
            }
        }
    }

    /**
     * Starts a meter from now. One that there is already keeps its time and gets the settings; one that is being taken off
     * starts anew. Does not wait for the endpoint.
     */
    public void create(Registration registration) {
        write(registration);
        keeper.tryStep(registration.endpoint());
    }

    private void write(Registration registration) {
        changes.make(registration.endpoint(), record -> {
            Instant now = ports.now();
            Draft draft = (record == null ? fresh(registration, now) : record).edit();
            if (draft.leaving) {
                draft.leaving = false;
                draft.schedule = registration.schedule();
                draft.paidUntil = paidAtFirst(registration, now);
                draft.paidAt = now;
                draft.idleAt = null;
                draft.stoppedAt = null;
            }
            draft.configure(registration.configuration());
            draft.model = registration.model();
            draft.terms = registration.terms();
            // One that was put over HTTP stays, as long as the stack declares the same as before.
            if (!draft.declaredSchedule.equals(registration.schedule())) {
                draft.schedule = registration.schedule();
                draft.declaredSchedule = registration.schedule();
            }
            return draft.done();
        });
    }

    private static MeterRecord fresh(Registration registration, Instant now) {
        Draft draft = MeterRecord.unpaid(
                        registration.endpoint(),
                        registration.configuration(),
                        registration.model(),
                        registration.terms(),
                        registration.schedule(),
                        now)
                .edit();
        draft.paidUntil = paidAtFirst(registration, now);
        draft.paidAt = now;
        return draft.done();
    }

    private static Instant paidAtFirst(Registration registration, Instant now) {
        int minutes =
                Math.min(registration.initialMinutes(), registration.terms().maxMinutes());
        return now.plus(Duration.ofMinutes(minutes));
    }

    /**
     * Changes the settings and leaves the time alone; returns once no endpoint uses another configuration than the new one,
     * and none can come that does.
     *
     * @param giveUpAt when to stop waiting
     * @throws Unfinished when it has to be asked again
     */
    public void update(Registration registration, Instant giveUpAt) throws Unfinished {
        write(registration);
        String endpoint = registration.endpoint();
        Instant began = ports.now();
        String left = "nobody has looked at it yet";
        do {
            keeper.tryStep(endpoint);
            try {
                MeterRecord record =
                        ports.table().find(endpoint).map(MeterTable.Row::record).orElse(null);
                left = uses(
                        record, registration.configuration(), ports.endpoints().describe(endpoint));
                Failure failure = record == null ? null : record.failure();
                if (left != null
                        && failure != null
                        && failure.streak() > 0
                        && !failure.at().isBefore(began)) {
                    left += ": " + failure.reason();
                    break;
                }
            } catch (Unavailable e) {
                left = "SageMaker gives no answer";
            }
            if (left == null) {
                return;
            }
            ports.pause().sleep(BETWEEN_LOOKS);
        } while (ports.clock().instant().isBefore(giveUpAt));
        throw new Unfinished("The endpoint " + endpoint + " has not moved to the configuration "
                + registration.configuration() + " yet (" + left
                + "). The meter goes on with it; run `pulumi up` again to"
                + " finish.");
    }

    /** How an endpoint may still use, or come to use, another configuration; null where it can't. */
    private static @Nullable String uses(@Nullable MeterRecord record, String configuration, Sight sight) {
        if (record != null && record.phase() instanceof Phase.Asked) {
            return "it is being created";
        }
        if (!(sight instanceof Sight.Described described)) {
            // The step that sees that it is gone creates the next one, where there is a reason to.
            return record == null || record.phase() instanceof Phase.Stopped ? null : "it is going";
        }
        boolean changing = record != null
                && record.phase() instanceof Phase.Running running
                && running.change() != null
                && running.change().instances() == null;
        boolean moves = described.status() == Status.UPDATING || described.status() == Status.ROLLING_BACK;
        return described.configuration().equals(configuration) && !moves && !changing
                ? null
                : "it is " + described.status().word() + ", with the configuration " + described.configuration();
    }

    /**
     * Deletes an endpoint, and its record and mirror once it is gone.
     *
     * @param giveUpAt when to stop waiting
     * @throws Unfinished when it has to be asked again
     */
    public void delete(String endpoint, Instant giveUpAt) throws Unfinished {
        finish(List.of(endpoint), giveUpAt);
    }

    /**
     * Does that with every record that is left: of endpoints that were registered by their names.
     *
     * @param giveUpAt when to stop waiting
     * @throws Unfinished when it has to be asked again
     */
    public void deleteAll(Instant giveUpAt) throws Unfinished {
        List<String> left = left();
        // More may come while this waits.
        while (!left.isEmpty()) {
            finish(left, giveUpAt);
            left = left();
        }
    }

    private List<String> left() {
        List<String> left = new ArrayList<>();
        String after = null;
        do {
            MeterTable.Page page = ports.table().page(after);
            page.rows().forEach(row -> left.add(row.endpoint()));
            after = page.next();
        } while (after != null);
        return left;
    }

    private void finish(List<String> endpoints, Instant giveUpAt) throws Unfinished {
        List<String> left = new ArrayList<>(endpoints);
        while (true) {
            left.removeIf(this::gone);
            if (left.isEmpty()) {
                return;
            }
            if (!ports.clock().instant().isBefore(giveUpAt)) {
                throw new Unfinished(unfinished(left));
            }
            ports.pause().sleep(BETWEEN_LOOKS);
        }
    }

    /** Goes on with one, and tells whether it is gone. */
    private boolean gone(String endpoint) {
        try {
            if (!leaves(endpoint)) {
                return true;
            }
            if (ports.endpoints().declared(endpoint)) {
                return forgotten(endpoint);
            }
            keeper.step(endpoint);
            return ports.table().find(endpoint).isEmpty();
        } catch (Unavailable e) {
            return false;
        }
    }

    /** Takes the record of an endpoint that is Pulumi's by now, and leaves the endpoint. */
    private boolean forgotten(String endpoint) {
        ports.mirror().delete(endpoint);
        return ports.table()
                .find(endpoint)
                .map(row -> ports.table().delete(endpoint, row.version()))
                .orElse(true);
    }

    /** Marks the record as one that is to go; false where there is nothing. */
    private boolean leaves(String endpoint) {
        Optional<MeterTable.Row> row = ports.table().find(endpoint);
        MeterRecord record = row.map(Registrar::readable).orElse(null);
        if (record != null && record.leaving()) {
            return true;
        }
        if (row.isEmpty() && ports.endpoints().describe(endpoint) instanceof Sight.Absent) {
            ports.mirror().delete(endpoint);
            return false;
        }
        // Also where there is no record, or none that can be read: so the tick finishes it, should this be cut off.
        Instant now = ports.now();
        Draft draft = (record == null
                        ? MeterRecord.unpaid(endpoint, "none", null, Terms.ADOPTED, Schedule.NONE, now)
                        : record)
                .edit();
        if (row.isPresent() && record == null) {
            draft.phase = new Phase.Asked(now, "", false); // who knows what it said
        }
        draft.leaving = true;
        MeterRecord next = draft.done();
        ports.table().put(row.map(there -> there.with(next)).orElseGet(() -> MeterTable.Row.first(next)));
        return true;
    }

    private static @Nullable MeterRecord readable(MeterTable.Row row) {
        try {
            return row.record();
        } catch (UnreadableRecord e) {
            return null;
        }
    }

    private String unfinished(List<String> endpoints) {
        List<String> words = new ArrayList<>();
        for (String endpoint : endpoints) {
            words.add(endpoint + " (" + status(endpoint) + ")");
        }
        return "The time was up before these endpoints were gone: " + String.join(", ", words)
                + ". The meter goes on deleting them; run `pulumi destroy` again to finish.";
    }

    private String status(String endpoint) {
        try {
            return ports.endpoints().describe(endpoint) instanceof Sight.Described described
                    ? described.status().word()
                    : "gone, its record not yet";
        } catch (Unavailable e) {
            return "SageMaker gives no answer";
        }
    }
}
