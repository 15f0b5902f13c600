package parkmeter.local.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.local.llm.TinyModel;
import parkmeter.local.tgi.TgiVersion;

/** TGI before 2.4, which takes {@code inputs} alone, and what its image's tag says. */
class OldTgiTest {
    private static final String CHAT = "{'messages': [{'role': 'user', 'content': 'Hi'}]}";

    @ParameterizedTest
    @ValueSource(strings = {"0.9.3", "1.4.0", "2.2.0", "2.3.1"})
    void before_2_4_a_chat_misses_its_inputs(String version) {
        try (Served tgi = of(version)) {
            var answer = tgi.invoke(CHAT);

            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.contentType()).startsWith("text/plain");
            assertThat(answer.body())
                    .isEqualTo("Failed to deserialize the JSON body into the target type: missing field `inputs` at"
                            + " line 1 column " + CHAT.length());
            assertThat(tgi.invoke("{'prompt': 'Hi'}").status()).isEqualTo(422);
            assertThat(tgi.invoke("{'inputs': 'Hi', 'parameters': {'return_full_text': false}}")
                            .json()
                            .at("/0/generated_text")
                            .asText())
                    .isEqualTo(TinyModel.SENTENCE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.4.0", "3.0.1", "3.3.6"})
    void from_2_4_on_it_takes_chats(String version) {
        try (Served tgi = of(version)) {
            assertThat(tgi.invoke(CHAT).status()).isEqualTo(200);
            var neither = tgi.invoke("{'nothing': 1}");
            assertThat(neither.status()).isEqualTo(422);
            assertThat(neither.body())
                    .isEqualTo("Failed to deserialize the JSON body into the target type: data did not match any"
                            + " variant of untagged enum SagemakerRequest");
        }
    }

    @ParameterizedTest
    @CsvSource({"1.1.0,20", "1.4.0,100", "2.4.0,100", "3.0.1,294"})
    void without_a_length_each_version_has_its_own(String version, int tokens) {
        try (Served tgi = of(version)) {
            assertThat(tgi.invoke("{'inputs': 'count one', 'parameters': {'details': true}}")
                            .json()
                            .at("/0/details/generated_tokens")
                            .asInt())
                    .isEqualTo(tokens);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04,3.3.6",
        "2.1.1-tgi1.4.0-gpu-py310-cu121-ubuntu20.04,1.4.0",
        "2.4.0-tgi2.4.0-gpu-py311-cu124-ubuntu22.04-v2.2,2.4.0"
    })
    void the_images_tag_names_the_version(String tag, String version) {
        assertThat(TgiVersion.inTag(tag).map(TgiVersion::toString)).contains(version);
    }

    @Test
    void a_tag_may_name_none() {
        assertThat(TgiVersion.inTag("server-sagemaker-cuda-v2.5.1")).isEqualTo(Optional.empty());
    }

    private static Served of(String version) {
        return Served.tiny(WireFormat.of("tgi" + version), Map.of("MAX_TOTAL_TOKENS", "300"));
    }
}
