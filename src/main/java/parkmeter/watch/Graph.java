package parkmeter.watch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * One graph of a dashboard (CloudWatch API reference, "Dashboard body structure and syntax"). Metrics that only expressions use are
 * hidden; each has an id of its own.
 */
final class Graph {

    private final ObjectNode properties = JsonNodeFactory.instance.objectNode();
    private final ArrayNode lines = properties.putArray("metrics");
    private final String own;
    private int ids;

    /**
     * @param title what it shows, with its unit
     * @param region the metrics' region
     * @param period over how long each value is taken
     * @param own the namespace of the stack's own metrics
     */
    Graph(String title, String region, Duration period, String own) {
        this.own = own;
        properties
                .put("title", title)
                .put("view", "timeSeries")
                .put("stacked", false)
                .put("region", region)
                .put("period", period.toSeconds());
        properties.putObject("yAxis").putObject("left").put("min", 0);
    }

    /** A line of a metric's values as they are. */
    Graph line(Measure measure, Map<String, String> dimensions, String statistic, String label) {
        metric(measure, dimensions, statistic).put("label", label);
        return this;
    }

    /** A line of a time, in milliseconds, whatever the metric's unit is. */
    Graph milliseconds(Measure measure, Map<String, String> dimensions, String statistic, String label) {
        double unit = measure.perMillisecond();
        return unit == 1
                ? line(measure, dimensions, statistic, label)
                : expression(hidden(measure, dimensions, statistic) + " / " + (long) unit, label);
    }

    /** A line of metric math. */
    Graph expression(String expression, String label) {
        lines.addArray()
                .addObject()
                .put("expression", expression)
                .put("label", label)
                .put("id", "e" + ids++);
        return this;
    }

    /** The id of a metric that only expressions use. */
    String hidden(Measure measure, Map<String, String> dimensions, String statistic) {
        String id = "m" + ids++;
        metric(measure, dimensions, statistic).put("id", id).put("visible", false);
        return id;
    }

    /** The widget's properties. */
    ObjectNode properties() {
        return properties;
    }

    private ObjectNode metric(Measure measure, Map<String, String> dimensions, String statistic) {
        ArrayNode line = lines.addArray().add(measure.namespace(own)).add(measure.metric());
        new TreeMap<>(dimensions).forEach((name, value) -> line.add(name).add(value));
        return line.addObject().put("stat", statistic);
    }
}
