package parkmeter.lambda.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MeterRecordTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private static Arbitrary<Instant> moments() {
        return Arbitraries.longs().between(0, 4_000_000_000_000L).map(Instant::ofEpochMilli);
    }

    private static Arbitrary<String> sentences() {
        return Arbitraries.strings().ofMaxLength(30);
    }

    private static Arbitrary<String> names() {
        return Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(10);
    }

    private static Arbitrary<Integer> counts() {
        return Arbitraries.integers().between(1, 100).injectNull(0.3);
    }

    private static Arbitrary<Phase> phases() {
        return Arbitraries.oneOf(
                Combinators.combine(moments(), sentences()).as(Phase.Stopped::new),
                Combinators.combine(moments(), sentences(), Arbitraries.of(true, false))
                        .as(Phase.Asked::new),
                Combinators.combine(moments(), sentences()).as(Phase.Starting::new),
                Combinators.combine(
                                moments(),
                                moments(),
                                Combinators.combine(names(), counts(), moments())
                                        .as(Phase.Change::new)
                                        .injectNull(0.5))
                        .as(Phase.Running::new),
                Combinators.combine(
                                moments(),
                                moments().injectNull(0.5),
                                moments(),
                                sentences(),
                                Arbitraries.of(true, false))
                        .as(Phase.Stopping::new));
    }

    @Provide
    Arbitrary<MeterRecord> records() {
        Arbitrary<Terms> terms = Combinators.combine(
                        Arbitraries.integers().between(1, 10_000),
                        Arbitraries.integers().between(1, 500).injectNull(0.3),
                        Arbitraries.integers().between(1, 500).injectNull(0.3),
                        Arbitraries.of(OnChange.class),
                        Arbitraries.integers().between(0, 60),
                        Arbitraries.bigDecimals()
                                .between(BigDecimal.ZERO, BigDecimal.TEN)
                                .ofScale(2)
                                .injectNull(0.3),
                        counts())
                .as(Terms::new);
        Arbitrary<MeterRecord.Seen> seen = Combinators.combine(
                        Arbitraries.of(Status.class),
                        moments(),
                        moments(),
                        names().injectNull(0.3),
                        names().list().ofMaxSize(2),
                        counts())
                .as(MeterRecord.Seen::new);
        Arbitrary<Failure> failure = Combinators.combine(
                        Arbitraries.of(Failure.What.class),
                        moments(),
                        sentences(),
                        Arbitraries.integers().between(0, 20),
                        moments(),
                        moments().injectNull(0.3))
                .as(Failure::new);
        Arbitrary<Notice> notice = Combinators.combine(
                        names(), Arbitraries.of(Notice.Kind.class), moments(), sentences(), moments())
                .as((id, kind, at, text, until) -> new Notice(id, "e", kind, at, text, until));
        Arbitrary<Draft> base = Combinators.combine(names(), terms, moments(), phases())
                .as((configuration, rules, paid, phase) -> {
                    Draft draft = MeterRecord.unpaid("e", configuration, null, rules, Schedule.NONE, NOW)
                            .edit();
                    draft.paidUntil = paid;
                    draft.phase = phase;
                    return draft;
                });
        return Combinators.combine(
                        base,
                        moments().injectNull(0.5).list().ofSize(4),
                        seen.injectNull(0.3),
                        failure.injectNull(0.3),
                        notice.list().ofMaxSize(3),
                        Arbitraries.integers().between(0, 5000).list().ofMaxSize(5),
                        Arbitraries.of(true, false).list().ofSize(3))
                .as((draft, at, last, failed, outbox, starts, flags) -> {
                    draft.paidAt = at.get(0);
                    draft.idleAt = at.get(1);
                    draft.stoppedAt = at.get(2);
                    draft.lastActivity = at.get(3);
                    draft.seen = last;
                    draft.failure = failed;
                    draft.outbox = List.copyOf(outbox);
                    draft.startSeconds = List.copyOf(starts);
                    draft.leaving = flags.get(0);
                    draft.warned = flags.get(1);
                    draft.model = flags.get(2) ? "m" : null;
                    return draft.done();
                });
    }

    @Property(tries = 500)
    void what_is_written_is_read_back(@ForAll("records") MeterRecord record) {
        assertThat(MeterRecord.read("e", record.json())).isEqualTo(record);
    }

    @Test
    void fields_of_a_newer_version_are_kept() {
        MeterRecord record = MeterRecord.unpaid("e", "c", null, Terms.ADOPTED, Schedule.NONE, NOW);
        String newer =
                record.json().replaceFirst("\\{", "{\"colour\":{\"is\":\"blue\"},\"sizes\":[1,2],\"none\":null,");
        MeterRecord read = MeterRecord.read("e", newer);
        assertThat(read.rest()).isEqualTo(Map.of("colour", Map.of("is", "blue"), "sizes", List.of(1, 2)));
        Draft draft = read.edit();
        draft.topUp(5, "id", NOW);
        assertThat(draft.done().json()).contains("\"colour\":{\"is\":\"blue\"}", "\"sizes\":[1,2]");
        String inside = record.json().replaceFirst("\"terms\":\\{", "\"terms\":{\"colour\":\"blue\",");
        assertThat(MeterRecord.read("e", inside)).isEqualTo(record);
    }

    @Test
    void what_is_no_record_says_what_is_wrong_with_it() {
        assertThatThrownBy(() -> MeterRecord.read("e", "{"))
                .isInstanceOf(UnreadableRecord.class)
                .hasMessageStartingWith("The record of e can't be read: its JSON can't be read at line 1, column ");
        assertThatThrownBy(() -> MeterRecord.read("e", "{}"))
                .hasMessageContaining("endpoint is missing.")
                .hasMessageContaining("paidUntil is missing.");
        String json = MeterRecord.unpaid("e", "c", null, Terms.ADOPTED, Schedule.NONE, NOW)
                .json();
        assertThatThrownBy(() -> MeterRecord.read("f", json)).hasMessageContaining("endpoint must be the row's key.");
    }

    @Test
    void notices_of_one_moment_have_an_id_each_also_where_the_outbox_is_full() {
        Draft draft = MeterRecord.unpaid("e", "c", null, Terms.ADOPTED, Schedule.NONE, NOW)
                .edit();
        for (int i = 0; i < 70; i++) {
            draft.tell(Notice.Kind.STOPPED, "It stopped.", NOW);
        }
        assertThat(draft.outbox).hasSize(50).extracting(Notice::id).doesNotHaveDuplicates();
    }

    @Test
    void the_ids_of_changes_are_forgotten_after_a_while() {
        Draft draft = MeterRecord.unpaid("e", "c", null, Terms.ADOPTED, Schedule.NONE, NOW)
                .edit();
        draft.topUp(1, "one", NOW);
        draft.topUp(1, "two", NOW.plus(Duration.ofMinutes(9)));
        draft.topUp(1, "three", NOW.plus(Duration.ofMinutes(11)));
        assertThat(draft.changes).containsExactly("two@2026-06-01T12:09:00Z", "three@2026-06-01T12:11:00Z");
    }

    @Test
    void a_thousand_windows_and_a_full_outbox_fit_into_the_table() {
        Draft draft = MeterRecord.unpaid("e".repeat(63), "c".repeat(63), null, Terms.ADOPTED, Schedule.NONE, NOW)
                .edit();
        Window window = new Window(
                "a window with a name",
                java.util.EnumSet.allOf(java.time.DayOfWeek.class),
                null,
                java.time.LocalTime.of(9, 0),
                java.time.LocalTime.of(17, 0),
                java.time.ZoneId.of("America/Argentina/ComodRivadavia"),
                true,
                100);
        draft.schedule = new Schedule(java.util.Collections.nCopies(Schedule.MOST_WINDOWS, window));
        draft.declaredSchedule = Schedule.NONE;
        for (int i = 0; i < 100; i++) {
            draft.tell(Notice.Kind.FAILED, "x".repeat(1024), NOW.plusSeconds(i));
        }
        assertThat(draft.outbox).hasSize(50);
        assertThat(draft.done().json().length()).isLessThan(400_000);
    }
}
