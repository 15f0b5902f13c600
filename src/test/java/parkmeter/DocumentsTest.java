package parkmeter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents say of each other. */
class DocumentsTest {

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    private static final Pattern TABLE = Pattern.compile("(?m)(^ *\\|.*\\|\\R)+");

    /** A row of the table of failures in docs/api.md: its second column. */
    private static final Pattern CODE = Pattern.compile("(?m)^\\| [0-9, ]+ \\| `([a-z_]+)` \\|");

    static List<Path> documents() throws IOException {
        var all = new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")));
        for (String folder : List.of("docs", "examples")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(all::add);
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("documents")
    void every_link_leads_to_a_file_and_to_a_heading_in_it(Path document) throws IOException {
        List<String> links = LINK.matcher(Files.readString(document))
                .results()
                .map(link -> link.group(1))
                .filter(link -> !link.startsWith("http"))
                // GitHub's own pages of the repository, wherever it lies.
                .filter(link -> !link.startsWith("../../actions/"))
                .toList();
        assertThat(links).allSatisfy(link -> {
            String[] parts = link.split("#", 2);
            Path file = parts[0].isEmpty()
                    ? document
                    : document.toAbsolutePath().resolveSibling(parts[0]).normalize();
            assertThat(file).as(link).exists();
            if (parts.length > 1) {
                assertThat(anchors(file)).as(link).contains(parts[1]);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("documents")
    void every_row_of_a_table_has_the_cells_of_its_heading(Path document) throws IOException {
        TABLE.matcher(Files.readString(document))
                .results()
                .map(table -> table.group().lines().toList())
                .forEach(rows -> assertThat(rows)
                        .allSatisfy(row -> assertThat(cells(row)).as(row).isEqualTo(cells(rows.get(0)))));
    }

    private static int cells(String row) {
        return row.split("(?<!\\\\)\\|", -1).length;
    }

    @Test
    void the_troubleshooting_knows_every_code_that_the_api_answers() throws IOException {
        List<String> codes = CODE.matcher(Files.readString(Path.of("docs/api.md")))
                .results()
                .map(row -> "`" + row.group(1) + "`")
                .toList();
        assertThat(codes).hasSizeGreaterThan(10);
        String operations = Files.readString(Path.of("docs/operations.md"));
        assertThat(operations.substring(operations.indexOf("## Troubleshooting")))
                .contains(codes);
    }

    /** GitHub's anchors: lower case, hyphens for blanks, and nothing but letters, digits, hyphens and underscores. */
    private static List<String> anchors(Path file) throws IOException {
        return HEADING.matcher(Files.readString(file))
                .results()
                .map((MatchResult heading) -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .toList();
    }
}
