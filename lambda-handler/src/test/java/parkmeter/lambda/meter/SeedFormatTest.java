package parkmeter.lambda.meter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeedFormatTest {
    @Test
    void an_expiry_is_day_month_year_hour_minute_second_in_utc() {
        assertThat(SeedFormat.expiry(Instant.parse("2023-06-22T08:24:12.987Z"))).isEqualTo("22-06-2023-08-24-12");
    }

    /** What Python's str(timedelta(...)) printed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PT0S              | 0:00:00",
                "PT24M5.157431S    | 0:24:05.157431",
                "PT30M             | 0:30:00",
                "PT59M45.1S        | 0:59:45.100000",
                "PT23H59M59S       | 23:59:59",
                "PT24H             | 1 day, 0:00:00",
                "PT49H0.000001S    | 2 days, 1:00:00.000001",
                "PT-10S            | -1 day, 23:59:50",
                "PT-0.000001S      | -1 day, 23:59:59.999999",
                "PT-24H            | -1 day, 0:00:00",
                "PT-24H-1S         | -2 days, 23:59:59",
                "PT10.0000019S     | 0:00:10.000001",
            })
    void time_left_is_written_as_python_writes_it(Duration left, String text) {
        assertThat(SeedFormat.timeLeft(left)).isEqualTo(text);
    }
}
