package parkmeter.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Keeps docs/configuration.md equal to what the reader reads; {@code make golden} writes the table again. */
class ConfigurationDocumentTest {

    private static final Path DOCUMENT = Path.of("docs/configuration.md");
    private static final String BEGIN = "<!-- keys: begin, written by `make golden` -->\n";
    private static final String END = "<!-- keys: end -->\n";

    @Test
    void the_document_describes_every_key_as_the_reader_reads_it() throws IOException {
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        int end = document.indexOf(END);
        assertThat(end).as("the marks around the table").isGreaterThanOrEqualTo(begin);
        if (Boolean.getBoolean("golden")) {
            Files.writeString(DOCUMENT, document.substring(0, begin) + table() + document.substring(end));
        } else {
            assertThat(document.substring(begin, end)).as("run `make golden`").isEqualTo(table());
        }
    }

    private static String table() {
        return "| key | what it does | type | rule | default | example |\n| --- | --- | --- | --- | --- | --- |\n"
                + Keys.all().stream().map(ConfigurationDocumentTest::row).collect(Collectors.joining());
    }

    private static String row(Key<?> key) {
        ValueType<?> type = key.type();
        String later = type.later().isEmpty() ? "" : "; not available yet: " + String.join(", ", type.later());
        String fallback =
                switch (key.presence()) {
                    case REQUIRED -> "none: it must be given";
                    case OPTIONAL -> "none";
                    case DEFAULT -> "`" + key.example() + "`";
                };
        String rule =
                switch (type.kind()) {
                    case FLAG, SECTION -> "";
                    case LIST -> type.rule().replaceFirst("a list( with )?", "");
                    default -> type.rule();
                };
        return "| `%s` | %s | %s | %s%s | %s | `%s` |%n"
                .formatted(key.path(), key.meaning(), type.kind().words(), rule, later, fallback, key.example());
    }
}
