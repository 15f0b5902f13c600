package parkmeter.lambda.meter;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/** The windows that an endpoint runs in, whatever is on its meter. */
public record Schedule(List<Window> windows) {
    /** Without windows. */
    public static final Schedule NONE = new Schedule(List.of());

    /** More would make the record too large for the table. */
    static final int MOST_WINDOWS = 1000;

    /** A window starts at most a week later, and one more day for stops on the next. */
    private static final int DAYS_AHEAD = 8;

    public Schedule {
        windows = List.copyOf(windows);
    }

    /**
     * Reads a list of windows, in this project's form or the seed's.
     *
     * @param value a JSON list, as {@link Json#read} gives it
     * @throws Invalid with every problem
     */
    public static Schedule read(@Nullable Object value) throws Invalid {
        List<String> problems = new ArrayList<>();
        Schedule schedule = read(value, "schedule", problems, true);
        if (!problems.isEmpty()) {
            throw new Invalid(problems);
        }
        return schedule;
    }

    static Schedule read(@Nullable Object value, String path, List<String> problems, boolean strict) {
        if (value == null) {
            return NONE;
        }
        if (!(value instanceof List<?> list)) {
            problems.add(path + " must be a list of windows.");
            return NONE;
        }
        if (list.size() > MOST_WINDOWS) {
            problems.add(path + " must have at most " + MOST_WINDOWS + " windows.");
            return NONE;
        }
        List<Window> windows = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            windows.add(Window.read(list.get(i), path + "[" + i + "]", problems, strict));
        }
        return new Schedule(windows);
    }

    /** The windows as {@link #read} reads them. */
    public List<Map<String, Object>> json() {
        return windows.stream().map(Window::json).toList();
    }

    /** The windows in the seed's form. */
    public List<Map<String, Object>> seedJson() {
        return windows.stream().map(Window::seedJson).toList();
    }

    /** Another for every other schedule: what an ETag header holds, quotes included. */
    public String etag() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(Json.text(json()).getBytes(StandardCharsets.UTF_8));
            return "\"" + HexFormat.of().formatHex(hash, 0, 8) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JVM has SHA-256", e);
        }
    }

    /** Whether a window says how many instances there are in it. */
    boolean counts() {
        return windows.stream().anyMatch(window -> window.instances() != null);
    }

    /** The openings that hold a moment. */
    List<Window.Opening> open(Instant now) {
        List<Window.Opening> open = new ArrayList<>();
        for (Window window : windows) {
            LocalDate today = now.atZone(window.zone()).toLocalDate();
            for (int day = -1; day <= 0; day++) {
                Window.Opening opening = window.on(today.plusDays(day));
                if (opening != null && opening.holds(now)) {
                    open.add(opening);
                }
            }
        }
        return open;
    }

    /** The last openings of each window that are over: those of the last week. */
    List<Window.Opening> past(Instant now) {
        List<Window.Opening> past = new ArrayList<>();
        for (Window window : windows) {
            LocalDate today = now.atZone(window.zone()).toLocalDate();
            for (int day = 0; day <= DAYS_AHEAD; day++) {
                Window.Opening opening = window.on(today.minusDays(day));
                if (opening != null && !opening.to().isAfter(now)) {
                    past.add(opening);
                    break;
                }
            }
        }
        return past;
    }

    /** The next opening that starts after a moment; null where there is none. */
    Window.@Nullable Opening next(Instant now) {
        Window.Opening next = null;
        for (Window window : windows) {
            Window.Opening opening = next(window, now);
            if (opening != null && (next == null || opening.from().isBefore(next.from()))) {
                next = opening;
            }
        }
        return next;
    }

    private static Window.@Nullable Opening next(Window window, Instant now) {
        if (window.date() != null) {
            Window.Opening only = window.on(window.date());
            return only != null && only.from().isAfter(now) ? only : null;
        }
        LocalDate today = now.atZone(window.zone()).toLocalDate();
        for (int day = 0; day <= DAYS_AHEAD; day++) {
            Window.Opening opening = window.on(today.plusDays(day));
            if (opening != null && opening.from().isAfter(now)) {
                return opening;
            }
        }
        return null;
    }
}
