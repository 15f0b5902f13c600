package parkmeter.lambda.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.lambda.gateway.CallFailed;
import parkmeter.lambda.json.Json;

/** What vLLM, llama.cpp and an old TGI get for each parameter, and which values they can't be told. */
class EngineParametersTest {
    private static final Map<String, Engine> ENGINES =
            Map.of("vllm", new Vllm(), "llamacpp", new LlamaCpp(), "old tgi", new TgiInputs("{prompt}"));

    /** Every field of vLLM's two requests, and of llama.cpp's, that may come of a parameter. */
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "vllm",
            Set.of(
                    "messages",
                    "prompt",
                    "max_tokens",
                    "temperature",
                    "top_p",
                    "top_k",
                    "stop",
                    "seed",
                    "frequency_penalty",
                    "repetition_penalty",
                    "response_format",
                    "structured_outputs",
                    "truncate_prompt_tokens",
                    "echo"),
            "llamacpp",
            Set.of(
                    "messages",
                    "max_tokens",
                    "temperature",
                    "top_p",
                    "top_k",
                    "typical_p",
                    "stop",
                    "seed",
                    "frequency_penalty",
                    "repeat_penalty",
                    "response_format"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "vllm | CHAT | `top_k`:40 | `top_k`:40",
                "vllm | CHAT | `top_k`:0 | `top_k`:0",
                "vllm | CHAT | `repetition_penalty`:1.2 | `repetition_penalty`:1.2",
                "vllm | CHAT | `repetition_penalty`:1 | `repetition_penalty`:1",
                "vllm | CHAT | `frequency_penalty`:-2 | `frequency_penalty`:-2",
                "vllm | CHAT | `seed`:9223372036854775807 | `seed`:9223372036854775807",
                "vllm | CHAT | `temperature`:2 | `temperature`:2,`top_p`:0.9",
                "vllm | CHAT | `truncate`:100 | `truncate_prompt_tokens`:100",
                "vllm | CHAT | `grammar`:{`type`:`regex`,`value`:`a+`} | `structured_outputs`:{`regex`:`a+`}",
                "vllm | CHAT | `grammar`:{`type`:`json`,`value`:{`type`:`object`}} | `response_format`:{`type`:`json_schema`,`json_schema`:{`name`:`answer`,`schema`:{`type`:`object`}}}",
                "vllm | CHAT | `typical_p`:1,`best_of`:1,`watermark`:false,`return_full_text`:false | `top_p`:0.9",
                "vllm | NONE | `return_full_text`:true | `echo`:true",
                "vllm | NONE | `return_full_text`:false | `top_p`:0.9",
                "vllm | NONE | `truncate`:5 | `truncate_prompt_tokens`:5",
                "llamacpp | CHAT | `top_k`:40 | `top_k`:40",
                "llamacpp | CHAT | `typical_p`:0.5 | `typical_p`:0.5",
                "llamacpp | CHAT | `repetition_penalty`:1.2 | `repeat_penalty`:1.2",
                "llamacpp | CHAT | `seed`:4294967294 | `seed`:4294967294",
                "llamacpp | CHAT | `grammar`:{`type`:`json_schema`,`value`:{`type`:`object`}} | `response_format`:{`type`:`json_schema`,`json_schema`:{`name`:`answer`,`schema`:{`type`:`object`}}}",
                "llamacpp | CHAT | `best_of`:1,`watermark`:false,`return_full_text`:false | `top_p`:0.9",
                "old tgi | CHAT | `grammar`:{`type`:`json_schema`,`value`:{`type`:`object`}} | `grammar`:{`type`:`json`,`value`:{`type`:`object`}},`do_sample`:true}",
                "old tgi | CHAT | `top_k`:40,`truncate`:7 | `top_k`:40,`truncate`:7,`do_sample`:true}",
                "old tgi | NONE | `grammar`:{`type`:`regex`,`value`:`a+`} | `grammar`:{`type`:`regex`,`value`:`a+`},`do_sample`:true}",
            })
    void an_engine_is_told_a_parameter_by_its_own_name(String engine, Template template, String given, String told)
            throws CallFailed {
        assertThat(request(engine, template, given)).endsWith(quoted(told) + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "vllm | CHAT | `typical_p`:0.5 | 'parameters.typical_p' can't be given to this model: vLLM has no place for it",
                "vllm | NONE | `best_of`:2 | 'parameters.best_of' can't be given to this model: vLLM has no place for it",
                "vllm | CHAT | `watermark`:true | 'parameters.watermark' can't be given to this model: vLLM has no place for it",
                "vllm | CHAT | `return_full_text`:true | 'parameters.return_full_text' can't be given to this model: a chat has no place for it",
                "vllm | CHAT | `temperature`:2.01 | 'parameters.temperature' must be at most 2: this model's vLLM takes no more",
                "vllm | CHAT | `seed`:9223372036854775808 | 'parameters.seed' must be at most 9223372036854775807: this model's vLLM takes no more",
                "llamacpp | CHAT | `seed`:4294967295 | 'parameters.seed' must be at most 4294967294: this model's llama.cpp takes no more",
                "llamacpp | CHAT | `grammar`:{`type`:`regex`,`value`:`a+`} | 'parameters.grammar' must be {\"type\": \"json\", \"value\": <JSON Schema>}: this model's llama.cpp takes no regular expression",
                "llamacpp | CHAT | `truncate`:5 | 'parameters.truncate' can't be given to this model: llama.cpp has no place for it",
                "llamacpp | CHAT | `best_of`:2 | 'parameters.best_of' can't be given to this model: llama.cpp has no place for it",
                "llamacpp | CHAT | `watermark`:true | 'parameters.watermark' can't be given to this model: llama.cpp has no place for it",
                "llamacpp | CHAT | `return_full_text`:true | 'parameters.return_full_text' can't be given to this model: llama.cpp has no place for it",
                "llamacpp | CHAT | `details`:true | 'parameters.details' can't be given: the answer has no place for them",
            })
    void what_an_engine_can_not_be_told_is_refused_with_its_rule(
            String engine, Template template, String given, String sentence) {
        CallFailed failed =
                Objects.requireNonNull(catchThrowableOfType(CallFailed.class, () -> request(engine, template, given)));

        assertThat(failed.sentence()).isEqualTo("Invalid request: " + sentence);
        assertThat(failed.problems().get(0).field())
                .isEqualTo("parameters." + given.substring(1, given.indexOf('`', 1)));
    }

    /** vLLM and llama.cpp drop a field that they do not know, and would do another thing than was asked for. */
    @Property(tries = 1_000)
    void no_engine_is_told_what_it_does_not_know(
            @ForAll("engines") String engine, @ForAll("parameters") Map<String, Object> given) {
        for (Template template : Template.values()) {
            if (!Objects.requireNonNull(ENGINES.get(engine)).takes(template)) {
                continue;
            }
            try {
                String sent = request(engine, template, Json.text(given).replaceAll("^.|.$", ""));
                assertThat(((Map<?, ?>) Objects.requireNonNull(Json.readOrNull(sent))).keySet())
                        .allMatch(Objects.requireNonNull(FIELDS.get(engine))::contains);
            } catch (CallFailed refused) {
                assertThat(refused.problems()).isNotEmpty();
            }
        }
    }

    @Provide
    Arbitrary<String> engines() {
        return Arbitraries.of("vllm", "llamacpp");
    }

    @Provide
    Arbitrary<Map<String, Object>> parameters() {
        return Arbitraries.maps(
                        Arbitraries.of(Parameter.values()).map(Parameter::key),
                        Arbitraries.of(
                                0,
                                1,
                                2,
                                0.5,
                                1e-45,
                                Long.MAX_VALUE,
                                true,
                                false,
                                "a",
                                Map.of("type", "json", "value", Map.of()),
                                Map.of("type", "regex", "value", "a")))
                .ofMaxSize(4);
    }

    private static String request(String name, Template template, String parameters) throws CallFailed {
        Engine engine = Objects.requireNonNull(ENGINES.get(name));
        return engine.request(
                PromptRequest.read("{\"prompt\":\"Hi\",\"parameters\":{" + quoted(parameters) + "}}", engine, template),
                template);
    }

    private static String quoted(String json) {
        return json.replace('`', '"');
    }
}
