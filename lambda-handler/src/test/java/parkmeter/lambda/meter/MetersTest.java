package parkmeter.lambda.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetersTest {
    private static final Terms TERMS = new Terms(480, 30, 20, OnChange.UPDATE, 10, null, null);

    private final Desk desk = new Desk();

    private void meter(Consumer<Draft> with) {
        Draft draft = MeterRecord.unpaid("e", "c", "m", TERMS, Schedule.NONE, desk.at(-1000))
                .edit();
        draft.paidUntil = desk.at(-10);
        with.accept(draft);
        desk.put(draft.done());
    }

    private static Schedule office() {
        try {
            return Schedule.read(
                    List.of(Map.of("days", List.of("mon"), "start", "09:00", "stop", "17:00", "timezone", "UTC")));
        } catch (Invalid e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // paid until before, minutes, paid until after, cut
        "-10,   1,   1, false",
        "  0,  90,  90, false",
        " 60,  90, 150, false",
        " 60, 420, 480, false",
        " 60, 421, 480, true",
        "480,   1, 480, true",
        "600,   1, 600, true", // the cap was larger once: nobody loses time
    })
    void a_top_up_adds_to_what_is_left_up_to_the_cap(long before, int minutes, long after, boolean cut) {
        meter(draft -> draft.paidUntil = desk.at(before));
        Instant until = desk.at(after);
        Meters.TopUp topUp = desk.meters.topUp("e", minutes);
        assertThat(topUp.cut()).isEqualTo(cut);
        assertThat(topUp.meter().record().paidUntil()).isEqualTo(until);
        assertThat(desk.record("e").paidUntil()).isEqualTo(until);
    }

    @Test
    void a_top_up_starts_the_endpoint_at_once_and_clears_a_stop_and_an_idle_stop() {
        meter(draft -> {
            draft.stoppedAt = desk.at(-5);
            draft.idleAt = desk.at(-5);
        });
        desk.meters.topUp("e", 30);
        assertThat(desk.deeds).containsExactly("create e c");
        assertThat(desk.record("e").stoppedAt()).isNull();
        assertThat(desk.record("e").idleAt()).isNull();
        assertThat(desk.record("e").paidAt()).isEqualTo(desk.now);
    }

    @Test
    void a_top_up_counts_when_sagemaker_gives_no_answer() {
        meter(draft -> {});
        desk.silent.add("e");
        desk.meters.topUp("e", 30);
        assertThat(desk.record("e").paidUntil()).isEqualTo(desk.at(30));
    }

    @Test
    void a_top_up_whose_answer_got_lost_counts_once() {
        meter(draft -> draft.paidUntil = desk.at(60));
        Instant until = desk.at(90);
        desk.puts.add(Desk.Put.UNHEARD);
        assertThat(desk.meters.topUp("e", 30).meter().record().paidUntil()).isEqualTo(until);
    }

    @Test
    void two_top_ups_at_once_both_count() {
        meter(draft -> draft.paidUntil = desk.at(60));
        Instant until = desk.at(120);
        desk.puts.add(Desk.Put.LATE); // the other one was faster
        desk.meters.topUp("e", 30);
        desk.meters.topUp("e", 30);
        assertThat(desk.record("e").paidUntil()).isEqualTo(until);
    }

    @Test
    void a_table_that_never_answers_is_given_up_on() {
        meter(draft -> {});
        desk.puts.addAll(Collections.nCopies(5, Desk.Put.LOST));
        assertThatThrownBy(() -> desk.meters.topUp("e", 30))
                .isInstanceOf(Unavailable.class)
                .hasMessage("PutItem: lost");
    }

    @Test
    void a_record_that_others_change_all_the_time_is_given_up_on() {
        meter(draft -> {});
        desk.puts.addAll(Collections.nCopies(10_000, Desk.Put.LATE));
        assertThatThrownBy(() -> desk.meters.topUp("e", 30))
                .isInstanceOf(Unavailable.class)
                .hasMessage("the record of e changes all the time");
    }

    @ParameterizedTest
    @CsvSource({"60, 0", "-10, -10"})
    void a_stop_ends_paid_time_and_the_windows_that_are_open(long before, long after) {
        meter(draft -> {
            draft.paidUntil = desk.at(before);
            draft.schedule = office();
            draft.idleAt = desk.at(-1);
        });
        desk.serves("e", "c");
        MeterView view = desk.meters.stop("e");
        assertThat(view.record().paidUntil()).isEqualTo(desk.at(after));
        assertThat(view.record().idleAt()).isNull();
        assertThat(view.record().reason(desk.now).kind()).isEqualTo(Reason.Kind.STOPPED);
        assertThat(desk.deeds).containsExactly("delete e");
        assertThat(desk.record("e").runs(desk.now.plus(Duration.ofDays(7))))
                .as("the next window")
                .isTrue();
    }

    @Test
    void a_stop_that_is_repeated_leaves_alone_what_was_put_on_since() {
        meter(draft -> draft.paidAt = desk.at(1));
        MeterRecord before = desk.record("e");
        assertThat(desk.meters.stop("e").record()).isEqualTo(before);
    }

    @Test
    void a_schedule_is_replaced_by_who_has_seen_the_last_one() {
        meter(draft -> {});
        String seen = Schedule.NONE.etag();
        assertThat(desk.meters.schedule("e", office(), seen).record().schedule())
                .isEqualTo(office());
        assertThat(desk.deeds).as("the window is open").containsExactly("create e c");
        assertThatThrownBy(() -> desk.meters.schedule("e", Schedule.NONE, seen))
                .isInstanceOf(Meters.Changed.class)
                .hasMessage("The schedule of e was changed meanwhile: read it again.");
        assertThat(desk.meters.schedule("e", office(), seen).record().schedule())
                .as("asked again, since the answer got lost")
                .isEqualTo(office());
        assertThat(desk.meters.schedule("e", Schedule.NONE, null).record().schedule())
                .isEqualTo(Schedule.NONE);
    }

    @Test
    void an_unknown_name_can_be_registered_and_a_known_one_gets_time_and_configuration() {
        Meters.TopUp made = desk.meters.adopt("theirs", "c1", 30, null);
        assertThat(made.cut()).isFalse();
        assertThat(made.meter().record().terms()).isEqualTo(Terms.ADOPTED);
        assertThat(made.meter().record().paidUntil()).isEqualTo(desk.at(30));
        assertThat(desk.deeds).containsExactly("create theirs c1");

        Meters.TopUp more = desk.meters.adopt("theirs", "c2", 1000, office());
        assertThat(more.cut()).isTrue();
        assertThat(more.meter().record().paidUntil()).isEqualTo(desk.at(480));
        assertThat(more.meter().record().configuration()).isEqualTo("c2");
        assertThat(more.meter().record().schedule()).isEqualTo(office());
        assertThat(desk.deeds).containsExactly("create theirs c1", "update theirs c2");
    }

    @Test
    void an_endpoint_that_is_there_already_is_taken_over_as_it_is() {
        desk.serves("theirs", "c1");
        desk.meters.adopt("theirs", "c1", 30, null);
        assertThat(desk.deeds).isEmpty();
        desk.pass(Duration.ofMinutes(31));
        desk.tick.run(Duration.ofSeconds(50));
        assertThat(desk.deeds).containsExactly("delete theirs");
    }

    @Test
    void what_is_not_there_or_is_being_taken_off_can_not_be_changed() {
        meter(draft -> draft.leaving = true);
        for (String name : List.of("e", "nobody")) {
            assertThatThrownBy(() -> desk.meters.topUp(name, 1)).isInstanceOf(NoSuchMeter.class);
            assertThatThrownBy(() -> desk.meters.stop(name)).isInstanceOf(NoSuchMeter.class);
            assertThatThrownBy(() -> desk.meters.schedule(name, office(), null)).isInstanceOf(NoSuchMeter.class);
        }
        assertThatThrownBy(() -> desk.meters.adopt("e", "c", 1, null)).isInstanceOf(NoSuchMeter.class);
        assertThatThrownBy(() -> desk.meters.find("nobody")).hasMessage("There is no meter of the endpoint nobody.");
    }

    @Test
    void all_meters_are_shown_by_name_but_those_that_can_not_be_read() {
        for (String name : List.of("c", "a", "d", "b", "e")) {
            desk.put(MeterRecord.unpaid(name, "c", null, TERMS, Schedule.NONE, desk.now));
        }
        desk.rows.put("b", new MeterTable.Row("b", 3, "{}"));
        assertThat(desk.meters.all().stream().map(view -> view.record().endpoint()))
                .containsExactly("a", "c", "d", "e");
    }

    @ParameterizedTest
    @CsvSource({"-3, -3", "-20, -10", ", -10"})
    void the_last_activity_is_asked_for_when_somebody_looks(@Nullable Long call, long shown) {
        meter(draft -> {
            draft.phase = new Phase.Running(desk.at(-60), desk.at(-55), null);
            draft.seen = new MeterRecord.Seen(Status.IN_SERVICE, desk.at(-60), desk.at(-55), "c", List.of("v"), 1);
            draft.lastActivity = desk.at(-10);
        });
        if (call != null) {
            desk.calls.put("e", desk.at(call));
        }
        assertThat(desk.meters.find("e").record().lastActivity()).isEqualTo(desk.at(shown));
        desk.silent.add("calls");
        assertThat(desk.meters.find("e").record().lastActivity()).isEqualTo(desk.at(-10));
    }
}
