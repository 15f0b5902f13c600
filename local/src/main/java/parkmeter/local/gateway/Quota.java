package parkmeter.local.gateway;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;

/**
 * How many requests a key may make in a period. Periods are calendar ones in UTC.
 *
 * @param limit requests in a period
 * @param period when the count begins anew
 */
public record Quota(long limit, Period period) {
    /** A usage plan's periods (API Gateway API reference, {@code QuotaSettings.period}). */
    public enum Period {
        /** From midnight. */
        DAY,
        /** From Sunday's midnight, the first day of API Gateway's week. */
        WEEK,
        /** From the first day's midnight. */
        MONTH;

        /** The day on which the period that holds {@code day} began. */
        LocalDate startOf(LocalDate day) {
            return switch (this) {
                case DAY -> day;
                case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.SUNDAY));
                case MONTH -> day.withDayOfMonth(1);
            };
        }
    }
}
