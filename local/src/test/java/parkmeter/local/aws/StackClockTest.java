package parkmeter.local.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class StackClockTest {
    private static final Instant START = Instant.parse("2026-03-29T00:59:00.250Z");

    private Instant now = START;
    private final Clock machine = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    @Test
    void it_starts_at_the_machines_time_and_runs_so_many_times_as_fast() {
        StackClock clock = new StackClock(machine, 60);
        assertThat(clock.instant()).isEqualTo(START);
        now = now.plusSeconds(60);
        assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofHours(1)));
        assertThat(clock.onTheMachine(Duration.ofHours(1))).isEqualTo(Duration.ofMinutes(1));
        assertThat(clock.withZone(ZoneOffset.UTC).instant()).isEqualTo(clock.instant());
    }

    @Test
    void the_functions_are_told_the_start_and_the_speed() {
        assertThat(new StackClock(machine, 60).variable()).isEqualTo(START.toEpochMilli() + "@60");
    }

    @Test
    void what_lasts_a_minute_takes_so_much_less() {
        long begin = System.nanoTime();
        new StackClock(Clock.systemUTC(), 600).after(Duration.ofMinutes(1)).join();
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(100), Duration.ofSeconds(5));
    }
}
