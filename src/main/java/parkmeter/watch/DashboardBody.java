package parkmeter.watch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import parkmeter.config.Fleet;
import parkmeter.config.Names;

/**
 * The dashboard's JSON: the alarms, the API, then a section for each model, from what callers notice to what it costs.
 */
final class DashboardBody {

    private static final int COLUMNS = 24;
    private static final int GRAPH_HEIGHT = 6;
    /** A widget takes no more. */
    private static final int MOST_ALARMS = 100;

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    private static final Duration HOUR = Duration.ofHours(1);

    private final ObjectNode body = JsonNodeFactory.instance.objectNode();
    private final ArrayNode widgets;
    private final String region;
    private final String own;
    private int y;

    private DashboardBody(Names names, String region) {
        this.region = region;
        this.own = Watch.namespace(names);
        // A graph's own period holds, however long a time is looked at.
        body.put("start", "-P1D").put("periodOverride", "inherit");
        this.widgets = body.putArray("widgets");
    }

    /**
     * Writes it.
     *
     * @param names the stack's names
     * @param region where it stands
     * @param api its API
     * @param dimensions what the API's metrics are told apart by
     * @param models its models
     * @param alarms the ARNs of its alarms; none where it has none
     */
    static String of(
            Names names,
            String region,
            WatchedApi api,
            Map<String, String> dimensions,
            List<WatchedModel> models,
            List<String> alarms) {
        var dashboard = new DashboardBody(names, region);
        dashboard.heading("# " + names.stackWide() + "\nin " + region);
        for (int from = 0; from < alarms.size(); from += MOST_ALARMS) {
            dashboard.alarms(alarms.subList(from, Math.min(alarms.size(), from + MOST_ALARMS)));
        }
        dashboard.api(api, dimensions);
        models.forEach(dashboard::model);
        return dashboard.body.toString();
    }

    private void heading(String markdown) {
        ObjectNode properties = JsonNodeFactory.instance.objectNode().put("markdown", markdown);
        place("text", 0, COLUMNS, 2, properties);
        y += 2;
    }

    private void alarms(List<String> arns) {
        ObjectNode properties = JsonNodeFactory.instance.objectNode().put("title", "Alarms");
        ArrayNode list = properties.putArray("alarms");
        arns.forEach(list::add);
        // Six stand in a row.
        int height = 2 + (arns.size() + 5) / 6;
        place("alarm", 0, COLUMNS, height, properties);
        y += height;
    }

    private void api(WatchedApi api, Map<String, String> dimensions) {
        heading("## API\nWhat callers notice. A call to a stopped model is an error of 503 here, and no failure.");
        Graph requests = graph("Requests a minute", MINUTE)
                .line(api.calls(), dimensions, "Sum", "all")
                .line(api.refused(), dimensions, "Sum", "refused (4xx)")
                .line(api.failed(), dimensions, "Sum", "failed (5xx)");
        Graph share = graph("Failed requests, %", FIVE_MINUTES);
        String failed = share.hidden(api.failed(), dimensions, "Sum");
        String calls = share.hidden(api.calls(), dimensions, "Sum");
        share.expression("100 * " + failed + " / " + calls, "failed (5xx)");
        Graph latency = graph("Latency, ms", FIVE_MINUTES);
        percentiles(latency, api.latency(), dimensions);
        row(requests, share, latency);
    }

    private void model(WatchedModel model) {
        heading("## " + model.name() + "\n" + words(model));
        var graphs = new ArrayList<>(
                switch (model.fleet().kind()) {
                    case REAL_TIME -> List.of(calls(model), latency(model));
                    case ASYNC -> List.of(jobs(model), backlog(model));
                    case SERVERLESS -> List.of(calls(model), serverlessLatency(model));
                    case ELSEWHERE -> model.logged() ? List.of(failures(model)) : List.<Graph>of();
                });
        if (model.function().isPresent()) {
            graphs.add(graph("Tokens a minute", MINUTE)
                    .line(Measure.PROMPT_TOKENS, model.byModel(), "Sum", "of prompts")
                    .line(Measure.COMPLETION_TOKENS, model.byModel(), "Sum", "of answers"));
        }
        row(graphs.toArray(Graph[]::new));
        row(resources(model).toArray(Graph[]::new));
    }

    private List<Graph> resources(WatchedModel model) {
        var graphs = new ArrayList<Graph>();
        boolean known = model.fleet().kind() != Fleet.Kind.ELSEWHERE;
        boolean serverless = model.fleet().kind() == Fleet.Kind.SERVERLESS;
        if (known && !serverless) {
            graphs.add(instances(model));
        }
        if (known) {
            graphs.add(serverless ? memory(model) : utilisation(model));
        }
        if (model.metered()) {
            graphs.add(graph("Minutes left on the meter", MINUTE)
                    .line(Measure.MINUTES_LEFT, model.byOwn(), "Minimum", "minutes left"));
        }
        if (known && !serverless && knowsCost(model)) {
            graphs.add(cost(model));
        }
        return graphs;
    }

    private Graph calls(WatchedModel model) {
        Graph calls = graph("Calls of the model a minute", MINUTE);
        for (Fleet.Group group : model.fleet().groups()) {
            Map<String, String> variant = model.byVariant(group);
            calls.line(Measure.INVOCATIONS, variant, "Sum", label(model, group, "all"))
                    .line(Measure.REFUSED, variant, "Sum", label(model, group, "refused by the model (4xx)"));
            String errors = calls.hidden(Measure.MODEL_ERRORS, variant, "Sum");
            String refused = calls.hidden(Measure.REFUSED, variant, "Sum");
            calls.expression(errors + " - FILL(" + refused + ", 0)", label(model, group, "failed otherwise"));
        }
        if (model.logged()) {
            calls.line(Measure.FAILED_ANSWERS, model.byOwn(), "Sum", "failed, as callers were told");
        }
        return calls;
    }

    private Graph failures(WatchedModel model) {
        return graph("Calls that the model failed a minute", MINUTE)
                .line(Measure.FAILED_ANSWERS, model.byOwn(), "Sum", "failed, as callers were told");
    }

    private Graph jobs(WatchedModel model) {
        Graph jobs = graph("Jobs a minute", MINUTE);
        for (Fleet.Group group : model.fleet().groups()) {
            jobs.line(Measure.PROCESSED, model.byVariant(group), "Sum", label(model, group, "done"))
                    .line(Measure.JOB_FAILURES, model.byVariant(group), "Sum", label(model, group, "failed"));
        }
        return jobs;
    }

    private Graph backlog(WatchedModel model) {
        return graph("Jobs that wait, and for how many seconds", MINUTE)
                .line(Measure.BACKLOG, model.byEndpoint(), "Maximum", "jobs")
                .line(Measure.OLDEST_JOB, model.byEndpoint(), "Maximum", "seconds of the oldest");
    }

    private Graph latency(WatchedModel model) {
        Graph latency = graph("Latency of the model, ms", FIVE_MINUTES);
        for (Fleet.Group group : model.fleet().groups()) {
            Map<String, String> variant = model.byVariant(group);
            for (String percentile : List.of("p50", "p95", "p99")) {
                latency.milliseconds(Measure.MODEL_LATENCY, variant, percentile, label(model, group, percentile));
            }
            latency.milliseconds(Measure.OVERHEAD_LATENCY, variant, "p99", label(model, group, "SageMaker's own p99"));
        }
        return latency;
    }

    private Graph serverlessLatency(WatchedModel model) {
        Graph latency = latency(model);
        for (Fleet.Group group : model.fleet().groups()) {
            latency.milliseconds(Measure.SETUP_TIME, model.byVariant(group), "p99", label(model, group, "start p99"));
        }
        return latency;
    }

    private Graph instances(WatchedModel model) {
        Graph instances = graph("Instances", FIVE_MINUTES);
        for (Fleet.Group group : model.fleet().groups()) {
            String reports = instances.hidden(Measure.CPU, model.byVariant(group), "SampleCount");
            instances.expression("60 * " + reports + " / PERIOD(" + reports + ")", label(model, group, "that report"));
        }
        return instances;
    }

    private Graph utilisation(WatchedModel model) {
        Graph use = graph("In use, %: 100 for each GPU", FIVE_MINUTES);
        for (Fleet.Group group : model.fleet().groups()) {
            Map<String, String> variant = model.byVariant(group);
            use.line(Measure.GPU, variant, "Average", label(model, group, "GPU"))
                    .line(Measure.GPU_MEMORY, variant, "Average", label(model, group, "GPU memory"))
                    .line(Measure.MEMORY, variant, "Average", label(model, group, "memory"))
                    .line(Measure.DISK, variant, "Maximum", label(model, group, "disk"));
        }
        return use;
    }

    private Graph memory(WatchedModel model) {
        Graph memory = graph("Memory in use, %", FIVE_MINUTES);
        for (Fleet.Group group : model.fleet().groups()) {
            memory.line(Measure.MEMORY, model.byVariant(group), "Maximum", label(model, group, "memory"));
        }
        return memory;
    }

    /** Hours of instances, sixty reports each, at their price, summed up. */
    private Graph cost(WatchedModel model) {
        Graph cost = graph(
                "Cost since the graph begins" + (model.currency().isEmpty() ? "" : ", " + model.currency()), HOUR);
        List<String> terms = model.fleet().groups().stream()
                .map(group -> cost.hidden(Measure.CPU, model.byVariant(group), "SampleCount") + " / 60 * "
                        + price(model, group).toPlainString())
                .toList();
        return cost.expression("RUNNING_SUM(" + String.join(" + ", terms) + ")", "cost");
    }

    private static boolean knowsCost(WatchedModel model) {
        return model.fleet().groups().stream()
                .allMatch(group -> model.instanceHour().containsKey(group.variant()));
    }

    private static BigDecimal price(WatchedModel model, Fleet.Group group) {
        return Objects.requireNonNull(model.instanceHour().get(group.variant()), group.variant());
    }

    private static String words(WatchedModel model) {
        if (model.fleet().kind() == Fleet.Kind.SERVERLESS) {
            return "Endpoint " + model.endpoint() + ", serverless: it costs nothing while nobody calls.";
        }
        if (model.fleet().kind() == Fleet.Kind.ELSEWHERE) {
            return "Endpoint " + model.endpoint()
                    + ", of an EndpointConfiguration of others: its variants are not known here.";
        }
        String instances = model.fleet().groups().stream()
                .map(group -> group.count() + " x " + group.instanceType().orElse(""))
                .collect(Collectors.joining(" and "));
        String price = knowsCost(model)
                ? model.fleet().groups().stream()
                                .map(group ->
                                        price(model, group).stripTrailingZeros().toPlainString())
                                .collect(Collectors.joining(" and "))
                        + (model.currency().isEmpty() ? "" : " " + model.currency()) + " an hour each"
                : "what an hour costs is unknown";
        return "Endpoint " + model.endpoint() + ", " + instances + ", " + price + "."
                + (model.metered() ? " Where there is no line, it is stopped." : "");
    }

    private static String label(WatchedModel model, Fleet.Group group, String what) {
        return model.fleet().groups().size() == 1 ? what : group.variant() + ": " + what;
    }

    private static void percentiles(Graph graph, Measure measure, Map<String, String> dimensions) {
        for (String percentile : List.of("p50", "p95", "p99")) {
            graph.milliseconds(measure, dimensions, percentile, percentile);
        }
    }

    private Graph graph(String title, Duration period) {
        return new Graph(title, region, period, own);
    }

    /** Graphs beside each other. */
    private void row(Graph... graphs) {
        if (graphs.length == 0) {
            return;
        }
        int width = COLUMNS / graphs.length;
        for (int i = 0; i < graphs.length; i++) {
            place("metric", i * width, width, GRAPH_HEIGHT, graphs[i].properties());
        }
        y += GRAPH_HEIGHT;
    }

    private void place(String type, int x, int width, int height, ObjectNode properties) {
        widgets.addObject()
                .put("type", type)
                .put("x", x)
                .put("y", y)
                .put("width", width)
                .put("height", height)
                .set("properties", properties);
    }
}
