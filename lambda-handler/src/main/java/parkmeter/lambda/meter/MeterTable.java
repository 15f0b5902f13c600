package parkmeter.lambda.meter;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of records: one row per endpoint, changed only by writers that saw its last version. */
public interface MeterTable {

    /**
     * One page of all rows, in any order that stays the same; each as it was last written (a consistent read).
     *
     * @param after null for the first page, then {@link Page#next} of the page before
     * @throws Unavailable when there is no answer
     */
    Page page(@Nullable String after);

    /**
     * One row, as it was last written (a consistent read).
     *
     * @throws Unavailable when there is no answer
     */
    Optional<Row> find(String endpoint);

    /**
     * Writes a row, if nobody has written it since. A writer that was asked twice, since the first answer got lost, may
     * return false although it wrote: callers look into the row for what they wrote.
     *
     * @param row what to write; its version is the one that the caller read, 0 for a row that there is not yet. It is
     *     written with the next version
     * @return true when it is written; false when the row has another version by now
     * @throws Unavailable when there is no answer: it may be written or not
     */
    boolean put(Row row);

    /**
     * Deletes a row, if nobody has written it since.
     *
     * @return true when it is gone; false when the row has another version by now
     * @throws Unavailable when there is no answer: it may be gone or not
     */
    boolean delete(String endpoint, long version);

    /** A row: its key, how often it was written, and a record, which is read when somebody wants it. Immutable. */
    final class Row {
        private final String endpoint;
        private final long version;
        private @Nullable String json;
        private @Nullable MeterRecord record;

        private Row(String endpoint, long version, @Nullable String json, @Nullable MeterRecord record) {
            this.endpoint = endpoint;
            this.version = version;
            this.json = json;
            this.record = record;
        }

        /**
         * A row as it is in the table.
         *
         * @param endpoint the key: the endpoint's name
         * @param version counts the writes, from 1
         * @param json the record ({@link MeterRecord#json}); anything else where somebody wrote it by hand
         */
        public Row(String endpoint, long version, String json) {
            this(endpoint, version, json, null);
        }

        /** The first row of an endpoint, to be put. */
        static Row first(MeterRecord record) {
            return new Row(record.endpoint(), 0, null, record);
        }

        /** The key: the endpoint's name. */
        public String endpoint() {
            return endpoint;
        }

        /** How often it was written; 0 where it was not yet. */
        public long version() {
            return version;
        }

        /** The record as text. */
        public String json() {
            String text = json;
            if (text == null) {
                text = Objects.requireNonNull(record, "a row has a text or a record")
                        .json();
                json = text;
            }
            return text;
        }

        /**
         * The record.
         *
         * @throws UnreadableRecord when the text is none
         */
        public MeterRecord record() {
            MeterRecord read = record;
            if (read == null) {
                read = MeterRecord.read(endpoint, json());
                record = read;
            }
            return read;
        }

        /** The same row with another record, to be put. */
        public Row with(MeterRecord next) {
            return new Row(endpoint, version, null, next);
        }

        /** The row as the table holds it after it was put. */
        public Row written() {
            return new Row(endpoint, version + 1, json, record);
        }
    }

    /**
     * A page of the table.
     *
     * @param next the next page's token; null on the last page
     */
    record Page(List<Row> rows, @Nullable String next) {
        public Page {
            rows = List.copyOf(rows);
        }
    }
}
