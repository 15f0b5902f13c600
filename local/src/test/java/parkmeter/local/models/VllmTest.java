package parkmeter.local.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.local.llm.TinyModel;

/** vLLM's wire format on {@code /invocations}: what it takes that TGI doesn't, and how it refuses. */
class VllmTest {
    private static final String CHAT = "{'messages': [{'role': 'user', 'content': 'Hi'}], 'temperature': 0%s}";
    private static final String COUNT = "{'prompt': 'count one', 'temperature': 0%s}";

    private static Served vllm;

    @BeforeAll
    static void start() {
        vllm = Served.tiny(new WireFormat.Vllm(), Map.of("SM_VLLM_MAX_MODEL_LEN", "300"));
    }

    @AfterAll
    static void stop() {
        vllm.close();
    }

    @Test
    void a_chat_is_answered_with_an_id_and_every_field_that_vllm_sends() {
        var answer = vllm.invoke(CHAT.formatted(""));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo("application/json");
        JsonNode json = answer.json();
        assertThat(json.path("id").asText()).matches("chatcmpl-[0-9a-f]{32}");
        assertThat(json.path("object").asText()).isEqualTo("chat.completion");
        assertThat(json.path("model").asText()).isEqualTo("tiny/model");
        assertThat(json.at("/choices/0/message/content").asText()).isEqualTo(TinyModel.SENTENCE);
        assertThat(json.at("/choices/0/message/role").asText()).isEqualTo("assistant");
        assertThat(json.at("/choices/0/message/tool_calls").isArray()).isTrue();
        assertThat(json.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(json.at("/choices/0/stop_reason").isNull()).isTrue();
        assertThat(json.at("/usage/total_tokens").asInt())
                .isEqualTo(json.at("/usage/prompt_tokens").asInt()
                        + json.at("/usage/completion_tokens").asInt());
    }

    @Test
    void a_prompt_is_answered_with_a_text_completion() {
        JsonNode json = vllm.invoke(COUNT.formatted(", 'max_tokens': 3")).json();

        assertThat(json.path("id").asText()).matches("cmpl-[0-9a-f]{32}-0");
        assertThat(json.path("object").asText()).isEqualTo("text_completion");
        assertThat(json.at("/choices/0/text").asText()).isEqualTo(" two three four");
        assertThat(json.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    }

    @Test
    void each_prompt_and_each_sequence_is_a_choice() {
        JsonNode json = vllm.invoke("{'prompt': ['count one', 'count two'], 'n': 2, 'max_tokens': 1, 'temperature': 0}")
                .json();

        assertThat(json.path("choices").findValuesAsText("text")).containsExactly(" two", " two", " three", " three");
        assertThat(json.path("choices").findValuesAsText("index")).containsExactly("0", "1", "2", "3");
    }

    @Test
    void inputs_are_no_request() {
        refused(vllm.invoke("{'inputs': 'Hi', 'parameters': {}}"), 400, "BadRequestError", null)
                .startsWith("Cannot find suitable handler for request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{'messages': 'Hi'}",
                "{'messages': [{'content': 'Hi'}]}",
                "{'messages': [{'role': 'user', 'content': 'Hi'}], 'temperature': 'warm'}",
                "{'messages': [{'role': 'user', 'content': 'Hi'}], 'stop': [1]}",
                "{'messages': [{'role': 'user', 'content': 'Hi'}], 'stream_options': {'include_usage': true}}",
                "{'prompt': {}}"
            })
    void what_fits_neither_a_chat_nor_a_completion_has_no_handler(String body) {
        refused(vllm.invoke(body), 400, "BadRequestError", null).startsWith("Cannot find suitable handler for request");
    }

    @Test
    void stop_is_a_text_or_an_array_and_is_cut_off() {
        for (String stop : List.of("' fou'", "[' nine', ' four']", "'ee f'")) {
            JsonNode json = vllm.invoke(COUNT.formatted(", 'stop': " + stop)).json();

            assertThat(json.at("/choices/0/text").asText()).as(stop).matches(" two (three|thr)");
            assertThat(json.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
            assertThat(json.at("/choices/0/stop_reason").asText()).isNotEmpty();
        }
    }

    @Test
    void a_streams_text_ends_before_the_stop_text() {
        var answer = vllm.invoke(COUNT.formatted(", 'stop': 'ee f', 'stream': true"));

        assertThat(texts(answer, "/choices/0/text")).isEqualTo(" two thr");
    }

    @Test
    void temperature_0_and_top_p_1_are_values_like_any_other() {
        var answer = vllm.invoke(CHAT.formatted(", 'top_p': 1"));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void the_model_may_be_absent_empty_or_the_served_one_and_no_other() {
        for (String model : List.of("", ", 'model': ''", ", 'model': null", ", 'model': 'tiny/model'")) {
            assertThat(vllm.invoke(CHAT.formatted(model)).status()).as(model).isEqualTo(200);
        }
        refused(vllm.invoke(CHAT.formatted(", 'model': 'gpt-5'")), 404, "NotFoundError", "model")
                .isEqualTo("The model `gpt-5` does not exist.");
    }

    @Test
    void a_served_name_replaces_the_models() {
        try (Served named = Served.tiny(new WireFormat.Vllm(), Map.of("SM_VLLM_SERVED_MODEL_NAME", "ours"))) {
            assertThat(named.invoke(CHAT.formatted(", 'model': 'ours'"))
                            .json()
                            .path("model")
                            .asText())
                    .isEqualTo("ours");
            assertThat(named.invoke(CHAT.formatted(", 'model': 'tiny/model'")).status())
                    .isEqualTo(404);
        }
    }

    @Test
    void a_prompt_that_is_too_long_is_400_and_names_the_parameter() {
        var answer = vllm.invoke("{'prompt': '" + "word ".repeat(300) + "', 'max_tokens': 50}");

        refused(answer, 400, "BadRequestError", "input_tokens")
                .isEqualTo("This model's maximum context length is 300 tokens. However, you requested 50 output tokens"
                        + " and your prompt contains at least 251 input tokens, for a total of at least 301 tokens."
                        + " Please reduce the length of the input prompt or the number of requested output tokens."
                        + " (parameter=input_tokens, value=251)");
    }

    @Test
    void without_a_length_it_goes_on_to_the_end_of_the_window() {
        JsonNode json = vllm.invoke(COUNT.formatted("")).json();

        assertThat(json.at("/usage/total_tokens").asInt()).isEqualTo(300);
        assertThat(json.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    }

    @Test
    void a_stream_begins_with_the_role_and_ends_with_done() {
        var answer = vllm.invoke(CHAT.formatted(", 'stream': true"));

        assertThat(answer.contentType()).startsWith("text/event-stream");
        List<String> events = answer.events();
        assertThat(events.get(events.size() - 1)).isEqualTo("[DONE]");
        assertThat(answer.event(0).at("/choices/0/delta")).hasToString("{\"role\":\"assistant\",\"content\":\"\"}");
        assertThat(texts(answer, "/choices/0/delta/content")).isEqualTo(TinyModel.SENTENCE);
        assertThat(answer.event(events.size() - 2)
                        .at("/choices/0/finish_reason")
                        .asText())
                .isEqualTo("stop");
        assertThat(answer.event(0).path("id"))
                .isEqualTo(answer.event(events.size() - 2).path("id"));
        assertThat(answer.body()).doesNotContain("usage");
    }

    @Test
    void the_usage_of_a_stream_comes_last_with_no_choices_when_it_is_asked_for() {
        var answer = vllm.invoke(CHAT.formatted(", 'stream': true, 'stream_options': {'include_usage': true}"));

        JsonNode last = answer.event(answer.events().size() - 2);
        assertThat(last.path("choices").isEmpty() && last.path("choices").isArray())
                .isTrue();
        JsonNode whole = vllm.invoke(CHAT.formatted("")).json().path("usage");
        assertThat(last.at("/usage/completion_tokens")).isEqualTo(whole.path("completion_tokens"));
        assertThat(last.at("/usage/prompt_tokens")).isEqualTo(whole.path("prompt_tokens"));
    }

    @Test
    void a_stream_that_is_refused_is_no_stream() {
        var answer = vllm.invoke(CHAT.formatted(", 'stream': true, 'top_p': 2"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.contentType()).isEqualTo("application/json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "temperature|-1|temperature must be non-negative, got -1.0. (parameter=temperature, value=-1.0)",
                "top_p|0|top_p must be in (0, 1], got 0.0. (parameter=top_p, value=0.0)",
                "top_k|-2|top_k must be 0 (disable), or at least 1, got -2. (parameter=top_k, value=-2)",
                "min_p|2|min_p must be in [0, 1], got 2.0. (parameter=min_p, value=2.0)",
                "presence_penalty|3|presence_penalty must be in [-2, 2], got 3.0. (parameter=presence_penalty, value=3.0)",
                "frequency_penalty|-3|frequency_penalty must be in [-2, 2], got -3.0. (parameter=frequency_penalty, value=-3.0)",
                "repetition_penalty|0|repetition_penalty must be greater than zero, got 0.0. (parameter=repetition_penalty, value=0.0)",
                "max_tokens|0|max_tokens must be at least 1, got 0. (parameter=max_tokens, value=0)",
                "n|0|n must be at least 1, got 0. (parameter=n, value=0)"
            })
    void a_parameter_out_of_its_range_is_named(String parameter, String value, String message) {
        String body = "{'messages': [{'role': 'user', 'content': 'Hi'}], '%s': %s}".formatted(parameter, value);

        refused(vllm.invoke(body), 400, "BadRequestError", parameter).isEqualTo(message);
    }

    @Test
    void only_json_is_taken() {
        byte[] body = CHAT.formatted("").replace('\'', '"').getBytes(StandardCharsets.UTF_8);

        refused(vllm.post("/invocations", "text/plain", body), 415, "Unsupported Media Type", null)
                .isEqualTo("Unsupported Media Type: Only 'application/json' is allowed");
        assertThat(vllm.post("/invocations", "application/json; charset=utf-8", body)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void what_is_no_json_is_400() {
        refused(vllm.invoke("{'messages': "), 400, "Bad Request", null).startsWith("JSON decode error: ");
    }

    @Test
    void the_same_seed_gives_the_same_text() {
        String body =
                "{'messages': [{'role': 'user', 'content': 'Hi'}], 'temperature': 3, 'max_tokens': 40, 'seed': %d}";
        String first = content(body.formatted(7));

        assertThat(content(body.formatted(7))).isEqualTo(first);
        assertThat(content(body.formatted(8))).isNotEqualTo(first);
    }

    @Test
    void a_model_without_a_chat_template_refuses_chats() {
        try (Served base = Served.templated(new WireFormat.Vllm(), Optional.empty())) {
            refused(base.invoke(CHAT.formatted("")), 400, "BadRequestError", null)
                    .contains("chat template");
            assertThat(base.invoke(COUNT.formatted("")).status()).isEqualTo(200);
        }
    }

    @Test
    void tools_need_a_server_that_was_told_of_them() {
        refused(vllm.invoke(CHAT.formatted(", 'tools': [{'type': 'function'}]")), 400, "BadRequestError", null)
                .contains("--enable-auto-tool-choice");
    }

    private static String content(String body) {
        return vllm.invoke(body).json().at("/choices/0/message/content").asText();
    }

    private static String texts(Served.Answer answer, String pointer) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < answer.events().size() - 1; i++) {
            texts.add(answer.event(i).at(pointer).asText());
        }
        return String.join("", texts);
    }

    private static org.assertj.core.api.AbstractStringAssert<?> refused(
            Served.Answer answer, int status, String type, @org.jspecify.annotations.Nullable String parameter) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        JsonNode error = answer.json().path("error");
        assertThat(error.path("type").asText()).isEqualTo(type);
        assertThat(error.path("code").isInt()).isTrue();
        assertThat(error.path("code").asInt()).isEqualTo(status);
        assertThat(error.path("param").textValue()).isEqualTo(parameter);
        return assertThat(error.path("message").asText());
    }
}
