package parkmeter.config;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads when a model runs. */
final class LifecycleReader {

    private final Report report;

    LifecycleReader(Report report) {
        this.report = report;
    }

    Lifecycle read(Section section) {
        String type = section.get(Keys.LIFECYCLE_TYPE);
        // After a word that is no type the rest is read as if it were metered: alwaysOn takes nothing beside itself.
        boolean noType = section.has(Keys.LIFECYCLE_TYPE)
                && section.given(Keys.LIFECYCLE_TYPE).isEmpty();
        Lifecycle lifecycle = type.equals("metered") || noType ? metered(section) : alwaysOn(section);
        section.done();
        return lifecycle;
    }

    private Lifecycle alwaysOn(Section section) {
        for (Key<?> key : Keys.METERED) {
            if (section.has(key)) {
                String place = section.pathOf(key);
                report.add(
                        place,
                        section.shown(key),
                        "belongs to type metered: an alwaysOn model runs from pulumi up to pulumi destroy",
                        section.has(Keys.LIFECYCLE_TYPE)
                                ? report.remove(place)
                                : report.set(section.pathOf(Keys.LIFECYCLE_TYPE), "metered"));
            }
        }
        return new Lifecycle.AlwaysOn();
    }

    private Lifecycle metered(Section section) {
        int max = section.get(Keys.MAX_MINUTES);
        int initial = atMost(max, section, Keys.INITIAL_MINUTES);
        Optional<Integer> idle = Optional.of(section.get(Keys.IDLE_MINUTES)).filter(minutes -> minutes > 0);
        boolean wakes = section.get(Keys.WAKE_ON_REQUEST);
        int wakeMinutes = atMost(max, section, Keys.WAKE_MINUTES);
        if (!wakes && section.has(Keys.WAKE_MINUTES)) {
            section.unused(Keys.WAKE_MINUTES, "has nothing to say where wakeOnRequest is false: no request wakes it");
        }
        return new Lifecycle.Metered(
                initial,
                max,
                idle,
                wakes ? Optional.of(wakeMinutes) : Optional.empty(),
                schedule(section, idle.isPresent()),
                Lifecycle.OnChange.valueOf(section.get(Keys.ON_CHANGE).toUpperCase(Locale.ROOT)),
                section.find(Keys.HOURLY_COST));
    }

    /** A default gives way to a smaller {@code maxMinutes}; what somebody wrote does not. */
    private int atMost(int max, Section section, Key<Integer> key) {
        boolean limited = !section.has(Keys.MAX_MINUTES)
                || section.given(Keys.MAX_MINUTES).isPresent();
        int minutes = section.get(key);
        if (limited && minutes > max && section.given(key).isPresent()) {
            String place = section.pathOf(key);
            report.add(
                    place,
                    section.shown(key),
                    "must be at most maxMinutes, which is " + max,
                    report.set(place, String.valueOf(max)));
        }
        return limited ? Math.min(minutes, max) : minutes;
    }

    private List<Window> schedule(Section section, boolean canBeIdle) {
        var names = new HashMap<String, String>();
        return section.list(Keys.SCHEDULE).stream()
                .map(window -> {
                    window.given(Keys.WINDOW_NAME)
                            .ifPresent(name -> report.unique(window, Keys.WINDOW_NAME, name, names));
                    return window(window, canBeIdle);
                })
                .toList();
    }

    private Window window(Section section, boolean canBeIdle) {
        Optional<String> name = section.find(Keys.WINDOW_NAME);
        Window.When when = when(section);
        LocalTime start = section.get(Keys.START);
        LocalTime stop = section.get(Keys.STOP);
        if (section.given(Keys.START).equals(section.given(Keys.STOP))
                && section.given(Keys.STOP).isPresent()) {
            String place = section.pathOf(Keys.STOP);
            report.add(
                    place,
                    section.shown(Keys.STOP),
                    "must differ from start; before start, it is the next day's",
                    report.set(place, start.plusHours(8).toString()));
        }
        boolean idle = section.get(Keys.WINDOW_IDLE);
        if (idle && !canBeIdle) {
            section.unused(
                    Keys.WINDOW_IDLE, "has nothing to say where idleMinutes is 0: the model never stops for idleness");
        }
        var window = new Window(
                name, when, start, stop, section.get(Keys.TIME_ZONE), idle, section.find(Keys.WINDOW_INSTANCES));
        section.done();
        return window;
    }

    private Window.When when(Section section) {
        boolean weekly = section.has(Keys.DAYS);
        boolean once = section.has(Keys.DATE);
        if (weekly && once) {
            section.unused(Keys.DATE, "must not stand beside days: a window begins each week or on one day");
        }
        if (!weekly && !once) {
            report.missing(section.pathOf(Keys.DAYS), Keys.DAYS);
        }
        Optional<LocalDate> date = section.find(Keys.DATE);
        List<DayOfWeek> days = weekly ? section.values(Keys.DAYS, Keys.DAY) : List.of();
        return date.isPresent() ? new Window.When.Once(date.get()) : new Window.When.Weekly(days);
    }
}
