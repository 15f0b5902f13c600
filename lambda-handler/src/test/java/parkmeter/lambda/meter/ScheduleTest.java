package parkmeter.lambda.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.lambda.json.Json;

class ScheduleTest {
    private static Schedule schedule(String json) {
        try {
            return Schedule.read(Json.read(json.replace('\'', '"')));
        } catch (IOException | Invalid e) {
            throw new AssertionError(e);
        }
    }

    private static Schedule one(String days, String start, String stop, String zone) {
        return schedule("[{'days':['" + String.join("','", days.split(" ", -1)) + "'],'start':'" + start + "','stop':'"
                + stop + "','timezone':'" + zone + "'}]");
    }

    /** 2026-06-01 is a Monday. */
    @ParameterizedTest
    @CsvSource({
        // days, start, stop, zone, moment, open
        "mon,     09:00, 17:00, UTC,              2026-06-01T08:59:59Z, false",
        "mon,     09:00, 17:00, UTC,              2026-06-01T09:00:00Z, true",
        "mon,     09:00, 17:00, UTC,              2026-06-01T16:59:59Z, true",
        "mon,     09:00, 17:00, UTC,              2026-06-01T17:00:00Z, false",
        "mon,     09:00, 17:00, UTC,              2026-06-02T12:00:00Z, false",
        "mon tue, 09:00, 17:00, UTC,              2026-06-02T12:00:00Z, true",
        "mon,     22:00, 06:00, UTC,              2026-06-02T05:59:59Z, true",
        "mon,     22:00, 06:00, UTC,              2026-06-01T05:00:00Z, false",
        "mon,     22:00, 06:00, UTC,              2026-06-02T06:00:00Z, false",
        "mon,     08:00, 08:00, UTC,              2026-06-02T07:59:59Z, true",
        "mon,     08:00, 08:00, UTC,              2026-06-02T08:00:00Z, false",
        "mon,     00:00, 00:00, UTC,              2026-06-01T23:59:59Z, true",
        "mon,     09:00, 17:00, Europe/London,    2026-06-01T08:00:00Z, true",
        "mon,     09:00, 17:00, Europe/London,    2026-06-01T16:00:00Z, false",
        "mon,     09:00, 17:00, Pacific/Auckland, 2026-05-31T21:00:00Z, true",
        "sun,     20:00, 23:00, Pacific/Auckland, 2026-05-31T10:59:00Z, true",
        "mon,     09:00, 17:00, Asia/Kathmandu,   2026-06-01T03:15:00Z, true",
        "mon,     09:00, 17:00, Asia/Kathmandu,   2026-06-01T03:14:59Z, false",
    })
    void a_window_is_open_from_its_start_to_its_stop_on_its_own_clock(
            String days, String start, String stop, String zone, Instant moment, boolean open) {
        assertThat(!one(days, start, stop, zone).open(moment).isEmpty()).isEqualTo(open);
    }

    /** In London clocks go from 01:00 to 02:00 on 2026-03-29, and from 02:00 back to 01:00 on 2026-10-25. */
    @ParameterizedTest
    @CsvSource({
        // start, stop, day, zone, from, to
        "00:30, 02:30, 2026-03-29, Europe/London,       2026-03-29T00:30:00Z, 2026-03-29T01:30:00Z",
        "01:15, 03:00, 2026-03-29, Europe/London,       2026-03-29T01:00:00Z, 2026-03-29T02:00:00Z",
        "00:15, 01:15, 2026-03-29, Europe/London,       2026-03-29T00:15:00Z, 2026-03-29T01:00:00Z",
        "23:00, 01:30, 2026-03-28, Europe/London,       2026-03-28T23:00:00Z, 2026-03-29T01:00:00Z",
        "22:00, 22:00, 2026-03-28, Europe/London,       2026-03-28T22:00:00Z, 2026-03-29T21:00:00Z",
        "00:30, 02:30, 2026-10-25, Europe/London,       2026-10-24T23:30:00Z, 2026-10-25T02:30:00Z",
        "01:15, 01:45, 2026-10-25, Europe/London,       2026-10-25T00:15:00Z, 2026-10-25T01:45:00Z",
        "01:30, 09:00, 2026-10-25, Europe/London,       2026-10-25T00:30:00Z, 2026-10-25T09:00:00Z",
        "00:00, 01:30, 2026-10-25, Europe/London,       2026-10-24T23:00:00Z, 2026-10-25T01:30:00Z",
        "22:00, 22:00, 2026-10-24, Europe/London,       2026-10-24T21:00:00Z, 2026-10-25T22:00:00Z",
        "02:30, 03:30, 2026-03-08, America/New_York,    2026-03-08T07:00:00Z, 2026-03-08T07:30:00Z",
        "01:30, 02:30, 2026-11-01, America/New_York,    2026-11-01T05:30:00Z, 2026-11-01T07:30:00Z",
        "01:45, 02:15, 2026-04-05, Australia/Lord_Howe, 2026-04-04T14:45:00Z, 2026-04-04T15:45:00Z",
    })
    void where_clocks_change_it_opens_at_the_first_moment_of_its_start_and_closes_at_the_last_of_its_stop(
            String start, String stop, String day, String zone, Instant from, Instant to) {
        Schedule schedule = schedule(
                "[{'date':'" + day + "','start':'" + start + "','stop':'" + stop + "','timezone':'" + zone + "'}]");
        assertThat(schedule.open(from.minusSeconds(1))).isEmpty();
        assertThat(schedule.open(from)).singleElement().satisfies(opening -> {
            assertThat(opening.from()).isEqualTo(from);
            assertThat(opening.to()).isEqualTo(to);
        });
        assertThat(schedule.open(to.minusSeconds(1))).hasSize(1);
        assertThat(schedule.open(to)).isEmpty();
    }

    @Test
    void a_window_that_clocks_jump_over_does_not_open() {
        Schedule schedule =
                schedule("[{'date':'2026-03-29','start':'01:15','stop':'01:45','timezone':'Europe/London'}]");
        assertThat(schedule.open(Instant.parse("2026-03-29T01:00:00Z"))).isEmpty();
        assertThat(schedule.next(Instant.parse("2026-03-28T00:00:00Z"))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-06-01T08:00:00Z, 2026-06-01T09:00:00Z",
        "2026-06-01T09:00:00Z, 2026-06-03T10:00:00Z", // it is open: the next one
        "2026-06-03T10:00:00Z, 2026-06-05T00:00:00Z", // a date
        "2026-06-05T00:00:00Z, 2026-06-08T09:00:00Z", // a week on
    })
    void the_next_window_is_the_one_that_opens_first(Instant now, Instant from) {
        Schedule schedule = schedule("[{'days':['mon'],'start':'09:00','stop':'17:00'},"
                + "{'date':'2026-06-05','start':'00:00','stop':'01:00'},"
                + "{'date':'2026-06-03','start':'10:00','stop':'11:00'}]");
        assertThat(Objects.requireNonNull(schedule.next(now)).from()).isEqualTo(from);
    }

    @Test
    void both_forms_are_read_and_each_is_written_back() {
        Schedule ours = schedule("[{'name':'office','days':['mon','fri'],'start':'09:00','stop':'17:30',"
                + "'timezone':'Europe/London'},{'date':'2026-12-24','start':'08:00','stop':'12:00','timezone':'UTC'}]");
        Schedule theirs = schedule("[{'name':'office','start_time':'9:00','stop_time':'17:30','days':['MON','fri'],"
                + "'timezone':'Europe/London'},{'date':'24/12/2026','start_time':'08:00','stop_time':'12:00'}]");

        assertThat(theirs).isEqualTo(ours);
        assertThat(schedule(Json.text(ours.json()))).isEqualTo(ours);
        assertThat(Json.text(ours.seedJson()))
                .isEqualTo("[{\"name\":\"office\",\"start_time\":\"09:00\",\"stop_time\":\"17:30\","
                        + "\"days\":[\"mon\",\"fri\"],\"timezone\":\"Europe/London\"},"
                        + "{\"name\":\"\",\"start_time\":\"08:00\",\"stop_time\":\"12:00\",\"date\":\"24/12/2026\","
                        + "\"timezone\":\"UTC\"}]");
    }

    @Test
    void what_allows_idle_stops_is_written_too() {
        Schedule idle = schedule("[{'days':['sun'],'start':'09:00','stop':'17:00','idle':true}]");
        assertThat(idle.windows().get(0).idle()).isTrue();
        assertThat(schedule(Json.text(idle.json()))).isEqualTo(idle);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7 | schedule must be a list of windows.",
                "[7] | schedule[0] must be a JSON object.",
                "[{'start':'09:00','stop':'10:00'}] | schedule[0] must have either days, such as [\"mon\", \"tue\"], or a date, such as 2026-12-24.",
                "[{'days':['mon'],'date':'2026-12-24','start':'09:00','stop':'10:00'}] | schedule[0] must have either days, such as [\"mon\", \"tue\"], or a date, such as 2026-12-24.",
                "[{'days':[],'start':'09:00','stop':'10:00'}] | schedule[0].days must be a list of at least one of mon, tue, wed, thu, fri, sat, sun.",
                "[{'days':['monday'],'start':'09:00','stop':'10:00'}] | schedule[0].days must be a list of mon, tue, wed, thu, fri, sat, sun.",
                "[{'days':'mon','start':'09:00','stop':'10:00'}] | schedule[0].days must be a list.",
                "[{'date':'2026-02-30','start':'09:00','stop':'10:00'}] | schedule[0].date must be a date such as 2026-12-24 or 24/12/2026.",
                "[{'date':'31/02/2026','start':'09:00','stop':'10:00'}] | schedule[0].date must be a date such as 2026-12-24 or 24/12/2026.",
                "[{'days':['mon'],'start':'24:00','stop':'10:00'}] | schedule[0].start must be a time from 00:00 to 23:59.",
                "[{'days':['mon'],'start_time':'9','stop_time':'10:00'}] | schedule[0].start_time must be a time from 00:00 to 23:59.",
                "[{'days':['mon'],'stop':'10:00'}] | schedule[0].start is missing.",
                "[{'days':['mon'],'start':'09:00','stop':'10:00','timezone':'Mars/Olympus'}] | schedule[0].timezone must be an IANA time zone such as Europe/London.",
                "[{'days':['mon'],'start':'09:00','stop':'10:00','idle':'yes'}] | schedule[0].idle must be true or false.",
                "[{'days':['mon'],'start':'09:00','stop':'10:00','end':'11:00'}] | schedule[0].end is not known; known are date, days, idle, instances, name, start, start_time, stop, stop_time, timezone.",
            })
    void what_is_wrong_is_named_with_its_place_and_rule(String json, String problem) {
        assertThatThrownBy(() -> Schedule.read(Json.read(json.replace('\'', '"'))))
                .isInstanceOfSatisfying(
                        Invalid.class, e -> assertThat(e.problems()).contains(problem));
    }

    @Test
    void all_problems_are_named_at_once() {
        assertThatThrownBy(() -> Schedule.read(List.of(List.of(), List.of())))
                .isInstanceOfSatisfying(
                        Invalid.class, e -> assertThat(e.problems()).hasSizeGreaterThanOrEqualTo(2));
    }

    @Test
    void more_windows_than_a_record_can_hold_are_refused() {
        String window = "{\"days\":[\"mon\"],\"start\":\"09:00\",\"stop\":\"10:00\"}";
        String many = IntStream.rangeClosed(0, Schedule.MOST_WINDOWS)
                .mapToObj(i -> window)
                .collect(Collectors.joining(",", "[", "]"));
        assertThatThrownBy(() -> Schedule.read(Json.read(many))).hasMessage("schedule must have at most 1000 windows.");
    }

    @Test
    void every_schedule_has_an_etag_of_its_own() {
        Schedule one = one("mon", "09:00", "17:00", "UTC");
        assertThat(one.etag())
                .matches("\"[0-9a-f]{16}\"")
                .isEqualTo(one("mon", "9:00", "17:00", "UTC").etag());
        assertThat(one.etag())
                .isNotEqualTo(one("tue", "09:00", "17:00", "UTC").etag())
                .isNotEqualTo(Schedule.NONE.etag());
    }
}
