package parkmeter.lambda.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class KeeperTest {
    private final Desk desk = new Desk();

    private void meter(Consumer<Draft> with) {
        Draft draft = MeterRecord.unpaid("e", "c", "m", Terms.ADOPTED, Schedule.NONE, desk.at(-1000))
                .edit();
        draft.paidUntil = desk.at(60);
        with.accept(draft);
        desk.put(draft.done());
    }

    @Test
    void a_step_writes_its_intent_acts_tells_mirrors_and_writes_what_came_of_it() {
        meter(draft -> {});
        desk.keeper.step("e");
        assertThat(desk.deeds).containsExactly("create e c");
        assertThat(desk.record("e").phase())
                .isEqualTo(new Phase.Asked(desk.now, "Paid until 2026-06-01T13:00:00Z.", true));
        assertThat(desk.notices).extracting(Notice::kind).containsExactly(Notice.Kind.STARTED);
        assertThat(desk.record("e").outbox()).isEmpty();
        assertThat(desk.mirror)
                .containsEntry(
                        "e",
                        "{\"expiry\":\"01-06-2026-13-00-00\",\"endpoint_name\":\"e\",\"endpoint_config_name\":\"c\"}");
    }

    @Test
    void who_could_not_write_the_intent_does_nothing() {
        meter(draft -> {});
        desk.puts.add(Desk.Put.LATE);
        desk.keeper.step("e");
        assertThat(desk.deeds).isEmpty();
        desk.puts.add(Desk.Put.LOST);
        assertThatThrownBy(() -> desk.keeper.step("e")).isInstanceOf(Unavailable.class);
        assertThat(desk.deeds).isEmpty();
    }

    /** Else a tick could delete what was topped up between its look and its deed. */
    @Test
    void a_deed_that_is_repeated_is_written_down_again_first() {
        meter(draft -> {
            draft.paidUntil = desk.at(-5);
            draft.mirrored = true;
            draft.phase = new Phase.Stopping(desk.at(-60), desk.at(-55), desk.at(-1), "Its time was up.", false);
            draft.seen = new MeterRecord.Seen(Status.IN_SERVICE, desk.at(-60), desk.at(-55), "c", List.of("v"), 1);
        });
        desk.serves("e", "c");
        desk.puts.add(Desk.Put.LATE);
        desk.keeper.step("e");
        assertThat(desk.deeds).isEmpty();
    }

    @Test
    void an_intent_that_may_have_been_written_keeps_everybody_from_acting_for_two_minutes() {
        meter(draft -> {});
        desk.puts.add(Desk.Put.UNHEARD);
        assertThatThrownBy(() -> desk.keeper.step("e")).isInstanceOf(Unavailable.class);
        desk.keeper.step("e");
        assertThat(desk.deeds).as("somebody else may be at it").isEmpty();
        desk.pass(Duration.ofMinutes(2));
        desk.keeper.step("e");
        assertThat(desk.deeds).containsExactly("create e c");
    }

    @Test
    void a_deed_that_would_come_long_after_its_intent_is_left() {
        meter(draft -> {});
        desk.slow.put("put", Duration.ofSeconds(31));
        desk.keeper.step("e");
        assertThat(desk.deeds).isEmpty();
        desk.slow.clear();
        desk.keeper.step("e");
        assertThat(desk.deeds).containsExactly("create e c");
    }

    @Test
    void a_notice_that_does_not_get_out_goes_out_later_once() {
        meter(draft -> {});
        desk.silent.add("publish");
        desk.keeper.step("e");
        desk.silent.clear();
        desk.keeper.step("e");
        assertThat(desk.notices).extracting(Notice::kind).containsExactly(Notice.Kind.READY);
        desk.pass(Duration.ofMinutes(2));
        desk.keeper.step("e");
        desk.keeper.step("e");
        assertThat(desk.notices).extracting(Notice::kind).containsExactly(Notice.Kind.READY, Notice.Kind.STARTED);
        assertThat(desk.record("e").outbox()).isEmpty();
    }

    @Test
    void the_mirror_follows_every_change_and_is_written_once_for_each() {
        meter(draft -> {});
        desk.tick.run(Duration.ofSeconds(50));
        assertThat(desk.record("e").mirrored()).isTrue();
        desk.mirror.clear();
        desk.tick.run(Duration.ofSeconds(50));
        assertThat(desk.mirror).as("nothing is new").isEmpty();
        desk.silent.add("mirror");
        desk.meters.topUp("e", 60);
        desk.tick.run(Duration.ofSeconds(50));
        assertThat(desk.record("e").mirrored()).isFalse();
        desk.silent.clear();
        desk.tick.run(Duration.ofSeconds(50));
        assertThat(desk.mirror.get("e")).startsWith("{\"expiry\":\"01-06-2026-14-00-00\"");
    }

    @Test
    void a_record_that_goes_waits_for_its_notices_for_ten_minutes() {
        meter(draft -> {
            draft.leaving = true;
            draft.outbox =
                    List.of(new Notice("id", "e", Notice.Kind.STOPPED, desk.at(-9), "Its time was up.", desk.at(-1)));
        });
        desk.mirror.put("e", "{}");
        desk.silent.add("publish");
        desk.keeper.step("e");
        assertThat(desk.rows).containsKey("e");
        desk.pass(Duration.ofMinutes(1));
        desk.keeper.step("e");
        assertThat(desk.rows).isEmpty();
        assertThat(desk.mirror).isEmpty();
    }

    @Test
    void a_record_that_goes_takes_its_notices_out_first() {
        meter(draft -> {
            draft.leaving = true;
            draft.outbox =
                    List.of(new Notice("id", "e", Notice.Kind.STOPPED, desk.at(-3), "Its time was up.", desk.at(-1)));
        });
        desk.keeper.step("e");
        assertThat(desk.notices).hasSize(1);
        assertThat(desk.rows).isEmpty();
    }
}
