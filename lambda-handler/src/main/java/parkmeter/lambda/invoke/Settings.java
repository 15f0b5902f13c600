package parkmeter.lambda.invoke;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/**
 * What the Pulumi program tells the function through its environment.
 *
 * @param model the model's name, for the log
 * @param endpoint the name of the SageMaker endpoint
 * @param region the AWS region that the endpoint is in
 * @param routes from a route's method and path, as the API declares them, to its body
 * @param table the name of the meter's table; null where the model is always on
 * @param engine what runs in the model's container
 */
record Settings(
        String model, String endpoint, String region, Map<String, Body> routes, @Nullable String table, Engine engine) {
    private static final List<String> NAMES =
            List.of("PARKMETER_MODEL", "PARKMETER_ENDPOINT", "PARKMETER_ROUTES", "AWS_REGION");

    private static final Pattern ROUTE = Pattern.compile("[A-Z]+ /.*");

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
        Map<String, Body> routes = routes(environment.getOrDefault("PARKMETER_ROUTES", ""));
        Engine engine = engine(environment.get("PARKMETER_ENGINE"));
        ModelRoutes all = new ModelRoutes(routes);
        List<String> unfit = routes.keySet().stream()
                .filter(route -> !all.suits(route, engine))
                .toList();
        if (!unfit.isEmpty()) {
            throw new IllegalStateException(engine.unfit(unfit, "PARKMETER_ENGINE"));
        }
        return new Settings(
                environment.getOrDefault("PARKMETER_MODEL", ""),
                environment.getOrDefault("PARKMETER_ENDPOINT", ""),
                environment.getOrDefault("AWS_REGION", ""),
                routes,
                environment.get("PARKMETER_TABLE"),
                engine);
    }

    private static Engine engine(@Nullable String json) {
        Engine engine = json == null ? Engine.tgi() : Engine.read(Json.readOrNull(json));
        if (engine == null) {
            throw new IllegalStateException(
                    "PARKMETER_ENGINE must be " + Engine.FORM + ", or left out; the Pulumi program sets it.");
        }
        return engine;
    }

    static Map<String, Body> routes(String json) {
        Map<String, Body> routes = new LinkedHashMap<>();
        try {
            if (Json.read(json) instanceof Map<?, ?> object) {
                object.forEach((route, body) -> routes.put(String.valueOf(route), body(body)));
            }
        } catch (IOException e) {
            throw badRoutes();
        }
        if (routes.isEmpty() || !routes.keySet().stream().allMatch(Settings::isRoute)) {
            throw badRoutes();
        }
        return routes;
    }

    private static boolean isRoute(String key) {
        return ROUTE.matcher(key).matches();
    }

    private static Body body(@Nullable Object name) {
        Body body = name instanceof String text ? Body.named(text) : null;
        if (body == null) {
            throw badRoutes();
        }
        return body;
    }

    private static IllegalStateException badRoutes() {
        return new IllegalStateException("PARKMETER_ROUTES must be a JSON object from each route, such as \"POST"
                + " /invoke\", to \"prompt\", \"prompt/none\" or \"passthrough\"; the Pulumi program sets it.");
    }
}
