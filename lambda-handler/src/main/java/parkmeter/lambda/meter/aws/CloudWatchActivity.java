package parkmeter.lambda.meter.aws;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import parkmeter.lambda.aws.Sdk;
import parkmeter.lambda.meter.Activity;
import parkmeter.lambda.meter.Unavailable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;

/**
 * SageMaker's own count of invocations, {@code AWS/SageMaker Invocations} by EndpointName and VariantName, minute by
 * minute: it counts whoever calls. Thread-safe.
 */
public final class CloudWatchActivity implements Activity {
    private static final Duration ATTEMPT = Duration.ofSeconds(5);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** For so long CloudWatch keeps single minutes (API reference, GetMetricData, Period). */
    private static final Duration KEPT = Duration.ofDays(15).minus(MINUTE);

    private static final int BATCH = 500; // GetMetricData takes no more queries

    private final CloudWatchClient client;
    private final Clock clock;

    /** This account's metrics. */
    public CloudWatchActivity(Sdk sdk, Clock clock) {
        this.client = sdk.client(CloudWatchClient.builder(), Sdk.retried(ATTEMPT));
        this.clock = clock;
    }

    /** One variant of one endpoint: one query. */
    private record Counter(String endpoint, String variant, Instant since) {}

    @Override
    public Map<String, Instant> lastInvocations(List<Question> questions) {
        Instant now = clock.instant();
        Instant kept = now.minus(KEPT);
        // Those that look back as far are asked together: a batch is read from its earliest moment on.
        List<Counter> counters = questions.stream()
                .flatMap(question -> question.variants().stream()
                        .map(variant -> new Counter(question.endpoint(), variant, later(question.since(), kept))))
                .sorted(Comparator.comparing(Counter::since))
                .toList();
        Map<String, Instant> last = new HashMap<>();
        for (int from = 0; from < counters.size(); from += BATCH) {
            read(counters.subList(from, Math.min(counters.size(), from + BATCH)), now, last);
        }
        return last;
    }

    private void read(List<Counter> counters, Instant now, Map<String, Instant> last) {
        List<MetricDataQuery> queries = new ArrayList<>();
        for (int i = 0; i < counters.size(); i++) {
            queries.add(query(i, counters.get(i)));
        }
        Instant start = counters.get(0).since().truncatedTo(ChronoUnit.MINUTES);
        try {
            client.getMetricDataPaginator(data -> data.metricDataQueries(queries)
                            .startTime(start)
                            .endTime(now)
                            .scanBy(ScanBy.TIMESTAMP_DESCENDING))
                    .metricDataResults()
                    .forEach(result -> {
                        Counter counter =
                                counters.get(Integer.parseInt(result.id().substring(1)));
                        add(result, counter, now, last);
                    });
        } catch (SdkException e) {
            throw new Unavailable("GetMetricData: " + Sdk.cause(e));
        }
    }

    private static MetricDataQuery query(int number, Counter counter) {
        return MetricDataQuery.builder()
                .id("m" + number)
                .metricStat(stat -> stat.stat("Sum")
                        .period((int) MINUTE.toSeconds())
                        .metric(metric -> metric.namespace("AWS/SageMaker")
                                .metricName("Invocations")
                                .dimensions(
                                        dimension("EndpointName", counter.endpoint()),
                                        dimension("VariantName", counter.variant()))))
                .build();
    }

    private static Dimension dimension(String name, String value) {
        return Dimension.builder().name(name).value(value).build();
    }

    /** A minute is told by its start. */
    private static void add(MetricDataResult result, Counter counter, Instant now, Map<String, Instant> last) {
        for (int i = 0; i < Math.min(result.timestamps().size(), result.values().size()); i++) {
            Instant end = result.timestamps().get(i).plus(MINUTE);
            if (result.values().get(i) > 0 && end.isAfter(counter.since())) {
                last.merge(counter.endpoint(), end.isBefore(now) ? end : now, CloudWatchActivity::later);
            }
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
