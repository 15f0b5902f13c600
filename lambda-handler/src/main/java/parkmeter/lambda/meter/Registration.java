package parkmeter.lambda.meter;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment says of one metered model.
 *
 * @param endpoint the endpoint's name
 * @param configuration the EndpointConfiguration that it is to run with
 * @param model the model's name in the stack; null where it has none
 * @param initialMinutes what is put on the meter when it is new
 */
public record Registration(
        String endpoint,
        String configuration,
        @Nullable String model,
        int initialMinutes,
        Terms terms,
        Schedule schedule) {

    /**
     * Reads {@code {"endpoint", "configuration", "model"?, "initialMinutes", "maxMinutes", "idleMinutes"?, "wakeMinutes"?,
     * "onChange"?: "update" | "recreate", "schedule"?: […], "beforeStopMinutes"?, "hourlyCost"?, "instances"?}}; other fields are let
     * be. A window may say {@code instances} only where the document says how many there are outside of it.
     *
     * @param document as {@link parkmeter.lambda.json.Json#read} gives it
     * @throws Invalid with every problem
     */
    public static Registration read(@Nullable Object document) throws Invalid {
        List<String> problems = new ArrayList<>();
        Fields fields = new Fields(document, "", problems);
        Registration registration = new Registration(
                fields.text("endpoint"),
                fields.text("configuration"),
                fields.optionalText("model"),
                fields.whole("initialMinutes", 0),
                RecordJson.terms(fields, problems),
                Schedule.read(fields.raw("schedule"), "schedule", problems, true));
        if (registration.schedule().counts() && registration.terms().instances() == null) {
            problems.add("instances is missing: a window of the schedule has instances.");
        }
        if (!problems.isEmpty()) {
            throw new Invalid(problems);
        }
        return registration;
    }
}
