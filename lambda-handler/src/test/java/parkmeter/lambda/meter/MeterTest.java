package parkmeter.lambda.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.EnumSource.Mode.EXCLUDE;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import parkmeter.lambda.json.Json;

/** One table for each rule of {@link Meter#decide}. Times in the tables are minutes from now; 2026-06-01 is a Monday. */
class MeterTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Terms TERMS = new Terms(480, 30, 20, OnChange.UPDATE, 10, null, null);
    private static final Instant CREATED = at(-100);
    private static final String C1 = "c1";
    private static final String C2 = "c2";

    private static Instant at(long minutes) {
        return NOW.plus(Duration.ofMinutes(minutes));
    }

    private static MeterRecord record(Consumer<Draft> with) {
        Draft draft = MeterRecord.unpaid("e", C1, "m", TERMS, Schedule.NONE, at(-1000))
                .edit();
        draft.paidUntil = at(60);
        draft.mirrored = true;
        with.accept(draft);
        return draft.done();
    }

    private static Consumer<Draft> running(Consumer<Draft> with) {
        return draft -> {
            draft.phase = new Phase.Running(CREATED, at(-90), null);
            draft.seen = seen(Status.IN_SERVICE);
            with.accept(draft);
        };
    }

    private static MeterRecord.Seen seen(Status status) {
        return new MeterRecord.Seen(status, CREATED, at(-90), C1, List.of("v"), 1);
    }

    private static Sight shows(Status status) {
        return shows(status, C1);
    }

    private static Sight shows(Status status, String configuration) {
        return shows(status, configuration, at(-90));
    }

    private static Sight shows(Status status, String configuration, Instant modifiedAt) {
        return new Sight.Described(status, CREATED, modifiedAt, configuration, List.of("v"), 1, null);
    }

    private static Schedule windows(String json) {
        try {
            return Schedule.read(Json.read(json.replace('\'', '"')));
        } catch (IOException | Invalid e) {
            throw new AssertionError(e);
        }
    }

    private static Meter.Decision decide(MeterRecord record, Sight sight) {
        return Meter.decide(record, new Meter.Observed(sight, new Meter.Calls.Unknown()), NOW);
    }

    private static Meter.Decision called(MeterRecord record, @Nullable Instant last) {
        return Meter.decide(record, new Meter.Observed(shows(Status.IN_SERVICE), new Meter.Calls.Known(last)), NOW);
    }

    /** What is done, in one word. */
    private static String word(Meter.Decision decision) {
        return decision.action().getClass().getSimpleName();
    }

    private static List<String> told(Meter.Decision decision) {
        return decision.record().outbox().stream()
                .map(notice -> notice.kind().words() + ": " + notice.text())
                .toList();
    }

    private static final Sight ABSENT = new Sight.Absent();

    @Nested
    class Time_on_the_meter {
        @ParameterizedTest
        @CsvSource({
            // paid until, idle since, absent, in service
            " 60,      , Create, Rest",
            "  1,      , Create, Rest",
            "  0,      , Rest,   Delete",
            "-60,      , Rest,   Delete",
            " 60,   -20, Rest,   Delete",
            "-60,   -20, Rest,   Delete",
        })
        void an_endpoint_runs_while_it_is_paid_for_and_not_stopped_as_idle(
                long paidUntil, @Nullable Long idleAt, String absent, String inService) {
            Consumer<Draft> time = draft -> {
                draft.paidUntil = at(paidUntil);
                draft.idleAt = idleAt == null ? null : at(idleAt);
            };
            assertThat(word(decide(record(time), ABSENT))).isEqualTo(absent);
            assertThat(word(decide(record(running(time)), shows(Status.IN_SERVICE))))
                    .isEqualTo(inService);
        }

        @Test
        void what_is_created_has_the_record_s_configuration_and_the_intent_is_written_first() {
            Meter.Decision decision = decide(record(draft -> draft.configuration = C2), ABSENT);
            assertThat(decision.action()).isEqualTo(new Action.Create(C2));
            assertThat(decision.record().phase())
                    .isEqualTo(new Phase.Asked(NOW, "Paid until 2026-06-01T13:00:00Z.", false));
            assertThat(decision.record().outbox()).isEmpty();
        }

        @Test
        void a_step_leaves_the_time_alone() {
            MeterRecord record = record(draft -> draft.stoppedAt = at(-5));
            MeterRecord next = decide(record, ABSENT).record();
            assertThat(next.paidUntil()).isEqualTo(record.paidUntil());
            assertThat(next.stoppedAt()).isEqualTo(record.stoppedAt());
            assertThat(next.schedule()).isEqualTo(record.schedule());
        }
    }

    @Nested
    class Windows {
        @ParameterizedTest
        @CsvSource({
            // start, stop, idle allowed, stopped at, idle since, runs, reason
            "11:00, 13:00, false,    ,    , true,  window",
            "12:00, 13:00, false,    ,    , true,  window",
            "11:00, 12:00, false,    ,    , false, window_over",
            "13:00, 14:00, false,    ,    , false, time_up",
            "11:00, 13:00, false, -30,    , false, stopped",
            "11:00, 13:00, false, -60,    , false, stopped", // a stop at its first moment
            "11:00, 13:00, false, -61,    , true,  window", // it opened after the stop
            "11:00, 13:00, false,    , -30, true,  window", // it holds the model
            "11:00, 13:00, true,     , -30, false, idle",
            "11:00, 13:00, true,     , -61, true,  window",
        })
        void a_window_counts_unless_it_was_open_when_somebody_stopped_it_or_when_an_idle_stop_was_allowed(
                String start,
                String stop,
                boolean idleAllowed,
                @Nullable Long stoppedAt,
                @Nullable Long idleAt,
                boolean runs,
                String reason) {
            MeterRecord record = record(draft -> {
                draft.paidUntil = at(-300);
                draft.schedule = windows(
                        "[{'days':['mon'],'start':'" + start + "','stop':'" + stop + "','idle':" + idleAllowed + "}]");
                draft.stoppedAt = stoppedAt == null ? null : at(stoppedAt);
                draft.idleAt = idleAt == null ? null : at(idleAt);
            });
            assertThat(word(decide(record, ABSENT))).isEqualTo(runs ? "Create" : "Rest");
            assertThat(record.runs(NOW)).isEqualTo(runs);
            assertThat(record.reason(NOW).runs()).isEqualTo(runs);
            assertThat(Fields.word(record.reason(NOW).kind())).isEqualTo(reason);
        }

        @ParameterizedTest
        @CsvSource({
            // paid until, idle since, until
            "  30,     , 2026-06-01T15:00:00Z", // two windows touch, and hold beyond it
            " 240,     , 2026-06-01T16:00:00Z", // paid on, until behind both
            " 240, -200, 2026-06-01T15:00:00Z", // paid, but stopped as idle
        })
        void the_end_counts_windows_and_paid_time_that_follow_without_a_gap(
                long paidUntil, @Nullable Long idleAt, Instant until) {
            MeterRecord record = record(draft -> {
                draft.paidUntil = at(paidUntil);
                draft.idleAt = idleAt == null ? null : at(idleAt);
                draft.schedule = windows("[{'days':['mon'],'start':'11:00','stop':'13:00'},"
                        + "{'name':'late','days':['mon'],'start':'13:00','stop':'15:00'}]");
            });
            assertThat(record.reason(NOW).until()).isEqualTo(until);
        }

        @Test
        void an_endpoint_that_always_runs_has_an_end_all_the_same() {
            MeterRecord record = record(draft -> draft.schedule =
                    windows("[{'days':['mon','tue','wed','thu','fri','sat','sun'],'start':'00:00','stop':'00:00'}]"));
            assertThat(record.reason(NOW).until()).isEqualTo(at(8 * 24 * 60));
        }
    }

    @Nested
    class Statuses {
        @ParameterizedTest
        @CsvSource({
            // status, with a reason, without
            "CREATING,               Rest,   Rest",
            "UPDATING,               Rest,   Rest",
            "SYSTEM_UPDATING,        Rest,   Rest",
            "ROLLING_BACK,           Rest,   Rest",
            "DELETING,               Rest,   Rest",
            "IN_SERVICE,             Rest,   Delete",
            "FAILED,                 Delete, Delete",
            "OUT_OF_SERVICE,         Delete, Delete",
            "UPDATE_ROLLBACK_FAILED, Delete, Delete",
            "UNKNOWN,                Rest,   Delete",
        })
        void what_is_in_transition_is_waited_for_and_what_is_broken_is_deleted(
                Status status, String paid, String unpaid) {
            Consumer<Draft> time = draft -> draft.paidUntil = at(-1);
            assertThat(word(decide(record(running(draft -> {})), shows(status))))
                    .isEqualTo(paid);
            assertThat(word(decide(record(running(time)), shows(status)))).isEqualTo(unpaid);
            assertThat(word(decide(record(draft -> {}), shows(status))))
                    .as("made by somebody else")
                    .isEqualTo(paid);
        }

        @ParameterizedTest
        @EnumSource(
                value = Status.class,
                mode = EXCLUDE,
                names = {"UNKNOWN"})
        void each_status_is_known_by_sagemaker_s_word(Status status) {
            assertThat(Status.of(status.word())).isEqualTo(status);
            assertThat(Status.of("SomethingNew")).isEqualTo(Status.UNKNOWN);
        }

        @Test
        void an_endpoint_that_is_stopped_while_it_is_created_is_deleted_as_soon_as_it_serves() {
            MeterRecord starting = record(draft -> {
                draft.paidUntil = at(-1);
                draft.phase = new Phase.Starting(CREATED, "Paid.");
            });
            Meter.Decision first = decide(starting, shows(Status.CREATING));
            assertThat(word(first)).isEqualTo("Rest");
            assertThat(first.record().phase()).isEqualTo(starting.phase());
            assertThat(word(decide(first.record(), shows(Status.IN_SERVICE)))).isEqualTo("Delete");
        }

        @Test
        void one_that_is_topped_up_while_it_goes_is_created_once_it_is_gone() {
            MeterRecord going = record(
                    draft -> draft.phase = new Phase.Stopping(CREATED, at(-90), at(-1), "Its time was up.", true));
            assertThat(word(decide(going, shows(Status.DELETING)))).isEqualTo("Rest");
            assertThat(word(decide(going, ABSENT))).isEqualTo("Create");
        }

        @Test
        void one_whose_deletion_was_not_accepted_stays_when_a_reason_comes_back() {
            MeterRecord stopping = record(
                    draft -> draft.phase = new Phase.Stopping(CREATED, at(-90), at(-1), "Its time was up.", false));
            Meter.Decision decision = decide(stopping, shows(Status.IN_SERVICE));
            assertThat(word(decision)).isEqualTo("Rest");
            assertThat(decision.record().phase()).isEqualTo(new Phase.Running(CREATED, at(-90), null));
        }

        @Test
        void one_whose_deletion_was_accepted_just_now_is_left_to_go() {
            MeterRecord stopping = record(
                    draft -> draft.phase = new Phase.Stopping(CREATED, at(-90), at(-1), "Its time was up.", true));
            Meter.Decision decision = decide(stopping, shows(Status.IN_SERVICE));
            assertThat(word(decision)).isEqualTo("Rest");
            assertThat(decision.record().phase()).isEqualTo(stopping.phase());
        }
    }

    @Nested
    class Lease {
        @ParameterizedTest
        @CsvSource({
            // seconds since it was asked for, accepted, paid: action
            " 10, false, true,  Rest",
            "119, false, true,  Rest",
            "120, false, true,  Create",
            " 10, true,  true,  Rest",
            "120, true,  true,  Create",
            " 10, false, false, Rest",
            "120, false, false, Rest",
        })
        void nobody_creates_again_what_may_still_come(long seconds, boolean accepted, boolean paid, String action) {
            MeterRecord asked = record(draft -> {
                draft.phase = new Phase.Asked(NOW.minusSeconds(seconds), "Paid.", accepted);
                draft.paidUntil = at(paid ? 60 : -60);
            });
            assertThat(word(decide(asked, ABSENT))).isEqualTo(action);
        }

        @Test
        void what_was_asked_for_and_whose_answer_got_lost_is_known_by_its_time() {
            MeterRecord asked = record(draft -> draft.phase = new Phase.Asked(CREATED, "Paid.", false));
            Meter.Decision decision = decide(asked, shows(Status.CREATING));
            assertThat(decision.record().phase()).isEqualTo(new Phase.Starting(CREATED, "Paid."));
            assertThat(told(decision)).containsExactly("started: Paid.");
        }

        @Test
        void one_that_is_older_than_the_request_is_not_what_was_asked_for() {
            MeterRecord asked = record(draft -> {
                draft.phase = new Phase.Asked(NOW.minusSeconds(10), "Paid.", false);
                draft.paidUntil = at(-1);
            });
            Meter.Decision during = decide(asked, shows(Status.IN_SERVICE));
            assertThat(word(during)).isEqualTo("Rest");
            assertThat(during.record().phase()).isEqualTo(asked.phase());

            Instant later = NOW.plus(Duration.ofMinutes(3));
            Meter.Decision behind =
                    Meter.decide(asked, new Meter.Observed(shows(Status.IN_SERVICE), new Meter.Calls.Unknown()), later);
            assertThat(word(behind)).isEqualTo("Delete");
        }
    }

    @Nested
    class Idle {
        @ParameterizedTest
        @CsvSource({
            // ready, last call, paid at: minutes from now; 30 minutes and the metric's 2
            "-31,    ,    , Rest",
            "-32,    ,    , Delete",
            "-90, -31,    , Rest",
            "-90, -32,    , Delete",
            "-90, -60, -31, Rest",
            "-90, -60, -32, Delete",
            "-31, -60, -60, Rest", // called before it came into service: another one
        })
        void without_a_call_since_it_came_into_service_or_was_paid_for_it_stops(
                long readyAt, @Nullable Long last, @Nullable Long paidAt, String action) {
            MeterRecord record = record(running(draft -> {
                draft.phase = new Phase.Running(CREATED, at(readyAt), null);
                draft.paidAt = paidAt == null ? null : at(paidAt);
            }));
            Meter.Decision decision = called(record, last == null ? null : at(last));
            assertThat(word(decision)).isEqualTo(action);
            assertThat(decision.record().idleAt()).isEqualTo(action.equals("Delete") ? NOW : null);
            assertThat(decision.record().paidUntil()).as("what was paid stays").isEqualTo(record.paidUntil());
        }

        @Test
        void nothing_follows_from_a_question_without_an_answer() {
            assertThat(word(decide(record(running(draft -> {})), shows(Status.IN_SERVICE))))
                    .isEqualTo("Rest");
        }

        @ParameterizedTest
        @EnumSource(names = {"UPDATING", "SYSTEM_UPDATING", "ROLLING_BACK", "CREATING"})
        void what_is_not_in_service_is_not_idle(Status status) {
            Meter.Decision decision = Meter.decide(
                    record(running(draft -> {})), new Meter.Observed(shows(status), new Meter.Calls.Known(null)), NOW);
            assertThat(decision.record().idleAt()).isNull();
        }

        @ParameterizedTest
        @CsvSource({"false, Rest", "true, Delete"})
        void a_window_holds_it_unless_it_says_otherwise(boolean idleAllowed, String action) {
            MeterRecord record = record(running(draft -> draft.schedule =
                    windows("[{'days':['mon'],'start':'10:00','stop':'13:00','idle':" + idleAllowed + "}]")));
            assertThat(word(called(record, null))).isEqualTo(action);
        }

        @Test
        void without_idle_minutes_it_never_stops() {
            MeterRecord record = record(running(draft -> draft.terms = Terms.ADOPTED));
            assertThat(word(called(record, null))).isEqualTo("Rest");
        }

        @ParameterizedTest
        @CsvSource({
            // ready, last call, idle since: stays idle
            "-40, -20, -60, false", // it ran again, in a window, and was called there
            "-40, -70, -60, true",
            "-80, -20, -60, true", // it runs only because its deletion takes time
        })
        void one_that_ran_again_and_was_called_is_idle_no_more(long readyAt, long last, long idleAt, boolean idle) {
            MeterRecord record = record(running(draft -> {
                draft.phase = new Phase.Running(CREATED, at(readyAt), null);
                draft.idleAt = at(idleAt);
                draft.schedule = windows("[{'days':['mon'],'start':'11:10','stop':'13:00'}]");
            }));
            assertThat(Meter.asksForCalls(record, shows(Status.IN_SERVICE), NOW))
                    .isEqualTo(readyAt > idleAt);
            assertThat(called(record, at(last)).record().idleAt()).isEqualTo(idle ? at(idleAt) : null);
        }

        @ParameterizedTest
        @CsvSource({"-31, false", "-32, true"})
        void cloudwatch_is_asked_only_where_it_decides(long readyAt, boolean asks) {
            MeterRecord record = record(running(draft -> draft.phase = new Phase.Running(CREATED, at(readyAt), null)));
            assertThat(Meter.asksForCalls(record, shows(Status.IN_SERVICE), NOW))
                    .isEqualTo(asks);
            assertThat(Meter.question(record, shows(Status.IN_SERVICE)))
                    .isEqualTo(new Activity.Question("e", List.of("v"), CREATED));
        }
    }

    @Nested
    class Failures {
        @ParameterizedTest
        @CsvSource({"0, 10", "1, 20", "2, 40", "3, 80", "4, 120", "5, 120", "60, 120"})
        void after_each_failure_in_a_row_it_waits_twice_as_long(int before, long minutes) {
            MeterRecord record = record(running(draft -> draft.failure = before == 0
                    ? null
                    : new Failure(Failure.What.START, at(-200), "Before.", before, at(-100), at(-300))));
            Meter.Decision decision =
                    decide(record, new Sight.Described(Status.FAILED, CREATED, at(-1), C1, List.of("v"), 1, "No GPU."));
            assertThat(word(decision)).isEqualTo("Delete");
            assertThat(decision.record().failure())
                    .isEqualTo(new Failure(Failure.What.START, NOW, "No GPU.", before + 1, at(minutes), CREATED));
            assertThat(told(decision))
                    .containsExactly("failed: No GPU. It is deleted, and started again at " + at(minutes)
                            + " where there still is a reason to.");
        }

        @ParameterizedTest
        @CsvSource({"START, 1, 1, Rest", "START, 0, 1, Create", "START, 1, 0, Create", "CHANGE, 1, 1, Create"})
        void it_is_created_again_only_after_the_wait(Failure.What what, int streak, long retryAt, String action) {
            MeterRecord record =
                    record(draft -> draft.failure = new Failure(what, at(-9), "No GPU.", streak, at(retryAt), null));
            assertThat(word(decide(record, ABSENT))).isEqualTo(action);
        }

        @Test
        void a_failed_endpoint_counts_once_however_often_it_is_seen() {
            Sight failed = new Sight.Described(Status.FAILED, CREATED, at(-1), C1, List.of("v"), 1, "No GPU.");
            Meter.Decision first = decide(record(running(draft -> {})), failed);
            Meter.Decision second = decide(first.record(), failed);
            assertThat(word(second)).isEqualTo("Delete");
            assertThat(second.record()).isEqualTo(first.record());
        }

        @Test
        void nothing_is_deleted_before_its_reason_is_known() {
            MeterRecord record = record(running(draft -> {}));
            Sight listed = new Sight.Listed(Status.FAILED, CREATED, at(-1));
            assertThat(Meter.asksForMore(record, listed, NOW)).isTrue();
            assertThat(word(decide(record, listed))).isEqualTo("Rest");
        }

        @Test
        void an_endpoint_in_service_ends_the_row() {
            MeterRecord record = record(draft -> {
                draft.phase = new Phase.Starting(CREATED, "Paid.");
                draft.failure = new Failure(Failure.What.START, at(-200), "No GPU.", 3, at(-100), null);
            });
            Failure failure = decide(record, shows(Status.IN_SERVICE)).record().failure();
            assertThat(failure).isEqualTo(new Failure(Failure.What.START, at(-200), "No GPU.", 0, at(-100), null));
        }
    }

    /** Of an endpoint whose configuration has two. */
    @Nested
    class Instances {
        private static final String OPEN = "{'date':'2026-06-01','start':'11:00','stop':'13:00','instances':%d}";
        private static final String PLAIN = "{'date':'2026-06-01','start':'11:30','stop':'12:30'}";
        private static final String LATER = "{'date':'2026-06-01','start':'13:00','stop':'14:00','instances':9}";

        private Consumer<Draft> counted(String windows) {
            return running(draft -> {
                draft.terms = new Terms(480, null, null, OnChange.UPDATE, 0, null, 2);
                draft.schedule = windows("[" + windows + "]");
            });
        }

        private Sight there(Status status, @Nullable Integer instances, Instant modifiedAt) {
            return new Sight.Described(status, CREATED, modifiedAt, C1, List.of("AllTraffic"), instances, null);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    // windows | there | wanted, where it is another number
                    "           | 2 |",
                    "           | 3 | 2",
                    "4          | 2 | 4",
                    "4          | 4 |",
                    "1          | 2 | 1",
                    "4,1        | 2 | 4",
                    "1,plain    | 1 | 2",
                    "4,plain    | 2 | 4",
                    "plain      | 2 |",
                    "later      | 2 |",
                    "1,later    | 2 | 1",
                })
        void are_the_most_of_the_open_windows_and_the_configurations_own_outside(
                @Nullable String windows, int there, @Nullable Integer wanted) {
            String json = windows == null
                    ? ""
                    : windows.replaceAll("\\d", OPEN.replace("%d", "$0"))
                            .replace("plain", PLAIN)
                            .replace("later", LATER);
            Meter.Decision decision = decide(record(counted(json)), there(Status.IN_SERVICE, there, at(-90)));

            assertThat(decision.action()).isEqualTo(wanted == null ? new Action.Rest() : new Action.Scale(wanted));
            assertThat(decision.record().phase())
                    .isEqualTo(new Phase.Running(
                            CREATED, at(-90), wanted == null ? null : new Phase.Change(C1, wanted, NOW)));
        }

        @ParameterizedTest
        @EnumSource(value = Status.class, names = "IN_SERVICE", mode = EXCLUDE)
        void are_left_alone_until_it_serves(Status status) {
            assertThat(decide(record(counted(OPEN.formatted(4))), there(status, 2, at(-90)))
                            .action())
                    .isNotInstanceOf(Action.Scale.class);
        }

        @Test
        void are_left_alone_where_nobody_counts_them() {
            MeterRecord uncounted = record(running(draft -> draft.schedule = windows("[" + PLAIN + "]")));
            assertThat(word(decide(uncounted, there(Status.IN_SERVICE, 5, at(-90)))))
                    .isEqualTo("Rest");
            assertThat(word(decide(record(counted("")), there(Status.IN_SERVICE, null, at(-90)))))
                    .isEqualTo("Rest");
        }

        @Test
        void of_a_window_that_was_stopped_do_not_count() {
            MeterRecord record = record(counted(OPEN.formatted(4)).andThen(draft -> {
                draft.stoppedAt = at(-10);
                draft.paidAt = at(-5);
            }));
            assertThat(word(decide(record, there(Status.IN_SERVICE, 2, at(-90)))))
                    .isEqualTo("Rest");
        }

        @Test
        void change_once_it_has_its_configuration_and_not_before_it_stops() {
            MeterRecord moves = record(counted(OPEN.formatted(4)).andThen(draft -> draft.configuration = C2));
            assertThat(decide(moves, there(Status.IN_SERVICE, 2, at(-90))).action())
                    .isEqualTo(new Action.Update(C2));
            MeterRecord stops = record(counted("").andThen(draft -> draft.paidUntil = at(-1)));
            assertThat(word(decide(stops, there(Status.IN_SERVICE, 3, at(-90)))))
                    .isEqualTo("Delete");
        }

        @ParameterizedTest
        @CsvSource({
            // asked for minutes ago, modified minutes ago, there: what comes of it
            "1, 90, 2, Rest,  changing",
            "3,  3, 2, Rest,  failed",
            "3, 90, 2, Scale, again",
            "1,  1, 4, Rest,  done",
            "3,  1, 4, Rest,  done",
        })
        void change_or_fail_or_are_asked_for_again(
                long minutes, long modified, int there, String action, String outcome) {
            Phase.Change change = new Phase.Change(C1, 4, at(-minutes));
            MeterRecord record = record(counted(OPEN.formatted(4))
                    .andThen(draft -> draft.phase = new Phase.Running(CREATED, at(-90), change)));

            Meter.Decision decision = decide(record, there(Status.IN_SERVICE, there, at(-modified)));

            assertThat(word(decision)).isEqualTo(action);
            assertThat(((Phase.Running) decision.record().phase()).change())
                    .isEqualTo(
                            switch (outcome) {
                                case "changing" -> change;
                                case "again" -> new Phase.Change(C1, 4, NOW);
                                default -> null;
                            });
            assertThat(told(decision))
                    .isEqualTo(
                            outcome.equals("failed")
                                    ? List.of("failed: The change to 4 instances failed, and it has 2. It serves on as"
                                            + " before; the next attempt is at " + at(10) + ".")
                                    : List.of());
        }

        @Test
        void that_can_not_be_had_are_asked_for_later() {
            MeterRecord record = record(counted(OPEN.formatted(4)));
            Meter.Decision decision = decide(record, there(Status.IN_SERVICE, 2, at(-90)));
            MeterRecord refused = Meter.after(
                    decision.record(), decision.action(), new Endpoints.Outcome.LimitExceeded("No quota."), NOW);

            assertThat(((Phase.Running) refused.phase()).change()).isNull();
            assertThat(refused.outbox())
                    .extracting(Notice::text)
                    .containsExactly("No quota. It serves on as before; the next attempt is at " + at(10) + ".");
            assertThat(word(decide(refused, there(Status.IN_SERVICE, 2, at(-90)))))
                    .isEqualTo("Rest");
        }

        @Test
        void are_not_in_the_list_so_they_are_described_once() {
            MeterRecord.Seen unknown =
                    new MeterRecord.Seen(Status.IN_SERVICE, CREATED, at(-90), C1, List.of("AllTraffic"), null);
            MeterRecord.Seen known =
                    new MeterRecord.Seen(Status.IN_SERVICE, CREATED, at(-90), C1, List.of("AllTraffic"), 2);
            MeterRecord.Seen other = new MeterRecord.Seen(Status.IN_SERVICE, CREATED, at(-90), C1, List.of("v"), null);
            Sight.Listed same = new Sight.Listed(Status.IN_SERVICE, CREATED, at(-90));
            assertThat(Meter.asksForMore(record(counted("").andThen(draft -> draft.seen = unknown)), same, NOW))
                    .isTrue();
            assertThat(Meter.asksForMore(record(counted("").andThen(draft -> draft.seen = known)), same, NOW))
                    .isFalse();
            assertThat(Meter.asksForMore(record(counted("").andThen(draft -> draft.seen = other)), same, NOW))
                    .isFalse();
            assertThat(Meter.asksForMore(record(running(draft -> draft.seen = unknown)), same, NOW))
                    .isFalse();
            MeterRecord listed = decide(record(counted(OPEN.formatted(4)).andThen(draft -> draft.seen = known)), same)
                    .record();
            assertThat(((Phase.Running) listed.phase()).change()).isEqualTo(new Phase.Change(C1, 4, NOW));
        }
    }

    @Nested
    class Changes_of_configuration {
        @ParameterizedTest
        @CsvSource({
            "UPDATE,   IN_SERVICE,      Update",
            "RECREATE, IN_SERVICE,      Delete",
            "UPDATE,   UPDATING,        Rest",
            "RECREATE, UPDATING,        Rest",
            "UPDATE,   CREATING,        Rest",
            "UPDATE,   SYSTEM_UPDATING, Rest",
            "UPDATE,   ROLLING_BACK,    Rest",
            "UPDATE,   UNKNOWN,         Rest",
        })
        void a_running_endpoint_moves_as_its_terms_say(OnChange onChange, Status status, String action) {
            MeterRecord record = record(running(draft -> {
                draft.configuration = C2;
                draft.terms = new Terms(480, null, null, onChange, 0, null, null);
            }));
            assertThat(word(decide(record, shows(status)))).isEqualTo(action);
        }

        @Test
        void one_that_is_to_stop_does_not_move_first() {
            MeterRecord record = record(running(draft -> {
                draft.configuration = C2;
                draft.paidUntil = at(-1);
            }));
            assertThat(word(decide(record, shows(Status.IN_SERVICE)))).isEqualTo("Delete");
        }

        @ParameterizedTest
        @CsvSource({
            // asked for minutes ago, it shows: what comes of it
            "1, c1, Rest,   changing",
            "3, c1, Rest,   failed",
            "1, c2, Rest,   done",
            "3, c2, Rest,   done",
        })
        void a_move_ends_with_the_new_configuration_or_with_the_old_one(
                long minutes, String shows, String action, String outcome) {
            Phase.Change change = new Phase.Change(C2, null, at(-minutes));
            MeterRecord record = record(running(draft -> {
                draft.configuration = C2;
                draft.phase = new Phase.Running(CREATED, at(-90), change);
            }));
            Meter.Decision decision = decide(record, shows(Status.IN_SERVICE, shows, at(-minutes)));
            assertThat(word(decision)).isEqualTo(action);
            assertThat(decision.record().phase())
                    .isEqualTo(new Phase.Running(CREATED, at(-90), outcome.equals("changing") ? change : null));
            assertThat(told(decision))
                    .isEqualTo(
                            outcome.equals("failed")
                                    ? List.of("failed: The move to c2 failed, and it serves with c1. It serves on as"
                                            + " before; the next attempt is at " + at(10) + ".")
                                    : List.of());
        }

        @Test
        void a_move_that_was_asked_for_and_never_began_is_asked_for_again_and_is_no_failure() {
            MeterRecord record = record(running(draft -> {
                draft.configuration = C2;
                draft.phase = new Phase.Running(CREATED, at(-90), new Phase.Change(C2, null, at(-3)));
            }));
            Meter.Decision decision = decide(record, shows(Status.IN_SERVICE, C1, at(-5)));
            assertThat(decision.action()).isEqualTo(new Action.Update(C2));
            assertThat(decision.record().failure()).isNull();
            assertThat(told(decision)).isEmpty();
        }

        @Test
        void a_failed_move_waits_before_the_next() {
            MeterRecord record = record(running(draft -> {
                draft.configuration = C2;
                draft.failure = new Failure(Failure.What.CHANGE, at(-5), "Rolled back.", 1, at(5), null);
            }));
            assertThat(word(decide(record, shows(Status.IN_SERVICE)))).isEqualTo("Rest");
        }

        @Test
        void one_whose_configuration_changed_again_meanwhile_moves_on() {
            MeterRecord record = record(running(draft -> {
                draft.configuration = "c3";
                draft.phase = new Phase.Running(CREATED, at(-90), new Phase.Change(C2, null, at(-20)));
            }));
            assertThat(decide(record, shows(Status.IN_SERVICE, C2)).action()).isEqualTo(new Action.Update("c3"));
        }

        @Test
        void the_list_does_not_tell_the_configuration_so_what_is_new_is_described() {
            MeterRecord record = record(running(draft -> {}));
            Sight.Listed same = new Sight.Listed(Status.IN_SERVICE, CREATED, at(-90));
            assertThat(Meter.asksForMore(record, same, NOW)).isFalse();
            assertThat(Meter.asksForMore(record, new Sight.Listed(Status.IN_SERVICE, CREATED, at(-1)), NOW))
                    .isTrue();
            assertThat(Meter.asksForMore(record, new Sight.Listed(Status.IN_SERVICE, at(-3), at(-90)), NOW))
                    .isTrue();
            assertThat(Meter.asksForMore(record, new Sight.Listed(Status.UPDATING, CREATED, at(-1)), NOW))
                    .isFalse();
            assertThat(Meter.asksForMore(record(draft -> {}), same, NOW)).isTrue();
        }
    }

    @Nested
    class Going {
        private MeterRecord leaving(Phase phase) {
            return record(draft -> {
                draft.leaving = true;
                draft.phase = phase;
            });
        }

        @Test
        void the_record_goes_only_when_nothing_is_there_and_nothing_can_come() {
            Phase stopped = new Phase.Stopped(at(-5), "");
            assertThat(word(decide(leaving(stopped), ABSENT))).isEqualTo("Forget");
            assertThat(word(decide(leaving(stopped), shows(Status.DELETING)))).isEqualTo("Rest");
            assertThat(word(decide(leaving(stopped), shows(Status.CREATING)))).isEqualTo("Rest");
            assertThat(word(decide(leaving(stopped), shows(Status.IN_SERVICE)))).isEqualTo("Delete");
            assertThat(word(decide(leaving(stopped), shows(Status.FAILED)))).isEqualTo("Delete");
            assertThat(word(decide(leaving(new Phase.Asked(at(-1), "", false)), ABSENT)))
                    .as("somebody may be creating it")
                    .isEqualTo("Rest");
            assertThat(word(decide(leaving(new Phase.Asked(at(-2), "", false)), ABSENT)))
                    .isEqualTo("Forget");
        }

        @Test
        void the_list_alone_is_no_proof_that_it_is_gone() {
            assertThat(Meter.asksForMore(leaving(new Phase.Stopped(at(-5), "")), ABSENT, NOW))
                    .isTrue();
            assertThat(Meter.asksForMore(record(running(draft -> {})), ABSENT, NOW))
                    .isTrue();
            assertThat(Meter.asksForMore(record(draft -> {}), ABSENT, NOW)).isFalse();
        }
    }

    @Nested
    class Notices_to_people {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    // phase before | what is seen | what is told
                    "Asked    | CREATING   | started: Paid.",
                    "Asked    | IN_SERVICE | started: Paid., ready: It serves.",
                    "Accepted | CREATING   | ''",
                    "Accepted | IN_SERVICE | ready: It serves.",
                    "Starting | CREATING   | ''",
                    "Starting | IN_SERVICE | ready: It serves.",
                    "Starting | DELETING   | 'stopped: It was deleted, not by the meter.'",
                    "Starting |            | 'stopped: It was deleted, not by the meter.'",
                    "Running  | IN_SERVICE | ''",
                    "Running  | UPDATING   | ''",
                    "Running  | DELETING   | 'stopped: It was deleted, not by the meter.'",
                    "Running  |            | 'stopped: It was deleted, not by the meter.'",
                    "Stopping | DELETING   | stopped: Its time was up.",
                    "Stopping |            | stopped: Its time was up.",
                    "Told     | DELETING   | ''",
                    "Told     |            | ''",
                    "Stopped  | CREATING   | 'started: It was created, not by the meter.'",
                    "Stopped  | IN_SERVICE | ready: It serves.",
                    "Stopped  | DELETING   | ''",
                    "Stopped  |            | ''",
                })
        void each_is_told_when_it_is_seen_first(String phase, @Nullable Status status, @Nullable String told) {
            MeterRecord record = record(draft -> draft.phase = switch (phase) {
                case "Asked" -> new Phase.Asked(CREATED, "Paid.", false);
                case "Accepted" -> new Phase.Asked(CREATED, "Paid.", true);
                case "Starting" -> new Phase.Starting(CREATED, "Paid.");
                case "Running" -> new Phase.Running(CREATED, at(-90), null);
                case "Stopping" -> new Phase.Stopping(CREATED, at(-90), at(-1), "Its time was up.", false);
                case "Told" -> new Phase.Stopping(CREATED, at(-90), at(-1), "Its time was up.", true);
                default -> new Phase.Stopped(at(-1), "");
            });
            Sight sight = status == null ? ABSENT : shows(status);
            Meter.Decision decision = decide(record, sight);
            assertThat(String.join(", ", told(decision))).isEqualTo(told == null ? "" : told);
            Meter.Decision again = decide(decision.record(), sight);
            assertThat(again.record().outbox()).isEqualTo(decision.record().outbox());
        }

        @Test
        void another_endpoint_of_the_name_means_that_the_one_before_is_gone() {
            MeterRecord record = record(running(draft -> {}));
            Meter.Decision decision =
                    decide(record, new Sight.Described(Status.CREATING, at(-1), at(-1), C1, List.of("v"), 1, null));
            assertThat(told(decision))
                    .containsExactly(
                            "stopped: It was deleted, not by the meter.", "started: It was created, not by the meter.");
            assertThat(decision.record().phase().instance()).isEqualTo(at(-1));
        }

        @ParameterizedTest
        @CsvSource({
            // paid until, warned before: told, warned after
            "11, false, false, false",
            "10, false, true,  true",
            " 1, false, true,  true",
            " 1, true,  false, true",
            "11, true,  false, false", // topped up since
            " 0, true,  false, false",
        })
        void people_are_warned_once_before_an_end(long paidUntil, boolean warned, boolean told, boolean after) {
            MeterRecord record = record(running(draft -> {
                draft.paidUntil = at(paidUntil);
                draft.warned = warned;
            }));
            Meter.Decision decision = decide(record, shows(Status.IN_SERVICE));
            assertThat(decision.record().outbox().stream().anyMatch(n -> n.kind() == Notice.Kind.STOPS_SOON))
                    .isEqualTo(told);
            assertThat(decision.record().warned()).isEqualTo(after);
        }

        @Test
        void nobody_is_warned_where_the_terms_say_so_or_where_nothing_runs() {
            MeterRecord never = record(running(draft -> {
                draft.paidUntil = at(1);
                draft.terms = new Terms(480, null, null, OnChange.UPDATE, 0, null, null);
            }));
            assertThat(told(decide(never, shows(Status.IN_SERVICE)))).isEmpty();
            assertThat(told(decide(record(draft -> draft.paidUntil = at(1)), ABSENT)))
                    .isEmpty();
        }

        @Test
        void the_warning_names_the_end_that_windows_give() {
            MeterRecord record = record(running(draft -> {
                draft.paidUntil = at(5);
                draft.schedule = windows("[{'days':['mon'],'start':'12:05','stop':'12:08'}]");
            }));
            assertThat(told(decide(record, shows(Status.IN_SERVICE))))
                    .containsExactly("stops soon: It stops at 2026-06-01T12:08:00Z; a top-up keeps it.");
        }

        @ParameterizedTest
        @CsvSource({"1, 1", "0, 2", "-1, 2"})
        void a_notice_that_its_function_did_not_get_out_is_taken_over(long claimedUntil, long now) {
            Notice notice = new Notice("id", "e", Notice.Kind.READY, at(-5), "It serves.", at(claimedUntil));
            MeterRecord record = record(draft -> {
                draft.outbox = List.of(notice);
                draft.paidUntil = at(-1);
            });
            assertThat(decide(record, ABSENT).record().outbox())
                    .containsExactly(new Notice("id", "e", Notice.Kind.READY, at(-5), "It serves.", at(now)));
        }
    }

    @Nested
    class Outcomes {
        private final Endpoints.Outcome done = new Endpoints.Outcome.Done();

        private MeterRecord after(MeterRecord record, Action action, Endpoints.Outcome outcome) {
            return Meter.after(record, action, outcome, NOW);
        }

        @ParameterizedTest
        @CsvSource({
            "Done,          accepted, started: Paid.",
            "Throttled,     stopped,",
            "InTransition,  stopped,",
            "AlreadyExists, asked,",
            "Unanswered,    asked,",
            "LimitExceeded, failed,   failed: No quota. It is tried again",
            "Refused,       failed,   failed: No quota. It is tried again",
        })
        void of_creating(String outcome, String then, @Nullable String told) {
            MeterRecord asked = record(draft -> draft.phase = new Phase.Asked(NOW, "Paid.", false));
            MeterRecord next = after(asked, new Action.Create(C1), outcome(outcome));
            switch (then) {
                case "accepted" -> assertThat(next.phase()).isEqualTo(new Phase.Asked(NOW, "Paid.", true));
                case "asked" -> assertThat(next).isEqualTo(asked);
                default -> assertThat(next.phase()).isInstanceOf(Phase.Stopped.class);
            }
            assertThat(next.failure())
                    .isEqualTo(
                            then.equals("failed")
                                    ? new Failure(Failure.What.START, NOW, "No quota.", 1, at(10), null)
                                    : null);
            List<String> texts = told(new Meter.Decision(next, new Action.Rest()));
            assertThat(texts).hasSize(told == null ? 0 : 1).allMatch(text -> text.startsWith(String.valueOf(told)));
            assertThat(after(next, new Action.Create(C1), outcome(outcome)))
                    .as("written twice, since the first answer got lost")
                    .isEqualTo(next);
        }

        @ParameterizedTest
        @CsvSource({
            "Done, true, stopped",
            "Throttled, false,",
            "NotFound, false,",
            "InTransition, false,",
            "Unanswered, false,",
            "Refused, false, failed",
        })
        void of_deleting(String outcome, boolean announced, @Nullable String told) {
            MeterRecord stopping =
                    record(draft -> draft.phase = new Phase.Stopping(CREATED, at(-90), NOW, "Its time was up.", false));
            MeterRecord next = after(stopping, new Action.Delete(), outcome(outcome));
            assertThat(next.phase())
                    .isEqualTo(new Phase.Stopping(CREATED, at(-90), NOW, "Its time was up.", announced));
            assertThat(next.outbox().stream().map(notice -> notice.kind().words()))
                    .isEqualTo(told == null ? List.of() : List.of(told));
            assertThat(after(next, new Action.Delete(), outcome(outcome))).isEqualTo(next);
        }

        @ParameterizedTest
        @CsvSource({
            "Done, true, false",
            "Unanswered, true, false",
            "AlreadyExists, true, false",
            "Throttled, false, false",
            "InTransition, false, false",
            "NotFound, false, false",
            "LimitExceeded, false, true",
            "Refused, false, true",
        })
        void of_updating(String outcome, boolean changing, boolean failed) {
            MeterRecord changed =
                    record(draft -> draft.phase = new Phase.Running(CREATED, at(-90), new Phase.Change(C2, null, NOW)));
            MeterRecord next = after(changed, new Action.Update(C2), outcome(outcome));
            assertThat(((Phase.Running) next.phase()).change())
                    .isEqualTo(changing ? new Phase.Change(C2, null, NOW) : null);
            assertThat(next.failure() != null).isEqualTo(failed);
            assertThat(after(next, new Action.Update(C2), outcome(outcome))).isEqualTo(next);
        }

        @Test
        void of_what_somebody_else_has_gone_on_from_are_let_be() {
            List<Phase> others = new ArrayList<>();
            others.add(new Phase.Starting(CREATED, "Paid."));
            others.add(new Phase.Stopped(NOW, ""));
            for (Phase phase : others) {
                MeterRecord record = record(draft -> draft.phase = phase);
                assertThat(after(record, new Action.Create(C1), done)).isEqualTo(record);
                assertThat(after(record, new Action.Delete(), done)).isEqualTo(record);
                assertThat(after(record, new Action.Update(C2), done)).isEqualTo(record);
            }
        }

        private Endpoints.Outcome outcome(String name) {
            return switch (name) {
                case "Done" -> done;
                case "Throttled" -> new Endpoints.Outcome.Throttled();
                case "NotFound" -> new Endpoints.Outcome.NotFound();
                case "InTransition" -> new Endpoints.Outcome.InTransition();
                case "AlreadyExists" -> new Endpoints.Outcome.AlreadyExists();
                case "LimitExceeded" -> new Endpoints.Outcome.LimitExceeded("No quota.");
                case "Refused" -> new Endpoints.Outcome.Refused("No quota.");
                default -> new Endpoints.Outcome.Unanswered("timeout");
            };
        }
    }
}
