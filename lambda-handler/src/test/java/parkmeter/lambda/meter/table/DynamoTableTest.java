package parkmeter.lambda.meter.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.lambda.meter.MeterTable;
import parkmeter.lambda.meter.MeterTable.Row;
import parkmeter.lambda.meter.Unavailable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The table, on DynamoDB Local over HTTP. */
class DynamoTableTest {
    private static LocalTable local;
    private static DynamoTable table;

    @BeforeAll
    static void start() throws Exception {
        local = new LocalTable();
        table = new DynamoTable(local.sdk(), LocalTable.NAME);
    }

    @AfterAll
    static void stop() {
        local.close();
    }

    @AfterEach
    void empty() {
        rows().forEach(row -> table.delete(row.endpoint(), row.version()));
    }

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        String after = null;
        do {
            MeterTable.Page page = table.page(after);
            rows.addAll(page.rows());
            after = page.next();
        } while (after != null);
        return rows;
    }

    private static String read(String endpoint) {
        return table.find(endpoint).map(DynamoTableTest::text).orElse("nothing");
    }

    private static String text(Row row) {
        return row.endpoint() + " " + row.version() + " " + row.json();
    }

    @Test
    void a_row_is_read_as_it_was_written_one_version_on() {
        assertThat(table.find("a")).isEmpty();
        assertThat(table.put(new Row("a", 0, "{}"))).isTrue();
        assertThat(read("a")).isEqualTo("a 1 " + "{}");
        assertThat(table.put(new Row("a", 1, "{\"x\":1}"))).isTrue();
        assertThat(read("a")).isEqualTo("a 2 " + "{\"x\":1}");
    }

    @Test
    void the_item_has_the_documented_attributes() {
        table.put(new Row("a", 0, "{}"));

        assertThat(local.item("a"))
                .isEqualTo(Map.of(
                        "endpoint", AttributeValue.fromS("a"),
                        "version", AttributeValue.fromN("1"),
                        "record", AttributeValue.fromS("{}")));
    }

    @Test
    void a_writer_who_read_an_older_version_changes_nothing() {
        table.put(new Row("a", 0, "{}"));
        table.put(new Row("a", 1, "second"));

        assertThat(table.put(new Row("a", 1, "lost"))).isFalse();
        assertThat(table.put(new Row("a", 0, "lost"))).isFalse();
        assertThat(table.put(new Row("a", 9, "lost"))).isFalse();
        assertThat(table.put(new Row("b", 1, "lost"))).as("gone meanwhile").isFalse();
        assertThat(read("a")).isEqualTo("a 2 " + "second");
        assertThat(table.find("b")).isEmpty();
    }

    @Test
    void a_row_is_deleted_by_who_read_its_last_version() {
        table.put(new Row("a", 0, "{}"));
        table.put(new Row("a", 1, "{}"));

        assertThat(table.delete("a", 1)).isFalse();
        assertThat(table.find("a")).isPresent();
        assertThat(table.delete("a", 2)).isTrue();
        assertThat(table.find("a")).isEmpty();
        assertThat(table.delete("a", 2)).as("gone is gone").isTrue();
    }

    @Test
    void more_rows_than_a_page_holds_are_all_read_once() {
        String large = "x".repeat(300_000); // a page of a scan is 1 MB
        for (int i = 0; i < 10; i++) {
            table.put(new Row("e" + i, 0, large));
        }
        Set<String> seen = new HashSet<>();

        assertThat(table.page(null).next()).isNotNull();
        assertThat(rows())
                .hasSize(10)
                .allMatch(row -> seen.add(row.endpoint()) && row.json().equals(large));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "text"})
    void an_item_that_somebody_wrote_by_hand_counts_as_never_written(String version) {
        Map<String, AttributeValue> item =
                new HashMap<>(Map.of("endpoint", AttributeValue.fromS("a"), "record", AttributeValue.fromN("5")));
        if (version.equals("text")) {
            item.put("version", AttributeValue.fromS("1"));
        }
        local.byHand(item);

        assertThat(read("a")).isEqualTo("a 0 ");
        assertThat(rows()).hasSize(1);
        assertThat(table.put(new Row("a", 1, "lost"))).isFalse();
        assertThat(table.put(new Row("a", 0, "{}"))).isTrue();
        assertThat(read("a")).isEqualTo("a 1 {}");

        local.byHand(item);

        assertThat(table.delete("a", 1)).isFalse();
        assertThat(table.delete("a", 0)).isTrue();
        assertThat(read("a")).isEqualTo("nothing");
    }

    @Test
    void of_many_writers_at_once_one_is_first() throws Exception {
        table.put(new Row("a", 0, "{}"));
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Boolean>> writers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                int writer = i;
                writers.add(() -> table.put(new Row("a", 1, "writer " + writer)));
            }
            int written = 0;
            for (Future<Boolean> each : threads.invokeAll(writers)) {
                written += each.get() ? 1 : 0;
            }

            assertThat(written).isEqualTo(1);
            assertThat(table.find("a").orElseThrow().version()).isEqualTo(2);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_table_that_is_not_there_is_told_with_the_call_and_one_word() {
        assertThatThrownBy(() -> new DynamoTable(local.sdk(), "none").find("a"))
                .isInstanceOf(Unavailable.class)
                .hasMessage("GetItem: ResourceNotFoundException");
        assertThatThrownBy(() -> new DynamoTable(local.sdk(), "none").put(new Row("a", 0, "{}")))
                .isInstanceOf(Unavailable.class)
                .hasMessage("PutItem: ResourceNotFoundException");
    }
}
