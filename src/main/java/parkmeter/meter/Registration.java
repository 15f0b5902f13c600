package parkmeter.meter;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DayOfWeek;
import java.util.Locale;
import java.util.Optional;
import parkmeter.config.Lifecycle;
import parkmeter.config.Window;

/**
 * A model's endpoint as it is put on the meter.
 *
 * @param model the model's name in the stack
 * @param endpoint the endpoint's name
 * @param lifecycle when it runs
 * @param instances how many instances it has where no window says; absent: whatever its EndpointConfiguration says, always
 */
public record Registration(String model, String endpoint, Lifecycle.Metered lifecycle, Optional<Integer> instances) {

    /**
     * What the registration function is called with.
     *
     * @param configuration the name of the EndpointConfiguration with which the endpoint is created
     * @param beforeStopMinutes how long before the endpoint stops it is said; 0: never
     */
    String json(String configuration, int beforeStopMinutes) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("endpoint", endpoint)
                .put("configuration", configuration)
                .put("model", model)
                .put("initialMinutes", lifecycle.initialMinutes())
                .put("maxMinutes", lifecycle.maxMinutes());
        lifecycle.idleMinutes().ifPresent(minutes -> json.put("idleMinutes", minutes));
        lifecycle.wakeMinutes().ifPresent(minutes -> json.put("wakeMinutes", minutes));
        json.put("onChange", lifecycle.onChange().name().toLowerCase(Locale.ROOT));
        var schedule = json.putArray("schedule");
        lifecycle.schedule().forEach(window -> schedule.add(json(window)));
        json.put("beforeStopMinutes", beforeStopMinutes);
        if (lifecycle.countsInstances()) {
            instances.ifPresent(count -> json.put("instances", count));
        }
        lifecycle.hourlyCost().ifPresent(cost -> json.put("hourlyCost", cost));
        return json.toString();
    }

    private static ObjectNode json(Window window) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        window.name().ifPresent(name -> json.put("name", name));
        if (window.when() instanceof Window.When.Weekly weekly) {
            var days = json.putArray("days");
            weekly.days().forEach(day -> days.add(word(day)));
        } else if (window.when() instanceof Window.When.Once once) {
            json.put("date", once.date().toString());
        }
        window.instances().ifPresent(count -> json.put("instances", count));
        return json.put("start", window.start().toString())
                .put("stop", window.stop().toString())
                .put("timezone", window.timezone().getId())
                .put("idle", window.idle());
    }

    private static String word(DayOfWeek day) {
        return day.name().substring(0, 3).toLowerCase(Locale.ROOT);
    }
}
