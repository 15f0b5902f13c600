package parkmeter.lambda.invoke;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/**
 * What the Pulumi program tells the function through its environment.
 *
 * @param model the model's name, for the log
 * @param endpoint the name of the SageMaker endpoint
 * @param region the AWS region that the endpoint is in
 * @param routes from a route's path, as API Gateway names the resource, to how its model takes a prompt
 * @param table the name of the meter's table; null where the model is always on
 */
record Settings(String model, String endpoint, String region, Map<String, Template> routes, @Nullable String table) {
    private static final List<String> NAMES =
            List.of("PARKMETER_MODEL", "PARKMETER_ENDPOINT", "PARKMETER_ROUTES", "AWS_REGION");

    /**
     * Reads the environment.
     *
     * @throws IllegalStateException with one sentence that names everything that is missing or wrong
     */
    static Settings of(Map<String, String> environment) {
        List<String> missing = new ArrayList<>();
        for (String name : NAMES) {
            if (environment.getOrDefault(name, "").isBlank()) {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException("The function's environment lacks " + String.join(", ", missing)
                    + "; the Pulumi program sets PARKMETER_*, and Lambda sets AWS_REGION.");
        }
        return new Settings(
                environment.getOrDefault("PARKMETER_MODEL", ""),
                environment.getOrDefault("PARKMETER_ENDPOINT", ""),
                environment.getOrDefault("AWS_REGION", ""),
                routes(environment.getOrDefault("PARKMETER_ROUTES", "")),
                environment.get("PARKMETER_TABLE"));
    }

    private static Map<String, Template> routes(String json) {
        Map<String, Template> routes = new LinkedHashMap<>();
        try {
            if (Json.read(json) instanceof Map<?, ?> object) {
                object.forEach((path, route) -> routes.put(String.valueOf(path), template(route)));
            }
        } catch (IOException e) {
            throw badRoutes();
        }
        if (routes.isEmpty()) {
            throw badRoutes();
        }
        return routes;
    }

    private static Template template(@Nullable Object route) {
        if (!"prompt".equals(Json.textAt(route, "body"))) {
            throw badRoutes();
        }
        return switch (String.valueOf(Json.textAt(route, "template"))) {
            case "chat" -> Template.CHAT;
            case "none" -> Template.NONE;
            default -> throw badRoutes();
        };
    }

    private static IllegalStateException badRoutes() {
        return new IllegalStateException("PARKMETER_ROUTES must be a JSON object from each route's path to"
                + " {\"body\": \"prompt\", \"template\": \"chat\" or \"none\"}; the Pulumi program sets it.");
    }
}
