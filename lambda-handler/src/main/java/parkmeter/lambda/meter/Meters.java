package parkmeter.lambda.meter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What people change, and what they see. Every change is read, changed and written on the condition that nobody wrote in
 * between, as often as it takes; then the endpoint's step is taken at once. A meter that is being taken off is not there.
 */
public final class Meters {
    private final Ports ports;
    private final Keeper keeper;
    private final Changes changes;

    /** Over the ports, and with what steps a record after a change. */
    public Meters(Ports ports, Keeper keeper) {
        this.ports = ports;
        this.keeper = keeper;
        this.changes = Changes.of(ports);
    }

    /**
     * What a top-up came to.
     *
     * @param meter the meter after it
     * @param cut true where the cap took some of it
     */
    public record TopUp(MeterView meter, boolean cut) {}

    /** Every meter that can be read, by the endpoints' names. */
    public List<MeterView> all() {
        Instant now = ports.now();
        List<MeterView> all = new ArrayList<>();
        String after = null;
        do {
            MeterTable.Page page = ports.table().page(after);
            for (MeterTable.Row row : page.rows()) {
                try {
                    all.add(new MeterView(row.record(), now));
                } catch (UnreadableRecord e) {
                    // The tick complains of it.
                }
            }
            after = page.next();
        } while (after != null);
        all.sort(Comparator.comparing(view -> view.record().endpoint()));
        return withActivity(all);
    }

    /** One meter. */
    public MeterView find(String endpoint) {
        MeterTable.Row row = ports.table().find(endpoint).orElseThrow(() -> new NoSuchMeter(endpoint));
        return withActivity(List.of(new MeterView(row.record(), ports.now()))).get(0);
    }

    /** The record holds only what the idle rule needed to know. */
    private List<MeterView> withActivity(List<MeterView> views) {
        List<Activity.Question> questions = new ArrayList<>();
        for (MeterView view : views) {
            Activity.Question question = view.record().phase() instanceof Phase.Running
                            && view.record().seen() != null
                    ? Meter.question(view.record(), new Sight.Absent())
                    : null;
            if (question != null) {
                questions.add(question);
            }
        }
        if (questions.isEmpty()) {
            return views;
        }
        try {
            Map<String, Instant> last = ports.activity().lastInvocations(questions);
            return views.stream()
                    .map(view -> view.called(last.get(view.record().endpoint())))
                    .toList();
        } catch (Unavailable e) {
            return views;
        }
    }

    /**
     * Puts minutes on a meter: paid until = max(now, paid until) + minutes, at most now + maxMinutes.
     *
     * @param minutes at least 1
     */
    public TopUp topUp(String endpoint, int minutes) {
        String id = id();
        AtomicBoolean cut = new AtomicBoolean();
        MeterView view = change(endpoint, record -> {
            Draft draft = known(endpoint, record).edit();
            cut.compareAndSet(false, draft.topUp(minutes, id, ports.now()));
            return draft.done();
        });
        return new TopUp(view, cut.get());
    }

    /** Ends paid time and the windows that are open. */
    public MeterView stop(String endpoint) {
        Instant now = ports.now();
        return change(endpoint, record -> {
            MeterRecord known = known(endpoint, record);
            Instant paidAt = known.paidAt();
            // Asked again after a lost answer, it must not end what somebody has put on since.
            if (paidAt != null && paidAt.isAfter(now)) {
                return known;
            }
            Draft draft = known.edit();
            draft.stop(now);
            return draft.done();
        });
    }

    /**
     * Replaces the schedule.
     *
     * @param ifMatch the schedule's ETag as the caller saw it ({@link Schedule#etag}); null where it did not look
     * @throws Changed when it is another by now
     * @throws Uncounted when it says how many instances there are, and nobody knows how many there are otherwise
     */
    public MeterView schedule(String endpoint, Schedule schedule, @Nullable String ifMatch) {
        return change(endpoint, record -> {
            MeterRecord known = known(endpoint, record);
            if (known.schedule().equals(schedule)) {
                return known;
            }
            if (ifMatch != null && !ifMatch.equals(known.schedule().etag())) {
                throw new Changed(endpoint);
            }
            Draft draft = known.edit();
            draft.schedule = counted(schedule, known.terms());
            return draft.done();
        });
    }

    /**
     * Registers an endpoint by its name, under {@link Terms#ADOPTED}; one that there is already gets the configuration, and
     * the minutes on top. Whether the name may be registered is the caller's to check.
     *
     * @param minutes 0 for none
     * @param schedule null to leave it as it is
     * @throws Uncounted when it says how many instances there are
     */
    public TopUp adopt(String endpoint, String configuration, int minutes, @Nullable Schedule schedule) {
        String id = id();
        AtomicBoolean cut = new AtomicBoolean();
        MeterView view = change(endpoint, record -> {
            Instant now = ports.now();
            Draft draft = (record == null
                            ? MeterRecord.unpaid(endpoint, configuration, null, Terms.ADOPTED, Schedule.NONE, now)
                            : known(endpoint, record))
                    .edit();
            draft.configure(configuration);
            if (schedule != null) {
                draft.schedule = counted(schedule, draft.terms);
            }
            if (minutes > 0) {
                cut.compareAndSet(false, draft.topUp(minutes, id, now));
            }
            return draft.done();
        });
        return new TopUp(view, cut.get());
    }

    private MeterView change(String endpoint, Changes.Change change) {
        MeterRecord record = changes.make(endpoint, change)
                .orElseThrow(() -> new NoSuchMeter(endpoint))
                .record();
        keeper.tryStep(endpoint);
        return new MeterView(record, ports.now());
    }

    private static MeterRecord known(String endpoint, @Nullable MeterRecord record) {
        if (record == null || record.leaving()) {
            throw new NoSuchMeter(endpoint);
        }
        return record;
    }

    private static Schedule counted(Schedule schedule, Terms terms) {
        if (schedule.counts() && terms.instances() == null) {
            throw new Uncounted();
        }
        return schedule;
    }

    private String id() {
        return HexFormat.of().toHexDigits(ports.random().nextInt());
    }

    /** A schedule says how many instances there are, where nobody knows how many to go back to. */
    public static final class Uncounted extends RuntimeException {
        Uncounted() {
            super("Nobody counts this endpoint's instances.", null, false, false);
        }
    }

    /** The schedule is not the one that the caller saw. */
    public static final class Changed extends RuntimeException {
        Changed(String endpoint) {
            super("The schedule of " + endpoint + " was changed meanwhile: read it again.", null, false, false);
        }
    }
}
