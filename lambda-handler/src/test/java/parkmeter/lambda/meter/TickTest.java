package parkmeter.lambda.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TickTest {
    private static final Terms IDLE = new Terms(480, 30, null, OnChange.UPDATE, 0, null, null);
    private static final Duration AMPLE = Duration.ofSeconds(50);

    private final Desk desk = new Desk();

    private void paid(String... names) {
        for (String name : names) {
            Draft draft = MeterRecord.unpaid(name, "c", null, IDLE, Schedule.NONE, desk.at(-1000))
                    .edit();
            draft.paidUntil = desk.at(60);
            desk.put(draft.done());
        }
    }

    @Test
    void a_window_brings_its_instances_once_and_takes_them_back_and_each_costs_while_it_is_there() throws Invalid {
        Schedule schedule =
                Schedule.read(List.of(Map.of("date", "2026-06-01", "start", "12:05", "stop", "12:10", "instances", 4)));
        Draft draft = MeterRecord.unpaid(
                        "e",
                        "c",
                        null,
                        new Terms(480, null, null, OnChange.UPDATE, 0, new BigDecimal("6"), 2),
                        schedule,
                        desk.now)
                .edit();
        draft.paidUntil = desk.at(60);
        desk.put(draft.done());
        desk.endpoints.put(
                "e",
                new Sight.Described(
                        Status.IN_SERVICE, desk.at(-60), desk.at(-55), "c", List.of("AllTraffic"), 2, null));

        List<Object> hourly = new ArrayList<>();
        for (int minute = 0; minute < 15; minute++) {
            desk.tick.run(Duration.ofSeconds(40));
            hourly.add(view("e").get("hourlyCost"));
            desk.pass(Duration.ofMinutes(1));
        }

        assertThat(desk.deeds).containsExactly("scale e 4", "scale e 2");
        assertThat(hourly.stream().distinct()).containsExactly(new BigDecimal("6.00"), new BigDecimal("12.00"));
        assertThat(hourly.indexOf(new BigDecimal("12.00"))).isEqualTo(6);
        assertThat(hourly.lastIndexOf(new BigDecimal("12.00"))).isEqualTo(10);
        assertThat(view("e").get("costSinceStart"))
                .as("2 for 75 minutes and 2 more for 5, at 0.05 a minute")
                .isEqualTo(new BigDecimal("8.00"));
    }

    private Map<String, Object> view(String endpoint) {
        MeterRecord record = desk.record(endpoint);
        return new MeterView(MeterRecord.read(endpoint, record.json()), desk.now).json();
    }

    @Test
    void every_record_of_every_page_has_its_step() {
        paid("a", "b", "c", "d", "e");
        Tick.Report report = desk.tick.run(AMPLE);
        assertThat(report.records()).isEqualTo(5);
        assertThat(report.failed() + report.unreadable() + report.late()).isZero();
        assertThat(report.events()).hasSize(5).contains("a: Create[configuration=c]: Done[]");
        assertThat(desk.endpoints).containsOnlyKeys("a", "b", "c", "d", "e");
        assertThat(desk.tick.run(AMPLE).events()).as("nothing is left to do").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "7",
                "{}",
                "{\"endpoint\":\"b\",\"paidUntil\":\"soon\"}",
                "{\"endpoint\":\"b\",\"phase\":{\"is\":\"elsewhere\"}}",
                "{\"endpoint\":\"b\",\"schedule\":[{\"days\":[\"mon\"],\"start\":\"25:00\",\"stop\":\"1\"}]}",
            })
    void a_poisoned_record_keeps_no_other_from_its_step(String json) {
        paid("a", "c");
        desk.rows.put("b", new MeterTable.Row("b", 1, json));
        Tick.Report report = desk.tick.run(AMPLE);
        assertThat(report.unreadable()).isEqualTo(1);
        assertThat(report.events()).anyMatch(event -> event.startsWith("b: The record of b can't be read: "));
        assertThat(desk.endpoints).containsOnlyKeys("a", "c");
    }

    @Test
    void an_endpoint_without_an_answer_keeps_no_other_from_its_step() {
        paid("a", "b", "c");
        desk.serves("b", "c");
        desk.silent.add("b");
        Draft draft = desk.record("b").edit();
        draft.phase = new Phase.Running(desk.at(-90), desk.at(-80), null);
        desk.put(draft.done());
        desk.endpoints.remove("b");
        Tick.Report report = desk.tick.run(AMPLE);
        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.events()).contains("b: b: silent");
        assertThat(desk.endpoints).containsOnlyKeys("a", "c");
    }

    @Test
    void after_its_time_no_step_begins_and_all_come_to_their_turn_in_the_end() {
        paid("a", "b", "c", "d");
        for (String name : List.of("a", "b", "c", "d")) {
            Sight.Described there = desk.serves(name, "other");
            desk.slow.put(name, Duration.ofSeconds(30));
            assertThat(there.configuration()).isEqualTo("other");
        }
        assertThat(desk.tick.run(AMPLE).late()).isEqualTo(2);
        Set<String> moved = new HashSet<>(desk.deeds);
        for (int i = 0; i < 10 && moved.size() < 4; i++) {
            desk.pass(Duration.ofSeconds(61));
            desk.tick.run(AMPLE);
            moved.addAll(desk.deeds);
        }
        assertThat(moved).hasSize(4);
    }

    @Test
    void each_gauge_shows_what_is_left_and_what_is_up_without_a_reason() {
        paid("a", "b");
        desk.serves("a", "c");
        desk.put(MeterRecord.unpaid("c", "c", null, IDLE, Schedule.NONE, desk.at(-10)));
        desk.serves("c", "c");
        desk.put(MeterRecord.unpaid("d", "c", null, IDLE, Schedule.NONE, desk.at(-10)));

        assertThat(desk.tick.run(AMPLE).gauges())
                .containsExactlyInAnyOrder(
                        new Gauge("a", 60, false, false),
                        new Gauge("b", 60, false, false),
                        new Gauge("c", 0, true, false),
                        new Gauge("d", 0, false, false));
    }

    @Test
    void a_gauge_shows_a_failed_start_until_a_start_succeeds_or_nothing_is_to_run() {
        paid("a");
        Failure failure = Failure.after(null, Failure.What.START, "No capacity.", desk.at(-1), null);
        with(failure);
        assertThat(desk.tick.run(AMPLE).gauges()).containsExactly(new Gauge("a", 60, false, true));

        with(failure.over());
        assertThat(desk.tick.run(AMPLE).gauges()).containsExactly(new Gauge("a", 60, false, false));

        with(Failure.after(null, Failure.What.CHANGE, "No capacity.", desk.at(-1), null));
        assertThat(desk.tick.run(AMPLE).gauges()).containsExactly(new Gauge("a", 60, false, false));

        with(failure);
        desk.pass(Duration.ofMinutes(61));
        assertThat(desk.tick.run(AMPLE).gauges()).first().satisfies(gauge -> assertThat(gauge.failedStart())
                .isFalse());
    }

    private void with(Failure failure) {
        Draft draft = desk.record("a").edit();
        draft.failure = failure;
        desk.put(draft.done());
    }

    @Test
    void without_records_nobody_is_asked() {
        desk.silent.add("list");
        assertThat(desk.tick.run(AMPLE).records()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"page", "list"})
    void without_a_list_there_is_no_tick(String silent) {
        paid("a");
        desk.silent.add(silent);
        assertThatThrownBy(() -> desk.tick.run(AMPLE)).isInstanceOf(Unavailable.class);
        assertThat(desk.deeds).isEmpty();
    }

    @Test
    void cloudwatch_is_asked_once_for_all_that_may_be_idle() {
        paid("a", "b", "c");
        desk.tick.run(AMPLE);
        desk.tick.run(AMPLE);
        assertThat(desk.questions).isEmpty();
        desk.pass(Duration.ofMinutes(33));
        desk.calls.put("b", desk.at(-10));
        desk.tick.run(AMPLE);
        assertThat(desk.questions).extracting(Activity.Question::endpoint).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(desk.endpoints).containsOnlyKeys("b");
    }

    @Test
    void where_cloudwatch_gives_no_answer_nothing_is_idle_and_the_rest_goes_on() {
        paid("a");
        desk.tick.run(AMPLE);
        desk.tick.run(AMPLE);
        desk.pass(Duration.ofMinutes(33));
        desk.silent.add("calls");
        paid("b");
        Tick.Report report = desk.tick.run(AMPLE);
        assertThat(desk.endpoints).containsOnlyKeys("a", "b");
        assertThat(report.events()).contains("Nobody is stopped as idle: calls: silent");
    }

    @Test
    void steps_may_be_taken_several_at_once() {
        for (int i = 0; i < 50; i++) {
            paid("e" + i);
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Ports ports = desk.ports;
            Ports locked = new Ports(
                    ports.table(),
                    ports.endpoints(),
                    ports.activity(),
                    notice -> {},
                    ports.mirror(),
                    ports.clock(),
                    ports.pause(),
                    ports.random());
            Tick tick = new Tick(
                    locked,
                    new Keeper(locked),
                    work -> threads.execute(() -> {
                        synchronized (desk) {
                            work.run();
                        }
                    }));
            assertThat(tick.run(AMPLE).events()).hasSize(50);
        } finally {
            threads.shutdown();
        }
        assertThat(desk.endpoints).hasSize(50);
    }
}
