package parkmeter.local.migrate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/** The configurations of {@code src/test/resources/migrate}: the examples of the manager's README, and one with every field. */
public final class Configurations {

    /** The versions that the committed lock has. */
    public static final Map<String, String> VERSIONS =
            Map.of("huggingface-llm-falcon-40b-instruct-bf16", "2.3.22", "huggingface-text2text-flan-t5-xxl", "2.2.16");

    private Configurations() {}

    /** The text of one. */
    public static String text(String name) throws IOException {
        try (var file =
                Objects.requireNonNull(Configurations.class.getResourceAsStream("/migrate/" + name + ".json"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
