package parkmeter.local.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static parkmeter.local.aws.Services.failure;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;
import software.amazon.awssdk.services.sns.SnsAsyncClient;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.SnsException;
import software.amazon.awssdk.services.ssm.SsmAsyncClient;
import software.amazon.awssdk.services.ssm.model.ParameterAlreadyExistsException;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;
import software.amazon.awssdk.services.ssm.model.ParameterType;
import software.amazon.awssdk.services.ssm.model.SsmException;

/** Systems Manager, SNS and CloudWatch, as the AWS SDK's own clients see them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OtherServicesTest {
    private final Services services = new Services(URI.create("http://127.0.0.1:1"), Duration.ZERO);
    private final SsmAsyncClient ssm = services.client(SsmAsyncClient.builder());
    private final SnsAsyncClient sns = services.client(SnsAsyncClient.builder());
    private final CloudWatchAsyncClient cloudWatch = services.client(CloudWatchAsyncClient.builder());

    @AfterAll
    void stop() {
        ssm.close();
        sns.close();
        cloudWatch.close();
        services.close();
    }

    @Test
    void a_parameter_is_kept_until_it_is_deleted() {
        String name = "/sagemaker/endpoint/expiry/a";
        assertThat(put(name, "grüß <1>", false)).isEqualTo(1);
        failure(ParameterAlreadyExistsException.class, () -> put(name, "2", false));
        assertThat(put(name, "{\"a\": 2}", true)).isEqualTo(2);
        assertThat(ssm.getParameter(r -> r.name(name)).join().parameter()).satisfies(kept -> {
            assertThat(kept.value()).isEqualTo("{\"a\": 2}");
            assertThat(kept.type()).isEqualTo(ParameterType.STRING);
            assertThat(kept.version()).isEqualTo(2);
        });
        assertThat(services.puts).containsExactly(new Ssm.Put(name, "grüß <1>"), new Ssm.Put(name, "{\"a\": 2}"));
        ssm.deleteParameter(r -> r.name(name)).join();
        failure(ParameterNotFoundException.class, () -> ssm.getParameter(r -> r.name(name))
                .join());
        failure(ParameterNotFoundException.class, () -> ssm.deleteParameter(r -> r.name(name))
                .join());
        assertThat(failure(SsmException.class, () -> ssm.describeParameters().join())
                        .awsErrorDetails()
                        .errorCode())
                .isEqualTo("UnknownOperationException");
    }

    @Test
    void a_message_reaches_whoever_watches_the_run() {
        String text = "It stops in 10 minutes: paid until 12:00 <UTC> & no longer.\nGrüße";
        assertThat(sns.publish(r ->
                                r.topicArn(Services.TOPIC).subject("stops soon").message(text))
                        .join()
                        .messageId())
                .isNotBlank();
        assertThat(services.messages).containsExactly(new Sns.Message(Services.TOPIC, "stops soon", text));
        failure(NotFoundException.class, () -> sns.publish(
                        r -> r.topicArn(Services.TOPIC + "-other").message("a"))
                .join());
        assertThat(failure(SnsException.class, () -> sns.listTopics().join())
                        .awsErrorDetails()
                        .errorCode())
                .isEqualTo("UnknownOperationException");
    }

    @Test
    void invocations_are_summed_up_for_each_endpoint_and_minute() {
        Instant begin = services.clock.instant().truncatedTo(ChronoUnit.MINUTES);
        services.cloudWatch.invoked("first", EndpointConfig.ALL_TRAFFIC);
        services.cloudWatch.invoked("first", EndpointConfig.ALL_TRAFFIC);
        services.cloudWatch.invoked("second", EndpointConfig.ALL_TRAFFIC);
        Instant end = services.clock.instant().plus(Duration.ofMinutes(1));
        GetMetricDataResponse all = cloudWatch
                .getMetricData(r -> r.startTime(begin)
                        .endTime(end)
                        .metricDataQueries(
                                query("a", "first", "AllTraffic"),
                                query("b", "second", "AllTraffic"),
                                query("c", "third", "AllTraffic"),
                                query("d", "first", "Other")))
                .join();
        assertThat(all.metricDataResults())
                .extracting(result -> result.id()
                        + result.values().stream().mapToInt(Double::intValue).sum())
                .containsExactly("a2", "b1", "c0", "d0");
        assertThat(all.metricDataResults().get(0).timestamps()).isNotEmpty().allSatisfy(minute -> assertThat(minute)
                .isBetween(begin, end)
                .isEqualTo(minute.truncatedTo(ChronoUnit.MINUTES)));
        assertThat(all.metricDataResults().get(0).statusCodeAsString()).isEqualTo("Complete");
        GetMetricDataResponse before = cloudWatch
                .getMetricData(r -> r.startTime(begin.minus(Duration.ofHours(1)))
                        .endTime(begin)
                        .metricDataQueries(query("a", "first", "AllTraffic")))
                .join();
        assertThat(before.metricDataResults().get(0).values()).isEmpty();
    }

    @Test
    void the_newest_value_comes_first_unless_the_oldest_is_wanted() throws InterruptedException {
        Instant begin = services.clock.instant();
        services.cloudWatch.invoked("twice", EndpointConfig.ALL_TRAFFIC);
        Thread.sleep(700); // more than a minute of the stack's clock
        services.cloudWatch.invoked("twice", EndpointConfig.ALL_TRAFFIC);
        services.cloudWatch.invoked("twice", EndpointConfig.ALL_TRAFFIC);
        assertThat(values(begin, ScanBy.TIMESTAMP_ASCENDING)).containsExactly(1.0, 2.0);
        assertThat(values(begin, ScanBy.TIMESTAMP_DESCENDING)).containsExactly(2.0, 1.0);
    }

    @Test
    void five_hundred_metrics_are_asked_for_at_once_and_no_more() {
        Instant now = services.clock.instant();
        List<MetricDataQuery> most = IntStream.range(0, 500)
                .mapToObj(i -> query("q" + i, "endpoint-" + i, "AllTraffic"))
                .toList();
        assertThat(cloudWatch
                        .getMetricData(r ->
                                r.startTime(now.minusSeconds(600)).endTime(now).metricDataQueries(most))
                        .join()
                        .metricDataResults())
                .hasSize(500);
        assertThat(failure(CloudWatchException.class, () -> cloudWatch
                                .getMetricData(r -> r.startTime(now.minusSeconds(600))
                                        .endTime(now)
                                        .metricDataQueries(IntStream.range(0, 501)
                                                .mapToObj(i -> query("q" + i, "e", "AllTraffic"))
                                                .toList()))
                                .join())
                        .awsErrorDetails()
                        .errorMessage())
                .contains("500");
    }

    @Test
    void a_metric_that_is_not_kept_is_an_error_and_no_zero() {
        Instant now = services.clock.instant();
        MetricDataQuery other = query("a", "first", "AllTraffic").toBuilder()
                .metricStat(s -> s.stat("Average").period(60).metric(m -> m.namespace("AWS/SageMaker")
                        .metricName("ModelLatency")))
                .build();
        assertThat(failure(CloudWatchException.class, () -> cloudWatch
                                .getMetricData(r -> r.startTime(now.minusSeconds(60))
                                        .endTime(now)
                                        .metricDataQueries(other))
                                .join())
                        .awsErrorDetails()
                        .errorMessage())
                .contains("ModelLatency");
    }

    private List<Double> values(Instant begin, ScanBy order) {
        return cloudWatch
                .getMetricData(r -> r.startTime(begin)
                        .endTime(services.clock.instant().plusSeconds(60))
                        .scanBy(order)
                        .metricDataQueries(query("a", "twice", "AllTraffic")))
                .join()
                .metricDataResults()
                .get(0)
                .values();
    }

    private long put(String name, String value, boolean overwrite) {
        return ssm.putParameter(r ->
                        r.name(name).value(value).type(ParameterType.STRING).overwrite(overwrite))
                .join()
                .version();
    }

    private static MetricDataQuery query(String id, String endpoint, String variant) {
        return MetricDataQuery.builder()
                .id(id)
                .metricStat(s -> s.stat("Sum").period(60).metric(m -> m.namespace("AWS/SageMaker")
                        .metricName("Invocations")
                        .dimensions(
                                Dimension.builder()
                                        .name("EndpointName")
                                        .value(endpoint)
                                        .build(),
                                Dimension.builder()
                                        .name("VariantName")
                                        .value(variant)
                                        .build())))
                .build();
    }
}
