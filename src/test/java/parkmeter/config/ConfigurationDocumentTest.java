package parkmeter.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps docs/configuration.md equal to what the reader reads; {@code make golden} writes the table again. */
class ConfigurationDocumentTest {

    private static final Path DOCUMENT = Path.of("docs/configuration.md");
    private static final String BEGIN = "<!-- keys: begin, written by `make golden` -->\n";
    private static final String END = "<!-- keys: end -->\n";

    /** A rule of more characters is told once. */
    private static final int LONG = 100;

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
        var told = new HashMap<String, String>();
        return row("key", "what it does", "type", "rule", "default", "example")
                + row("---", "---", "---", "---", "---", "---")
                + Keys.all().stream().map(key -> row(key, told)).collect(Collectors.joining());
    }

    /**
     * The row of one key.
     *
     * @param told the long rules of the rows before, each with its key
     */
    private static String row(Key<?> key, Map<String, String> told) {
        String rule = rule(key.type());
        String first = rule.length() > LONG ? told.putIfAbsent(rule, key.path()) : null;
        String fallback =
                switch (key.presence()) {
                    case REQUIRED -> "none: it must be given";
                    case OPTIONAL -> "none";
                    case DEFAULT -> code(key.example());
                };
        return row(
                code(key.path()),
                key.meaning(),
                key.type().kind().words(),
                first == null ? rule : "as for " + code(first),
                fallback,
                code(key.example()));
    }

    private static String rule(ValueType<?> type) {
        String later = type.later().isEmpty() ? "" : "; not available yet: " + String.join(", ", type.later());
        String rule =
                switch (type.kind()) {
                    case FLAG, SECTION -> "";
                    case LIST -> type.rule().replaceFirst("a list( with )?", "");
                    default -> type.rule();
                };
        return rule + later;
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    /** A bar would end the cell, in code too (GitHub Flavored Markdown, "Tables"). */
    private static String row(String... cells) {
        return Stream.of(cells).map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
