package parkmeter.lambda.meter.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.meter.MeterRecord;
import parkmeter.lambda.meter.MeterTable;
import parkmeter.lambda.meter.UnreadableRecord;

/** What there is at a moment: in AWS, and in people's memory. */
final class World {
    final Timeline timeline;
    final Story story;
    final SageMaker sageMaker;
    final TreeMap<String, MeterTable.Row> rows = new TreeMap<>();
    final Map<String, String> mirror = new HashMap<>();
    final TreeMap<String, Account> accounts = new TreeMap<>();
    /** Configurations that were deleted. */
    final Set<String> retired = new HashSet<>();

    Faults faults;
    /** While true, SageMaker refuses every change. */
    boolean refusing;
    /** When a call about all endpoints last went wrong. */
    long disturbedAt = Ledger.NEVER;

    World(Timeline timeline, Story story, SageMaker sageMaker, Faults faults) {
        this.timeline = timeline;
        this.story = story;
        this.sageMaker = sageMaker;
        this.faults = faults;
    }

    Account account(String endpoint) {
        return Objects.requireNonNull(accounts.get(endpoint), "an endpoint on no meter");
    }

    /** The record of an endpoint; null where there is none, or none that can be read. */
    @Nullable
    MeterRecord record(String endpoint) {
        return readable(rows.get(endpoint));
    }

    static @Nullable MeterRecord readable(MeterTable.@Nullable Row row) {
        try {
            return row == null ? null : row.record();
        } catch (UnreadableRecord e) {
            return null;
        }
    }
}
