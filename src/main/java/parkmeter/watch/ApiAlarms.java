package parkmeter.watch;

import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The alarms of the API: one message where it fails and no model of it is unwell. */
final class ApiAlarms extends ComponentResource {

    /** A rate is 0 to 1, whatever the console shows. */
    private static final double FAILED_SHARE = 0.05;

    private final List<Alarms.Declared> all;

    /**
     * Declares the alarms.
     *
     * @param api the API
     * @param stops whether a model may be stopped, and say so with a 503
     * @param functions the alarms of the functions that belong to no model
     * @param models each model's alarm of answering badly
     * @param alarms declares them
     * @param options the component's options
     */
    ApiAlarms(
            WatchedApi api,
            boolean stops,
            List<Alarms.Declared> functions,
            List<Alarms.Declared> models,
            Alarms alarms,
            ComponentResourceOptions options) {
        super("parkmeter:watch:ApiAlarms", "api-alarms", options);
        var terms = new ArrayList<>(List.of(
                new Signal.Of("failed", api.failed(), api.dimensions(), "Sum"),
                new Signal.Of("calls", api.calls(), api.dimensions(), "Sum")));
        if (stops) {
            terms.add(new Signal.Of("stopped", Measure.STOPPED_ANSWERS, Map.of(), "Sum"));
        }
        var failing = new ArrayList<>(functions);
        failing.add(alarms.silent(
                Alarm.above(
                                "api-5xx",
                                "More than one request to the API in twenty failed"
                                        + (stops ? ", not counting those to a model that is stopped or starts" : ""),
                                new Signal.Formula(
                                        stops ? "(failed - FILL(stopped, 0)) / calls" : "failed / calls", terms),
                                FAILED_SHARE,
                                3,
                                5)
                        .byTheMinute(),
                this));
        var unwell = alarms.anyOf(
                "api-failing",
                "Requests to the API fail, or a function behind it does, and no model is unwell",
                failing,
                models,
                this);
        failing.add(unwell);
        this.all = List.copyOf(failing);
        registerOutputs(Map.of());
    }

    List<Alarms.Declared> all() {
        return all;
    }
}
