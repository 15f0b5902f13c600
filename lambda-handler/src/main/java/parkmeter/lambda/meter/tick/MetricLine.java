package parkmeter.lambda.meter.tick;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import parkmeter.lambda.json.Json;
import parkmeter.lambda.meter.Gauge;

/** A log line of which CloudWatch makes metrics (CloudWatch user guide, "Specification: Embedded metric format"). */
final class MetricLine {
    private static final String DIMENSION = "Endpoint";

    private MetricLine() {}

    /**
     * Writes the line of one gauge: its endpoint's {@code MinutesLeft}, {@code Unpaid} and {@code FailedStart}, the latter two 0 or 1.
     *
     * @param namespace the metrics' namespace
     * @param at when the gauge was read
     */
    static String of(Gauge gauge, String namespace, Instant at) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("MinutesLeft", gauge.minutesLeft());
        values.put("Unpaid", gauge.unpaid() ? 1 : 0);
        values.put("FailedStart", gauge.failedStart() ? 1 : 0);
        List<Map<String, String>> metrics =
                values.keySet().stream().map(name -> Map.of("Name", name)).toList();
        Map<String, Object> directive = new LinkedHashMap<>();
        directive.put("Namespace", namespace);
        directive.put("Dimensions", List.of(List.of(DIMENSION)));
        directive.put("Metrics", metrics);
        Map<String, Object> line = new LinkedHashMap<>();
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("Timestamp", at.toEpochMilli());
        meta.put("CloudWatchMetrics", List.of(directive));
        line.put("_aws", meta);
        line.put(DIMENSION, gauge.endpoint());
        line.putAll(values);
        return Json.text(line) + "\n";
    }
}
