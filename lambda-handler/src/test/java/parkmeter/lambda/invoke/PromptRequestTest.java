package parkmeter.lambda.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EmptySource;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.lambda.gateway.CallFailed;
import parkmeter.lambda.gateway.Code;
import parkmeter.lambda.gateway.Problem;
import parkmeter.lambda.json.Json;

/** Which requests are taken, what TGI gets for them, and what is said of the others. */
class PromptRequestTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prompt\":\"Hi\"}",
                "{\"prompt\":\"Hi\",\"parameters\":{}}",
                "{\"prompt\":\"Hi\",\"parameters\":null}",
                "{\"prompt\":\"Hi\",\"parameters\":{\"temperature\":null,\"top_p\":null,\"seed\":null}}",
            })
    void what_a_caller_leaves_out_has_its_default(String body) throws CallFailed {
        assertThat(PromptRequest.read(body, Engine.tgi(), Template.CHAT).parameters())
                .isEqualTo(Map.of("max_new_tokens", 512, "temperature", 0.7, "top_p", 0.9, "do_sample", true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{`max_new_tokens`:7}        | {`max_tokens`:7,`temperature`:0.7,`top_p`:0.9}",
                "{`temperature`:1.5}         | {`max_tokens`:512,`temperature`:1.5,`top_p`:0.9}",
                "{`temperature`:0}           | {`max_tokens`:512,`temperature`:0}",
                "{`temperature`:0.000}       | {`max_tokens`:512,`temperature`:0}",
                "{`temperature`:0e-999}      | {`max_tokens`:512,`temperature`:0}",
                "{`temperature`:1e-45}       | {`max_tokens`:512,`temperature`:1E-45,`top_p`:0.9}",
                "{`do_sample`:false}         | {`max_tokens`:512,`temperature`:0}",
                "{`do_sample`:false,`temperature`:0.3,`top_p`:0.5} | {`max_tokens`:512,`temperature`:0}",
                "{`top_p`:1}                 | {`max_tokens`:512,`temperature`:0.7}",
                "{`top_p`:0.9999999999}      | {`max_tokens`:512,`temperature`:0.7}",
                "{`seed`:42}                 | {`max_tokens`:512,`temperature`:0.7,`top_p`:0.9,`seed`:42}",
                "{`seed`:18446744073709551615} | {`max_tokens`:512,`temperature`:0.7,`top_p`:0.9,`seed`:18446744073709551615}",
                "{`stop`:[`a`,`b`]}          | {`max_tokens`:512,`temperature`:0.7,`top_p`:0.9,`stop`:[`a`,`b`]}",
                "{`stop`:`a`}                | {`max_tokens`:512,`temperature`:0.7,`top_p`:0.9,`stop`:[`a`]}",
                "{`frequency_penalty`:-0.5}  | {`max_tokens`:512,`temperature`:0.7,`top_p`:0.9,`frequency_penalty`:-0.5}",
                "{`repetition_penalty`:1.2}  | {`max_tokens`:512,`temperature`:0.7,`top_p`:0.9,`presence_penalty`:-0.8}",
                "{`repetition_penalty`:1}    | {`max_tokens`:512,`temperature`:0.7,`top_p`:0.9}",
                "{`grammar`:{`type`:`regex`,`value`:`a+`}} | {`max_tokens`:512,`temperature`:0.7,`top_p`:0.9,`response_format`:{`type`:`regex`,`value`:`a+`}}",
                "{`top_k`:0,`typical_p`:1,`best_of`:1,`watermark`:false,`return_full_text`:false} | {`max_tokens`:512,`temperature`:0.7,`top_p`:0.9}",
            })
    void a_chat_says_what_the_parameters_mean(String parameters, String chat) throws CallFailed {
        assertThat(sent(parameters, Template.CHAT))
                .isEqualTo("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                        + quoted(chat).substring(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{`top_k`:40}                | {`max_new_tokens`:512,`temperature`:0.7,`top_p`:0.9,`top_k`:40,`do_sample`:true}",
                "{`temperature`:0,`top_k`:40,`typical_p`:0.5} | {`max_new_tokens`:512,`do_sample`:false}",
                "{`typical_p`:0.5,`top_p`:1} | {`max_new_tokens`:512,`temperature`:0.7,`typical_p`:0.5,`do_sample`:true}",
                "{`repetition_penalty`:1.2}  | {`max_new_tokens`:512,`temperature`:0.7,`top_p`:0.9,`repetition_penalty`:1.2,`do_sample`:true}",
                "{`best_of`:2}               | {`max_new_tokens`:512,`temperature`:0.7,`top_p`:0.9,`best_of`:2,`do_sample`:true}",
                "{`truncate`:100}            | {`max_new_tokens`:512,`temperature`:0.7,`top_p`:0.9,`truncate`:100,`do_sample`:true}",
                "{`watermark`:true}          | {`max_new_tokens`:512,`temperature`:0.7,`top_p`:0.9,`watermark`:true,`do_sample`:true}",
            })
    void inputs_say_what_the_parameters_mean(String parameters, String generate) throws CallFailed {
        assertThat(sent(parameters, Template.NONE))
                .isEqualTo("{\"inputs\":\"Hi\",\"parameters\":{\"return_full_text\":false,\"details\":true,"
                        + quoted(generate).substring(1) + "}");
    }

    @Test
    void the_whole_text_is_returned_where_it_is_asked_for() throws CallFailed {
        assertThat(sent("{`return_full_text`:true}", Template.NONE)).contains("\"return_full_text\":true");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{`temperature`:0}   | {`max_new_tokens`:512,`temperature`:0,`top_p`:0.9,`do_sample`:false}",
                "{`do_sample`:false} | {`max_new_tokens`:512,`temperature`:0.7,`top_p`:0.9,`do_sample`:false}",
                "{`stop`:`a`,`seed`:1} | {`max_new_tokens`:512,`temperature`:0.7,`top_p`:0.9,`do_sample`:true,`stop`:[`a`],`seed`:1}",
            })
    void the_parameters_in_effect_are_told_to_the_caller(String parameters, String echo) throws CallFailed {
        assertThat(Json.text(read(parameters, Template.CHAT).parameters())).isEqualTo(quoted(echo));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{`max_new_tokens`:0}      | max_new_tokens | 0 | must be an integer from 1 to 2147483647",
                "{`max_new_tokens`:5.0}    | max_new_tokens | 5.0 | must be an integer from 1 to 2147483647",
                "{`max_new_tokens`:`5`}    | max_new_tokens | 5 | must be an integer from 1 to 2147483647",
                "{`max_new_tokens`:4294967296} | max_new_tokens | 4294967296 | must be an integer from 1 to 2147483647",
                "{`temperature`:-0.1}      | temperature | -0.1 | must be 0 or a number from 1e-45 to 100",
                "{`temperature`:1e999}     | temperature | 1E+999 | must be 0 or a number from 1e-45 to 100",
                "{`temperature`:1e-999}    | temperature | 1E-999 | must be 0 or a number from 1e-45 to 100",
                "{`temperature`:7e-46}     | temperature | 7E-46 | must be 0 or a number from 1e-45 to 100",
                "{`temperature`:-1e-999}   | temperature | -1E-999 | must be 0 or a number from 1e-45 to 100",
                "{`temperature`:100.00000000000000000001} | temperature | 100.00000000000000000001 | must be 0 or a number from 1e-45 to 100",
                "{`frequency_penalty`:-1e999999999} | frequency_penalty | -1E+999999999 | must be a number from -2 to 2",
                "{`typical_p`:1.0000000000000000000001} | typical_p | 1.0000000000000000000001 | must be a number above 0 and at most 1",
                "{`temperature`:`hot`}     | temperature | hot | must be 0 or a number from 1e-45 to 100",
                "{`temperature`:true}      | temperature | true | must be 0 or a number from 1e-45 to 100",
                "{`top_p`:0}               | top_p | 0 | must be a number above 0 and at most 1",
                "{`top_p`:1e-60}           | top_p | 1E-60 | must be a number above 0 and at most 1",
                "{`top_p`:1.01}            | top_p | 1.01 | must be a number above 0 and at most 1",
                "{`do_sample`:1}           | do_sample | 1 | must be true or false",
                "{`do_sample`:`true`}      | do_sample | true | must be true or false",
                "{`seed`:-1}               | seed | -1 | must be an integer from 0 to 18446744073709551615",
                "{`seed`:18446744073709551616} | seed | 18446744073709551616 | must be an integer from 0 to 18446744073709551615",
                "{`seed`:1.5}              | seed | 1.5 | must be an integer from 0 to 18446744073709551615",
                "{`stop`:[`a`,1]}          | stop | (an array of 2) | must be a string or an array of strings, none of them empty",
                "{`stop`:``}               | stop | (empty) | must be a string or an array of strings, none of them empty",
                "{`stop`:[``]}             | stop | (an array of 1) | must be a string or an array of strings, none of them empty",
                "{`frequency_penalty`:2.1} | frequency_penalty | 2.1 | must be a number from -2 to 2",
                "{`repetition_penalty`:0}  | repetition_penalty | 0 | must be a number from 0.01 to 100",
                "{`grammar`:`a+`}          | grammar | a+ | must be {\"type\": \"json\", \"value\": <JSON Schema>} or {\"type\": \"regex\", \"value\": <string>}",
                "{`grammar`:{`type`:`json`,`value`:`a`}} | grammar | (an object) | must be {\"type\": \"json\", \"value\": <JSON Schema>} or {\"type\": \"regex\", \"value\": <string>}",
                "{`top_k`:40}              | top_k | 40 | can't be given to this model: a chat has no place for it",
                "{`typical_p`:0.5}         | typical_p | 0.5 | can't be given to this model: a chat has no place for it",
                "{`best_of`:2}             | best_of | 2 | can't be given to this model: a chat has no place for it",
                "{`truncate`:5}            | truncate | 5 | can't be given to this model: a chat has no place for it",
                "{`watermark`:true}        | watermark | true | can't be given to this model: a chat has no place for it",
                "{`return_full_text`:true} | return_full_text | true | can't be given to this model: a chat has no place for it",
                "{`top_k`:-1}              | top_k | -1 | must be an integer from 0 to 2147483647",
                "{`details`:true}          | details | true | can't be given: the answer has no place for them",
                "{`decoder_input_details`:true} | decoder_input_details | true | can't be given: the answer has no place for them",
                "{`top_n_tokens`:5}        | top_n_tokens | 5 | can't be given: the answer has no place for them",
                "{`adapter_id`:`a`}        | adapter_id | a | can't be given: the model is served without adapters",
                "{`stop`:`\\ud83d`}        | stop | ? | must be Unicode text: it has half a surrogate pair",
            })
    void a_parameter_that_breaks_its_rule_is_named_with_its_value_and_the_rule(
            String parameters, String name, String value, String rule) {
        CallFailed failed = refused("{\"prompt\":\"Hi\",\"parameters\":" + quoted(parameters) + "}");

        assertThat(failed.code()).isEqualTo(Code.INVALID_REQUEST);
        assertThat(failed.problems()).hasSize(1);
        Problem problem = failed.problems().get(0);
        assertThat(problem.field()).isEqualTo("parameters." + name);
        assertThat(String.valueOf(problem.value())).isEqualTo(value.equals("(empty)") ? "" : value);
        assertThat(problem.rule()).isEqualTo(rule);
        assertThat(failed.sentence()).isEqualTo("Invalid request: 'parameters." + name + "' " + rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e99999999999", "-1e99999999999", "1e-99999999999", "9e2147483648", "1e-2147483647"})
    void a_number_beyond_all_measure_is_refused_and_breaks_nothing(String number) {
        assertThat(refused("{\"prompt\":\"Hi\",\"parameters\":{\"temperature\":" + number + "}}")
                        .code())
                .isIn(Code.INVALID_REQUEST, Code.INVALID_JSON);
    }

    @Test
    void all_problems_are_told_at_once() {
        CallFailed failed = refused(
                "{\"prompt\":5,\"stream\":true,\"parameters\":{\"temperature\":-1,\"max_tokens\":5,\"top_p\":2}}");

        assertThat(failed.problems())
                .extracting(Problem::field)
                .containsExactly(
                        "prompt", "stream", "parameters.temperature", "parameters.max_tokens", "parameters.top_p");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"prompt\":null}", "{\"prompt\":\"\"}", "{\"parameters\":{\"top_p\":2}}"})
    void a_missing_prompt_is_told_in_the_words_that_callers_know(String body) {
        CallFailed failed = refused(body);

        assertThat(failed.code()).isEqualTo(Code.INVALID_REQUEST);
        assertThat(failed.sentence()).isEqualTo("Missing 'prompt' in request body");
        assertThat(failed.problems()).first().extracting(Problem::field).isEqualTo("prompt");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{`prompt`:5}            | 5 | must be a string",
                "{`prompt`:[`secret`]}   | (an array of 1) | must be a string",
                "{`prompt`:{`a`:1}}      | (an object) | must be a string",
                "{`prompt`:`\\ud83d hi`} | (a string of 4 characters) | must be Unicode text: it has half a surrogate pair",
            })
    void a_prompt_that_is_no_text_is_described_and_not_shown(String body, String value, String rule) {
        CallFailed failed = refused(quoted(body));

        assertThat(failed.sentence()).isEqualTo("Invalid request: 'prompt' " + rule);
        assertThat(String.valueOf(failed.problems().get(0).value())).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{`promt`:`my secret`}", "{`prompt`:`a`,`parameters`:{`x`:`my secret`}}"})
    void the_text_of_an_unknown_field_may_be_a_prompt_and_is_not_shown(String body) {
        CallFailed failed = refused(quoted(body));

        assertThat(Json.text(failed.problems().stream().map(Problem::json).toList()))
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "5", "\"text\"", "true"})
    void parameters_that_are_no_object_are_refused(String parameters) {
        assertThat(refused("{\"prompt\":\"Hi\",\"parameters\":" + parameters + "}")
                        .sentence())
                .isEqualTo("Invalid request: 'parameters' must be an object");
    }

    @ParameterizedTest
    @EmptySource
    @ValueSource(
            strings = {
                " ",
                "null",
                "[]",
                "[1]",
                "5",
                "\"text\"",
                "{",
                "{\"prompt\":\"a\"",
                "{'prompt':'a'}",
                "hello",
                "{\"prompt\":\"a\"} x",
                "{\"prompt\":\"a\"}{}",
                "{\"prompt\":\"a\",\"prompt\":\"b\"}",
                "{\"prompt\":\"a\",\"parameters\":{\"seed\":1,\"seed\":2}}",
                "{\"prompt\":\"a\nb\"}",
                "{\"prompt\":NaN}",
                "{\"prompt\":\"\\ux\"}",
                "prompt=hello",
                "{\"prompt\":\"a\",}",
                "\u0000",
            })
    void what_is_no_json_object_is_told_so_without_quoting_it(String body) {
        CallFailed failed = refused(body);

        assertThat(failed.code()).isEqualTo(Code.INVALID_JSON);
        assertThat(failed.sentence()).startsWith("Invalid JSON in request body: it ");
        assertThat(failed.sentence()).doesNotContain("hello", "text");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~ \n~ | it is empty",
                "{`prompt`:`a`,`prompt`:`b`} | it holds a key twice at line 1, column 23",
                "{`prompt`:`a` `parameters`:{}} | it can't be read at line 1, column 15",
                "[1] | it must be an object, not an array",
            })
    void why_it_is_no_json_object_is_told(String body, String why) {
        assertThat(refused(quoted(body)).sentence()).isEqualTo("Invalid JSON in request body: " + why);
    }

    @Test
    void a_hundred_levels_of_json_are_read_and_one_more_is_told_so() {
        assertThat(refused("[".repeat(100) + "]".repeat(100)).sentence())
                .isEqualTo("Invalid JSON in request body: it must be an object, not an array");
        assertThat(refused("[".repeat(101) + "]".repeat(101)).sentence())
                .isEqualTo("Invalid JSON in request body: it is nested deeper than 100");
    }

    @Test
    void json_nested_without_end_is_refused() {
        assertThat(refused("{\"prompt\":" + "[".repeat(100_000)).code()).isEqualTo(Code.INVALID_JSON);
        assertThat(refused("{\"prompt\":" + "9".repeat(100_000) + "}").code()).isEqualTo(Code.INVALID_JSON);
    }

    private static String quoted(String json) {
        return json.replace('`', '"');
    }

    private static PromptRequest read(String parameters, Template template) throws CallFailed {
        return PromptRequest.read(
                "{\"prompt\":\"Hi\",\"parameters\":" + quoted(parameters) + "}", Engine.tgi(), template);
    }

    private static String sent(String parameters, Template template) throws CallFailed {
        return Engine.tgi().request(read(parameters, template), template);
    }

    private static CallFailed refused(String body) {
        return Objects.requireNonNull(
                catchThrowableOfType(CallFailed.class, () -> PromptRequest.read(body, Engine.tgi(), Template.CHAT)));
    }
}
