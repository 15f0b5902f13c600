package parkmeter.lambda.meter.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.meter.Keeper;
import parkmeter.lambda.meter.MeterRecord;
import parkmeter.lambda.meter.Notice;
import parkmeter.lambda.meter.Phase;
import parkmeter.lambda.meter.Ports;
import parkmeter.lambda.meter.Tick;
import parkmeter.lambda.meter.Unavailable;

/**
 * The ticks: one in each minute, or none, or two at once.
 *
 * <p>A week has 10 080 minutes, and in most of them a tick finds nothing to do. Those that can't find anything are left
 * out; that is so where
 *
 * <ol>
 *   <li>the last tick found nothing to do: since before it began nothing has happened, nobody has changed anything, no call
 *       of a function went wrong, and no function runs now ({@link Timeline#touchedAt}). So it has decided about all that
 *       there is, and another one would see the same at another time;
 *   <li>nothing happens before this one would be over: the timeline knows when the next thing does. Only calls of endpoints
 *       that serve come unannounced; they change nothing but the metric, which is looked at from a known moment on;
 *   <li>no rule of the meter comes to another answer before this one would be over only since time passes: those moments are
 *       known, from the ledger and from what is in the record ({@link #nextMoment});
 *   <li>the meter owes nobody anything ({@link Promises#owes}): a meter that forgets its work is watched each minute.
 * </ol>
 *
 * <p>A fault in such a tick would keep it from nothing. What a tick meets by chance comes from dice of its minute alone, so
 * everybody else's luck is the same without it. SimulationTest proves it: the same weeks with every tick are the same.
 */
final class Minutes {
    private static final long SECOND = SageMaker.SECOND;
    private static final long MINUTE = SageMaker.MINUTE;

    /** Lambda's timeout of a tick. */
    private static final long LIMIT = MINUTE;

    /** A tick that finds nothing to do asks for two pages of rows, three of endpoints, the metric, and each endpoint. */
    private static final long USUALLY_OVER = 10 * Cloud.USUALLY_OVER;

    private static final long LONGEST_DELAY = 5 * SECOND;

    /** Any odd number whose bits are well mixed. */
    private static final long SPREAD = 0xD1B54A32D192ED03L;

    /** For so long the meter lets whoever has asked for something, or is publishing something, go on with it alone. */
    private static final long LEASE = 2 * MINUTE;

    private final World world;
    private final Timeline timeline;
    private final Promises promises;
    private final Cloud cloud;
    private final long seed;
    private final boolean every;
    private final long beganAt;
    private long lastBeganAt = Ledger.NEVER;
    private long ticks;
    private boolean over;

    /**
     * Over a world.
     *
     * @param every true to leave none out
     */
    Minutes(World world, Promises promises, Cloud cloud, long seed, boolean every) {
        this.world = world;
        this.timeline = world.timeline;
        this.promises = promises;
        this.cloud = cloud;
        this.seed = seed;
        this.every = every;
        beganAt = timeline.now();
    }

    /** The ticks that one minute has. */
    private record Chances(@Nullable Run first, @Nullable Run second) {

        /** When they are over, if they find nothing to do. */
        long overAt() {
            return Math.max(overAt(first), overAt(second));
        }

        private static long overAt(@Nullable Run tick) {
            return tick == null ? Ledger.NEVER : tick.slow ? tick.endsAt : tick.startedAt + USUALLY_OVER;
        }
    }

    private Chances chances(long minute) {
        Dice dice = new Dice(seed + minute * SPREAD);
        long at = beganAt + minute * MINUTE;
        Faults faults = world.faults;
        if (dice.chance(faults.skip())) {
            return new Chances(null, null);
        }
        Run first = run("tick " + minute, at + dice.between(0, 2 * SECOND), dice);
        return new Chances(
                first,
                dice.chance(faults.twice())
                        ? run("second tick " + minute, at + dice.between(0, LONGEST_DELAY), dice)
                        : null);
    }

    private Run run(String name, long at, Dice dice) {
        return new Run(name, at, LIMIT, null, dice.split(), world.faults);
    }

    void begin() {
        await(0);
    }

    void end() {
        over = true;
    }

    long ticks() {
        return ticks;
    }

    private void await(long minute) {
        timeline.firstAt(beganAt + minute * MINUTE, () -> come(minute));
    }

    private void come(long minute) {
        if (over) {
            return;
        }
        Chances chances = chances(minute);
        if (!every && foundNothing()) {
            long next = next();
            if (chances.overAt() < next) {
                long first = Math.max(minute + 1, (next - beganAt - LONGEST_DELAY - LIMIT) / MINUTE);
                while (chances(first).overAt() < next && beganAt + first * MINUTE < next) {
                    first++;
                }
                await(first);
                return;
            }
        }
        start(chances.first());
        start(chances.second());
        await(minute + 1);
    }

    private void start(@Nullable Run tick) {
        if (tick == null) {
            return;
        }
        ticks++;
        timeline.start(tick.startedAt, tick, () -> {
            lastBeganAt = timeline.now();
            Map<String, Boolean> reasons = new HashMap<>();
            world.accounts.values().forEach(account -> reasons.put(account.name, promises.reason(account)));
            Ports ports = cloud.ports(tick);
            try {
                Tick.Report report = new Tick(ports, new Keeper(ports), Runnable::run).run(Duration.ofSeconds(40));
                world.story.detail(() -> tick + ": " + report);
                if (report.late() > 0) {
                    timeline.touch();
                } else {
                    world.accounts
                            .values()
                            .forEach(account ->
                                    promises.stepped(tick, account, reasons.getOrDefault(account.name, false)));
                }
            } catch (Unavailable e) {
                if (!tick.disturbed) {
                    throw promises.violation(tick + " fails for all, and no call for all went wrong");
                }
            }
        });
    }

    private boolean foundNothing() {
        if (timeline.busy() || lastBeganAt <= timeline.touchedAt()) {
            return false;
        }
        for (Account account : world.accounts.values()) {
            MeterRecord record = world.record(account.name);
            if (promises.owes(account) || (record != null && (record.leaving() || looksForCalls(record)))) {
                return false;
            }
        }
        return true;
    }

    /** Stopped as idle, and running again in a window: a call ends that, whenever it comes. */
    private boolean looksForCalls(MeterRecord record) {
        return record.idleAt() != null
                && record.paidUntil().toEpochMilli() > lastBeganAt
                && record.phase() instanceof Phase.Running;
    }

    /** When a tick could next find anything to do. */
    private long next() {
        long next = timeline.next();
        for (Account account : world.accounts.values()) {
            next = Math.min(next, nextMoment(account));
            SageMaker.Instance instance = world.sageMaker.endpoints.get(account.name);
            if (instance == null || !instance.serves()) {
                next = Math.min(next, account.nextCallAt); // it may wake it
            }
        }
        return next;
    }

    /** The next moment, of those that the last tick did not know to be past, at which a rule may come to another answer. */
    private long nextMoment(Account account) {
        Soonest soonest = new Soonest(lastBeganAt);
        Ledger ledger = account.ledger;
        long before = account.registration.terms().beforeStopMinutes() * MINUTE;
        soonest.of(ledger.paidUntil);
        soonest.of(ledger.paidUntil - before);
        for (Ledger.Open open : ledger.openings) {
            soonest.of(open.from());
            soonest.of(open.from() - before);
            soonest.of(open.to());
            soonest.of(open.to() - before);
        }
        SageMaker.Instance instance = world.sageMaker.endpoints.get(account.name);
        if (instance != null && ledger.idleMinutes > 0) {
            soonest.of(account.idleFrom(instance));
        }
        MeterRecord record = world.record(account.name);
        if (record != null) {
            remembered(record, soonest);
        }
        return soonest.moment;
    }

    private static void remembered(MeterRecord record, Soonest soonest) {
        if (record.failure() != null) {
            soonest.of(record.failure().retryAt());
        }
        for (Notice notice : record.outbox()) {
            soonest.of(notice.claimedUntil());
        }
        Integer idleMinutes = record.terms().idleMinutes();
        if (record.phase() instanceof Phase.Asked asked) {
            soonest.of(asked.at().toEpochMilli() + LEASE);
        } else if (record.phase() instanceof Phase.Stopping stopping) {
            soonest.of(stopping.since().toEpochMilli() + LEASE);
        } else if (record.phase() instanceof Phase.Running running) {
            if (running.change() != null) {
                soonest.of(running.change().at().toEpochMilli() + LEASE);
            }
            if (idleMinutes != null) {
                long last = running.readyAt().toEpochMilli();
                last = record.lastActivity() == null
                        ? last
                        : Math.max(last, record.lastActivity().toEpochMilli());
                last = record.paidAt() == null
                        ? last
                        : Math.max(last, record.paidAt().toEpochMilli());
                soonest.of(last + idleMinutes * MINUTE + Ledger.METRIC_DELAY);
            }
        }
    }

    /** The soonest of some moments after another one. */
    private static final class Soonest {
        private final long after;
        long moment = Long.MAX_VALUE;

        Soonest(long after) {
            this.after = after;
        }

        void of(long candidate) {
            if (candidate > after && candidate < moment) {
                moment = candidate;
            }
        }

        void of(Instant candidate) {
            of(candidate.toEpochMilli());
        }
    }
}
