package parkmeter.lambda.meter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BellTest {
    private final Desk desk = new Desk();

    private void meter(Consumer<Draft> with) {
        Terms terms = new Terms(480, 30, 20, OnChange.UPDATE, 10, null, null);
        Draft draft = MeterRecord.unpaid("e", "c", "m", terms, Schedule.NONE, desk.at(-1000))
                .edit();
        draft.paidUntil = desk.at(-10);
        draft.startSeconds = List.of(900, 300, 240, 360);
        with.accept(draft);
        desk.put(draft.done());
    }

    private static Bell.Answer stopped(long seconds, boolean starts) {
        return new Bell.Answer.Stopped(Duration.ofSeconds(seconds), starts);
    }

    private static Bell.Answer starting(long seconds) {
        return new Bell.Answer.Starting(Duration.ofSeconds(seconds));
    }

    @Test
    void a_call_wakes_a_stopped_model_once_however_many_come() {
        meter(draft -> {});
        assertThat(desk.bell.ring("e")).isEqualTo(stopped(60 + 360, true));
        Instant until = desk.at(20);
        desk.pass(Duration.ofSeconds(30));
        assertThat(desk.bell.ring("e")).isEqualTo(starting(60 + 360));
        assertThat(desk.bell.ring("e")).isEqualTo(starting(60 + 360));
        assertThat(desk.record("e").paidUntil()).isEqualTo(until);
        assertThat(desk.deeds).as("the tick starts it").isEmpty();
    }

    @Test
    void a_call_that_finds_another_one_faster_wakes_nothing() {
        meter(draft -> draft.paidUntil = desk.at(5));
        assertThat(desk.bell.ring("e")).isEqualTo(starting(60 + 360));
        assertThat(desk.record("e").paidUntil()).isEqualTo(desk.at(5));
    }

    @Test
    void a_wake_whose_answer_got_lost_is_one() {
        meter(draft -> {});
        desk.puts.add(Desk.Put.UNHEARD);
        Instant until = desk.at(20);
        assertThat(desk.bell.ring("e")).isEqualTo(stopped(60 + 360, true));
        assertThat(desk.record("e").paidUntil()).isEqualTo(until);
    }

    @ParameterizedTest
    @CsvSource({"10, 20", "100, 100"})
    void it_wakes_one_that_was_stopped_as_idle_and_what_was_paid_stays(long paidUntil, long after) {
        meter(draft -> {
            draft.paidUntil = desk.at(paidUntil);
            draft.idleAt = desk.at(-5);
        });
        desk.bell.ring("e");
        assertThat(desk.record("e").idleAt()).isNull();
        assertThat(desk.record("e").paidUntil()).isEqualTo(desk.at(after));
    }

    @ParameterizedTest
    @CsvSource({
        // window's start today, stop: how long until then
        ",      ,      420, false",
        "13:00, 14:00, 4020, true",
    })
    void one_that_calls_do_not_wake_says_how_long_a_start_takes_from_a_top_up_or_from_its_next_window(
            @Nullable String start, @Nullable String stop, long seconds, boolean starts) throws Invalid {
        Schedule schedule = start == null || stop == null
                ? Schedule.NONE
                : Schedule.read(List.of(Map.of("days", List.of("mon"), "start", start, "stop", stop)));
        meter(draft -> {
            draft.terms = Terms.ADOPTED;
            draft.schedule = schedule;
        });
        MeterRecord before = desk.record("e");
        assertThat(desk.bell.ring("e")).isEqualTo(stopped(seconds, starts));
        assertThat(desk.record("e")).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"0, 360", "100, 260", "350, 15", "1000, 15"})
    void one_that_starts_says_what_is_left_of_the_longest_of_its_last_three_starts(long since, long left) {
        for (Phase phase : List.of(
                new Phase.Asked(desk.now.minusSeconds(since), "", true),
                new Phase.Starting(desk.now.minusSeconds(since), ""))) {
            meter(draft -> {
                draft.paidUntil = desk.at(5);
                draft.phase = phase;
            });
            assertThat(desk.bell.ring("e")).isEqualTo(starting(left));
        }
    }

    @Test
    void one_that_was_never_started_takes_eight_minutes() {
        meter(draft -> draft.startSeconds = List.of());
        assertThat(desk.bell.ring("e")).isEqualTo(stopped(60 + 480, true));
    }

    @Test
    void one_that_waits_after_a_failure_says_so() {
        meter(draft -> draft.failure = new Failure(Failure.What.START, desk.at(-3), "No GPU.", 1, desk.at(7), null));
        assertThat(desk.bell.ring("e")).isEqualTo(stopped(420 + 60 + 360, true));
    }

    @Test
    void one_that_serves_or_has_no_meter_is_none_of_its_business() {
        meter(draft -> {
            draft.paidUntil = desk.at(5);
            draft.phase = new Phase.Running(desk.at(-60), desk.at(-55), null);
        });
        assertThat(desk.bell.ring("e")).isEqualTo(new Bell.Answer.Nothing());
        assertThat(desk.bell.ring("nobody")).isEqualTo(new Bell.Answer.Nothing());
    }

    @Test
    void one_that_is_being_taken_off_is_not_woken() {
        meter(draft -> draft.leaving = true);
        assertThat(desk.bell.ring("e")).isEqualTo(stopped(60 + 360, false));
        assertThat(desk.record("e").paidUntil()).isEqualTo(desk.at(-10));
    }
}
