package parkmeter.lambda.meter.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import parkmeter.lambda.meter.MeterTable.Row;

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

    @Test
    void a_row_is_read_as_it_was_written_one_version_on() {
        assertThat(table.put(new Row("a", 0, "{}"))).isTrue();
        assertThat(table.find("a")).contains(new Row("a", 1, "{}"));
    }
}
