package parkmeter.local.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ApiKeysTest {
    @Test
    void a_drawn_key_is_as_long_as_aws_own_and_never_the_same() {
        Function<String, String> keys = ApiKeys.random(new SecureRandom());

        assertThat(keys.apply("first")).matches("[A-Za-z0-9]{40}").isNotEqualTo(keys.apply("first"));
    }

    @Test
    void a_masked_key_is_always_the_same() {
        assertThat(ApiKeys.MASKED.apply("first")).isEqualTo(ApiKeys.MASKED.apply("first"));
    }
}
