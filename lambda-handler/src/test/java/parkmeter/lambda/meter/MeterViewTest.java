package parkmeter.lambda.meter;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.lambda.json.Json;

class MeterViewTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private static Instant at(long minutes) {
        return NOW.plus(Duration.ofMinutes(minutes));
    }

    private static Draft draft() throws Invalid {
        Terms terms = new Terms(480, 30, 20, OnChange.UPDATE, 10, new BigDecimal("1.41"), null);
        Schedule schedule = Schedule.read(
                List.of(Map.of("name", "office", "days", List.of("tue"), "start", "09:00", "stop", "17:00")));
        Draft draft =
                MeterRecord.unpaid("e", "c", "m", terms, schedule, at(-1000)).edit();
        draft.paidUntil = at(30);
        return draft;
    }

    @Test
    void a_running_meter_shows_everything_there_is_to_know() throws Invalid {
        Draft draft = draft();
        draft.phase = new Phase.Running(at(-90), at(-80), null);
        draft.seen = new MeterRecord.Seen(Status.IN_SERVICE, at(-90), at(-80), "c", List.of("v"), 1);
        draft.failure = new Failure(Failure.What.START, at(-200), "No GPU.", 0, at(-190), null);
        draft.lastActivity = at(-4);
        draft.startSeconds = List.of(600);
        assertThat(Json.text(new MeterView(draft.done(), NOW).json()))
                .isEqualTo("{\"endpoint\":\"e\",\"model\":\"m\",\"configuration\":\"c\",\"status\":\"InService\","
                        + "\"runs\":true,\"reason\":\"paid\",\"why\":\"Paid until 2026-06-01T12:30:00Z.\","
                        + "\"paidUntil\":\"2026-06-01T12:30:00Z\",\"secondsLeft\":1800,"
                        + "\"nextWindow\":{\"name\":\"office\",\"from\":\"2026-06-02T09:00:00Z\","
                        + "\"until\":\"2026-06-02T17:00:00Z\"},"
                        + "\"schedule\":[{\"name\":\"office\",\"days\":[\"tue\"],\"start\":\"09:00\",\"stop\":\"17:00\","
                        + "\"timezone\":\"UTC\"}],"
                        + "\"lastFailure\":{\"at\":\"2026-06-01T08:40:00Z\",\"reason\":\"No GPU.\"},"
                        + "\"lastActivity\":\"2026-06-01T11:56:00Z\",\"startedAt\":\"2026-06-01T10:30:00Z\","
                        + "\"readyAt\":\"2026-06-01T10:40:00Z\",\"startSeconds\":600,"
                        + "\"terms\":{\"maxMinutes\":480,\"idleMinutes\":30,\"wakeMinutes\":20,\"onChange\":\"update\","
                        + "\"beforeStopMinutes\":10,\"hourlyCost\":1.41},\"hourlyCost\":1.41,\"costSinceStart\":2.12}");
    }

    @Test
    void one_whose_instances_are_counted_shows_how_many_it_is_to_have_and_has() throws Invalid {
        Draft draft = draft();
        draft.terms = new Terms(480, 30, 20, OnChange.UPDATE, 10, null, 2);
        assertThat(new MeterView(draft.done(), NOW).json()).containsEntry("instances", Map.of("wanted", 2));
        draft.seen = new MeterRecord.Seen(Status.IN_SERVICE, at(-90), at(-80), "c", List.of("v"), 1);
        assertThat(new MeterView(draft.done(), NOW).json()).containsEntry("instances", Map.of("wanted", 2, "there", 1));
    }

    @Test
    void a_stopped_one_shows_why_and_when_it_tries_again() throws Invalid {
        Draft draft = draft();
        draft.schedule = Schedule.NONE;
        draft.paidUntil = at(-30);
        draft.failure = new Failure(Failure.What.START, at(-5), "No GPU.", 1, at(5), null);
        Map<String, Object> json = new MeterView(draft.done(), NOW).json();
        assertThat(json)
                .containsEntry("status", "Stopped")
                .containsEntry("runs", false)
                .containsEntry("reason", "time_up")
                .containsEntry("why", "Its time was up at 2026-06-01T11:30:00Z; a top-up starts it.")
                .containsEntry("secondsLeft", 0L)
                .containsEntry("startSeconds", 480L)
                .doesNotContainKeys("nextWindow", "startedAt", "readyAt", "costSinceStart", "lastActivity");
        assertThat(json.get("lastFailure"))
                .isEqualTo(
                        Map.of("at", "2026-06-01T11:55:00Z", "reason", "No GPU.", "retryAt", "2026-06-01T12:05:00Z"));
    }

    @Test
    void one_that_was_asked_for_is_shown_as_creating_and_the_cost_counts_from_its_creation() throws Invalid {
        Draft draft = draft();
        draft.phase = new Phase.Asked(at(0), "Paid.", true);
        assertThat(new MeterView(draft.done(), NOW).json())
                .containsEntry("status", "Creating")
                .doesNotContainKey("costSinceStart");
        draft.phase = new Phase.Starting(at(-1), "Paid.");
        assertThat(new MeterView(draft.done(), NOW).json()).containsEntry("costSinceStart", new BigDecimal("0.02"));
    }

    @ParameterizedTest
    @CsvSource({"30, 0:30:00", "-1, '-1 day, 23:59:00'"})
    void the_seed_s_form_has_its_key_with_the_space_and_python_s_time_left(long paidUntil, String left) throws Invalid {
        Draft draft = draft();
        draft.paidUntil = at(paidUntil);
        assertThat(new MeterView(draft.done(), NOW).seedJson())
                .containsExactly(
                        Map.entry("EndpointName", "e"),
                        Map.entry("EndpointExpiry ", paidUntil == 30 ? "01-06-2026-12-30-00" : "01-06-2026-11-59-00"),
                        Map.entry("TimeLeft", left));
    }

    @Test
    void the_mirror_holds_the_seed_s_json() throws Invalid {
        Draft draft = draft();
        assertThat(Mirror.json(draft.done()))
                .isEqualTo("{\"expiry\":\"01-06-2026-12-30-00\",\"endpoint_name\":\"e\",\"endpoint_config_name\":\"c\","
                        + "\"schedule\":[{\"name\":\"office\",\"start_time\":\"09:00\",\"stop_time\":\"17:00\","
                        + "\"days\":[\"tue\"],\"timezone\":\"UTC\"}]}");
        draft.schedule = Schedule.NONE;
        assertThat(Mirror.json(draft.done()))
                .isEqualTo(
                        "{\"expiry\":\"01-06-2026-12-30-00\",\"endpoint_name\":\"e\",\"endpoint_config_name\":\"c\"}");
    }
}
