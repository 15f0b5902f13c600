package parkmeter.lambda.meter;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A window of a schedule: from one wall-clock time to another, on some days of the week or on one date.
 *
 * <p>A stop that is not after the start is on the next day. Where clocks go forward over a time, its moment is the end of
 * the gap; where they go back over it, a start is the first of the two moments, and a stop the second.
 *
 * @param name for people; null where it has none
 * @param days the days that it starts on; empty where it has a date
 * @param date the one day that it starts on; null where it has days
 * @param start wall-clock time
 * @param stop wall-clock time
 * @param zone whose clocks
 * @param idle true where the model may be stopped in it for not being called
 * @param instances how many instances the model has in it; null where as many as ever
 */
public record Window(
        @Nullable String name,
        Set<DayOfWeek> days,
        @Nullable LocalDate date,
        LocalTime start,
        LocalTime stop,
        ZoneId zone,
        boolean idle,
        @Nullable Integer instances) {

    private static final String UTC = "UTC";
    private static final Set<String> OURS =
            Set.of("name", "days", "date", "start", "stop", "timezone", "idle", "instances");
    private static final Set<String> KNOWN;
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("H:mm")
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter DAY_FIRST =
            DateTimeFormatter.ofPattern("dd/MM/uuuu", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    static {
        Set<String> known = new java.util.TreeSet<>(OURS);
        known.add("start_time");
        known.add("stop_time");
        KNOWN = Set.copyOf(known);
    }

    public Window {
        days = Set.copyOf(days);
        zone = zone.getId().equals(UTC) ? ZoneOffset.UTC : zone; // java.time has two of it, which are not equal
    }

    /**
     * One time that a window is open.
     *
     * @param from its first moment
     * @param to the first moment after it
     */
    record Opening(Window window, Instant from, Instant to) {
        boolean holds(Instant moment) {
            return !moment.isBefore(from) && moment.isBefore(to);
        }
    }

    /** Its opening that starts on this day; null where it does not start on it, or clocks jump over all of it. */
    @Nullable
    Opening on(LocalDate day) {
        if (date == null ? !days.contains(day.getDayOfWeek()) : !date.equals(day)) {
            return null;
        }
        ZoneRules rules = zone.getRules();
        LocalDate last = stop.isAfter(start) ? day : day.plusDays(1);
        Instant from = moment(rules, day.atTime(start), false);
        Instant to = moment(rules, last.atTime(stop), true);
        return from.isBefore(to) ? new Opening(this, from, to) : null;
    }

    private static Instant moment(ZoneRules rules, LocalDateTime wall, boolean later) {
        List<ZoneOffset> offsets = rules.getValidOffsets(wall);
        if (offsets.isEmpty()) {
            ZoneOffsetTransition gap = rules.getTransition(wall);
            return gap.getInstant();
        }
        return wall.toInstant(offsets.get(later ? offsets.size() - 1 : 0));
    }

    /**
     * Reads this project's form, {@code {"name"?, "days" | "date", "start", "stop", "timezone"?, "idle"?, "instances"?}}, and that with
     * {@code start_time}, {@code stop_time} and a date as dd/mm/yyyy.
     *
     * @param strict true where a field that is not known is a problem
     */
    static Window read(@Nullable Object value, String path, List<String> problems, boolean strict) {
        Fields fields = new Fields(value, path, problems);
        if (strict) {
            fields.onlyKnown(KNOWN);
        }
        if (fields.has("days") == fields.has("date")) {
            problems.add(path + " must have either days, such as [\"mon\", \"tue\"], or a date, such as 2026-12-24.");
        }
        return new Window(
                fields.optionalText("name"),
                days(fields),
                date(fields),
                time(fields, "start", "start_time"),
                time(fields, "stop", "stop_time"),
                zone(fields),
                fields.flag("idle"),
                fields.optionalWhole("instances", 1));
    }

    private static Set<DayOfWeek> days(Fields fields) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String word : fields.texts("days")) {
            DayOfWeek day = day(word);
            if (day == null) {
                fields.wrong("days", "a list of mon, tue, wed, thu, fri, sat, sun");
                return days;
            }
            days.add(day);
        }
        if (fields.has("days") && days.isEmpty()) {
            fields.wrong("days", "a list of at least one of mon, tue, wed, thu, fri, sat, sun");
        }
        return days;
    }

    private static @Nullable DayOfWeek day(String word) {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (word(day).equals(word.toLowerCase(Locale.ROOT))) {
                return day;
            }
        }
        return null;
    }

    private static @Nullable LocalDate date(Fields fields) {
        String text = fields.optionalText("date");
        if (text == null) {
            return null;
        }
        try {
            return text.contains("/") ? LocalDate.parse(text, DAY_FIRST) : LocalDate.parse(text);
        } catch (DateTimeException e) {
            fields.wrong("date", "a date such as 2026-12-24 or 24/12/2026");
            return null;
        }
    }

    private static LocalTime time(Fields fields, String ours, String theirs) {
        String name = fields.has(theirs) && !fields.has(ours) ? theirs : ours;
        String text = fields.text(name);
        try {
            return text.isEmpty() ? LocalTime.MIDNIGHT : LocalTime.parse(text, TIME);
        } catch (DateTimeException e) {
            fields.wrong(name, "a time from 00:00 to 23:59");
            return LocalTime.MIDNIGHT;
        }
    }

    private static ZoneId zone(Fields fields) {
        String text = fields.optionalText("timezone");
        try {
            return text == null ? ZoneOffset.UTC : ZoneId.of(text);
        } catch (DateTimeException e) {
            fields.wrong("timezone", "an IANA time zone such as Europe/London");
            return ZoneOffset.UTC;
        }
    }

    /** This project's form, as {@link #read} reads it. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        if (name != null) {
            json.put("name", name);
        }
        if (date == null) {
            json.put("days", words());
        } else {
            json.put("date", date.toString());
        }
        json.put("start", start.toString());
        json.put("stop", stop.toString());
        json.put("timezone", timezone());
        if (idle) {
            json.put("idle", true);
        }
        if (instances != null) {
            json.put("instances", instances);
        }
        return json;
    }

    /** The form that the SSM mirror and the seed's routes speak. */
    Map<String, Object> seedJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name == null ? "" : name);
        json.put("start_time", start.toString());
        json.put("stop_time", stop.toString());
        if (date == null) {
            json.put("days", words());
        } else {
            json.put("date", DAY_FIRST.format(date));
        }
        json.put("timezone", timezone());
        return json;
    }

    private String timezone() {
        return zone.equals(ZoneOffset.UTC) ? UTC : zone.getId();
    }

    private List<String> words() {
        List<String> words = new ArrayList<>();
        for (DayOfWeek day : DayOfWeek.values()) {
            if (days.contains(day)) {
                words.add(word(day));
            }
        }
        return words;
    }

    private static String word(DayOfWeek day) {
        return day.name().substring(0, 3).toLowerCase(Locale.ROOT);
    }
}
