package parkmeter.lambda.access;

import java.util.List;
import java.util.Map;
import parkmeter.lambda.environment.Environment;

/**
 * What the Pulumi program tells the function that issues tokens.
 *
 * @param region {@code AWS_REGION}, which Lambda sets
 * @param table {@code PARKMETER_TOKEN_TABLE}: the name of the table of tokens
 * @param clients {@code PARKMETER_CLIENTS}: the clients' names; empty where there are none
 * @param operators {@code PARKMETER_OPERATORS}: whom the API is for, by API keys' ids or users' subjects
 */
record TokensSettings(String region, String table, List<String> clients, List<String> operators) {

    /**
     * Reads the environment.
     *
     * @throws IllegalStateException with one sentence for everything that is missing or wrong
     */
    static TokensSettings of(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        TokensSettings settings = new TokensSettings(
                environment.text("AWS_REGION"),
                environment.text("PARKMETER_TOKEN_TABLE"),
                environment.texts("PARKMETER_CLIENTS"),
                environment.texts("PARKMETER_OPERATORS"));
        if (settings.operators().isEmpty()) {
            environment.wrong(
                    "PARKMETER_OPERATORS", "a JSON list of at least one operator: else anybody could let himself in");
        }
        environment.check();
        return settings;
    }
}
