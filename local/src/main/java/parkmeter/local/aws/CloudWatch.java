package parkmeter.local.aws;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import parkmeter.local.aws.Xml.Parent;
import parkmeter.local.aws.Xml.Text;

/**
 * CloudWatch's GetMetricData for the one metric that is kept: {@code AWS/SageMaker Invocations} of an endpoint's variant, minute by
 * minute (API reference of CloudWatch; "Monitor SageMaker AI with CloudWatch"). A call is seen at once; AWS takes a minute or two.
 */
public final class CloudWatch implements QueryService {
    private static final int MOST_QUERIES = 500;
    private static final long MINUTE = Duration.ofMinutes(1).toSeconds();

    private final Map<String, NavigableMap<Instant, Long>> invocations = new ConcurrentHashMap<>();
    private final Clock clock;

    /** Starts without a call; calls are counted at the clock's time. */
    public CloudWatch(Clock clock) {
        this.clock = clock;
    }

    /** Counts a call of an endpoint's variant. */
    void invoked(String endpoint, String variant) {
        Instant minute = rounded(clock.instant(), MINUTE);
        invocations
                .computeIfAbsent(metric(endpoint, variant), name -> new ConcurrentSkipListMap<>())
                .merge(minute, 1L, Long::sum);
    }

    @Override
    public String version() {
        return "2010-08-01";
    }

    @Override
    public Xml answer(String action, Form request) {
        if (!action.equals("GetMetricData")) {
            throw AwsApi.unknown("CloudWatch " + action);
        }
        Instant start = rounded(request.time("StartTime"), MINUTE);
        Instant end = request.time("EndTime");
        if (!start.isBefore(end)) {
            throw new Refused(
                    400, "ValidationError", "The parameter StartTime must be less than the parameter EndTime.");
        }
        boolean newestFirst =
                request.text("ScanBy").filter("TimestampAscending"::equals).isEmpty();
        List<Form> queries = request.list("MetricDataQueries");
        if (queries.isEmpty() || queries.size() > MOST_QUERIES) {
            throw new Refused(
                    400,
                    "ValidationError",
                    "The collection MetricDataQueries must have 1 to " + MOST_QUERIES + " items.");
        }
        List<Xml> results = queries.stream()
                .map(query -> result(query, start, end, newestFirst))
                .toList();
        return new Parent(
                "GetMetricDataResult", new Parent("MetricDataResults", results), new Parent("Messages", List.of()));
    }

    private Xml result(Form query, Instant start, Instant end, boolean newestFirst) {
        Form stat = query.inner("MetricStat");
        String name = stat.needed("Metric.MetricName");
        if (!stat.needed("Metric.Namespace").equals("AWS/SageMaker") || !name.equals("Invocations")) {
            throw AwsApi.unknown("CloudWatch's metric " + name);
        }
        if (!stat.needed("Stat").equals("Sum")) {
            throw AwsApi.unknown("CloudWatch's statistic " + stat.needed("Stat"));
        }
        List<Form> dimensions = stat.list("Metric.Dimensions");
        // A metric without its variant is none that SageMaker writes.
        Map<Instant, Long> sums = dimension(dimensions, "EndpointName")
                .flatMap(endpoint -> dimension(dimensions, "VariantName").map(variant -> metric(endpoint, variant)))
                .filter(metric -> dimensions.size() == 2)
                .map(metric -> sums(metric, Long.parseLong(stat.needed("Period")), start, end))
                .orElse(Map.of());
        List<Xml> times = new ArrayList<>();
        List<Xml> values = new ArrayList<>();
        sums.forEach((time, sum) -> {
            times.add(new Text("member", time.toString()));
            values.add(new Text("member", sum + ".0"));
        });
        if (newestFirst) {
            Collections.reverse(times);
            Collections.reverse(values);
        }
        return new Parent(
                "member",
                new Text("Id", query.needed("Id")),
                new Text("Label", query.text("Label").orElse(name)),
                new Text("StatusCode", "Complete"),
                new Parent("Timestamps", times),
                new Parent("Values", values));
    }

    private Map<Instant, Long> sums(String metric, long period, Instant start, Instant end) {
        NavigableMap<Instant, Long> sums = new TreeMap<>();
        invocations
                .getOrDefault(metric, Collections.emptyNavigableMap())
                .subMap(start, end)
                .forEach((minute, calls) -> sums.merge(rounded(minute, period), calls, Long::sum));
        return sums;
    }

    private static String metric(String endpoint, String variant) {
        return endpoint + "/" + variant;
    }

    private static Optional<String> dimension(List<Form> dimensions, String name) {
        return dimensions.stream()
                .filter(each -> each.needed("Name").equals(name))
                .map(each -> each.needed("Value"))
                .findFirst();
    }

    private static Instant rounded(Instant time, long seconds) {
        return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), seconds) * seconds);
    }
}
