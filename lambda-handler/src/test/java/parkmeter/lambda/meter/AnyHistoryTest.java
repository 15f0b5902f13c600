package parkmeter.lambda.meter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** What {@link Meter#decide} keeps to over any history, also over what SageMaker would never show. */
class AnyHistoryTest {
    private static final Instant BEGIN = Instant.parse("2026-10-24T20:00:00Z");

    /** Something that happens some seconds after what was before. */
    private record Event(int seconds, Happening what) {}

    private sealed interface Happening {
        record TopUp(int minutes) implements Happening {}

        record Stop() implements Happening {}

        record Call() implements Happening {}

        record Plan(Schedule schedule) implements Happening {}

        record Leave() implements Happening {}

        /** A step; {@code made} tells endpoints of one name apart. */
        record Look(
                @Nullable Status status, int made, String configuration, int instances, Meter.Calls calls, int outcome)
                implements Happening {}
    }

    @Provide
    Arbitrary<List<Event>> histories() {
        Arbitrary<Schedule> schedules = Combinators.combine(
                        Arbitraries.integers().between(0, 95),
                        Arbitraries.integers().between(0, 95),
                        Arbitraries.of("UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe"),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(1, 3).injectNull(0.5))
                .as((start, stop, zone, idle, instances) -> new Window(
                        null,
                        Set.of(DayOfWeek.values()),
                        null,
                        quarter(start),
                        quarter(stop),
                        ZoneId.of(zone),
                        idle,
                        instances))
                .list()
                .ofMaxSize(2)
                .map(Schedule::new);
        Arbitrary<Meter.Calls> calls = Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just(new Meter.Calls.Unknown())),
                Tuple.of(1, Arbitraries.just(new Meter.Calls.Known(null))),
                Tuple.of(
                        1,
                        Arbitraries.longs()
                                .between(0, 300)
                                .map(minute -> new Meter.Calls.Known(BEGIN.plus(Duration.ofMinutes(minute))))));
        Arbitrary<Happening> looks = Combinators.combine(
                        Arbitraries.of(Status.class).injectNull(0.4),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.of("c1", "c2"),
                        Arbitraries.integers().between(1, 3),
                        calls,
                        Arbitraries.integers().between(0, 8))
                .as(Happening.Look::new);
        Arbitrary<Happening> others = Arbitraries.oneOf(
                Arbitraries.integers().between(1, 600).map(Happening.TopUp::new),
                Arbitraries.just(new Happening.Stop()),
                Arbitraries.just(new Happening.Call()),
                schedules.map(Happening.Plan::new),
                Arbitraries.integers()
                        .between(0, 5)
                        .map(one -> one == 0 ? new Happening.Leave() : new Happening.Call()));
        Arbitrary<Happening> happenings = Arbitraries.frequencyOf(Tuple.of(4, looks), Tuple.of(1, others));
        return Combinators.combine(
                        Arbitraries.frequencyOf(
                                Tuple.of(3, Arbitraries.integers().between(0, 70)),
                                Tuple.of(1, Arbitraries.integers().between(0, 6000))),
                        happenings)
                .as(Event::new)
                .list()
                .ofMaxSize(60);
    }

    private static LocalTime quarter(int quarters) {
        return LocalTime.of(quarters / 4, quarters % 4 * 15);
    }

    @Property(tries = 1000)
    void any_history_keeps_to_the_rules(@ForAll("histories") List<Event> history) {
        Terms terms = new Terms(480, 30, 20, OnChange.UPDATE, 10, null, 1);
        MeterRecord record = MeterRecord.unpaid("e", "c1", "m", terms, Schedule.NONE, BEGIN);
        Instant now = BEGIN;
        int number = 0;
        for (Event event : history) {
            number++;
            now = now.plusSeconds(event.seconds());
            if (event.what() instanceof Happening.Look look) {
                Meter.Decision decision = looked(record, look, now);
                if (record.phase() instanceof Phase.Asked asked
                        && now.isBefore(asked.at().plus(Duration.ofMinutes(2)))) {
                    assertThat(decision.action())
                            .as("somebody may still be creating it")
                            .isNotInstanceOfAny(Action.Create.class, Action.Forget.class);
                }
                record = Meter.after(decision.record(), decision.action(), outcome(look.outcome()), now);
                ids(record);
            } else {
                record = changed(record, event.what(), "id" + number, now);
            }
            reasons(record, now);
            assertThat(MeterRecord.read("e", record.json())).isEqualTo(record);
        }
    }

    private static Meter.Decision looked(MeterRecord record, Happening.Look look, Instant now) {
        Status status = look.status();
        Instant made = BEGIN.plus(Duration.ofHours(look.made()));
        Sight sight = status == null
                ? new Sight.Absent()
                : new Sight.Described(
                        status, made, made, look.configuration(), List.of("AllTraffic"), look.instances(), null);
        Meter.Observed observed = new Meter.Observed(sight, look.calls());
        Meter.Decision decision = Meter.decide(record, observed, now);
        MeterRecord next = decision.record();

        assertThat(next.paidUntil()).isEqualTo(record.paidUntil());
        assertThat(next.paidAt()).isEqualTo(record.paidAt());
        assertThat(next.stoppedAt()).isEqualTo(record.stoppedAt());
        assertThat(next.schedule()).isEqualTo(record.schedule());
        assertThat(next.configuration()).isEqualTo(record.configuration());
        assertThat(next.leaving()).isEqualTo(record.leaving());

        Action action = decision.action();
        if (action instanceof Action.Create create) {
            assertThat(status).isNull();
            assertThat(next.runs(now)).isTrue();
            assertThat(create.configuration()).isEqualTo(record.configuration());
            assertThat(next.phase()).isInstanceOf(Phase.Asked.class);
        } else if (action instanceof Action.Delete) {
            assertThat(status).isNotNull();
            assertThat(status == null || status.inTransition()).isFalse();
            assertThat(next.phase()).isInstanceOf(Phase.Stopping.class);
        } else if (action instanceof Action.Update) {
            assertThat(status).isEqualTo(Status.IN_SERVICE);
            assertThat(next.runs(now)).isTrue();
        } else if (action instanceof Action.Scale scale) {
            assertThat(status).isEqualTo(Status.IN_SERVICE);
            assertThat(next.runs(now)).isTrue();
            assertThat(scale.instances()).isEqualTo(next.instances(now)).isNotEqualTo(look.instances());
            assertThat(look.configuration()).isEqualTo(record.configuration());
        } else if (action instanceof Action.Forget) {
            assertThat(status).isNull();
            assertThat(record.leaving()).isTrue();
        }
        if (status == Status.IN_SERVICE && !next.runs(now) && !(next.phase() instanceof Phase.Asked)) {
            assertThat(action).as("nothing runs without a reason").isInstanceOf(Action.Delete.class);
        }

        Meter.Decision again = Meter.decide(next, observed, now);
        assertThat(again.record()).as("the same look tells nothing new").isEqualTo(next);
        return decision;
    }

    private static MeterRecord changed(MeterRecord record, Happening what, String id, Instant now) {
        Draft draft = record.edit();
        if (what instanceof Happening.TopUp topUp) {
            Instant before = record.paidUntil().isAfter(now) ? record.paidUntil() : now;
            boolean cut = draft.topUp(topUp.minutes(), id, now);
            Instant most = now.plus(Duration.ofHours(8));
            Instant asked = before.plus(Duration.ofMinutes(topUp.minutes()));
            assertThat(draft.paidUntil).isAfterOrEqualTo(before).isEqualTo(cut ? later(most, before) : asked);
            assertThat(draft.done().runs(now)).isNotEqualTo(record.leaving());
        } else if (what instanceof Happening.Stop) {
            draft.stop(now);
            assertThat(draft.done().runs(now)).isFalse();
        } else if (what instanceof Happening.Call) {
            boolean woken = draft.wake(now);
            assertThat(woken).isEqualTo(!record.runs(now) && !record.leaving());
            assertThat(draft.paidUntil).isAfterOrEqualTo(record.paidUntil());
            assertThat(draft.done().edit().wake(now)).as("once").isFalse();
        } else if (what instanceof Happening.Plan plan) {
            draft.schedule = plan.schedule();
        } else {
            draft.leaving = true;
        }
        return draft.done();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static void reasons(MeterRecord record, Instant now) {
        Reason reason = record.reason(now);
        assertThat(reason.runs()).isEqualTo(record.runs(now));
        Instant until = reason.until();
        if (until == null) {
            assertThat(reason.runs()).isFalse();
            assertThat(reason.since()).isNotNull();
            return;
        }
        assertThat(until).isAfter(now);
        assertThat(record.runs(until.minusMillis(1))).isTrue();
        boolean far = !until.isBefore(now.plus(Duration.ofDays(8)));
        assertThat(record.runs(until)).isEqualTo(far);
    }

    private static void ids(MeterRecord record) {
        assertThat(record.outbox().stream().map(Notice::id)).doesNotHaveDuplicates();
    }

    private static Endpoints.Outcome outcome(int number) {
        return switch (number) {
            case 0 -> new Endpoints.Outcome.Throttled();
            case 1 -> new Endpoints.Outcome.NotFound();
            case 2 -> new Endpoints.Outcome.AlreadyExists();
            case 3 -> new Endpoints.Outcome.InTransition();
            case 4 -> new Endpoints.Outcome.LimitExceeded("No quota.");
            case 5 -> new Endpoints.Outcome.Refused("No configuration.");
            case 6 -> new Endpoints.Outcome.Unanswered("timeout");
            default -> new Endpoints.Outcome.Done();
        };
    }
}
