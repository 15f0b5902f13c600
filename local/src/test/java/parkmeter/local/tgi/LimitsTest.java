package parkmeter.local.tgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** TGI's launcher variables. */
class LimitsTest {
    @Test
    void an_empty_environment_has_the_launchers_defaults() {
        assertThat(Limits.from(Map.of())).isEqualTo(new Limits(2047, 2048, 128, 4, 2, 5, 4, 2_000_000));
    }

    @Test
    void the_declared_container_environment_limits_the_local_model() {
        Limits limits = Limits.from(Map.of(
                "HF_MODEL_ID", "TinyLlama/TinyLlama-1.1B-Chat-v1.0",
                "MAX_INPUT_TOKENS", "1024",
                "MAX_TOTAL_TOKENS", "4096",
                "MAX_CONCURRENT_REQUESTS", "8",
                "MAX_STOP_SEQUENCES", "2"));

        assertThat(limits).isEqualTo(new Limits(1024, 4096, 8, 2, 2, 5, 4, 2_000_000));
    }

    @Test
    void the_older_name_of_the_input_limit_is_read_and_both_together_are_refused() {
        assertThat(Limits.from(Map.of("MAX_INPUT_LENGTH", "10")).maxInputTokens())
                .isEqualTo(10);
        assertThatThrownBy(() -> Limits.from(Map.of("MAX_INPUT_LENGTH", "10", "MAX_INPUT_TOKENS", "10")))
                .hasMessageContaining("Please define only one of them");
    }

    @Test
    void what_leaves_no_room_to_generate_is_refused() {
        assertThatThrownBy(() -> Limits.from(Map.of("MAX_INPUT_TOKENS", "100", "MAX_TOTAL_TOKENS", "100")))
                .hasMessageContaining("`max_input_tokens` must be < `max_total_tokens`");
        assertThatThrownBy(() -> Limits.from(Map.of("MAX_INPUT_TOKENS", "100", "MAX_BATCH_PREFILL_TOKENS", "50")))
                .hasMessageContaining("`max_batch_prefill_tokens` must be >= `max_input_tokens`");
        assertThatThrownBy(() -> Limits.from(Map.of("MAX_TOTAL_TOKENS", "100", "MAX_BATCH_TOTAL_TOKENS", "50")))
                .hasMessageContaining("`max_total_tokens` must be <= `max_batch_total_tokens`");
    }

    @Test
    void what_is_no_number_is_refused_by_its_name() {
        assertThatThrownBy(() -> Limits.from(Map.of("MAX_STOP_SEQUENCES", "four")))
                .hasMessage("MAX_STOP_SEQUENCES must be a whole number above 0. Given: four");
    }
}
