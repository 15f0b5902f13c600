package parkmeter.lambda.meter.simulation;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.meter.Bell;
import parkmeter.lambda.meter.Keeper;
import parkmeter.lambda.meter.MeterRecord;
import parkmeter.lambda.meter.MeterTable;
import parkmeter.lambda.meter.Meters;
import parkmeter.lambda.meter.NoSuchMeter;
import parkmeter.lambda.meter.OnChange;
import parkmeter.lambda.meter.Ports;
import parkmeter.lambda.meter.Registrar;
import parkmeter.lambda.meter.Registration;
import parkmeter.lambda.meter.Schedule;
import parkmeter.lambda.meter.Status;
import parkmeter.lambda.meter.Terms;
import parkmeter.lambda.meter.Unavailable;
import parkmeter.lambda.meter.UnreadableRecord;
import parkmeter.lambda.meter.Window;

/**
 * One random week of some meters: who does what, from the first deployment to the last destroy. What must hold meanwhile is
 * {@link Promises}.
 */
final class History {
    private static final long SECOND = SageMaker.SECOND;
    private static final long MINUTE = SageMaker.MINUTE;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long WEEK = 7 * DAY;

    /** Lambda's timeouts: of what answers over HTTP, and of what a deployment invokes. */
    private static final long SHORT = 29 * SECOND;

    private static final long LONG = 15 * MINUTE;
    private static final Duration PATIENCE = Duration.ofMinutes(14);

    /** What is left over after the end would show by then. */
    private static final long AFTERWARDS = 3 * HOUR;

    private static final List<LocalDate> WEEKS = List.of(
            LocalDate.of(2026, 3, 26), // Europe's clocks go forward on the 29th
            LocalDate.of(2026, 10, 22), // and back on the 25th
            LocalDate.of(2026, 3, 5), // New York's forward on the 8th
            LocalDate.of(2026, 10, 30), // and back on the 1st of November
            LocalDate.of(2026, 4, 2), // Lord Howe's back by half an hour on the 5th
            LocalDate.of(2026, 6, 8));
    private static final List<ZoneId> ZONES = List.of(
            ZoneOffset.UTC,
            ZoneId.of("Europe/London"),
            ZoneId.of("Europe/Berlin"),
            ZoneId.of("America/New_York"),
            ZoneId.of("Australia/Lord_Howe"));

    private final Dice dice;
    private final Timeline timeline;
    private final World world;
    private final Story story;
    private final SageMaker sageMaker;
    private final Promises promises;
    private final Cloud cloud;
    private final Minutes minutes;
    private final Faults faults;
    private final long beganAt;
    private boolean deploying;
    private boolean destroying;
    private boolean over;
    private int attempts;

    /**
     * Of a seed.
     *
     * @param timeline to run on; no other history runs on it meanwhile
     * @param everyTick true to leave out none, also not those that can find nothing to do
     */
    History(long seed, Timeline timeline, boolean everyTick, Story.Telling telling) {
        this.timeline = timeline;
        dice = new Dice(seed);
        beganAt = dice.pick(WEEKS).atStartOfDay(ZoneOffset.UTC).toEpochSecond() * 1000 + dice.between(0, DAY);
        faults = dice.pick(List.of(Faults.CALM, Faults.USUAL, Faults.USUAL, Faults.BAD, Faults.WORST));
        timeline.begin(beganAt);
        story = new Story(telling, timeline);
        sageMaker = new SageMaker(timeline, dice.split(), faults.failing());
        world = new World(timeline, story, sageMaker, faults);
        promises = new Promises(world);
        cloud = new Cloud(world, promises, dice.chance(0.02));
        minutes = new Minutes(world, promises, cloud, dice.between(0, Long.MAX_VALUE - 1), everyTick);
    }

    /** What happened so far. */
    List<String> story() {
        return story.lines();
    }

    /**
     * Lives through it.
     *
     * @return what it came to
     * @throws AssertionError when a promise is broken
     */
    Totals run() {
        int models = 1 + dice.below(2);
        for (int i = 0; i < models; i++) {
            String name = "m" + i;
            open(new Account(name, false, registration(name, name + "-c0", schedule(dice), dice), beganAt));
        }
        if (dice.below(3) == 0) {
            open(new Account(
                    "x-adopted", true, registration("x-adopted", "x-adopted-c0", Schedule.NONE, dice), beganAt));
        }
        sageMaker.configurations.add("by-hand");
        for (int i = dice.below(3); i > 0; i--) {
            sageMaker.create("aside-" + i, "by-hand", false); // not on any meter
        }
        deploy();
        minutes.begin();
        world.accounts.values().forEach(this::plan);
        if (faults.kill() > 0) {
            planOutages();
        }
        timeline.at(beganAt + WEEK, () -> destroy(dice));
        timeline.run();
        if (!over) {
            throw promises.violation("it was never destroyed");
        }
        return Totals.of(world, minutes.ticks());
    }

    private void open(Account account) {
        world.accounts.put(account.name, account);
        sageMaker.configurations.add(account.registration.configuration());
    }

    private static Registration registration(String name, String configuration, Schedule schedule, Dice dice) {
        Terms terms = new Terms(
                dice.pick(List.of(120, 480, 480, 1440)),
                dice.chance(0.6) ? dice.pick(List.of(10, 30, 60)) : null,
                dice.chance(0.6) ? dice.pick(List.of(15, 30)) : null,
                dice.chance(0.5) ? OnChange.UPDATE : OnChange.RECREATE,
                dice.pick(List.of(0, 5, 10, 10)),
                dice.chance(0.5) ? new BigDecimal("1.41") : null,
                SageMaker.OWN);
        return new Registration(name, configuration, name, dice.pick(List.of(1, 30, 90, 90)), terms, schedule);
    }

    private Schedule schedule(Dice dice) {
        List<Window> windows = new ArrayList<>();
        for (int i = dice.chance(0.4) ? 1 + dice.below(3) : 0; i > 0; i--) {
            LocalTime start = LocalTime.of(dice.below(dice.chance(0.5) ? 4 : 24), 15 * dice.below(4));
            LocalTime stop = dice.chance(0.2) ? start : start.plusMinutes(15L * (1 + dice.below(40)));
            if (dice.chance(0.3)) {
                LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(beganAt), ZoneOffset.UTC)
                        .plusDays(dice.below(7));
                windows.add(new Window(
                        "once", Set.of(), day, start, stop, dice.pick(ZONES), dice.chance(0.3), instances(dice)));
            } else {
                Set<DayOfWeek> days = new HashSet<>();
                for (DayOfWeek day : DayOfWeek.values()) {
                    if (dice.chance(0.4)) {
                        days.add(day);
                    }
                }
                days.add(DayOfWeek.SUNDAY);
                windows.add(
                        new Window(null, days, null, start, stop, dice.pick(ZONES), dice.chance(0.3), instances(dice)));
            }
        }
        return new Schedule(windows);
    }

    private static @Nullable Integer instances(Dice dice) {
        return dice.chance(0.5) ? 1 + dice.below(4) : null;
    }

    // What is going to happen.

    private void plan(Account account) {
        if (account.adopted) {
            within(2 * DAY, own -> adopt(account, own));
        }
        sometimes(dice.below(18), own -> topUps(account, own));
        sometimes(dice.below(8), own -> stop(account, own));
        sometimes(dice.below(3), own -> reschedule(account, own));
        sometimes(dice.below(4), own -> redeploy(account, own));
        sometimes(dice.below(3), own -> sageMaker.maintain(account.name));
        sometimes(dice.chance(0.1) ? 1 : 0, own -> poison(account, own));
        for (int hour = 0; hour < WEEK / HOUR; hour++) {
            if (dice.chance(faults.outside())) {
                within(WEEK, own -> touchFromOutside(account, own));
            }
        }
        planCalls(account);
    }

    private interface Happening {
        void happens(Dice own);
    }

    private void sometimes(int times, Happening what) {
        for (int i = 0; i < times; i++) {
            within(WEEK, what);
        }
    }

    private void within(long time, Happening what) {
        Dice own = dice.split();
        timeline.at(beganAt + dice.between(0, time - 1), () -> what.happens(own));
    }

    /** Times without any quota, and times in which SageMaker lets no change through. */
    private void planOutages() {
        for (int i = dice.below(4); i > 0; i--) {
            long from = beganAt + dice.between(0, WEEK);
            timeline.at(from, () -> sageMaker.full = true);
            timeline.at(from + dice.between(5 * MINUTE, 10 * HOUR), () -> sageMaker.full = false);
        }
        for (int i = dice.below(3); i > 0; i--) {
            long from = beganAt + dice.between(0, WEEK);
            timeline.at(from, () -> world.refusing = true);
            timeline.at(from + dice.between(MINUTE, 30 * MINUTE), () -> world.refusing = false);
        }
    }

    /** Some hours of work, in which the model is called now and then. */
    private void planCalls(Account account) {
        List<Long> calls = new ArrayList<>();
        for (int i = dice.below(10); i > 0; i--) {
            long at = beganAt + dice.between(0, WEEK);
            for (int j = 1 + dice.below(30); j > 0; j--) {
                at += dice.between(SECOND, dice.chance(0.9) ? 3 * MINUTE : 25 * MINUTE);
                calls.add(at);
            }
        }
        long[] sorted = calls.stream().mapToLong(Long::longValue).sorted().toArray();
        waitForCall(account, sorted, 0, dice.split());
    }

    private void waitForCall(Account account, long[] calls, int next, Dice own) {
        account.nextCallAt = next < calls.length ? calls[next] : Long.MAX_VALUE;
        if (next < calls.length) {
            timeline.quietlyAt(calls[next], () -> {
                call(account, own);
                waitForCall(account, calls, next + 1, own);
            });
        }
    }

    // Who does what.

    /** What a function does; what it throws of the meter's own errors is written down, and nobody minds. */
    private interface Work {
        void of(Run run, Functions functions) throws Registrar.Unfinished;
    }

    /** What a process holds. */
    private static final class Functions {
        final Ports ports;
        final Meters meters;
        final Registrar registrar;

        Functions(Ports ports) {
            this.ports = ports;
            Keeper keeper = new Keeper(ports);
            meters = new Meters(ports, keeper);
            registrar = new Registrar(ports, keeper);
        }

        Instant giveUpAt() {
            return ports.clock().instant().plus(PATIENCE);
        }
    }

    /** A function of its own, as each request is. */
    private void start(String name, long limit, Run.Intent intent, Dice own, Work work) {
        long now = timeline.now();
        Run run = new Run(name, now, limit, intent, own.split(), world.faults);
        timeline.start(now, run, () -> {
            timeline.touch();
            story.detail(() -> name + " begins");
            try {
                work.of(run, new Functions(cloud.ports(run)));
                story.detail(() -> name + " ends");
            } catch (Unavailable | NoSuchMeter | UnreadableRecord | Registrar.Unfinished e) {
                story.detail(() -> name + " fails: " + e.getMessage());
            } finally {
                timeline.touch();
            }
        });
    }

    private interface Effect {
        void enter(long at, MeterRecord after);
    }

    /** A change that may take effect once. */
    private static Run.Intent once(Effect effect) {
        boolean[] done = new boolean[1];
        return (endpoint, at, after) -> {
            boolean first = !done[0];
            done[0] = true;
            if (first) {
                effect.enter(at, after);
            }
            return first;
        };
    }

    /** The first `up`. */
    private void deploy() {
        deploying = true;
        world.accounts.values().stream().filter(account -> !account.adopted).forEach(account -> create(account, dice));
        deploying = false;
    }

    private void create(Account account, Dice own) {
        Run.Intent intent = (endpoint, at, after) -> {
            Ledger ledger = account.ledger;
            if (!ledger.exists) {
                Registration registration = account.registration;
                ledger.exists = true;
                ledger.paidUntil = at
                        + Math.min(
                                        registration.initialMinutes(),
                                        registration.terms().maxMinutes())
                                * MINUTE;
                ledger.paidAt = at;
                ledger.schedule(registration.schedule(), beganAt);
            }
            account.agree();
            return true;
        };
        start("register " + account.name, LONG, intent, own, (run, functions) -> {
            boolean done = false;
            try {
                functions.registrar.create(account.registration);
                done = true;
            } finally {
                if (!done && !destroying) {
                    timeline.at(timeline.now() + run.dice.between(MINUTE, 5 * MINUTE), () -> create(account, run.dice));
                }
            }
        });
    }

    private void adopt(Account account, Dice own) {
        if (destroying) {
            return;
        }
        int minutes = own.pick(List.of(30, 120, 480));
        String configuration = account.registration.configuration();
        account.registration = new Registration(account.name, configuration, null, 0, Terms.ADOPTED, Schedule.NONE);
        if (own.chance(0.5)) {
            sageMaker.create(account.name, own.chance(0.5) ? "by-hand" : configuration, false);
        }
        Run.Intent intent = once((at, after) -> {
            account.ledger.exists = true;
            account.agree();
            account.ledger.topUp(minutes, at);
        });
        start(
                "adopt " + account.name,
                SHORT,
                intent,
                own,
                (run, functions) -> functions.meters.adopt(account.name, configuration, minutes, null));
    }

    private void topUps(Account account, Dice own) {
        int atOnce = own.chance(0.2) ? 4 : 1;
        for (int i = 0; i < atOnce; i++) {
            topUp(account, own.pick(List.of(1, 5, 15, 30, 60, 90, 240, 600)), own);
        }
    }

    private void topUp(Account account, int minutes, Dice own) {
        boolean[] entered = new boolean[1];
        Run.Intent intent = once((at, after) -> {
            account.ledger.topUp(minutes, at);
            entered[0] = true;
        });
        start("top-up of " + account.name + " by " + minutes, SHORT, intent, own, (run, functions) -> {
            functions.meters.topUp(account.name, minutes);
            if (!entered[0]) {
                throw promises.violation("a top-up of " + account.name + " was said to be done, and was not");
            }
        });
    }

    private void stop(Account account, Dice own) {
        Run.Intent intent = once((at, after) ->
                account.ledger.stop(Objects.requireNonNull(after.stoppedAt()).toEpochMilli()));
        start("stop of " + account.name, SHORT, intent, own, (run, functions) -> functions.meters.stop(account.name));
    }

    private void reschedule(Account account, Dice own) {
        Schedule next = account.adopted ? Schedule.NONE : schedule(own); // nobody counts its instances
        Run.Intent intent = once((at, after) -> account.ledger.schedule(next, beganAt));
        start(
                "schedule of " + account.name,
                SHORT,
                intent,
                own,
                (run, functions) -> functions.meters.schedule(account.name, next, null));
    }

    /** Another `up`: new settings, and sometimes a new configuration; the one before is deleted when all is done. */
    private void redeploy(Account account, Dice own) {
        if (deploying || destroying || account.adopted || account.poisoned) {
            return;
        }
        deploying = true;
        Registration before = account.registration;
        String configuration =
                own.chance(0.7) ? account.name + "-c" + account.configurations++ : before.configuration();
        sageMaker.configurations.add(configuration);
        update(account, before, registration(account.name, configuration, before.schedule(), own), own);
    }

    private void update(Account account, Registration before, Registration next, Dice own) {
        Run.Intent intent = (endpoint, at, after) -> {
            account.registration = next;
            account.agree();
            return true;
        };
        start("up of " + account.name + " with " + next.configuration(), LONG, intent, own, (run, functions) -> {
            boolean done = false;
            try {
                functions.registrar.update(next, functions.giveUpAt());
                done = true;
                deploying = false;
                if (!before.configuration().equals(next.configuration())) {
                    retire(before.configuration());
                }
            } finally {
                if (!done) {
                    timeline.at(timeline.now() + run.dice.between(MINUTE, HOUR), () -> {
                        if (destroying || account.poisoned) {
                            deploying = false;
                        } else {
                            update(account, before, next, run.dice);
                        }
                    });
                }
            }
        });
    }

    /** Pulumi deletes it now. */
    private void retire(String configuration) {
        promises.retires(configuration);
        sageMaker.configurations.remove(configuration);
        world.retired.add(configuration);
    }

    private void call(Account account, Dice own) {
        SageMaker.Instance instance = sageMaker.endpoints.get(account.name);
        if (instance != null && instance.serves()) {
            account.invocations.add(Math.floorDiv(timeline.now(), MINUTE) * MINUTE + MINUTE);
            return;
        }
        Run.Intent intent = once((at, after) -> {
            if (account.ledger.runs(at)) {
                throw promises.violation(account.name + " was woken, and had a reason to run");
            }
            account.ledger.wake(at);
        });
        start("call of " + account.name, SHORT, intent, own, (run, functions) -> {
            Ports ports = functions.ports;
            new Bell(ports.table(), ports.clock(), ports.pause(), ports.random()).ring(account.name);
        });
    }

    /** Somebody else touches an endpoint, in the console. */
    private void touchFromOutside(Account account, Dice own) {
        if (destroying) {
            return;
        }
        story.detail(() -> "somebody touches " + account.name);
        SageMaker.Instance instance = sageMaker.endpoints.get(account.name);
        if (instance == null) {
            if (own.chance(0.2)) {
                sageMaker.create(account.name, "by-hand", false);
            }
        } else if (instance.status == Status.IN_SERVICE && instance.serviceAt < timeline.now() - 30 * MINUTE) {
            switch (own.below(3)) {
                case 0 -> sageMaker.delete(account.name, true);
                case 1 -> sageMaker.update(account.name, "by-hand");
                default -> sageMaker.fail(account.name);
            }
        }
    }

    /** Somebody writes nonsense into a row. */
    private void poison(Account account, Dice own) {
        MeterTable.Row row = world.rows.get(account.name);
        if (row == null || destroying) {
            return;
        }
        story.detail(() -> "poison for " + account.name);
        account.poisoned = true;
        String nonsense =
                own.pick(List.of("", "{", "[]", "{\"endpoint\":\"" + account.name + "\",\"paidUntil\":\"soon\"}"));
        world.rows.put(account.name, new MeterTable.Row(account.name, row.version() + 1, nonsense));
    }

    // The end.

    private void destroy(Dice own) {
        destroying = true;
        attempts++;
        if (attempts > 20) {
            world.faults = faults.calmer();
            world.refusing = false;
        }
        if (attempts > 40) {
            throw promises.violation("destroy does not come to an end");
        }
        List<String> declared = new ArrayList<>();
        world.accounts.values().stream()
                .filter(account -> !account.adopted)
                .forEach(account -> declared.add(account.name));
        destroy(declared, own);
    }

    /** One declared meter after the other, then those that were adopted. */
    private void destroy(List<String> declared, Dice own) {
        String endpoint = declared.isEmpty() ? null : declared.get(0);
        Run.Intent intent = (changed, at, after) -> {
            boolean mayLeave = endpoint == null || endpoint.equals(changed);
            if (mayLeave && after.leaving()) {
                world.account(changed).ledger.leaving = true;
            }
            return mayLeave;
        };
        start("destroy of " + (endpoint == null ? "the rest" : endpoint), LONG, intent, own, (run, functions) -> {
            boolean done = false;
            try {
                if (endpoint == null) {
                    functions.registrar.deleteAll(functions.giveUpAt());
                    world.accounts.keySet().forEach(promises::gone);
                    timeline.at(timeline.now() + AFTERWARDS, this::end);
                } else {
                    functions.registrar.delete(endpoint, functions.giveUpAt());
                    promises.gone(endpoint);
                    timeline.at(timeline.now(), () -> destroy(declared.subList(1, declared.size()), run.dice));
                }
                done = true;
            } finally {
                if (!done) {
                    timeline.at(timeline.now() + run.dice.between(SECOND, 20 * MINUTE), () -> destroy(run.dice));
                }
            }
        });
    }

    private void end() {
        promises.over();
        minutes.end();
        over = true;
    }
}
