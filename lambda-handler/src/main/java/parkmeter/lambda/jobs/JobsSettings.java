package parkmeter.lambda.jobs;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.environment.Environment;
import parkmeter.lambda.invoke.Engine;
import parkmeter.lambda.invoke.ModelRoutes;

/**
 * What the Pulumi program tells the function behind long routes.
 *
 * @param region {@code AWS_REGION}, which Lambda sets
 * @param stateMachine {@code PARKMETER_STATE_MACHINE}: its ARN; null where there is none
 * @param bucket {@code PARKMETER_ANSWERS_BUCKET}: the bucket's name
 * @param routes {@code PARKMETER_ROUTES}
 * @param endpoints {@code PARKMETER_ENDPOINTS}: from each route to its endpoint's name
 * @param engines {@code PARKMETER_ENGINES}
 * @param async {@code PARKMETER_ASYNC}: from an asynchronous endpoint's name to its prefix in the bucket
 */
record JobsSettings(
        String region,
        @Nullable String stateMachine,
        String bucket,
        ModelRoutes routes,
        Map<String, String> endpoints,
        Engines engines,
        Map<String, String> async) {

    private static final Pattern PREFIX = Pattern.compile("([\\w.-]+/)+");

    /**
     * Reads the environment.
     *
     * @throws IllegalStateException with one sentence for everything that is missing or wrong
     */
    static JobsSettings of(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        Map<String, String> endpoints = environment.textsByName("PARKMETER_ENDPOINTS");
        Map<String, String> async = environment.textsByName("PARKMETER_ASYNC");
        boolean allAsync = !endpoints.isEmpty() && async.keySet().containsAll(endpoints.values());
        JobsSettings settings = new JobsSettings(
                environment.text("AWS_REGION"),
                allAsync
                        ? environment.textOrNull("PARKMETER_STATE_MACHINE")
                        : environment.text("PARKMETER_STATE_MACHINE"),
                environment.text("PARKMETER_ANSWERS_BUCKET"),
                ModelRoutes.read(environment.text("PARKMETER_ROUTES")),
                endpoints,
                Engines.of(environment),
                async);
        if (!async.values().stream().allMatch(prefix -> PREFIX.matcher(prefix).matches())) {
            environment.wrong(
                    "PARKMETER_ASYNC", "a JSON object from endpoints' names to prefixes such as async/model/");
        }
        if (!settings.endpoints().keySet().equals(settings.routes().keys())) {
            environment.wrong("PARKMETER_ENDPOINTS", "a JSON object with the keys of PARKMETER_ROUTES");
        }
        environment.check();
        settings.endpoints().forEach((route, endpoint) -> {
            Engine engine = settings.engines().of(endpoint);
            if (!settings.routes().suits(route, engine)) {
                throw new IllegalStateException(engine.unfit(List.of(route), "PARKMETER_ENGINES"));
            }
        });
        return settings;
    }
}
