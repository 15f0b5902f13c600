package parkmeter.lambda.meter.aws;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/**
 * What the Pulumi program tells the meter's functions through their environment.
 *
 * @param region {@code AWS_REGION}, which Lambda sets
 * @param table {@code PARKMETER_TABLE}: the table's name
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
    public static MeterSettings of(Map<String, String> environment) {
        List<String> problems = new ArrayList<>();
        for (String name : List.of("AWS_REGION", "PARKMETER_TABLE")) {
            if (environment.getOrDefault(name, "").isBlank()) {
                problems.add(name + " is missing.");
            }
        }
        MeterSettings settings = new MeterSettings(
                environment.getOrDefault("AWS_REGION", ""),
                environment.getOrDefault("PARKMETER_TABLE", ""),
                environment.get("PARKMETER_TOPIC"),
                tags(environment, problems),
                texts(environment, "PARKMETER_ADOPT", problems),
                texts(environment, "PARKMETER_CONFIGURATIONS", problems),
                texts(environment, "PARKMETER_OPERATORS", problems));
        if (!problems.isEmpty()) {
            throw new IllegalStateException("The function's environment can't be read: " + String.join(" ", problems)
                    + " The Pulumi program sets PARKMETER_*, and Lambda sets AWS_REGION.");
        }
        return settings;
    }

    private static Map<String, String> tags(Map<String, String> environment, List<String> problems) {
        Map<String, String> tags = new LinkedHashMap<>();
        if (read(environment.getOrDefault("PARKMETER_TAGS", "{}")) instanceof Map<?, ?> object) {
            object.forEach((key, value) -> tags.put(String.valueOf(key), String.valueOf(value)));
        } else {
            problems.add("PARKMETER_TAGS must be a JSON object.");
        }
        return tags;
    }

    private static List<String> texts(Map<String, String> environment, String name, List<String> problems) {
        if (read(environment.getOrDefault(name, "[]")) instanceof List<?> list) {
            return list.stream().map(String::valueOf).toList();
        }
        problems.add(name + " must be a JSON list.");
        return List.of();
    }

    private static @Nullable Object read(String json) {
        try {
            return Json.read(json);
        } catch (IOException e) {
            return null;
        }
    }
}
