package parkmeter.local.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import parkmeter.local.llm.TinyModel;

/** llama.cpp's wire format on {@code /invocations}: chats, and its own errors. */
class LlamaCppTest {
    private static final String CHAT = "{'messages': [{'role': 'user', 'content': 'Hi'}], 'temperature': 0%s}";

    private static Served llamaCpp;

    @BeforeAll
    static void start() {
        llamaCpp = Served.tiny(new WireFormat.LlamaCpp(), Map.of("SM_LLAMA_CPP_CTX_SIZE", "200"));
    }

    @AfterAll
    static void stop() {
        llamaCpp.close();
    }

    @Test
    void a_chat_is_answered_with_the_name_that_it_asked_for() {
        JsonNode json = llamaCpp.invoke(CHAT.formatted(", 'model': 'anything'")).json();

        assertThat(json.path("id").asText()).startsWith("chatcmpl-");
        assertThat(json.path("model").asText()).isEqualTo("anything");
        assertThat(json.at("/choices/0/message/content").asText()).isEqualTo(TinyModel.SENTENCE);
        assertThat(json.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(json.at("/usage/total_tokens").asInt())
                .isEqualTo(json.at("/usage/prompt_tokens").asInt()
                        + json.at("/usage/completion_tokens").asInt());
        assertThat(llamaCpp.invoke(CHAT.formatted("")).json().path("model").asText())
                .isEqualTo("tiny/model");
    }

    @Test
    void inputs_and_prompts_are_no_request() {
        for (String body : List.of("{'inputs': 'Hi'}", "{'prompt': 'Hi'}", "{}")) {
            refused(llamaCpp.invoke(body), 400, "invalid_request_error").isEqualTo("'messages' is required");
        }
        refused(llamaCpp.invoke("{'messages': 'Hi'}"), 400, "invalid_request_error")
                .isEqualTo("Expected 'messages' to be an array");
    }

    @Test
    void a_prompt_that_is_too_long_names_both_numbers() {
        var answer = llamaCpp.invoke("{'messages': [{'role': 'user', 'content': '" + "word ".repeat(200) + "'}]}");

        JsonNode error = answer.json().path("error");
        int tokens = error.path("n_prompt_tokens").asInt();
        assertThat(tokens).isGreaterThan(200);
        assertThat(error.path("n_ctx").asInt()).isEqualTo(200);
        refused(answer, 400, "exceed_context_size_error")
                .isEqualTo("request (" + tokens
                        + " tokens) exceeds the available context size (200 tokens), try increasing it");
    }

    @Test
    void what_is_no_json_is_the_servers_own_error() {
        refused(llamaCpp.invoke("{'messages': "), 500, "server_error").contains("parse_error");
    }

    @Test
    void more_than_one_choice_is_refused() {
        refused(llamaCpp.invoke(CHAT.formatted(", 'n': 2")), 400, "invalid_request_error")
                .isEqualTo("Only one completion choice is allowed");
    }

    @Test
    void temperature_0_top_p_1_and_a_stop_text_are_taken() {
        JsonNode json =
                llamaCpp.invoke(CHAT.formatted(", 'top_p': 1, 'stop': ' tiny'")).json();

        assertThat(json.at("/choices/0/message/content").asText()).isEqualTo("I am a");
        assertThat(json.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    }

    @Test
    void the_length_ends_it_and_more_than_fits_is_what_fits() {
        JsonNode json = llamaCpp.invoke(CHAT.formatted(", 'max_tokens': 2")).json();

        assertThat(json.at("/choices/0/message/content").asText()).isEqualTo("I am");
        assertThat(json.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(llamaCpp.invoke(CHAT.formatted(", 'max_tokens': 100000")).status())
                .isEqualTo(200);
    }

    @Test
    void a_stream_begins_with_the_role_and_ends_with_usage_and_done() {
        var answer = llamaCpp.invoke(CHAT.formatted(", 'stream': true, 'stream_options': {'include_usage': true}"));

        List<String> events = answer.events();
        assertThat(events.get(events.size() - 1)).isEqualTo("[DONE]");
        assertThat(answer.event(0).at("/choices/0/delta")).hasToString("{\"role\":\"assistant\",\"content\":null}");
        JsonNode usage = answer.event(events.size() - 2);
        assertThat(usage.path("choices").isEmpty()).isTrue();
        assertThat(usage.at("/usage/completion_tokens").asInt()).isPositive();
        JsonNode last = answer.event(events.size() - 3).at("/choices/0");
        assertThat(last.path("delta")).hasToString("{}");
        assertThat(last.path("finish_reason").asText()).isEqualTo("stop");
    }

    @Test
    void without_a_chat_template_there_is_no_chat() {
        try (Served base = Served.templated(new WireFormat.LlamaCpp(), Optional.empty())) {
            refused(base.invoke(CHAT.formatted("")), 500, "server_error").isNotEmpty();
        }
    }

    private static AbstractStringAssert<?> refused(Served.Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        JsonNode error = answer.json().path("error");
        assertThat(error.path("type").asText()).isEqualTo(type);
        assertThat(error.path("code").asInt()).isEqualTo(status);
        return assertThat(error.path("message").asText());
    }
}
