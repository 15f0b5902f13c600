package parkmeter.lambda.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the function reads from its environment as it starts. */
class SettingsTest {
    private static final Map<String, String> GOOD = Map.of(
            "PARKMETER_MODEL",
            "tinyllama",
            "PARKMETER_ENDPOINT",
            "parkmeter-dev-tinyllama",
            "PARKMETER_ROUTES",
            "{\"POST /invoke\":\"prompt\",\"POST /complete\":\"prompt/none\",\"POST /falcon\":\"passthrough\"}",
            "AWS_REGION",
            "eu-west-2");

    @Test
    void the_programs_environment_is_understood() {
        assertThat(Settings.of(GOOD))
                .isEqualTo(new Settings(
                        "tinyllama",
                        "parkmeter-dev-tinyllama",
                        "eu-west-2",
                        Map.of(
                                "POST /invoke",
                                new Body.Prompt(Template.CHAT),
                                "POST /complete",
                                new Body.Prompt(Template.NONE),
                                "POST /falcon",
                                new Body.Passthrough()),
                        null));
    }

    @Test
    void everything_that_is_missing_is_named_in_one_sentence() {
        Map<String, String> environment = new HashMap<>(GOOD);
        environment.remove("PARKMETER_MODEL");
        environment.put("PARKMETER_ENDPOINT", " ");

        assertThatThrownBy(() -> Settings.of(environment))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "The function's environment lacks PARKMETER_MODEL, PARKMETER_ENDPOINT; the Pulumi program sets"
                                + " PARKMETER_*, and Lambda sets AWS_REGION.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{}",
                "null",
                "{\"POST /invoke\":1}",
                "{\"POST /invoke\":null}",
                "{\"POST /invoke\":\"openai\"}",
                "{\"/invoke\":\"prompt\"}",
                "{\"POST invoke\":\"prompt\"}",
            })
    void routes_that_make_no_sense_end_the_start_with_what_they_must_be(String routes) {
        Map<String, String> environment = new HashMap<>(GOOD);
        environment.put("PARKMETER_ROUTES", routes);

        assertThatThrownBy(() -> Settings.of(environment))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("PARKMETER_ROUTES must be a JSON object from each route, such as");
    }
}
