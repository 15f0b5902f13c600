package parkmeter.local.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.local.llm.TinyModel;

/** TGI's wire format on {@code /invocations}: answers, streams, and every rule with TGI's words for it. */
class TgiTest {
    private static Served tgi;

    @BeforeAll
    static void start() {
        tgi = Served.tiny(Map.of("MAX_INPUT_TOKENS", "600", "MAX_TOTAL_TOKENS", "1000", "PAYLOAD_LIMIT", "20000"));
    }

    @AfterAll
    static void stop() {
        tgi.close();
    }

    // -- generate

    @Test
    void inputs_are_answered_with_an_array_of_one_generation() {
        var answer = tgi.invoke("{'inputs': 'Hi', 'parameters': {'return_full_text': false}}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(answer.body()).isEqualTo("[{\"generated_text\":\"" + TinyModel.SENTENCE + "\"}]");
    }

    @Test
    void the_prompt_comes_back_before_the_text_unless_it_is_declined() {
        assertThat(generated("{'inputs': 'Hi!', 'parameters': {}}")).startsWith("Hi!I am");
        assertThat(generated("{'inputs': 'Hi!', 'parameters': {'return_full_text': true}}"))
                .startsWith("Hi!I am");
    }

    @Test
    void without_a_parameters_object_it_samples_and_with_one_it_does_not() {
        Set<String> sampled = new HashSet<>();
        Set<String> greedy = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            sampled.add(generated("{'inputs': 'Hi'}"));
            greedy.add(generated("{'inputs': 'Hi', 'parameters': {'max_new_tokens': 100}}"));
        }

        assertThat(sampled).hasSizeGreaterThan(1);
        assertThat(greedy).hasSize(1);
    }

    @Test
    void details_name_every_token_and_why_it_ended() {
        JsonNode details = tgi.invoke("{'inputs': 'Hi', 'parameters': {'details': true}}")
                .json()
                .at("/0/details");

        assertThat(details.path("finish_reason").asText()).isEqualTo("eos_token");
        assertThat(details.path("seed").isNull()).isTrue();
        assertThat(details.path("prefill")).isEmpty();
        assertThat(details.path("generated_tokens").asInt())
                .isEqualTo(details.path("tokens").size());
        JsonNode first = details.at("/tokens/0");
        assertThat(first.path("text").asText()).isEqualTo("I");
        assertThat(first.path("special").asBoolean()).isFalse();
        assertThat(first.has("logprob")).isTrue();
        JsonNode last = details.path("tokens").get(details.path("tokens").size() - 1);
        assertThat(last.path("text").asText()).isEqualTo("<|im_end|>");
        assertThat(last.path("special").asBoolean()).isTrue();
    }

    @Test
    void decoder_input_details_list_the_prompts_tokens() {
        JsonNode prefill = tgi.invoke(
                        "{'inputs': 'I am one', 'parameters': {'decoder_input_details': true, 'max_new_tokens': 1}}")
                .json()
                .at("/0/details/prefill");

        assertThat(prefill.findValuesAsText("text")).containsExactly("I", " am", " one");
    }

    @Test
    void the_length_ends_a_generation_that_has_no_end() {
        JsonNode answer = tgi.invoke(
                        "{'inputs': 'count one', 'parameters': {'max_new_tokens': 3, 'details': true, 'return_full_text': false}}")
                .json()
                .path(0);

        assertThat(answer.path("generated_text").asText()).isEqualTo(" two three four");
        assertThat(answer.at("/details/finish_reason").asText()).isEqualTo("length");
        assertThat(answer.at("/details/generated_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void without_a_length_it_goes_on_to_the_total() {
        assertThat(tgi.invoke("{'inputs': 'count one', 'parameters': {'details': true}}")
                        .json()
                        .at("/0/details/generated_tokens")
                        .asInt())
                .isEqualTo(1000 - 6);
    }

    @Test
    void a_stop_sequence_ends_it_and_stays_in_the_text() {
        JsonNode answer = tgi.invoke(
                        "{'inputs': 'count one', 'parameters': {'stop': ['hree fou', 'nine'], 'details': true, 'return_full_text': false}}")
                .json()
                .path(0);

        assertThat(answer.path("generated_text").asText()).isEqualTo(" two three four five six seven eight nine");
        assertThat(answer.at("/details/finish_reason").asText()).isEqualTo("stop_sequence");
    }

    @Test
    void the_same_seed_gives_the_same_text_and_is_named_in_the_details() {
        String body =
                "{'inputs': 'Hi', 'parameters': {'do_sample': true, 'temperature': 3.0, 'seed': %s, 'details': true, 'max_new_tokens': 40}}";
        JsonNode first = tgi.invoke(body.formatted("18446744073709551615")).json();

        assertThat(tgi.invoke(body.formatted("18446744073709551615")).json()).isEqualTo(first);
        assertThat(first.at("/0/details/seed").bigIntegerValue()).hasToString("18446744073709551615");
        assertThat(tgi.invoke(body.formatted("7")).json().at("/0/generated_text"))
                .isNotEqualTo(first.at("/0/generated_text"));
    }

    @Test
    void truncate_keeps_the_prompts_last_tokens() {
        JsonNode answer = tgi.invoke(
                        "{'inputs': 'I am one', 'parameters': {'truncate': 2, 'decoder_input_details': true, 'max_new_tokens': 1}}")
                .json();

        assertThat(answer.at("/0/details/prefill").findValuesAsText("text")).containsExactly(" am", " one");
    }

    @Test
    void best_of_two_names_the_other_sequence() {
        JsonNode details = tgi.invoke(
                        "{'inputs': 'Hi', 'parameters': {'best_of': 2, 'do_sample': true, 'details': true}}")
                .json()
                .at("/0/details");

        assertThat(details.path("best_of_sequences")).hasSize(1);
        assertThat(details.at("/best_of_sequences/0").has("generated_text")).isTrue();
    }

    @Test
    void the_token_counts_are_in_the_headers() {
        var headers = tgi.invoke("{'inputs': 'I am one', 'parameters': {'max_new_tokens': 2}}")
                .response()
                .headers();

        assertThat(headers.firstValue("x-prompt-tokens")).contains("3");
        assertThat(headers.firstValue("x-generated-tokens")).contains("2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'temperature': 0            | `temperature` must be strictly positive",
                "'temperature': -1.5         | `temperature` must be strictly positive",
                "'repetition_penalty': 0     | `repetition_penalty` must be strictly positive",
                "'frequency_penalty': 2.5    | `frequency_penalty` must be >= -2.0 and <= 2.0",
                "'top_p': 1                  | `top_p` must be > 0.0 and < 1.0",
                "'top_p': 0                  | `top_p` must be > 0.0 and < 1.0",
                "'typical_p': 1.0            | `typical_p` must be > 0.0 and < 1.0",
                "'top_k': 0                  | `top_k` must be strictly positive",
                "'top_k': -1                 | `top_k` must be strictly positive",
                "'max_new_tokens': 0         | `max_new_tokens` must be strictly positive",
                "'stop': ['a','b','c','d','e'] | `stop` supports up to 4 stop sequences. Given: 5",
                "'best_of': 2                | you must use sampling when `best_of` is > 1",
                "'best_of': 2, 'do_sample': true, 'seed': 1 | `seed` must not be set when `best_of` > 1",
                "'best_of': 3, 'do_sample': true | `best_of` must be > 0 and <= 2. Given: 3",
                "'top_n_tokens': 6           | `top_n_tokens` must be >= 0 and <= 5. Given: 6",
                "'truncate': 0               | `truncate` must be strictly positive and less than 600. Given: 0",
                "'truncate': 601             | `truncate` must be strictly positive and less than 600. Given: 601",
                "'max_new_tokens': 999       | `inputs` tokens + `max_new_tokens` must be <= 1000. Given: 2 `inputs` tokens and 999 `max_new_tokens`",
                "'grammar': {'type': 'json', 'value': {'properties': {}}} | grammar is not supported",
            })
    void a_broken_rule_is_a_422_in_tgis_words(String parameter, String rule) {
        refused(tgi.invoke("{'inputs': 'Hi', 'parameters': {" + parameter + "}}"), rule);
    }

    @Test
    void an_empty_prompt_is_refused() {
        refused(tgi.invoke("{'inputs': ''}"), "`inputs` cannot be empty");
    }

    @Test
    void a_prompt_beyond_the_input_limit_is_refused() {
        refused(
                tgi.invoke("{'inputs': '" + "x".repeat(601) + "', 'parameters': {'max_new_tokens': 1}}"),
                "`inputs` must have less than 600 tokens. Given: 601");
    }

    @Test
    void a_generate_stream_has_an_event_a_token_and_no_done() {
        var answer = tgi.invoke("{'inputs': 'Hi', 'stream': true, 'parameters': {'details': true}}");

        assertThat(answer.contentType()).startsWith("text/event-stream");
        List<String> events = answer.events();
        assertThat(answer.event(0))
                .hasToString(
                        "{\"index\":1,\"token\":{\"id\":" + answer.event(0).at("/token/id")
                                + ",\"text\":\"I\",\"logprob\":null,\"special\":false},\"generated_text\":null,\"details\":null}");
        JsonNode last = answer.event(events.size() - 1);
        assertThat(last.path("index").asInt()).isEqualTo(events.size());
        assertThat(last.at("/token/special").asBoolean()).isTrue();
        assertThat(last.path("generated_text").asText()).isEqualTo("Hi" + TinyModel.SENTENCE);
        assertThat(last.at("/details/finish_reason").asText()).isEqualTo("eos_token");
        assertThat(last.at("/details/input_length").asInt()).isEqualTo(2);
        assertThat(last.at("/details/generated_tokens").asInt()).isEqualTo(events.size());
    }

    @Test
    void no_event_holds_half_a_character() {
        var answer = tgi.invoke("{'inputs': 'Hi', 'stream': true}".replace("}", ", 'parameters': {}}"));

        StringBuilder text = new StringBuilder();
        for (int i = 0; i < answer.events().size() - 1; i++) {
            String piece = answer.event(i).at("/token/text").asText();
            assertThat(piece).doesNotContain("\uFFFD");
            text.append(piece);
        }
        assertThat(text).hasToString(TinyModel.SENTENCE);
        assertThat(answer.events())
                .filteredOn(event -> event.contains("\"text\":\"\""))
                .hasSize(3);
    }

    @Test
    void a_generation_cut_within_a_character_counts_its_tokens() {
        JsonNode answer = tgi.invoke(
                        "{'inputs': 'Hi', 'parameters': {'max_new_tokens': 17, 'details': true, 'return_full_text': false}}")
                .json()
                .path(0);

        assertThat(answer.path("generated_text").asText()).isEqualTo(TinyModel.SENTENCE.replaceAll("[^ -~]", ""));
        assertThat(answer.at("/details/generated_tokens").asInt()).isEqualTo(17);
        assertThat(answer.at("/details/finish_reason").asText()).isEqualTo("length");
    }

    @Test
    void an_error_in_a_generate_stream_is_an_event() {
        var answer = tgi.invoke("{'inputs': 'Hi', 'stream': true, 'parameters': {'temperature': 0}}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.events())
                .containsExactly(
                        "{\"error\":\"Input validation error: `temperature` must be strictly positive\",\"error_type\":\"validation\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'best_of': 2, 'do_sample': true | `best_of` != 1 is not supported when streaming tokens",
                "'decoder_input_details': true   | `decoder_input_details` == true is not supported when streaming tokens",
            })
    void what_a_stream_cannot_have_is_an_event(String parameter, String rule) {
        assertThat(tgi.invoke("{'inputs': 'Hi', 'stream': true, 'parameters': {" + parameter + "}}")
                        .event(0)
                        .path("error")
                        .asText())
                .isEqualTo("Input validation error: " + rule);
    }

    // -- chat

    @Test
    void messages_are_answered_by_the_models_own_template() {
        var answer = tgi.invoke("{'messages': [{'role': 'user', 'content': 'Hi'}], 'temperature': 0}");

        JsonNode chat = answer.json();
        assertThat(chat.path("object").asText()).isEqualTo("chat.completion");
        assertThat(chat.path("id").asText()).isEmpty();
        assertThat(chat.path("model").asText()).isEqualTo("tiny/model");
        assertThat(chat.path("system_fingerprint").asText()).isEqualTo("3.3.6-native");
        assertThat(chat.path("created").asLong()).isPositive();
        assertThat(chat.at("/choices/0/message"))
                .hasToString("{\"role\":\"assistant\",\"content\":\"" + TinyModel.SENTENCE + "\"}");
        assertThat(chat.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        // <|im_start|> u s e r \n H i <|im_end|> \n <|im_start|> a s s i s t a n t \n
        assertThat(chat.at("/usage/prompt_tokens").asInt()).isEqualTo(21);
        assertThat(chat.at("/usage/total_tokens").asInt())
                .isEqualTo(21 + chat.at("/usage/completion_tokens").asInt());
    }

    @Test
    void any_character_goes_through_the_template() {
        String[] texts = {"é", "😀😀", "\u4e2d\u6587 😀", "\\u0000x", "nul \\u0001 <|im_end|>"};
        for (String text : texts) {
            JsonNode chat = tgi.invoke("{'messages': [{'role': 'user', 'content': '" + text
                            + "'}], 'temperature': 0, 'max_tokens': 1}")
                    .json();
            assertThat(chat.at("/choices/0/message/content").asText()).as(text).isEqualTo("I");
        }
        assertThat(tgi.invoke("{'messages': [{'role': 'user', 'content': '😀é'}], 'max_tokens': 1}")
                        .json()
                        .at("/usage/prompt_tokens")
                        .asInt())
                .isEqualTo(19 + 6);
    }

    @Test
    void content_may_come_in_parts_and_an_image_is_refused() {
        assertThat(tgi.invoke(
                                "{'messages': [{'role': 'user', 'content': [{'type': 'text', 'text': 'H'}, {'type': 'text', 'text': 'i'}]}], 'max_tokens': 1}")
                        .json()
                        .at("/usage/prompt_tokens")
                        .asInt())
                .isEqualTo(21);
        refused(
                tgi.invoke(
                        "{'messages': [{'role': 'user', 'content': [{'type': 'image_url', 'image_url': {'url': 'http://x/y.png'}}]}]}"),
                "image modality is not supported");
    }

    @Test
    void the_length_and_a_stop_sequence_end_a_chat_with_tgis_names() {
        String body = "{'messages': [{'role': 'user', 'content': 'Hi'}], 'temperature': 0, %s}";

        assertThat(tgi.invoke(body.formatted("'max_tokens': 2"))
                        .json()
                        .at("/choices/0/finish_reason")
                        .asText())
                .isEqualTo("length");
        assertThat(tgi.invoke(body.formatted("'max_completion_tokens': 2"))
                        .json()
                        .at("/choices/0/finish_reason")
                        .asText())
                .isEqualTo("length");
        assertThat(tgi.invoke(body.formatted("'stop': ['tiny']"))
                        .json()
                        .at("/choices/0/finish_reason")
                        .asText())
                .isEqualTo("stop_sequence");
    }

    @Test
    void another_models_name_is_echoed_and_tgi_is_not() {
        String body = "{'model': '%s', 'messages': [{'role': 'user', 'content': 'Hi'}], 'max_tokens': 1}";

        assertThat(tgi.invoke(body.formatted("other")).json().path("model").asText())
                .isEqualTo("other");
        assertThat(tgi.invoke(body.formatted("tgi")).json().path("model").asText())
                .isEqualTo("tiny/model");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'presence_penalty': -2 | `repetition_penalty` must be strictly positive",
                "'top_p': 1.0           | `top_p` must be > 0.0 and < 1.0",
                "'max_tokens': 0        | `max_new_tokens` must be strictly positive",
                "'top_logprobs': 9      | `top_n_tokens` must be >= 0 and <= 5. Given: 9",
                "'response_format': {'type': 'json_object'} | grammar is not supported",
                "'tools': [{'type': 'function', 'function': {'name': 'f', 'parameters': {}}}] | grammar is not supported",
            })
    void a_broken_rule_of_a_chat_is_a_422_in_tgis_words(String field, String rule) {
        refused(tgi.invoke("{'messages': [{'role': 'user', 'content': 'Hi'}], " + field + "}"), rule);
    }

    @Test
    void tools_that_may_not_be_chosen_are_passed_over() {
        assertThat(tgi.invoke(
                                "{'messages': [{'role': 'user', 'content': 'Hi'}], 'tool_choice': 'none', 'tools': [{'type': 'function', 'function': {'name': 'f', 'parameters': {}}}], 'max_tokens': 1}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void a_chat_stream_ends_with_done_and_with_usage_where_it_is_asked_for() {
        var answer = tgi.invoke(
                "{'messages': [{'role': 'user', 'content': 'Hi'}], 'temperature': 0, 'max_tokens': 3, 'stream': true, 'stream_options': {'include_usage': true}}");

        assertThat(answer.events()).hasSize(5);
        assertThat(answer.event(0).path("object").asText()).isEqualTo("chat.completion.chunk");
        assertThat(answer.event(0).path("choices"))
                .hasToString(
                        "[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"I\"},\"logprobs\":null,\"finish_reason\":null}]");
        assertThat(answer.event(2).at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(answer.event(3).path("choices")).isEmpty();
        assertThat(answer.event(3).path("usage"))
                .hasToString("{\"prompt_tokens\":21,\"completion_tokens\":3,\"total_tokens\":24}");
        assertThat(answer.events().get(4)).isEqualTo("[DONE]");
    }

    @Test
    void the_end_token_of_a_chat_stream_has_no_text() {
        var answer = tgi.invoke("{'messages': [{'role': 'user', 'content': 'Hi'}], 'temperature': 0, 'stream': true}");

        JsonNode last = answer.event(answer.events().size() - 2);
        assertThat(last.at("/choices/0/delta/content").asText()).isEmpty();
        assertThat(last.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    }

    @Test
    void an_error_in_a_chat_stream_is_an_event_before_done() {
        assertThat(tgi.invoke("{'messages': [{'role': 'user', 'content': 'Hi'}], 'stream': true, 'max_tokens': 0}")
                        .events())
                .containsExactly(
                        "{\"error\":{\"message\":\"Input validation error: `max_new_tokens` must be strictly positive\",\"http_status_code\":422}}",
                        "[DONE]");
    }

    @Test
    void a_model_without_a_template_takes_inputs_and_no_messages() {
        try (Served base = Served.templated(Optional.empty())) {
            var chat = base.invoke("{'messages': [{'role': 'user', 'content': 'Hi'}]}");

            assertThat(chat.status()).isEqualTo(422);
            assertThat(chat.body())
                    .isEqualTo("{\"error\":\"Template error: template not found\",\"error_type\":\"template_error\"}");
            assertThat(base.invoke("{'inputs': 'Hi'}").status()).isEqualTo(200);
        }
    }

    @Test
    void what_a_template_raises_is_a_template_error_and_the_server_lives_on() {
        String strict = "{%- for message in messages -%}{%- if message.role != 'user' -%}"
                + "{{ raise_exception('Only user messages: ' + message.role) }}{%- endif -%}"
                + "{{ bos_token + message.content | trim }}{%- endfor -%}";
        try (Served strange = Served.templated(Optional.of(strict))) {
            var refused = strange.invoke("{'messages': [{'role': 'system', 'content': 'Hi'}]}");

            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.body())
                    .isEqualTo("{\"error\":\"Template error: invalid operation: Only user messages: system\","
                            + "\"error_type\":\"template_error\"}");
            // The template's own beginning-of-text token stays: <s> H i
            assertThat(strange.invoke("{'messages': [{'role': 'user', 'content': '  Hi '}], 'max_tokens': 1}")
                            .json()
                            .at("/usage/prompt_tokens")
                            .asInt())
                    .isEqualTo(3);
        }
    }

    @Test
    void smollms_own_system_message_is_left_out() {
        String smollm = "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
                + "{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM<|im_end|>\n' }}{% endif %}"
                + "{{ message['content'] }}{% endfor %}";
        try (Served small = Served.templated(Optional.of(smollm))) {
            assertThat(small.invoke("{'messages': [{'role': 'user', 'content': 'Hi'}], 'max_tokens': 1}")
                            .json()
                            .at("/usage/prompt_tokens")
                            .asInt())
                    .isEqualTo(2);
        }
    }

    // -- completion

    @Test
    void a_prompt_is_a_text_completion_and_several_are_as_many_choices() {
        JsonNode answer = tgi.invoke("{'prompt': ['one', 'count one'], 'max_tokens': 2, 'temperature': 0}")
                .json();

        assertThat(answer.path("object").asText()).isEqualTo("text_completion");
        assertThat(answer.at("/choices/0/text").asText()).isEqualTo("I am");
        assertThat(answer.at("/choices/1/text").asText()).isEqualTo(" two three");
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(4);
    }

    @Test
    void a_completion_stream_ends_with_done() {
        var answer = tgi.invoke("{'prompt': 'count one', 'max_tokens': 2, 'temperature': 0, 'stream': true}");

        assertThat(answer.events()).hasSize(3);
        assertThat(answer.event(1).at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(answer.events().get(2)).isEqualTo("[DONE]");
    }

    @Test
    void a_suffix_and_too_many_prompts_are_refused() {
        assertThat(tgi.invoke("{'prompt': 'x', 'suffix': 'y'}")
                        .json()
                        .path("error_type")
                        .asText())
                .isEqualTo("suffix not supported");
        assertThat(tgi.invoke("{'prompt': ['a','b','c','d','e']}")
                        .json()
                        .path("error")
                        .asText())
                .isEqualTo("Number of prompts exceeds the maximum allowed batch size of 4");
    }

    // -- bodies that are no request

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "5",
                "null",
                "{}",
                "{'inputs': 5}",
                "{'inputs': null}",
                "{'prompt': []}",
                "{'messages': 'Hi'}",
                "{'inputs': 'Hi', 'parameters': null}",
                "{'inputs': 'Hi', 'parameters': {'do_sample': 'yes'}}",
                "{'inputs': 'Hi', 'parameters': {'max_new_tokens': -1}}",
                "{'inputs': 'Hi', 'parameters': {'max_new_tokens': 1.5}}",
                "{'inputs': 'Hi', 'parameters': {'temperature': '1'}}",
                "{'inputs': 'Hi', 'parameters': {'temperature': 1e60}}",
                "{'inputs': 'Hi', 'parameters': {'stop': 'x'}}",
                "{'inputs': 'Hi', 'parameters': {'seed': -1}}",
                "{'messages': [{'role': 'user', 'content': 'Hi'}], 'stop': 'x'}",
                "{'messages': [{'role': 'user', 'content': 'Hi'}], 'logit_bias': {'5': 1}}",
                "{'messages': [{'role': 'user'}]}",
                "{'messages': [{'content': 'Hi'}]}"
            })
    void a_body_that_fits_no_request_is_a_422_in_plain_text(String body) {
        var answer = tgi.invoke(body);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.contentType()).startsWith("text/plain");
        assertThat(answer.body())
                .isEqualTo("Failed to deserialize the JSON body into the target type: data did not match any variant of"
                        + " untagged enum SagemakerRequest");
    }

    @Test
    void unknown_fields_are_passed_over() {
        assertThat(tgi.invoke("{'inputs': 'Hi', 'more': 1, 'parameters': {'wat': [], 'max_new_tokens': 1}}")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{'inputs'", "{} {}", "nope", "{'inputs': 'Hi'"})
    void a_body_that_is_no_json_is_a_400_in_plain_text(String body) {
        var answer = tgi.invoke(body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.contentType()).startsWith("text/plain");
        assertThat(answer.body())
                .startsWith("Failed to parse the request body as JSON: ")
                .contains(" at line 1 column ");
    }

    @Test
    void another_content_type_is_a_415() {
        byte[] body = "{\"inputs\": \"Hi\"}".getBytes(StandardCharsets.UTF_8);

        assertThat(tgi.post("/invocations", "text/plain", body).status()).isEqualTo(415);
        assertThat(tgi.post("/invocations", "text/plain", body).body())
                .isEqualTo("Expected request with `Content-Type: application/json`");
        assertThat(tgi.post("/invocations", "application/json; charset=utf-8", body)
                        .status())
                .isEqualTo(200);
        assertThat(tgi.post("/invocations", "application/x+json", body).status())
                .isEqualTo(200);
    }

    @Test
    void a_body_beyond_the_payload_limit_is_a_413() {
        var answer = tgi.invoke("{'inputs': '" + "x".repeat(20_000) + "'}");

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body()).isEqualTo("Failed to buffer the request body: length limit exceeded");
    }

    // -- other routes

    @Test
    void ping_and_health_answer_when_the_model_is_there() {
        assertThat(tgi.get("/ping").status()).isEqualTo(200);
        assertThat(tgi.get("/health").status()).isEqualTo(200);
        assertThat(tgi.get("/nothing").status()).isEqualTo(404);
    }

    @Test
    void info_names_the_limits_of_the_environment() {
        JsonNode info = tgi.get("/info").json();

        assertThat(info.path("model_id").asText()).isEqualTo("tiny/model");
        assertThat(info.path("max_total_tokens").asInt()).isEqualTo(1000);
        assertThat(info.path("max_input_tokens").asInt()).isEqualTo(600);
    }

    @Test
    void generate_answers_one_object_without_the_prompt() {
        byte[] body = "{\"inputs\": \"Hi\", \"parameters\": {}}".getBytes(StandardCharsets.UTF_8);

        assertThat(tgi.post("/generate", "application/json", body).body())
                .isEqualTo("{\"generated_text\":\"" + TinyModel.SENTENCE + "\"}");
        assertThat(tgi.post("/generate_stream", "application/json", body).events())
                .hasSize(19);
    }

    // -- load

    @Test
    void beyond_the_concurrent_requests_it_is_overloaded_until_a_client_goes_away() throws Exception {
        try (Served one = Served.tiny(Map.of("MAX_CONCURRENT_REQUESTS", "1", "MAX_TOTAL_TOKENS", "30000"))) {
            String endless = "{'inputs': 'count one', 'stream': true, 'parameters': {'max_new_tokens': 29000}}";
            try (var stream = one.open(endless)) {
                assertThat(stream).isNotNull();
                var overloaded = one.invoke("{'inputs': 'Hi'}");

                assertThat(overloaded.status()).isEqualTo(429);
                assertThat(overloaded.body())
                        .isEqualTo("{\"error\":\"Model is overloaded\",\"error_type\":\"overloaded\"}");
                assertThat(one.invoke("{'inputs': 'Hi', 'stream': true}").events())
                        .containsExactly("{\"error\":\"Model is overloaded\",\"error_type\":\"overloaded\"}");
            }

            long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
            while (one.invoke("{'inputs': 'Hi'}").status() == 429 && System.nanoTime() < deadline) {
                Thread.sleep(20);
            }
            assertThat(one.invoke("{'inputs': 'Hi'}").status()).isEqualTo(200);
        }
    }

    @Test
    void requests_at_once_are_all_answered() {
        List<String> texts = List.of("a", "b", "c", "d", "e", "f").parallelStream()
                .map(text -> generated("{'inputs': '" + text + "', 'parameters': {'return_full_text': false}}"))
                .toList();

        assertThat(texts).hasSize(6).containsOnly(TinyModel.SENTENCE);
    }

    private static String generated(String body) {
        return tgi.invoke(body).json().at("/0/generated_text").asText();
    }

    private static void refused(Served.Answer answer, String rule) {
        assertThat(answer.body()).contains("\"error\":\"Input validation error: " + rule + "\"");
        assertThat(answer.json().path("error_type").asText()).isEqualTo("validation");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.contentType()).isEqualTo("application/json");
    }
}
