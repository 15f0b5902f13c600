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
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.meter.Bell;
import parkmeter.lambda.meter.Endpoints;
import parkmeter.lambda.meter.Failure;
import parkmeter.lambda.meter.Keeper;
import parkmeter.lambda.meter.MeterRecord;
import parkmeter.lambda.meter.MeterTable;
import parkmeter.lambda.meter.Meters;
import parkmeter.lambda.meter.NoSuchMeter;
import parkmeter.lambda.meter.Notice;
import parkmeter.lambda.meter.OnChange;
import parkmeter.lambda.meter.Ports;
import parkmeter.lambda.meter.Registrar;
import parkmeter.lambda.meter.Registration;
import parkmeter.lambda.meter.Schedule;
import parkmeter.lambda.meter.Status;
import parkmeter.lambda.meter.Terms;
import parkmeter.lambda.meter.Tick;
import parkmeter.lambda.meter.Unavailable;
import parkmeter.lambda.meter.UnreadableRecord;
import parkmeter.lambda.meter.Window;

/** One random week of some meters, from the first deployment to the last destroy, and what must hold in it. */
final class History implements Cloud.Watch {
    private static final long SECOND = SageMaker.SECOND;
    private static final long MINUTE = SageMaker.MINUTE;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    /** As long as a step may find anything to do after the last thing that happened. */
    private static final long HOT = 5 * MINUTE;

    private static final long METRIC_DELAY = 2 * MINUTE;

    /** Ticks that may pass without a fault before what has to be done is done. */
    private static final int TICKS = 2;

    /** After a fault a lease may have to run out. */
    private static final long LEASE = 3 * MINUTE;

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

    /** What a week came to. */
    record Totals(long ticks, long paidMillis, long oracleMillis, long servedMillis, int endpoints, int notices) {}

    private final Timeline timeline;
    private final SplittableRandom random;
    private final boolean verbose;
    private final boolean everyMinute;
    private final SageMaker sageMaker;
    private final Cloud cloud;
    private final Faults faults;
    private final boolean calm;
    private final long beganAt;
    private final long endsAt;
    private final TreeMap<String, Account> accounts = new TreeMap<>();
    private final Set<String> retired = new HashSet<>();
    private final List<String> lines = new ArrayList<>();
    private long hotUntil;
    private long ticks;
    private long nextMinute;
    private long plans;
    private boolean destroying;
    private boolean destroyed;
    private long destroyedAt;
    private boolean deploying;
    private int tries;

    /** Everything about one endpoint. */
    private static final class Account {
        final String name;
        final boolean adopted;
        final Ledger ledger = new Ledger();
        Registration registration;
        int configurations = 1;
        /** True once somebody wrote nonsense into its row: from then on only its end counts. */
        boolean poisoned;

        long demandAt;
        long demandMillis;
        long wasteMillis;
        long lastChangeAt = Ledger.NEVER;
        /** Sound ticks that left it missing, or on an old configuration. */
        int missing;

        int drifted;
        int refusalsAnswered;
        final Map<String, Run> published = new HashMap<>();
        final Map<Notice.Kind, Integer> told = new HashMap<>();

        @Nullable
        String lastEnd;

        long lastEndAt = Ledger.NEVER;

        Account(String name, boolean adopted, Registration registration) {
            this.name = name;
            this.adopted = adopted;
            this.registration = registration;
        }
    }

    History(long seed, Timeline timeline, boolean verbose) {
        this.timeline = timeline;
        this.verbose = verbose;
        random = new SplittableRandom(seed);
        LocalDate first = WEEKS.get(random.nextInt(WEEKS.size()));
        beganAt = first.atStartOfDay(ZoneOffset.UTC).toEpochSecond() * 1000 + random.nextLong(DAY);
        endsAt = beganAt + 7 * DAY;
        faults = pick(List.of(Faults.CALM, Faults.USUAL, Faults.USUAL, Faults.BAD, Faults.WORST));
        calm = faults.kill() == 0;
        everyMinute = random.nextInt(100) == 0;
        timeline.begin(beganAt);
        sageMaker = new SageMaker(timeline, random.split(), faults.failing(), this::hot);
        cloud = new Cloud(timeline, sageMaker, random.split(), this, random.nextInt(50) == 0);
        cloud.faults = faults;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    private long between(long least, long most) {
        return least + random.nextLong(most - least + 1);
    }

    // What happens.

    Totals run() {
        int models = 1 + random.nextInt(2);
        for (int i = 0; i < models; i++) {
            String name = "m" + i;
            open(new Account(name, false, registration(name, name + "-c0", schedule())));
        }
        if (random.nextInt(3) == 0) {
            open(new Account("x-adopted", true, registration("x-adopted", "x-adopted-c0", Schedule.NONE)));
        }
        sageMaker.configurations.add("by-hand");
        for (int i = random.nextInt(3); i > 0; i--) {
            sageMaker.create("aside-" + i, "by-hand", false); // not on any meter
        }
        deploy();
        minute(beganAt);
        plan();
        timeline.at(endsAt, this::destroy);
        timeline.run();
        if (!destroyed) {
            throw violation("it was never destroyed");
        }
        return totals();
    }

    private void open(Account account) {
        accounts.put(account.name, account);
        sageMaker.configurations.add(account.registration.configuration());
        account.demandAt = beganAt;
    }

    private Registration registration(String name, String configuration, Schedule schedule) {
        Terms terms = new Terms(
                pick(List.of(120, 480, 480, 1440)),
                chance(0.6) ? pick(List.of(10, 30, 60)) : null,
                chance(0.6) ? pick(List.of(15, 30)) : null,
                chance(0.5) ? OnChange.UPDATE : OnChange.RECREATE,
                pick(List.of(0, 5, 10, 10)),
                chance(0.5) ? new BigDecimal("1.41") : null);
        return new Registration(name, configuration, name, pick(List.of(1, 30, 90, 90)), terms, schedule);
    }

    private Schedule schedule() {
        List<Window> windows = new ArrayList<>();
        for (int i = chance(0.4) ? 1 + random.nextInt(3) : 0; i > 0; i--) {
            LocalTime start = LocalTime.of(random.nextInt(chance(0.5) ? 4 : 24), 15 * random.nextInt(4));
            LocalTime stop = chance(0.2) ? start : start.plusMinutes(15L * (1 + random.nextInt(40)));
            if (chance(0.3)) {
                LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(beganAt), ZoneOffset.UTC);
                windows.add(new Window(
                        "once", Set.of(), day.plusDays(random.nextInt(7)), start, stop, pick(ZONES), chance(0.3)));
            } else {
                Set<DayOfWeek> days = new HashSet<>();
                for (DayOfWeek day : DayOfWeek.values()) {
                    if (chance(0.4)) {
                        days.add(day);
                    }
                }
                days.add(DayOfWeek.SUNDAY);
                windows.add(new Window(null, days, null, start, stop, pick(ZONES), chance(0.3)));
            }
        }
        return new Schedule(windows);
    }

    private void plan() {
        for (Account account : accounts.values()) {
            if (account.adopted) {
                timeline.at(beganAt + between(0, 2 * DAY), () -> adopt(account));
            }
            int topUps = random.nextInt(18);
            for (int i = 0; i < topUps; i++) {
                timeline.at(sometime(), () -> topUps(account));
            }
            for (int i = random.nextInt(8); i > 0; i--) {
                timeline.at(sometime(), () -> stop(account));
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                timeline.at(sometime(), () -> reschedule(account));
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                timeline.at(sometime(), () -> redeploy(account));
            }
            for (int i = random.nextInt(10); i > 0; i--) {
                timeline.at(sometime(), () -> session(account));
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                timeline.at(sometime(), () -> sageMaker.maintain(account.name));
            }
            for (int i = 0; i < 7 * 24; i++) {
                if (chance(faults.outside())) {
                    timeline.at(sometime(), () -> outside(account));
                }
            }
            if (chance(0.1)) {
                timeline.at(sometime(), () -> poison(account));
            }
        }
        for (int i = calm ? 0 : random.nextInt(4); i > 0; i--) {
            long from = sometime();
            timeline.at(from, () -> sageMaker.full = true);
            timeline.at(from + between(5 * MINUTE, 10 * HOUR), () -> sageMaker.full = false);
        }
        for (int i = calm ? 0 : random.nextInt(3); i > 0; i--) {
            long from = sometime();
            timeline.at(from, () -> cloud.refusing = true);
            timeline.at(from + between(MINUTE, 30 * MINUTE), () -> cloud.refusing = false);
        }
    }

    private long sometime() {
        return beganAt + random.nextLong(7 * DAY);
    }

    /** A function of its own, as each request and each tick is. */
    private void start(String name, long limit, Run.@Nullable Intent intent, Work work) {
        hot();
        long now = timeline.now();
        Run run = new Run(name, now, now + limit, intent);
        timeline.start(now, run, () -> {
            log(() -> "begins " + name);
            try {
                work.of(run, new Functions(cloud.ports()));
            } finally {
                hot();
                log(() -> "ends " + name);
            }
        });
    }

    private interface Work {
        void of(Run run, Functions functions);
    }

    /** What a process holds. */
    private static final class Functions {
        final Ports ports;
        final Keeper keeper;
        final Meters meters;
        final Registrar registrar;
        final Bell bell;
        final Tick tick;

        Functions(Ports ports) {
            this.ports = ports;
            keeper = new Keeper(ports);
            meters = new Meters(ports, keeper);
            registrar = new Registrar(ports, keeper);
            bell = new Bell(ports.table(), ports.clock(), ports.pause(), ports.random());
            tick = new Tick(ports, keeper, Runnable::run);
        }
    }

    private void minute(long at) {
        nextMinute = at;
        long plan = ++plans;
        timeline.quietlyAt(at, () -> {
            if (plans != plan) {
                return; // something happened, and the next minute came earlier
            }
            if (destroyed && timeline.now() > destroyedAt + 3 * HOUR) {
                check();
                return;
            }
            if (chance(cloud.faults.skip())) {
                disturbed();
            } else {
                tick(timeline.now() + between(0, 2 * SECOND));
                if (chance(cloud.faults.twice())) {
                    tick(timeline.now() + between(0, 5 * SECOND));
                }
            }
            minute(next(at + MINUTE));
        });
    }

    /** The next minute in which a tick could find anything to do. */
    private long next(long minute) {
        if (everyMinute || minute < hotUntil + MINUTE) {
            return minute;
        }
        long now = timeline.now();
        long next = Math.min(timeline.nextLoud(), now + 4 * HOUR);
        for (Account account : accounts.values()) {
            for (long moment : moments(account)) {
                if (moment > now - HOT && moment < next) {
                    next = moment;
                }
            }
        }
        return Math.max(minute, minute + Math.floorDiv(next - minute, MINUTE) * MINUTE);
    }

    private List<Long> moments(Account account) {
        List<Long> moments = new ArrayList<>();
        Ledger ledger = account.ledger;
        long before = account.registration.terms().beforeStopMinutes() * MINUTE;
        moments.add(ledger.paidUntil);
        moments.add(ledger.paidUntil - before);
        for (Ledger.Open open : ledger.openings) {
            moments.add(open.from());
            moments.add(open.to());
            moments.add(open.to() - before);
        }
        MeterRecord record = record(account);
        if (record != null && record.failure() != null) {
            moments.add(record.failure().retryAt().toEpochMilli());
        }
        SageMaker.Instance instance = sageMaker.endpoints.get(account.name);
        if (instance != null && ledger.idleMinutes > 0) {
            moments.add(idleFrom(account, instance));
        }
        return moments;
    }

    private void hot() {
        warm(HOT);
    }

    private void warm(long time) {
        long now = timeline.now();
        hotUntil = Math.max(hotUntil, now + time);
        if (nextMinute > now + MINUTE) {
            minute(nextMinute - Math.floorDiv(nextMinute - now - 1, MINUTE) * MINUTE);
        }
    }

    private @Nullable MeterRecord record(Account account) {
        MeterTable.Row row = cloud.rows.get(account.name);
        try {
            return row == null ? null : row.record();
        } catch (UnreadableRecord e) {
            return null;
        }
    }

    // Who does what.

    private void tick(long at) {
        Run run = new Run("tick " + ticks, at, at + MINUTE, null);
        ticks++;
        timeline.start(at, run, () -> {
            Map<String, Boolean> reasons = new HashMap<>();
            accounts.values().forEach(account -> reasons.put(account.name, reason(account)));
            try {
                Tick.Report report = new Functions(cloud.ports()).tick.run(Duration.ofSeconds(40));
                log(() -> run + ": " + report);
                if (report.late() == 0) {
                    accounts.values()
                            .forEach(account -> after(run, account, reasons.getOrDefault(account.name, false)));
                }
            } catch (Unavailable e) {
                log(() -> run + " fails");
            }
        });
    }

    private void deploy() {
        deploying = true;
        List<Account> declared =
                accounts.values().stream().filter(account -> !account.adopted).toList();
        for (Account account : declared) {
            create(account);
        }
        deploying = false;
    }

    private void create(Account account) {
        Run.Intent intent = (endpoint, at, after) -> {
            Ledger ledger = account.ledger;
            if (!ledger.exists) {
                ledger.exists = true;
                Registration registration = account.registration;
                ledger.paidUntil = at
                        + Math.min(
                                        registration.initialMinutes(),
                                        registration.terms().maxMinutes())
                                * MINUTE;
                ledger.paidAt = at;
                ledger.schedule(registration.schedule(), beganAt);
            }
            terms(account);
            return true;
        };
        start("register " + account.name, 15 * MINUTE, intent, (run, functions) -> {
            boolean done = false;
            try {
                functions.registrar.create(account.registration);
                done = true;
            } catch (Unavailable e) {
                log(() -> run + " fails");
            } finally {
                if (!done && !destroying) {
                    timeline.at(timeline.now() + between(MINUTE, 5 * MINUTE), () -> create(account));
                }
            }
        });
    }

    private static void terms(Account account) {
        Terms terms = account.registration.terms();
        account.ledger.maxMinutes = terms.maxMinutes();
        account.ledger.idleMinutes = Objects.requireNonNullElse(terms.idleMinutes(), -1);
        account.ledger.wakeMinutes = Objects.requireNonNullElse(terms.wakeMinutes(), -1);
    }

    private void adopt(Account account) {
        if (destroying) {
            return;
        }
        int minutes = pick(List.of(30, 120, 480));
        account.registration = new Registration(
                account.name, account.registration.configuration(), null, 0, Terms.ADOPTED, Schedule.NONE);
        if (chance(0.5)) {
            sageMaker.create(account.name, chance(0.5) ? "by-hand" : account.registration.configuration(), false);
        }
        Run.Intent intent = once((at, after) -> {
            account.ledger.exists = true;
            account.ledger.paidUntil = Math.max(account.ledger.paidUntil, 0);
            terms(account);
            account.ledger.topUp(minutes, at);
        });
        start("adopt " + account.name, 29 * SECOND, intent, (run, functions) -> {
            try {
                functions.meters.adopt(account.name, account.registration.configuration(), minutes, null);
            } catch (Unavailable | NoSuchMeter e) {
                log(() -> run + " fails");
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

    private void topUps(Account account) {
        int most = chance(0.2) ? 4 : 1;
        for (int i = 0; i < most; i++) {
            topUp(account, pick(List.of(1, 5, 15, 30, 60, 90, 240, 600)));
        }
    }

    private void topUp(Account account, int minutes) {
        boolean[] entered = new boolean[1];
        Run.Intent once = once((at, after) -> {
            account.ledger.topUp(minutes, at);
            entered[0] = true;
        });
        start("top-up " + account.name + " " + minutes, 29 * SECOND, once, (run, functions) -> {
            try {
                functions.meters.topUp(account.name, minutes);
                if (!entered[0]) {
                    throw violation("a top-up of " + account.name + " was said to be done, and was not");
                }
            } catch (Unavailable | NoSuchMeter | UnreadableRecord e) {
                log(() -> run + " fails: " + e.getMessage());
            }
        });
    }

    private void stop(Account account) {
        Run.Intent once = once((at, after) ->
                account.ledger.stop(Objects.requireNonNull(after.stoppedAt()).toEpochMilli()));
        start("stop " + account.name, 29 * SECOND, once, (run, functions) -> {
            try {
                functions.meters.stop(account.name);
            } catch (Unavailable | NoSuchMeter | UnreadableRecord e) {
                log(() -> run + " fails: " + e.getMessage());
            }
        });
    }

    private void reschedule(Account account) {
        Schedule next = schedule();
        Run.Intent once = once((at, after) -> account.ledger.schedule(next, beganAt));
        start("schedule " + account.name, 29 * SECOND, once, (run, functions) -> {
            try {
                functions.meters.schedule(account.name, next, null);
            } catch (Unavailable | NoSuchMeter | UnreadableRecord e) {
                log(() -> run + " fails: " + e.getMessage());
            }
        });
    }

    /** Another `up`: new settings, and sometimes a new configuration; the one before is deleted when all is done. */
    private void redeploy(Account account) {
        if (deploying || destroying || account.adopted || account.poisoned) {
            return;
        }
        deploying = true;
        Registration before = account.registration;
        String configuration = chance(0.7) ? account.name + "-c" + account.configurations++ : before.configuration();
        sageMaker.configurations.add(configuration);
        Registration next = registration(account.name, configuration, before.schedule());
        update(account, before, next, 0);
    }

    private void update(Account account, Registration before, Registration next, int attempt) {
        Run.Intent intent = (endpoint, at, after) -> {
            account.registration = next;
            terms(account);
            return true;
        };
        start("up " + account.name + " " + next.configuration(), 15 * MINUTE, intent, (run, functions) -> {
            boolean done = false;
            try {
                functions.registrar.update(
                        next, functions.ports.clock().instant().plus(Duration.ofMinutes(14)));
                done = true;
                deploying = false;
                if (!before.configuration().equals(next.configuration())) {
                    retire(before.configuration());
                }
            } catch (Unavailable | UnreadableRecord | Registrar.Unfinished e) {
                log(() -> run + " fails: " + e.getMessage());
            } finally {
                if (!done) {
                    timeline.at(timeline.now() + between(MINUTE, HOUR), () -> {
                        if (destroying || account.poisoned) {
                            deploying = false;
                        } else {
                            update(account, before, next, attempt + 1);
                        }
                    });
                }
            }
        });
    }

    /** Pulumi deletes it now. */
    private void retire(String configuration) {
        for (SageMaker.Instance instance : sageMaker.endpoints.values()) {
            if (instance.configuration.equals(configuration)) {
                throw violation("the configuration " + configuration + " goes, and is used by " + instance);
            }
        }
        sageMaker.configurations.remove(configuration);
        retired.add(configuration);
    }

    private void session(Account account) {
        long at = timeline.now();
        int calls = 1 + random.nextInt(30);
        for (int i = 0; i < calls; i++) {
            at += between(SECOND, chance(0.9) ? 3 * MINUTE : 25 * MINUTE);
            timeline.quietlyAt(at, () -> call(account));
        }
    }

    private void call(Account account) {
        SageMaker.Instance instance = sageMaker.endpoints.get(account.name);
        if (instance != null && serves(instance)) {
            cloud.invoked(account.name);
            return;
        }
        Run.Intent once = once((at, after) -> {
            if (account.ledger.runs(at)) {
                throw violation(account.name + " was woken, and had a reason to run");
            }
            account.ledger.wake(at);
        });
        start("call of " + account.name, 29 * SECOND, once, (run, functions) -> {
            try {
                functions.bell.ring(account.name);
            } catch (Unavailable | UnreadableRecord e) {
                log(() -> run + " fails: " + e.getMessage());
            }
        });
    }

    private static boolean serves(SageMaker.Instance instance) {
        return switch (instance.status) {
            case IN_SERVICE, UPDATING, SYSTEM_UPDATING, ROLLING_BACK, UPDATE_ROLLBACK_FAILED -> true;
            default -> false;
        };
    }

    /** Somebody else touches an endpoint, in the console. */
    private void outside(Account account) {
        SageMaker.Instance instance = sageMaker.endpoints.get(account.name);
        if (destroying) {
            return;
        }
        if (instance == null) {
            if (chance(0.2)) {
                sageMaker.create(account.name, "by-hand", false);
            }
        } else if (instance.status == Status.IN_SERVICE && instance.serviceAt < timeline.now() - 30 * MINUTE) {
            switch (random.nextInt(3)) {
                case 0 -> sageMaker.delete(account.name, true);
                case 1 -> sageMaker.update(account.name, "by-hand");
                default -> sageMaker.fail(account.name);
            }
        }
        log(() -> "somebody touches " + account.name);
        hot();
    }

    private void poison(Account account) {
        MeterTable.Row row = cloud.rows.get(account.name);
        if (row != null && !destroying) {
            log(() -> "poison for " + account.name);
            account.poisoned = true;
            cloud.rows.put(
                    account.name,
                    new MeterTable.Row(
                            account.name,
                            row.version() + 1,
                            pick(List.of(
                                    "", "{", "[]", "{\"endpoint\":\"" + account.name + "\",\"paidUntil\":\"soon\"}"))));
        }
    }

    private void destroy() {
        if (!destroying) {
            destroying = true;
            log(() -> "destroy");
        }
        tries++;
        if (tries > 20) {
            cloud.faults = faults.calmer();
            cloud.refusing = false;
        }
        if (tries > 40) {
            throw violation("destroy does not come to an end");
        }
        List<String> declared = new ArrayList<>();
        accounts.values().stream().filter(account -> !account.adopted).forEach(account -> declared.add(account.name));
        destroy(declared, 0);
    }

    private void destroy(List<String> declared, int next) {
        Run.Intent intent = (endpoint, at, after) -> {
            boolean mayLeave = next >= declared.size() || endpoint.equals(declared.get(next));
            if (mayLeave && after.leaving()) {
                Objects.requireNonNull(accounts.get(endpoint)).ledger.leaving = true;
            }
            return mayLeave;
        };
        start("destroy " + next, 15 * MINUTE, intent, (run, functions) -> {
            boolean done = false;
            try {
                Instant giveUpAt = functions.ports.clock().instant().plus(Duration.ofMinutes(14));
                if (next < declared.size()) {
                    functions.registrar.delete(declared.get(next), giveUpAt);
                    gone(declared.get(next));
                    done = true;
                    timeline.at(timeline.now(), () -> destroy(declared, next + 1));
                } else {
                    functions.registrar.deleteAll(giveUpAt);
                    accounts.keySet().forEach(this::gone);
                    done = true;
                    destroyed = true;
                    destroyedAt = timeline.now();
                }
            } catch (Unavailable | Registrar.Unfinished e) {
                log(() -> run + " fails: " + e.getMessage());
            } finally {
                if (!done) {
                    timeline.at(timeline.now() + between(SECOND, 20 * MINUTE), this::destroy);
                }
            }
        });
    }

    private void gone(String name) {
        Account account = Objects.requireNonNull(accounts.get(name));
        if (!account.ledger.exists && account.adopted) {
            return;
        }
        if (sageMaker.endpoints.containsKey(name)) {
            throw violation("destroyed, and there is " + sageMaker.endpoints.get(name));
        }
        if (cloud.rows.containsKey(name)) {
            throw violation("destroyed, and there is the record of " + name);
        }
    }

    // What must hold.

    private AssertionError violation(String what) {
        log(() -> "VIOLATION " + what);
        return new AssertionError(Instant.ofEpochMilli(timeline.now()) + ": " + what);
    }

    /** When it counts as idle, from what really was called. */
    private long idleFrom(Account account, SageMaker.Instance instance) {
        TreeSet<Long> calls = cloud.invocations.get(account.name);
        long last = calls == null || calls.isEmpty() ? Ledger.NEVER : calls.last();
        last = Math.max(Math.max(last, account.ledger.paidAt), instance.serviceAt);
        return last + account.ledger.idleMinutes * MINUTE + METRIC_DELAY;
    }

    private boolean reason(Account account) {
        Ledger ledger = account.ledger;
        long now = timeline.now();
        SageMaker.Instance instance = sageMaker.endpoints.get(account.name);
        boolean idle = instance != null
                && ledger.idleMinutes > 0
                && instance.status == Status.IN_SERVICE
                && !ledger.held(now)
                && now >= idleFrom(account, instance);
        boolean runs = ledger.runs(now) && !idle;
        if (runs) {
            ledger.reasonAt = now;
        }
        return runs;
    }

    /** After a tick: what one that met no fault must have done. */
    private void after(Run run, Account account, boolean reasonBefore) {
        boolean reason = reason(account);
        MeterRecord record = record(account);
        SageMaker.Instance instance = sageMaker.endpoints.get(account.name);
        if (account.poisoned || record == null || !run.sound(account.name)) {
            return;
        }
        long quietSince = Math.max(
                Math.max(cloud.disturbedAt.getOrDefault(account.name, Ledger.NEVER), cloud.allDisturbedAt),
                Math.max(account.lastChangeAt, beganAt));
        boolean settled = quietSince + LEASE < run.startedAt;
        boolean unwanted = !reason && !reasonBefore && account.ledger.reasonAt < run.startedAt;
        if (instance == null) {
            boolean wanted = reason && reasonBefore && settled && !mustWait(record, Failure.What.START);
            boolean absentSince = lastGone(account) < run.startedAt;
            account.missing = wanted && absentSince ? account.missing + 1 : 0;
            if (account.missing > TICKS) {
                throw violation(account.name + " has a reason to run, and does not: " + record);
            }
        } else {
            account.missing = 0;
            boolean deletable = instance.deletableSince >= 0 && instance.deletableSince < run.startedAt;
            boolean broken = instance.status == Status.FAILED
                    || instance.status == Status.OUT_OF_SERVICE
                    || instance.status == Status.UPDATE_ROLLBACK_FAILED;
            if (deletable && (unwanted || broken)) {
                instance.unreasonable++;
                if (instance.unreasonable >= TICKS) {
                    throw violation(instance + " runs without a reason: " + record);
                }
            } else if (reason || !deletable) {
                instance.unreasonable = 0;
            }
            boolean drifts = deletable
                    && reason
                    && reasonBefore
                    && settled
                    && instance.status == Status.IN_SERVICE
                    && !instance.configuration.equals(record.configuration())
                    && !mustWait(record, Failure.What.CHANGE);
            account.drifted = drifts ? account.drifted + 1 : 0;
            if (account.drifted > TICKS + 2) {
                throw violation(instance + " is not moved to " + record.configuration() + ": " + record);
            }
        }
    }

    private long lastGone(Account account) {
        long last = Ledger.NEVER;
        for (int i = sageMaker.all.size() - 1; i >= 0 && i >= sageMaker.all.size() - 50; i--) {
            SageMaker.Instance instance = sageMaker.all.get(i);
            if (instance.name.equals(account.name)) {
                return instance.goneAt;
            }
        }
        return last;
    }

    private boolean mustWait(MeterRecord record, Failure.What what) {
        Failure failure = record.failure();
        return failure != null
                && failure.what() == what
                && failure.streak() > 0
                && timeline.now() < failure.retryAt().toEpochMilli();
    }

    @Override
    public void put(Run run, long askedAt, MeterTable.@Nullable Row before, MeterTable.Row after) {
        hot();
        Account account = accounts.get(after.endpoint());
        if (account == null) {
            throw violation("a record of " + after.endpoint());
        }
        MeterRecord next = after.record();
        MeterRecord last = readable(before);
        advance(account);
        Ledger ledger = account.ledger;
        boolean changes = last == null
                || !last.paidUntil().equals(next.paidUntil())
                || !Objects.equals(last.paidAt(), next.paidAt())
                || !Objects.equals(last.stoppedAt(), next.stoppedAt())
                || !last.schedule().equals(next.schedule())
                || !last.terms().equals(next.terms())
                || !last.configuration().equals(next.configuration())
                || last.leaving() != next.leaving();
        if (changes) {
            if (run.intent == null || !run.intent.takesEffect(account.name, askedAt, next)) {
                throw violation(run + " changed " + account.name + " once too often: " + last + " to " + next);
            }
            account.lastChangeAt = timeline.now();
        }
        log(() -> run + " wrote " + account.name + " " + next.phase() + " paid until " + next.paidUntil() + " idle "
                + next.idleAt() + " outbox " + next.outbox().size());
        if (account.poisoned) {
            return;
        }
        idleChange(account, last, next, askedAt);
        same(account, "paid until", next.paidUntil(), ledger.paidUntil);
        same(account, "stopped at", next.stoppedAt(), ledger.stoppedAt);
        same(account, "idle at", next.idleAt(), ledger.idleAt);
        if (!next.schedule().equals(ledger.schedule)) {
            throw violation("the schedule of " + account.name + " is lost");
        }
        backsOff(account, last, next);
        reason(account);
    }

    private static @Nullable MeterRecord readable(MeterTable.@Nullable Row row) {
        try {
            return row == null ? null : row.record();
        } catch (UnreadableRecord e) {
            return null;
        }
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
        TreeSet<Long> calls = cloud.invocations.getOrDefault(account.name, new TreeSet<>());
        if (idleAt == null) {
            if (ledger.idleAt != NEVER_IDLE && calls.higher(ledger.idleAt) == null && ledger.paidAt != at) {
                throw violation(account.name + " is idle no more, and nobody called it");
            }
            ledger.idleAt = Ledger.NEVER;
            return;
        }
        SageMaker.Instance instance = sageMaker.endpoints.get(account.name);
        long idle = ledger.idleMinutes * MINUTE;
        Long seen = calls.floor(at - 3 * MINUTE - 20 * SECOND);
        if (instance == null
                || ledger.idleMinutes < 0
                || ledger.held(at)
                || (seen != null && seen > at - idle)
                || at - instance.serviceAt < idle
                || at - ledger.paidAt < idle) {
            throw violation(account.name + " is stopped as idle, and is not: " + instance);
        }
        ledger.idleAt = idleAt.toEpochMilli();
        Long call = calls.floor(at);
        long useless = Math.max(instance.serviceAt, call == null ? Ledger.NEVER : call);
        account.wasteMillis += Math.max(0, at - Math.max(useless, ledger.paidAt));
    }

    private static final long NEVER_IDLE = Ledger.NEVER;

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

    @Override
    public void forgotten(MeterTable.Row row) {
        hot();
        String endpoint = row.endpoint();
        Account account = Objects.requireNonNull(accounts.get(endpoint));
        advance(account);
        account.ledger.exists = false;
        for (Notice notice : row.record().outbox()) {
            if (account.published.containsKey(notice.id())) {
                continue;
            }
            if (notice.at().toEpochMilli() > timeline.now() - 10 * MINUTE) {
                throw violation("the record goes, and nobody was told " + notice);
            }
            account.told.merge(notice.kind(), 1, Integer::sum); // ten minutes of failures: it is given up
        }
        if (sageMaker.endpoints.containsKey(endpoint)) {
            throw violation("the record goes, and there is " + sageMaker.endpoints.get(endpoint));
        }
    }

    @Override
    public void creates(Run run, String endpoint, String configuration, boolean another) {
        hot();
        log(() -> run + " creates " + endpoint + " with " + configuration);
        Account account = Objects.requireNonNull(accounts.get(endpoint));
        SageMaker.Instance instance = sageMaker.endpoints.get(endpoint);
        if (another || (instance != null && instance.ours)) {
            throw violation("two creates for one start of " + endpoint + ": " + instance);
        }
        if (retired.contains(configuration)) {
            throw violation(endpoint + " is created with " + configuration + ", which is gone");
        }
        if (account.poisoned) {
            return;
        }
        if (!reason(account)
                && account.ledger.reasonAt < timeline.now() - MINUTE
                && account.lastChangeAt < timeline.now() - MINUTE) {
            throw violation(endpoint + " is created without a reason");
        }
        MeterRecord record = record(account);
        if (record != null
                && mustWait(record, Failure.What.START)
                && record.failure() != null
                && record.failure().at().toEpochMilli() < timeline.now() - MINUTE) {
            throw violation(endpoint + " is created too early after " + record.failure());
        }
    }

    @Override
    public void created(Run run, String endpoint, Endpoints.Outcome outcome) {
        log(() -> run + " created " + endpoint + ": " + outcome);
        if (outcome instanceof Endpoints.Outcome.LimitExceeded || outcome instanceof Endpoints.Outcome.Refused) {
            Objects.requireNonNull(accounts.get(endpoint)).refusalsAnswered++;
        }
    }

    @Override
    public void deletes(Run run, String endpoint) {
        hot();
        log(() -> run + " deletes " + endpoint);
        Account account = Objects.requireNonNull(accounts.get(endpoint));
        SageMaker.Instance instance = sageMaker.endpoints.get(endpoint);
        long now = timeline.now();
        long early = now - MINUTE - 10 * SECOND;
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

    @Override
    public void published(Run run, Notice notice) {
        Account account = Objects.requireNonNull(accounts.get(notice.endpoint()));
        log(() -> run + " tells " + notice);
        Run first = account.published.put(notice.id(), run);
        if (first != null) {
            if (first.sound(account.name) && first.over()) {
                throw violation("twice: " + notice + " by " + first + " and " + run);
            }
            return;
        }
        account.told.merge(notice.kind(), 1, Integer::sum);
        if (notice.kind() == Notice.Kind.STOPS_SOON) {
            if (notice.text().equals(account.lastEnd) && account.lastChangeAt < account.lastEndAt) {
                throw violation("warned of the same end again: " + notice);
            }
            account.lastEnd = notice.text();
            account.lastEndAt = timeline.now();
        }
    }

    @Override
    public void disturbed() {
        warm(2 * MINUTE); // what it was about to do, if anything, the next tick does
    }

    @Override
    public void log(Supplier<String> line) {
        if (verbose) {
            lines.add(Instant.ofEpochMilli(timeline.now()) + " " + line.get());
        }
    }

    /** What happened, where somebody wants to know. */
    List<String> lines() {
        return Collections.unmodifiableList(lines);
    }

    /** At the very end. */
    private void check() {
        accounts.keySet().forEach(this::gone);
        if (!cloud.mirror.isEmpty()) {
            throw violation("the mirror still holds " + cloud.mirror);
        }
        for (Account account : accounts.values()) {
            if (!account.poisoned) {
                notices(account);
            }
        }
    }

    private void notices(Account account) {
        int started = 0;
        int readyAtLeast = 0;
        int readyAtMost = 0;
        int stoppedAtLeast = 0;
        int stoppedAtMost = 0;
        int failedAtLeast = 0;
        int failedAtMost = account.refusalsAnswered;
        int foreign = 0;
        for (SageMaker.Instance instance : sageMaker.all) {
            if (!instance.name.equals(account.name)) {
                continue;
            }
            boolean byMeter = instance.deletedAt >= 0 && !instance.deletedOutside;
            if (instance.ours) {
                started++;
            } else {
                foreign++;
            }
            boolean failed = instance.failedAt >= 0;
            if (instance.serviceAt >= 0) {
                readyAtMost++;
                readyAtLeast += byMeter && !failed ? 1 : 0;
            }
            stoppedAtMost++;
            stoppedAtLeast += !failed && byMeter ? 1 : 0;
            boolean seenFailing = failed && byMeter && instance.deletedAt > instance.failedAt + 2 * MINUTE;
            failedAtLeast += seenFailing ? 1 : 0;
            failedAtMost += 1 + instance.updates;
        }
        within(account, Notice.Kind.STARTED, started, started + foreign);
        within(account, Notice.Kind.READY, readyAtLeast, readyAtMost);
        within(account, Notice.Kind.STOPPED, stoppedAtLeast, stoppedAtMost);
        within(account, Notice.Kind.FAILED, failedAtLeast, failedAtMost + 1000);
    }

    private void within(Account account, Notice.Kind kind, int least, int most) {
        int told = account.told.getOrDefault(kind, 0);
        if (told < least || told > most) {
            throw violation(account.name + ": people were told " + told + " times " + kind + ", which was true "
                    + (least == most ? least : least + " to " + most) + " times");
        }
    }

    // What it came to.

    /** Adds up how long there was a reason to run. */
    private void advance(Account account) {
        long now = timeline.now();
        long from = account.demandAt;
        long at = from;
        Ledger ledger = account.ledger;
        while (at < now) {
            if (ledger.runs(at)) {
                long end = Math.min(now, ledger.end(at));
                account.demandMillis += end - at;
                at = Math.max(end, at + 1);
            } else {
                long next = now;
                for (Ledger.Open open : ledger.openings) {
                    if (open.from() > at && open.from() < next) {
                        next = open.from();
                    }
                }
                at = next;
            }
        }
        account.demandAt = now;
    }

    private Totals totals() {
        long paid = 0;
        long served = 0;
        int endpoints = 0;
        int notices = 0;
        for (SageMaker.Instance instance : sageMaker.all) {
            Account account = accounts.get(instance.name);
            if (account == null || account.poisoned || !instance.ours) {
                continue;
            }
            endpoints++;
            paid += instance.deletedAt - instance.createdAt;
            served += instance.serviceAt < 0 ? 0 : instance.deletedAt - instance.serviceAt;
        }
        long oracle = 0;
        for (Account account : accounts.values()) {
            notices += account.published.size();
            if (!account.poisoned) {
                oracle += account.demandMillis - account.wasteMillis;
            }
        }
        return new Totals(ticks, paid, oracle, served, endpoints, notices);
    }
}
