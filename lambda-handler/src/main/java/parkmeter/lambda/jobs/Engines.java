package parkmeter.lambda.jobs;

import java.util.LinkedHashMap;
import java.util.Map;
import parkmeter.lambda.environment.Environment;
import parkmeter.lambda.invoke.Engine;

/**
 * What runs in each endpoint's container.
 *
 * @param named from an endpoint's name; one that is not there runs TGI
 */
record Engines(Map<String, Engine> named) {

    /** Reads {@code PARKMETER_ENGINES}; what is wrong with it is noted. */
    static Engines of(Environment environment) {
        Map<String, Engine> named = new LinkedHashMap<>();
        environment.object("PARKMETER_ENGINES").forEach((endpoint, json) -> {
            Engine engine = Engine.read(json);
            if (engine == null) {
                environment.wrong("PARKMETER_ENGINES", "a JSON object from endpoints' names to " + Engine.FORM);
            } else {
                named.put(String.valueOf(endpoint), engine);
            }
        });
        return new Engines(named);
    }

    /** Of one endpoint. */
    Engine of(String endpoint) {
        Engine engine = named.get(endpoint);
        return engine == null ? Engine.tgi() : engine;
    }
}
