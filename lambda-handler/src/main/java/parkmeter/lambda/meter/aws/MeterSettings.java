package parkmeter.lambda.meter.aws;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.environment.Environment;

/**
 * What the Pulumi program tells the meter's functions through their environment.
 *
 * @param region {@code AWS_REGION}, which Lambda sets
 * @param table {@code PARKMETER_TABLE}: the table's name
 * @param metrics {@code PARKMETER_METRICS}: the namespace of the tick's metrics; null where it writes none
 * @param topic {@code PARKMETER_TOPIC}: the topic's ARN; null where nobody is told
 * @param tags {@code PARKMETER_TAGS}: what created endpoints are tagged with, as a JSON object
 * @param adopt {@code PARKMETER_ADOPT}: patterns of the endpoints that may be registered over HTTP, as a JSON list
 * @param configurations {@code PARKMETER_CONFIGURATIONS}: patterns of the EndpointConfigurations that they may have, as a
 *     JSON list
 * @param operators {@code PARKMETER_OPERATORS}: ids of the API keys that the HTTP API is for, as a JSON list; empty where it
 *     is for every client
 */
public record MeterSettings(
        String region,
        String table,
        @Nullable String metrics,
        @Nullable String topic,
        Map<String, String> tags,
        List<String> adopt,
        List<String> configurations,
        List<String> operators) {
    public MeterSettings {
        tags = Map.copyOf(tags);
        adopt = List.copyOf(adopt);
        configurations = List.copyOf(configurations);
        operators = List.copyOf(operators);
    }

    /**
     * Reads the environment.
     *
     * @throws IllegalStateException with one sentence for everything that is missing or wrong
     */
    public static MeterSettings of(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        MeterSettings settings = new MeterSettings(
                environment.text("AWS_REGION"),
                environment.text("PARKMETER_TABLE"),
                environment.textOrNull("PARKMETER_METRICS"),
                environment.textOrNull("PARKMETER_TOPIC"),
                environment.textsByName("PARKMETER_TAGS"),
                environment.texts("PARKMETER_ADOPT"),
                environment.texts("PARKMETER_CONFIGURATIONS"),
                environment.texts("PARKMETER_OPERATORS"));
        environment.check();
        return settings;
    }
}
