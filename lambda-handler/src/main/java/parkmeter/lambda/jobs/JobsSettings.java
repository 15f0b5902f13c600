package parkmeter.lambda.jobs;

import java.util.List;
import java.util.Map;
import parkmeter.lambda.environment.Environment;
import parkmeter.lambda.invoke.Engine;
import parkmeter.lambda.invoke.ModelRoutes;

/**
 * What the Pulumi program tells the function behind long routes.
 *
 * @param region {@code AWS_REGION}, which Lambda sets
 * @param stateMachine {@code PARKMETER_STATE_MACHINE}: its ARN
 * @param bucket {@code PARKMETER_ANSWERS_BUCKET}: the bucket's name
 * @param routes {@code PARKMETER_ROUTES}
 * @param endpoints {@code PARKMETER_ENDPOINTS}: from each route to its endpoint's name
 * @param engines {@code PARKMETER_ENGINES}
 */
record JobsSettings(
        String region,
        String stateMachine,
        String bucket,
        ModelRoutes routes,
        Map<String, String> endpoints,
        Engines engines) {

    /**
     * Reads the environment.
     *
     * @throws IllegalStateException with one sentence for everything that is missing or wrong
     */
    static JobsSettings of(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        JobsSettings settings = new JobsSettings(
                environment.text("AWS_REGION"),
                environment.text("PARKMETER_STATE_MACHINE"),
                environment.text("PARKMETER_ANSWERS_BUCKET"),
                ModelRoutes.read(environment.text("PARKMETER_ROUTES")),
                environment.textsByName("PARKMETER_ENDPOINTS"),
                Engines.of(environment));
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
