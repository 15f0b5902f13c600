package parkmeter.lambda.access;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.environment.Environment;

/**
 * What the Pulumi program tells the authorizer.
 *
 * @param region {@code AWS_REGION}, which Lambda sets
 * @param table {@code PARKMETER_TOKEN_TABLE}: the name of the table of tokens; null where no route takes any
 * @param clearText {@code PARKMETER_LEGACY_CLEAR_TEXT}: whether that table holds them in clear
 * @param clientKeys {@code PARKMETER_CLIENT_KEYS}: from each client's name to its API key's id, in the order of the stack
 * @param tokenRoutes {@code PARKMETER_TOKEN_ROUTES}: what a token may call
 * @param keyRoutes {@code PARKMETER_KEY_ROUTES}: what an API key may call
 */
record AuthorizerSettings(
        String region,
        @Nullable String table,
        boolean clearText,
        Map<String, String> clientKeys,
        List<String> tokenRoutes,
        List<String> keyRoutes) {
    private static final Pattern ROUTE = Pattern.compile("[A-Z]+ /[^*?]*");

    /**
     * Reads the environment.
     *
     * @throws IllegalStateException with one sentence for everything that is missing or wrong
     */
    static AuthorizerSettings of(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        AuthorizerSettings settings = new AuthorizerSettings(
                environment.text("AWS_REGION"),
                environment.textOrNull("PARKMETER_TOKEN_TABLE"),
                environment.flag("PARKMETER_LEGACY_CLEAR_TEXT"),
                new LinkedHashMap<>(environment.textsByName("PARKMETER_CLIENT_KEYS")),
                routes(environment, "PARKMETER_TOKEN_ROUTES"),
                routes(environment, "PARKMETER_KEY_ROUTES"));
        if (settings.table() == null && !settings.tokenRoutes().isEmpty()) {
            environment.wrong("PARKMETER_TOKEN_TABLE", "the name of a table, where there are routes for tokens");
        }
        environment.check();
        return settings;
    }

    private static List<String> routes(Environment environment, String name) {
        List<String> routes = environment.texts(name);
        if (!routes.stream().allMatch(route -> ROUTE.matcher(route).matches())) {
            environment.wrong(name, "a JSON list of routes, such as \"POST /invoke\"");
        }
        return routes;
    }
}
