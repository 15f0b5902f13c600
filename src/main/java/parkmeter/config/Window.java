package parkmeter.config;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * A time in which a model runs.
 *
 * @param name what people call it; names of one model's windows differ
 * @param when the days on which it begins
 * @param start when it begins, on the clock of {@code timezone}
 * @param stop when it ends; before {@code start}, it is the next day's
 * @param timezone whose clock, IANA's name
 * @param idle whether the model may stop for idleness inside it
 * @param instances how many instances run in it; absent: as many as the model's hosting says
 */
public record Window(
        Optional<String> name,
        When when,
        LocalTime start,
        LocalTime stop,
        ZoneId timezone,
        boolean idle,
        Optional<Integer> instances) {

    /** The days on which a window begins. */
    public sealed interface When {

        /**
         * Each week.
         *
         * @param days at least one, from Monday on
         */
        record Weekly(List<DayOfWeek> days) implements When {

            public Weekly {
                days = days.stream().distinct().sorted().toList();
            }
        }

        /** One day. */
        record Once(LocalDate date) implements When {}
    }
}
