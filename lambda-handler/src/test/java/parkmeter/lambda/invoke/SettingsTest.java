package parkmeter.lambda.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        Settings settings = Settings.of(GOOD);

        assertThat(settings)
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
                        null,
                        settings.engine()));
        assertThat(settings.engine()).isInstanceOf(Tgi.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"type\":\"tgi\"} | Tgi",
                "{\"type\":\"tgi\",\"inputs\":\"[INST] {prompt}\"} | TgiInputs",
                "{\"type\":\"vllm\"} | Vllm",
            })
    void an_engine_is_understood(String engine, String type) {
        assertThat(Settings.of(with("PARKMETER_ENGINE", engine))
                        .engine()
                        .getClass()
                        .getSimpleName())
                .isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "vllm",
                "null",
                "[]",
                "{}",
                "{\"type\":\"sglang\"}",
                "{\"type\":\"vllm\",\"inputs\":\"{prompt}\"}",
                "{\"type\":\"tgi\",\"inputs\":\"no place\"}",
                "{\"type\":\"tgi\",\"inputs\":\"{prompt}{prompt}\"}",
                "{\"type\":\"tgi\",\"inputs\":5}",
                "{\"type\":\"tgi\",\"tag\":\"x\"}",
            })
    void an_engine_that_makes_no_sense_ends_the_start_with_what_it_must_be(String engine) {
        assertThatThrownBy(() -> Settings.of(with("PARKMETER_ENGINE", engine)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("PARKMETER_ENGINE must be {\"type\": \"tgi\", \"vllm\" or \"llamacpp\"}, with \"tgi\" also"
                        + " \"inputs\": a text with {prompt} in it once, or left out; the Pulumi program sets it.");
    }

    @Test
    void a_prompt_without_a_chat_can_not_come_to_llama_cpp() {
        assertThatThrownBy(() -> Settings.of(with("PARKMETER_ENGINE", "{\"type\":\"llamacpp\"}")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "The routes POST /complete can't be \"prompt/none\": llama.cpp's container takes chats alone"
                                + " (PARKMETER_ENGINE); the Pulumi program sets both.");
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> environment = new HashMap<>(GOOD);
        environment.put(name, value);
        return environment;
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
