package parkmeter.watch;

import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import java.util.List;
import java.util.Map;

/** The alarms of one function; they ring with what the function is for. */
final class FunctionAlarms extends ComponentResource {

    private static final double FAILED_SHARE = 0.05;

    private final List<Alarms.Declared> all;

    /**
     * Declares the alarms.
     *
     * @param part the function's part of the stack
     * @param alarms declares them
     * @param options the component's options
     */
    FunctionAlarms(String part, Alarms alarms, ComponentResourceOptions options) {
        super("parkmeter:watch:FunctionAlarms", part + "-alarms", options);
        Map<String, String> function = Map.of("FunctionName", alarms.names().of(part));
        this.all = List.of(
                alarms.silent(
                        Alarm.above(
                                        part + "-failed",
                                        "More than one call in twenty of the function " + part
                                                + " ends without an answer: a crash, or its time was up",
                                        new Signal.Formula(
                                                "errors / calls",
                                                List.of(
                                                        new Signal.Of(
                                                                "errors", Measure.FUNCTION_ERRORS, function, "Sum"),
                                                        new Signal.Of(
                                                                "calls", Measure.FUNCTION_CALLS, function, "Sum"))),
                                        FAILED_SHARE,
                                        2,
                                        3)
                                .byTheMinute(),
                        this),
                alarms.silent(
                        Alarm.above(
                                part + "-throttled",
                                "Lambda turned calls of the function " + part
                                        + " away: the account has too few concurrent executions",
                                new Signal.Of("throttled", Measure.FUNCTION_THROTTLES, function, "Sum"),
                                0,
                                1,
                                1),
                        this));
        registerOutputs(Map.of());
    }

    List<Alarms.Declared> all() {
        return all;
    }
}
