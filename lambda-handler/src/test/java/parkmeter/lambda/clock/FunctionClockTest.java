package parkmeter.lambda.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The time that a local run may make faster. */
class FunctionClockTest {
    private static final Instant ANCHOR = Instant.parse("2026-11-22T16:00:00Z");

    private static FunctionClock clock(String value, Instant machine) {
        return FunctionClock.of(Map.of("PARKMETER_CLOCK", value), Clock.fixed(machine, ZoneOffset.UTC));
    }

    @Test
    void without_the_variable_it_is_the_machines_time() {
        FunctionClock clock = FunctionClock.of(Map.of(), Clock.fixed(ANCHOR, ZoneOffset.UTC));

        assertThat(clock.instant()).isEqualTo(ANCHOR);
        assertThat(clock.outside(Duration.ofMinutes(1))).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void it_runs_so_many_times_as_fast_from_the_moment_on_that_is_given() {
        String value = ANCHOR.toEpochMilli() + "@60";

        assertThat(clock(value, ANCHOR).instant()).isEqualTo(ANCHOR);
        assertThat(clock(value, ANCHOR.plusMillis(1_500)).instant()).isEqualTo(ANCHOR.plusSeconds(90));
        assertThat(clock(value, ANCHOR).outside(Duration.ofMinutes(5))).isEqualTo(Duration.ofSeconds(5));
        assertThat(clock(value, ANCHOR).inside(Duration.ofSeconds(5))).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void it_waits_in_its_own_time() {
        FunctionClock clock = clock(ANCHOR.toEpochMilli() + "@100", ANCHOR);
        long start = System.nanoTime();

        clock.sleep(Duration.ofSeconds(5));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(50), Duration.ofSeconds(4));
    }

    @Test
    void another_zone_shows_the_same_moment() {
        FunctionClock clock = clock(ANCHOR.toEpochMilli() + "@60", ANCHOR.plusSeconds(1));

        assertThat(clock.withZone(ZoneId.of("Asia/Tokyo")).instant()).isEqualTo(clock.instant());
        assertThat(clock.withZone(ZoneId.of("Asia/Tokyo")).getZone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "60", "1795363200000", "1795363200000@0", "now@60", "1795363200000@60x", "1@1.5"})
    void a_value_that_makes_no_sense_ends_the_start_with_what_it_must_be(String value) {
        assertThatThrownBy(() -> clock(value, ANCHOR))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("PARKMETER_CLOCK must be <epoch milliseconds>@<factor>, such as 1795363200000@60.");
    }
}
