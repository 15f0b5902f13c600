package parkmeter.watch;

import com.pulumi.aws.cloudwatch.LogMetricFilter;
import com.pulumi.aws.cloudwatch.LogMetricFilterArgs;
import com.pulumi.aws.cloudwatch.inputs.LogMetricFilterMetricTransformationArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import java.util.Map;
import parkmeter.config.Names;
import parkmeter.function.LambdaFunction;

/** What is counted in the log lines of a function that asks models, which are JSON (CloudWatch Logs user guide, "Filter pattern syntax"). */
final class LogCounts extends ComponentResource {

    private final Names names;
    private final Output<String> logGroup;

    private LogCounts(String part, Output<String> function, Names names, ComponentResourceOptions options) {
        super("parkmeter:watch:LogCounts", part + "-counts", options);
        this.names = names;
        this.logGroup = function.applyValue(LambdaFunction::logGroup);
    }

    /**
     * Declares the filters of a model's function.
     *
     * @param part the function's part of the stack
     * @param function its name, known once its log group stands
     * @param stops whether the model may be stopped
     * @param names the stack's names
     * @param options the component's options
     */
    static void ofCalls(
            String part, Output<String> function, boolean stops, Names names, ComponentResourceOptions options) {
        var counts = new LogCounts(part, function, names, options);
        counts.tokens(part + "-prompt-tokens", "promptTokens", Measure.PROMPT_TOKENS);
        counts.tokens(part + "-completion-tokens", "completionTokens", Measure.COMPLETION_TOKENS);
        counts.failures(part);
        if (stops) {
            counts.filter(
                    part + "-stopped-answers",
                    "{ ($.code = \"model_stopped\") || ($.code = \"model_starting\") }",
                    counts.transformation(Measure.STOPPED_ANSWERS, "1").build());
        }
        counts.registerOutputs(Map.of());
    }

    /**
     * Declares the filter of the function that does jobs, for whichever model.
     *
     * @param function its name, known once its log group stands
     * @param names the stack's names
     * @param options the component's options
     */
    static void ofJobs(Output<String> function, Names names, ComponentResourceOptions options) {
        var counts = new LogCounts("work", function, names, options);
        counts.failures("work");
        counts.registerOutputs(Map.of());
    }

    private void failures(String part) {
        filter(
                part + "-failed-answers",
                "{ ($.code = \"model_error\") && ($.endpoint = *) }",
                transformation(Measure.FAILED_ANSWERS, "1")
                        .dimensions(Map.of("Endpoint", "$.endpoint"))
                        .build());
    }

    private void tokens(String part, String field, Measure measure) {
        filter(
                part,
                "{ $." + field + " = * }",
                transformation(measure, "$." + field)
                        .dimensions(Map.of("Model", "$.model"))
                        .build());
    }

    private LogMetricFilterMetricTransformationArgs.Builder transformation(Measure measure, String value) {
        return LogMetricFilterMetricTransformationArgs.builder()
                .namespace(measure.namespace(Watch.namespace(names)))
                .name(measure.metric())
                .value(value)
                .unit("Count");
    }

    private void filter(String part, String pattern, LogMetricFilterMetricTransformationArgs transformation) {
        new LogMetricFilter(
                part,
                LogMetricFilterArgs.builder()
                        .name(names.of(part))
                        .logGroupName(logGroup)
                        .pattern(pattern)
                        .metricTransformation(transformation)
                        .build(),
                CustomResourceOptions.builder().parent(this).build());
    }
}
