package parkmeter.local.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.local.llm.TinyModel;

/** The wire format of AWS's LMI containers on {@code /invocations}: vLLM's chats, its own inputs, and no completions. */
class LmiTest {
    private static Served lmi;

    @BeforeAll
    static void start() {
        lmi = Served.tiny(new WireFormat.Lmi(), Map.of("OPTION_MAX_MODEL_LEN", "300"));
    }

    @AfterAll
    static void stop() {
        lmi.close();
    }

    @Test
    void a_chat_is_answered_as_vllm_answers_it() {
        var answer = lmi.invoke("{'messages': [{'role': 'user', 'content': 'Hi'}], 'temperature': 0}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().at("/choices/0/message/content").asText()).isEqualTo(TinyModel.SENTENCE);
    }

    @Test
    void inputs_are_answered_with_their_continuation_alone() {
        var answer = lmi.invoke("{'inputs': 'count one', 'parameters': {'max_new_tokens': 3}}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"generated_text\":\" two three four\"}");
    }

    @Test
    void a_stop_sequence_ends_the_continuation() {
        var answer = lmi.invoke(
                "{'inputs': 'count one', 'parameters': {'max_new_tokens': 3, 'stop_sequences': [' three']}}");

        assertThat(answer.json().path("generated_text").asText()).isEqualTo(" two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'prompt': 'count one'}", "{}", "[1]", "{'inputs': 7}"})
    void a_body_that_is_neither_a_chat_nor_inputs_is_refused_in_lmis_words(String body) {
        var answer = lmi.invoke(body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"code\":400,\"type\":\"BadRequestException\",\"message\":\"Parameter model_name is required.\"}");
    }

    @Test
    void inputs_do_not_stream_here_and_say_so() {
        var answer = lmi.invoke("{'inputs': 'count one', 'stream': true}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("message").asText()).contains("local run");
    }

    @Test
    void a_text_that_is_longer_than_the_declared_window_is_refused() {
        assertThat(lmi.invoke("{'inputs': 'count one', 'parameters': {'max_new_tokens': 300}}")
                        .status())
                .isEqualTo(400);
    }
}
