package parkmeter.lambda.meter.simulation;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.meter.Endpoints;
import parkmeter.lambda.meter.Failure;
import parkmeter.lambda.meter.MeterRecord;
import parkmeter.lambda.meter.MeterTable;
import parkmeter.lambda.meter.Notice;
import parkmeter.lambda.meter.Phase;
import parkmeter.lambda.meter.Status;

/**
 * What must hold in any history. Each call of the meter that changes anything is looked at when it takes effect, and each
 * endpoint after every tick that met no fault; what does not hold ends the history with an {@link AssertionError}.
 */
final class Promises {
    private static final long SECOND = SageMaker.SECOND;
    private static final long MINUTE = SageMaker.MINUTE;

    /** Ticks that may pass without a fault before what has to be done is done. */
    private static final int TICKS = 2;

    /** After a fault a lease may have to run out. */
    private static final long LEASE = 3 * MINUTE;

    /** So long may what a tick read be old when it acts on it. */
    private static final long AGE = MINUTE + 10 * SECOND;

    /** Nobody can be told of the last things, if nobody could be for so long. */
    private static final long NOTICES_HOLD = 10 * MINUTE;

    private final World world;
    private final Timeline timeline;
    private final SageMaker sageMaker;
    private final Story story;
    private final long beganAt;

    Promises(World world) {
        this.world = world;
        timeline = world.timeline;
        sageMaker = world.sageMaker;
        story = world.story;
        beganAt = timeline.now();
    }

    AssertionError violation(String what) {
        story.change(() -> "BROKEN: " + what);
        return new AssertionError(Instant.ofEpochMilli(timeline.now()) + ": " + what);
    }

    // Time.

    /** Whether there is a reason to run now, also by what only the one who knows all calls can tell. */
    boolean reason(Account account) {
        Ledger ledger = account.ledger;
        long now = timeline.now();
        SageMaker.Instance instance = sageMaker.endpoints.get(account.name);
        boolean idle = instance != null
                && ledger.idleMinutes > 0
                && instance.status == Status.IN_SERVICE
                && !ledger.held(now)
                && now >= account.idleFrom(instance);
        boolean runs = ledger.runs(now) && !idle;
        if (runs) {
            ledger.reasonAt = now;
        }
        return runs;
    }

    /** A row was written. */
    void put(Run run, long askedAt, MeterTable.@Nullable Row before, MeterTable.Row after) {
        Account account = world.accounts.get(after.endpoint());
        if (account == null) {
            throw violation("a record of " + after.endpoint());
        }
        MeterRecord next = after.record();
        MeterRecord last = World.readable(before);
        account.ledger.addUp(timeline.now());
        if (last == null || changesTime(last, next)) {
            if (run.intent == null || !run.intent.takesEffect(account.name, askedAt, next)) {
                throw violation(run + " changed " + account.name + " once too often: " + last + " to " + next);
            }
            account.lastChangeAt = timeline.now();
        }
        story.change(() -> run + " wrote " + Difference.of(last, next));
        if (next.phase() instanceof Phase.Running running
                && running.change() != null
                && (last == null || !next.phase().equals(last.phase()))) {
            account.moves++;
        }
        if (account.poisoned) {
            return;
        }
        idleChange(account, last, next, askedAt);
        same(account, "paid until", next.paidUntil(), account.ledger.paidUntil);
        same(account, "stopped at", next.stoppedAt(), account.ledger.stoppedAt);
        same(account, "idle at", next.idleAt(), account.ledger.idleAt);
        if (!next.schedule().equals(account.ledger.schedule)) {
            throw violation("the schedule of " + account.name + " is lost");
        }
        backsOff(account, last, next);
        reason(account);
    }

    /** True for what only people and deployments may change. */
    private static boolean changesTime(MeterRecord last, MeterRecord next) {
        return !last.paidUntil().equals(next.paidUntil())
                || !Objects.equals(last.paidAt(), next.paidAt())
                || !Objects.equals(last.stoppedAt(), next.stoppedAt())
                || !last.schedule().equals(next.schedule())
                || !last.terms().equals(next.terms())
                || !last.configuration().equals(next.configuration())
                || last.leaving() != next.leaving();
    }

    private void same(Account account, String what, @Nullable Instant record, long ledger) {
        long is = record == null ? Ledger.NEVER : record.toEpochMilli();
        if (is != ledger) {
            throw violation(account.name + " " + what + ": the record says " + record + ", people are owed "
                    + (ledger == Ledger.NEVER ? "none" : Instant.ofEpochMilli(ledger)));
        }
    }

    private void idleChange(Account account, @Nullable MeterRecord last, MeterRecord next, long at) {
        Ledger ledger = account.ledger;
        Instant idleAt = next.idleAt();
        if (last == null || Objects.equals(last.idleAt(), idleAt)) {
            return;
        }
        if (idleAt == null) {
            boolean called = ledger.idleAt == Ledger.NEVER || account.invocations.higher(ledger.idleAt) != null;
            if (!called && ledger.paidAt != at) {
                throw violation(account.name + " is idle no more, and nobody called it");
            }
            ledger.idleAt = Ledger.NEVER;
            return;
        }
        SageMaker.Instance instance = sageMaker.endpoints.get(account.name);
        long idle = ledger.idleMinutes * MINUTE + Ledger.METRIC_DELAY;
        Long seen = account.invocations.floor(at - MINUTE - AGE);
        if (instance == null
                || ledger.idleMinutes < 0
                || ledger.held(at)
                || (seen != null && seen > at - idle)
                || at - instance.serviceAt < idle
                || at - ledger.paidAt < idle) {
            throw violation(account.name + " is stopped as idle, and is not: " + instance);
        }
        ledger.idleAt = idleAt.toEpochMilli();
        Long call = account.invocations.floor(at);
        long useful = Math.max(instance.serviceAt, call == null ? Ledger.NEVER : call);
        account.wasteMillis += Math.max(0, at - Math.max(useful, ledger.paidAt));
    }

    /** Ten minutes, then twice as long each time, at most two hours. */
    private void backsOff(Account account, @Nullable MeterRecord last, MeterRecord next) {
        Failure failure = next.failure();
        if (failure == null || failure.streak() == 0 || (last != null && failure.equals(last.failure()))) {
            return;
        }
        long wait = Math.min(120, 10L << Math.min(10, failure.streak() - 1)) * MINUTE;
        if (!failure.retryAt().equals(failure.at().plusMillis(wait))) {
            throw violation(account.name + " waits wrongly after " + failure);
        }
        Failure before = last == null ? null : last.failure();
        int streak = before == null || before.what() != failure.what() ? 1 : before.streak() + 1;
        if (failure.streak() != streak) {
            throw violation(account.name + " counts failures wrongly: " + before + ", " + failure);
        }
    }

    // Endpoints.

    /** CreateEndpoint is being called. */
    void creates(Run run, Account account, String configuration) {
        story.change(() -> run + " creates " + account.name + " with " + configuration);
        SageMaker.Instance instance = sageMaker.endpoints.get(account.name);
        if (account.creating || (instance != null && instance.ours)) {
            throw violation("two creates for one start of " + account.name + ": " + instance);
        }
        if (world.retired.contains(configuration)) {
            throw violation(account.name + " is created with " + configuration + ", which is gone");
        }
        if (account.poisoned) {
            return;
        }
        long recently = timeline.now() - MINUTE;
        if (!reason(account) && account.ledger.reasonAt < recently && account.lastChangeAt < recently) {
            throw violation(account.name + " is created without a reason");
        }
        MeterRecord record = world.record(account.name);
        if (record != null
                && mustWait(record, Failure.What.START)
                && record.failure() != null
                && record.failure().at().toEpochMilli() < recently) {
            throw violation(account.name + " is created too early after " + record.failure());
        }
    }

    /** It has answered. */
    void created(Run run, Account account, Endpoints.Outcome outcome) {
        story.change(() -> run + " created " + account.name + ": " + outcome);
        if (outcome instanceof Endpoints.Outcome.LimitExceeded || outcome instanceof Endpoints.Outcome.Refused) {
            account.refused++;
        }
    }

    /** UpdateEndpoint is being called. */
    void updates(Run run, Account account, String configuration) {
        story.change(() -> run + " updates " + account.name + " to " + configuration);
        if (world.retired.contains(configuration)) {
            throw violation(account.name + " is moved to " + configuration + ", which is gone");
        }
    }

    /** UpdateEndpointWeightsAndCapacities is being called. */
    void scales(Run run, Account account, int instances) {
        story.change(() -> run + " gives " + account.name + " " + instances + " instances");
        SageMaker.Instance instance = sageMaker.endpoints.get(account.name);
        long now = timeline.now();
        if (account.poisoned || instance == null) {
            return;
        }
        if (instance.status == Status.IN_SERVICE && instance.instances == instances) {
            throw violation(instance + " is given the " + instances + " instances that it has");
        }
        if (account.lastChangeAt <= now - AGE
                && account.ledger.instances(now) != instances
                && account.ledger.instances(now - AGE) != instances) {
            throw violation(instance + " is given " + instances + " instances, and is to have "
                    + account.ledger.instances(now));
        }
    }

    /** DeleteEndpoint is being called. */
    void deletes(Run run, Account account) {
        story.change(() -> run + " deletes " + account.name);
        SageMaker.Instance instance = sageMaker.endpoints.get(account.name);
        long now = timeline.now();
        long early = now - AGE;
        if (instance == null || account.poisoned || account.lastChangeAt > early || instance.failedAt >= 0) {
            return;
        }
        boolean broken = instance.status == Status.UPDATE_ROLLBACK_FAILED;
        boolean moves = !instance.configuration.equals(account.registration.configuration());
        if (account.ledger.runs(now) && account.ledger.runs(early) && !broken && !moves) {
            throw violation(instance + " is deleted, and has a reason to run until "
                    + Instant.ofEpochMilli(account.ledger.end(now)));
        }
    }

    /** Pulumi deletes a configuration now. */
    void retires(String configuration) {
        for (SageMaker.Instance instance : sageMaker.endpoints.values()) {
            if (instance.configuration.equals(configuration)) {
                throw violation("the configuration " + configuration + " goes, and is used by " + instance);
            }
        }
    }

    /** A tick that met no fault, as far as this endpoint goes, must have done what is to be done. */
    void stepped(Run tick, Account account, boolean reasonBefore) {
        boolean reason = reason(account);
        MeterRecord record = world.record(account.name);
        SageMaker.Instance instance = sageMaker.endpoints.get(account.name);
        long disturbedAt = Math.max(account.disturbedAt, world.disturbedAt);
        // A tick leaves a step to whoever is faster, and that one may have met a fault.
        if (account.poisoned || record == null || !tick.sound(account.name) || disturbedAt >= tick.startedAt) {
            return;
        }
        long quietSince = Math.max(disturbedAt, Math.max(account.lastChangeAt, beganAt));
        boolean settled = quietSince + LEASE < tick.startedAt;
        if (instance == null) {
            boolean wanted = reason && reasonBefore && settled && !mustWait(record, Failure.What.START);
            boolean absentSince = sageMaker.lastGoneAt(account.name) < tick.startedAt;
            account.missing = wanted && absentSince ? account.missing + 1 : 0;
            if (account.missing > TICKS) {
                throw violation(account.name + " has a reason to run, and does not: " + record);
            }
            return;
        }
        account.missing = 0;
        instance.seen();
        boolean unwanted = !reason && !reasonBefore && account.ledger.reasonAt < tick.startedAt;
        boolean deletable = instance.deletableSince >= 0 && instance.deletableSince < tick.startedAt;
        if (deletable && (unwanted || broken(instance))) {
            instance.unreasonable++;
            if (instance.unreasonable >= TICKS) {
                throw violation(instance + " runs without a reason: " + record);
            }
        } else if (reason || !deletable) {
            instance.unreasonable = 0;
        }
        boolean drifts = deletable && reason && reasonBefore && settled && drifts(instance, record);
        account.drifted = drifts ? account.drifted + 1 : 0;
        if (account.drifted > TICKS + 2) {
            throw violation(instance + " is not moved to " + record.configuration() + ": " + record);
        }
        boolean miscounts = deletable
                && reason
                && reasonBefore
                && settled
                && miscounts(account, instance, record, timeline.now())
                && miscounts(account, instance, record, tick.startedAt);
        account.miscounted = miscounts ? account.miscounted + 1 : 0;
        if (account.miscounted > TICKS + 2) {
            throw violation(instance + " has " + instance.instances + " instances, and is to have "
                    + account.ledger.instances(timeline.now()) + ": " + record);
        }
    }

    /** Whether it serves with another number of instances than it is to have. */
    private boolean miscounts(Account account, SageMaker.Instance instance, MeterRecord record, long at) {
        int wanted = account.ledger.instances(at);
        return wanted >= 0
                && instance.status == Status.IN_SERVICE
                && instance.instances != wanted
                && instance.configuration.equals(record.configuration())
                && !mustWait(record, Failure.What.CHANGE);
    }

    private static boolean broken(SageMaker.Instance instance) {
        return switch (instance.status) {
            case FAILED, OUT_OF_SERVICE, UPDATE_ROLLBACK_FAILED -> true;
            default -> false;
        };
    }

    private boolean drifts(SageMaker.Instance instance, MeterRecord record) {
        return instance.status == Status.IN_SERVICE
                && !instance.configuration.equals(record.configuration())
                && !mustWait(record, Failure.What.CHANGE);
    }

    /** True while the meter owes an endpoint something, so that each tick must be run to see that it comes. */
    boolean owes(Account account) {
        MeterRecord record = world.record(account.name);
        if (account.poisoned || record == null) {
            return false;
        }
        SageMaker.Instance instance = sageMaker.endpoints.get(account.name);
        boolean reason = reason(account);
        if (instance == null) {
            return reason && !mustWait(record, Failure.What.START);
        }
        return !instance.status.inTransition()
                && (!reason
                        || broken(instance)
                        || drifts(instance, record)
                        || miscounts(account, instance, record, timeline.now()));
    }

    private boolean mustWait(MeterRecord record, Failure.What what) {
        Failure failure = record.failure();
        return failure != null
                && failure.what() == what
                && failure.streak() > 0
                && timeline.now() < failure.retryAt().toEpochMilli();
    }

    /** An endpoint was destroyed, by what its deployment was told. */
    void gone(String name) {
        Account account = world.account(name);
        if (!account.ledger.exists && account.adopted) {
            return; // it was never on the meter
        }
        if (sageMaker.endpoints.containsKey(name)) {
            throw violation("destroyed, and there is " + sageMaker.endpoints.get(name));
        }
        if (world.rows.containsKey(name)) {
            throw violation("destroyed, and there is the record of " + name);
        }
    }

    // Notices.

    /** A notice reached people. */
    void published(Run run, Notice notice) {
        Account account = world.account(notice.endpoint());
        story.change(() -> run + " tells " + notice);
        Run first = account.published.put(notice.id(), run);
        if (first != null) {
            if (first.sound(account.name) && first.over()) {
                throw violation("twice: " + notice + " by " + first + " and " + run);
            }
            return; // the first one could not say that it had
        }
        account.told.merge(notice.kind(), 1, Integer::sum);
        if (notice.kind() == Notice.Kind.STOPS_SOON) {
            if (notice.text().equals(account.warning) && account.lastChangeAt < account.warnedAt) {
                throw violation("warned of the same end again: " + notice);
            }
            account.warning = notice.text();
            account.warnedAt = notice.at().toEpochMilli();
        }
    }

    /** A record was deleted. */
    void forgotten(MeterTable.Row row) {
        String endpoint = row.endpoint();
        story.change(() -> "the record of " + endpoint + " is gone");
        Account account = world.account(endpoint);
        account.ledger.addUp(timeline.now());
        account.ledger.exists = false;
        for (Notice notice : row.record().outbox()) {
            if (account.published.containsKey(notice.id())) {
                continue;
            }
            if (notice.at().toEpochMilli() > timeline.now() - NOTICES_HOLD) {
                throw violation("the record goes, and nobody was told " + notice);
            }
            account.told.merge(notice.kind(), 1, Integer::sum);
        }
        if (sageMaker.endpoints.containsKey(endpoint)) {
            throw violation("the record goes, and there is " + sageMaker.endpoints.get(endpoint));
        }
    }

    // The end.

    /** All was destroyed some hours ago. */
    void over() {
        world.accounts.keySet().forEach(this::gone);
        if (!world.mirror.isEmpty()) {
            throw violation("the mirror still holds " + world.mirror);
        }
        for (Account account : world.accounts.values()) {
            if (!account.poisoned) {
                told(account);
            }
        }
    }

    /** People were told as often as it was true. What came and went between two ticks, or outside, may have been missed. */
    private void told(Account account) {
        int ours = 0;
        int foreign = 0;
        int ready = 0;
        int failed = 0;
        int readyAndStopped = 0;
        int stopped = 0;
        int failedForLong = 0;
        for (SageMaker.Instance instance : sageMaker.all) {
            if (!instance.name.equals(account.name)) {
                continue;
            }
            ours += instance.ours ? 1 : 0;
            foreign += instance.ours ? 0 : 1;
            ready += instance.serviceAt >= 0 ? 1 : 0;
            boolean byMeter = instance.deletedAt >= 0 && !instance.deletedOutside;
            if (instance.failedAt >= 0) {
                failed++;
                failedForLong += byMeter && instance.deletedAt > instance.failedAt + 2 * MINUTE ? 1 : 0;
            } else if (byMeter) {
                stopped++;
                readyAndStopped += instance.serviceAt >= 0 ? 1 : 0;
            }
        }
        within(account, Notice.Kind.STARTED, ours, ours + foreign);
        within(account, Notice.Kind.READY, readyAndStopped, ready);
        within(account, Notice.Kind.STOPPED, stopped, ours + foreign);
        within(account, Notice.Kind.FAILED, failedForLong, failed + account.refused + account.moves);
    }

    private void within(Account account, Notice.Kind kind, int least, int most) {
        int told = account.told.getOrDefault(kind, 0);
        if (told < least || told > most) {
            throw violation(account.name + ": people were told " + told + " times " + kind + ", which was true "
                    + (least == most ? least : least + " to " + most) + " times");
        }
    }
}
