package parkmeter.watch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a dashboard's body must be (CloudWatch API reference, "Dashboard body structure and syntax", and user guide, "Using math
 * expressions with CloudWatch metrics").
 */
final class DashboardRules {

    private static final int COLUMNS = 24;
    private static final Set<String> VIEWS = Set.of("timeSeries", "singleValue", "gauge", "bar", "pie", "table");
    private static final Pattern STATISTIC =
            Pattern.compile("Average|Minimum|Maximum|Sum|SampleCount|p(100|[0-9]{1,2}(\\.[0-9]{1,10})?)");
    private static final Pattern ID = Pattern.compile("[a-z][A-Za-z0-9_]*");
    private static final Pattern IDS_IN_EXPRESSION = Pattern.compile("\\b[a-z][A-Za-z0-9_]*\\b");

    private final List<String> broken = new ArrayList<>();

    private DashboardRules() {}

    /** Every rule that the body breaks, in a sentence each. */
    static List<String> brokenBy(JsonNode body) {
        var rules = new DashboardRules();
        rules.body(body);
        return rules.broken;
    }

    private void body(JsonNode body) {
        check(body.path("widgets").isArray() && body.path("widgets").size() <= 500, "widgets: a list of up to 500");
        check(
                Set.of("auto", "inherit").contains(body.path("periodOverride").asText("auto")),
                "periodOverride: auto or inherit");
        check(body.path("start").asText("-PT3H").matches("-P(T?[0-9]+[MHDW])"), "start: a time before now");
        var taken = new HashSet<String>();
        body.path("widgets").forEach(widget -> widget(widget, taken));
    }

    private void widget(JsonNode widget, Set<String> taken) {
        String type = widget.path("type").asText();
        int x = widget.path("x").asInt(-1);
        int y = widget.path("y").asInt(-1);
        int width = widget.path("width").asInt();
        int height = widget.path("height").asInt();
        String place = type + " at " + x + "," + y + ": ";
        check(x >= 0 && width >= 1 && x + width <= COLUMNS, place + "within 24 columns");
        check(y >= 0 && height >= 1 && height <= 1000, place + "1 to 1000 rows high");
        for (int column = x; column < x + width; column++) {
            for (int row = y; row < y + height; row++) {
                check(taken.add(column + "," + row), place + "alone where it is");
            }
        }
        JsonNode properties = widget.path("properties");
        switch (type) {
            case "text" -> check(!properties.path("markdown").asText().isBlank(), place + "markdown");
            case "alarm" -> alarm(properties, place);
            case "metric" -> metric(properties, place);
            default -> broken.add(place + "a kind of widget that there is not");
        }
    }

    private void alarm(JsonNode properties, String place) {
        JsonNode alarms = properties.path("alarms");
        check(alarms.isArray() && !alarms.isEmpty() && alarms.size() <= 100, place + "1 to 100 alarms");
        alarms.forEach(
                arn -> check(arn.asText().matches("arn:[\\w-]+:cloudwatch:[^:]+:[0-9]{12}:alarm:.+"), place + arn));
    }

    private void metric(JsonNode properties, String place) {
        check(!properties.path("region").asText().isBlank(), place + "a region");
        check(VIEWS.contains(properties.path("view").asText()), place + "a view that there is");
        int period = properties.path("period").asInt();
        check(period >= 60 && period % 60 == 0, place + "a period of whole minutes");
        JsonNode lines = properties.path("metrics");
        check(lines.isArray() && !lines.isEmpty() && lines.size() <= 500, place + "1 to 500 metrics");
        var ids = new HashSet<String>();
        var asked = new TreeSet<String>();
        boolean visible = false;
        for (JsonNode line : lines) {
            JsonNode options = line.path(line.size() - 1);
            if (options.has("id")) {
                String id = options.path("id").asText();
                check(ID.matcher(id).matches() && ids.add(id), place + "an id of its own: " + id);
            }
            visible |= options.path("visible").asBoolean(true);
            if (options.has("expression")) {
                check(line.size() == 1, place + "an expression alone on its line");
                IDS_IN_EXPRESSION
                        .matcher(options.path("expression").asText())
                        .results()
                        .forEach(id -> asked.add(id.group()));
            } else {
                line(line, options, place);
            }
        }
        check(visible, place + "something to be seen");
        check(ids.containsAll(asked), place + "expressions over ids that there are: " + asked);
    }

    private void line(JsonNode line, JsonNode options, String place) {
        check(options.isObject(), place + "options at the end of " + line);
        int names = line.size() - 1;
        check(names >= 2 && names % 2 == 0 && names <= 2 + 2 * 30, place + "namespace, name, and dimensions in pairs");
        for (int i = 0; i < names; i++) {
            check(line.get(i).isTextual() && !line.get(i).asText().isBlank(), place + "texts in " + line);
        }
        check(STATISTIC.matcher(options.path("stat").asText()).matches(), place + "a statistic that there is");
    }

    private void check(boolean holds, String rule) {
        if (!holds) {
            broken.add(rule);
        }
    }
}
