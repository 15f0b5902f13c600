package parkmeter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.pulumi.resources.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import parkmeter.Declared.Declaration;
import parkmeter.config.StackFiles;

/** What a stack declares that is watched. */
class WatchTest {

    private static final String ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
    private static final String COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm";
    private static final String FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter";
    private static final String ALERTS = "arn:aws:sns:us-east-1:123456789012:parkmeter-test-alerts";
    private static final String OWN = "Parkmeter/parkmeter-test";

    private static final String METERED =
            """
            config:
              aws:region: us-east-1
              parkmeter:models:
                - {name: tiny, source: {hub: a/b}, lifecycle: metered, access: token}
                - {name: big, source: {hub: a/c}, hosting: {instances: 2}, routes: [{path: /big}, {path: /job, long: true}]}
                - {name: direct, source: {hub: a/d}, routes: [{path: /direct, via: direct}]}
              parkmeter:meter: {notify: {email: [news@example.com]}}
              parkmeter:watch: %s
            """;

    static final Declared STACK = stack("{email: [ops@example.com], accessLog: true, budget: {monthlyDollars: 49.5}}");

    private static final Declared HTTP = Declared.of(
            StackFiles.read(
                    "test",
                    """
            config:
              aws:region: us-east-1
              parkmeter:models:
                - {name: tiny, source: {hub: a/b}, routes: [{path: /a, public: true, throttle: {rate: 1, burst: 1}}]}
              parkmeter:api: http
              parkmeter:watch: {}
            """));

    private static Declared stack(String watch) {
        return Declared.of(StackFiles.read("test", METERED.formatted(watch)));
    }

    static List<Declared> watched() {
        return List.of(STACK, HTTP, Other_ways_of_hosting.KINDS, Declared.of(StackFiles.sample("prod")));
    }

    /** All alarms but those that wake instances. */
    private static List<Declaration> forPeople(Declared stack) {
        return stack.all(ALARM).stream()
                .filter(alarm ->
                        !String.valueOf(alarm.inputs().get("alarmActions")).contains(":autoscaling:"))
                .toList();
    }

    private static Declaration alarm(String name) {
        return STACK.named(ALARM, name);
    }

    /** The metrics in an alarm's formula, by their ids: namespace, name, dimensions, statistic. */
    private static Map<String, String> terms(Declaration alarm) {
        var terms = new TreeMap<String, String>();
        for (Object each : (List<?>) alarm.input("metricQueries")) {
            Map<?, ?> query = (Map<?, ?>) each;
            if (query.get("metric") instanceof Map<?, ?> metric) {
                Object dimensions = metric.get("dimensions");
                terms.put(
                        String.valueOf(query.get("id")),
                        metric.get("namespace") + " " + metric.get("metricName") + " "
                                + (dimensions instanceof Map<?, ?> map ? new TreeMap<>(map) : "{}") + " "
                                + metric.get("stat"));
            }
        }
        return terms;
    }

    private static Object expression(Declaration alarm) {
        return ((List<?>) alarm.input("metricQueries"))
                .stream()
                        .map(Map.class::cast)
                        .filter(query -> Boolean.TRUE.equals(query.get("returnData")))
                        .map(query -> query.get("expression"))
                        .findFirst()
                        .orElseThrow();
    }

    @Nested
    class A_models_alarms {

        @Test
        void look_at_its_endpoint_and_its_only_variant() {
            for (String what : List.of("latency", "overhead", "disk")) {
                assertThat(alarm("tiny-" + what).input("dimensions"))
                        .isEqualTo(Map.of("EndpointName", "parkmeter-test-tiny", "VariantName", "AllTraffic"));
            }
        }

        @Test
        void compare_latencies_in_sagemakers_microseconds() {
            assertThat(alarm("tiny-latency").inputs())
                    .containsEntry("namespace", "AWS/SageMaker")
                    .containsEntry("metricName", "ModelLatency")
                    .containsEntry("extendedStatistic", "p95")
                    .containsEntry("threshold", 20_000_000.0)
                    .containsEntry("comparisonOperator", "GreaterThanThreshold");
            assertThat(alarm("tiny-overhead").inputs())
                    .containsEntry("metricName", "OverheadLatency")
                    .containsEntry("extendedStatistic", "p99")
                    .containsEntry("threshold", 1_000_000.0);
        }

        @Test
        void take_a_callers_mistake_for_no_failure() {
            assertThat(expression(alarm("tiny-failures"))).isEqualTo("failed - FILL(refused, 0)");
            assertThat(terms(alarm("tiny-failures")))
                    .isEqualTo(
                            Map.of(
                                    "failed",
                                            "AWS/SageMaker InvocationModelErrors {EndpointName=parkmeter-test-tiny, VariantName=AllTraffic} Sum",
                                    "refused",
                                            "AWS/SageMaker Invocation4XXErrors {EndpointName=parkmeter-test-tiny, VariantName=AllTraffic} Sum"));
            assertThat(alarm("tiny-failures").inputs())
                    .containsEntry("threshold", 5.0)
                    .containsEntry("comparisonOperator", "GreaterThanOrEqualToThreshold");
        }

        @Test
        void count_what_callers_were_told_since_sagemaker_takes_tgis_failures_for_refusals() {
            assertThat(alarm("tiny-failed-answers").inputs())
                    .containsEntry("namespace", OWN)
                    .containsEntry("metricName", "FailedAnswers")
                    .containsEntry("dimensions", Map.of("Endpoint", "parkmeter-test-tiny"))
                    .containsEntry("statistic", "Sum")
                    .containsEntry("threshold", 5.0)
                    .containsEntry("comparisonOperator", "GreaterThanOrEqualToThreshold");
            for (String function : List.of("tiny-invoke", "big-invoke", "work")) {
                Declaration filter = STACK.named(FILTER, function + "-failed-answers");
                assertThat(filter.inputs())
                        .containsEntry("logGroupName", "/aws/lambda/parkmeter-test-" + function)
                        .containsEntry("pattern", "{ ($.code = \"model_error\") && ($.endpoint = *) }");
                assertThat(filter.input("metricTransformation"))
                        .isEqualTo(Map.of(
                                "namespace",
                                OWN,
                                "name",
                                "FailedAnswers",
                                "value",
                                "1",
                                "unit",
                                "Count",
                                "dimensions",
                                Map.of("Endpoint", "$.endpoint")));
            }
            assertThat(STACK.all(ALARM))
                    .as("API Gateway writes no such line")
                    .extracting(Declaration::name)
                    .doesNotContain("direct-failed-answers");
        }

        @Test
        void let_a_job_take_the_time_that_sagemaker_gives_it() {
            assertThat(alarm("big-latency").inputs())
                    .containsEntry("threshold", 50_000_000.0)
                    .containsEntry(
                            "alarmDescription",
                            "One answer of big in twenty takes longer than 50 seconds; SageMaker gives a job up at 60");
            for (String waits : List.of("tiny", "direct")) {
                assertThat(alarm(waits + "-latency").inputs())
                        .containsEntry("threshold", 20_000_000.0)
                        .containsEntry(
                                "alarmDescription",
                                "One answer of " + waits
                                        + " in twenty takes longer than 20 seconds; API Gateway gives up at 29");
            }
        }

        @Test
        void see_a_full_disk_before_it_is_full() {
            assertThat(alarm("tiny-disk").inputs())
                    .containsEntry("namespace", "/aws/sagemaker/Endpoints")
                    .containsEntry("metricName", "DiskUtilization")
                    .containsEntry("statistic", "Maximum")
                    .containsEntry("threshold", 85.0)
                    .containsEntry("alarmActions", List.of(ALERTS));
        }

        @Test
        void tell_of_what_is_up_without_paid_time_and_of_what_does_not_start() {
            assertThat(alarm("tiny-unpaid").inputs())
                    .containsEntry("namespace", OWN)
                    .containsEntry("metricName", "Unpaid")
                    .containsEntry("dimensions", Map.of("Endpoint", "parkmeter-test-tiny"))
                    .containsEntry("statistic", "Minimum")
                    .containsEntry("threshold", 1.0)
                    .containsEntry("datapointsToAlarm", 3.0)
                    .containsEntry("evaluationPeriods", 3.0)
                    .containsEntry("alarmActions", List.of(ALERTS));
            assertThat(alarm("tiny-no-start").inputs())
                    .containsEntry("metricName", "FailedStart")
                    .containsEntry("statistic", "Maximum")
                    .containsEntry("threshold", 1.0)
                    .containsEntry("alarmActions", List.of(ALERTS));
            assertThat(STACK.all(ALARM)).extracting(Declaration::name).doesNotContain("big-unpaid", "big-no-start");
        }

        @Test
        void are_one_message_where_it_answers_badly() {
            Declaration unwell = STACK.named(COMPOSITE, "tiny-unwell");
            assertThat(unwell.input("alarmRule"))
                    .isEqualTo("ALARM(\"parkmeter-test-tiny-invoke-failed\") OR"
                            + " ALARM(\"parkmeter-test-tiny-invoke-throttled\") OR"
                            + " ALARM(\"parkmeter-test-tiny-failures\") OR ALARM(\"parkmeter-test-tiny-latency\") OR"
                            + " ALARM(\"parkmeter-test-tiny-overhead\") OR"
                            + " ALARM(\"parkmeter-test-tiny-failed-answers\")");
            assertThat(unwell.input("alarmActions")).isEqualTo(List.of(ALERTS));
            for (String part :
                    List.of("invoke-failed", "invoke-throttled", "failures", "latency", "overhead", "failed-answers")) {
                assertThat(alarm("tiny-" + part).inputs()).doesNotContainKey("alarmActions");
            }
        }

        @Test
        void have_no_function_in_them_where_api_gateway_calls_the_model_itself() {
            assertThat(STACK.named(COMPOSITE, "direct-unwell")
                            .input("alarmRule")
                            .toString())
                    .doesNotContain("invoke");
        }
    }

    @Nested
    class Other_ways_of_hosting {

        private static final Declared KINDS = Declared.of(
                StackFiles.read(
                        "test",
                        """
                config:
                  aws:region: us-east-1
                  parkmeter:models:
                    - {name: later, source: {hub: a/b}, hosting: async, routes: [{path: /later}]}
                    - name: small
                      source: {s3: 's3://weights/small.tar.gz', sizeMegabytes: 10}
                      engine: llamacpp
                      hosting: {type: serverless, memoryMegabytes: 2048}
                      routes: [{path: /small}]
                    - {name: theirs, source: {endpointConfig: theirs}, engine: tgi, routes: [{path: /theirs, via: direct}]}
                    - {name: asked, source: {endpointConfig: asked}, engine: tgi, routes: [{path: /asked}]}
                    - {name: slow, source: {hub: a/b}, routes: [{path: /slow, long: true}]}
                    - name: both
                      source: {hub: a/b}
                      hosting: {variants: [{name: one, weight: 1}, {name: two, weight: 3}]}
                      routes: [{path: /both}]
                  parkmeter:watch: {}
                """));

        private static List<String> alarmsOf(String model) {
            return forPeople(KINDS).stream()
                    .map(Declaration::name)
                    .filter(name -> name.startsWith(model + "-"))
                    .sorted()
                    .toList();
        }

        @Test
        void are_watched_by_the_metrics_that_they_have() {
            assertThat(alarmsOf("later")).containsExactly("later-backlog", "later-disk", "later-failures");
            assertThat(alarmsOf("small"))
                    .containsExactly(
                            "small-failed-answers",
                            "small-failures",
                            "small-invoke-failed",
                            "small-invoke-throttled",
                            "small-latency");
            assertThat(alarmsOf("theirs")).isEmpty();
            assertThat(alarmsOf("asked"))
                    .containsExactly("asked-failed-answers", "asked-invoke-failed", "asked-invoke-throttled");
            assertThat(alarmsOf("slow"))
                    .containsExactly(
                            "slow-disk", "slow-failed-answers", "slow-failures", "slow-latency", "slow-overhead");
            assertThat(KINDS.named(ALARM, "slow-latency").input("threshold")).isEqualTo(50_000_000.0);
            assertThat(alarmsOf("both"))
                    .contains("both-one-latency", "both-two-latency", "both-one-disk", "both-two-disk");
        }

        @Test
        void have_an_alarm_on_the_oldest_job_in_seconds_by_the_endpoint_alone() {
            assertThat(KINDS.named(ALARM, "later-backlog").inputs())
                    .containsEntry("metricName", "ApproximateAgeOfOldestRequest")
                    .containsEntry("dimensions", Map.of("EndpointName", "parkmeter-test-later"))
                    .containsEntry("threshold", 3_600.0)
                    .containsEntry("alarmActions", List.of(ALERTS));
            assertThat(KINDS.named(ALARM, "later-failures").inputs()).containsEntry("metricName", "InvocationFailures");
        }

        @Test
        void leave_the_api_to_speak_for_a_model_of_which_nothing_is_known() {
            assertThat(KINDS.named(COMPOSITE, "api-failing").input("alarmRule").toString())
                    .contains("later-unwell", "small-unwell", "both-unwell")
                    .doesNotContain("theirs");
        }
    }

    @Nested
    class A_functions_alarms {

        @Test
        void are_there_for_each_function_behind_the_api_and_for_no_other() {
            var functions = new TreeSet<String>();
            STACK.all(ALARM).stream()
                    .filter(alarm -> alarm.name().endsWith("-throttled"))
                    .forEach(alarm -> functions.add(
                            alarm.input("dimensions", "FunctionName").toString()));
            assertThat(functions)
                    .containsExactly(
                            "parkmeter-test-authorizer",
                            "parkmeter-test-big-invoke",
                            "parkmeter-test-jobs",
                            "parkmeter-test-meter-api",
                            "parkmeter-test-tiny-invoke",
                            "parkmeter-test-tokens");
            assertThat(STACK.all("aws:lambda/function:Function"))
                    .extracting(function -> function.input("name").toString())
                    .containsAll(functions);
        }

        @Test
        void compare_failures_with_calls() {
            assertThat(expression(alarm("tokens-failed"))).isEqualTo("errors / calls");
            assertThat(terms(alarm("tokens-failed")))
                    .containsEntry("errors", "AWS/Lambda Errors {FunctionName=parkmeter-test-tokens} Sum")
                    .containsEntry("calls", "AWS/Lambda Invocations {FunctionName=parkmeter-test-tokens} Sum");
            assertThat(alarm("tokens-failed").input("threshold")).isEqualTo(0.05);
            assertThat(alarm("tokens-throttled").inputs())
                    .containsEntry("metricName", "Throttles")
                    .containsEntry("threshold", 0.0);
        }
    }

    @Nested
    class The_apis_alarm {

        @Test
        void counts_no_answer_of_a_stopped_model_as_a_failure() {
            assertThat(expression(alarm("api-5xx"))).isEqualTo("(failed - FILL(stopped, 0)) / calls");
            assertThat(terms(alarm("api-5xx")))
                    .isEqualTo(Map.of(
                            "failed", "AWS/ApiGateway 5XXError {ApiName=parkmeter-test, Stage=prod} Sum",
                            "calls", "AWS/ApiGateway Count {ApiName=parkmeter-test, Stage=prod} Sum",
                            "stopped", OWN + " StoppedAnswers {} Sum"));
            assertThat(alarm("api-5xx").input("threshold"))
                    .as("a rate from 0 to 1")
                    .isEqualTo(0.05);
        }

        @Test
        void counts_those_answers_in_the_lines_of_the_models_function() {
            Declaration filter = STACK.named(FILTER, "tiny-invoke-stopped-answers");
            assertThat(filter.inputs())
                    .containsEntry("logGroupName", "/aws/lambda/parkmeter-test-tiny-invoke")
                    .containsEntry("pattern", "{ ($.code = \"model_stopped\") || ($.code = \"model_starting\") }");
            assertThat(filter.input("metricTransformation"))
                    .isEqualTo(Map.of("namespace", OWN, "name", "StoppedAnswers", "value", "1", "unit", "Count"));
            assertThat(STACK.all(FILTER)).extracting(Declaration::name).doesNotContain("big-invoke-stopped-answers");
        }

        @Test
        void is_silent_beside_a_model_that_is_unwell() {
            assertThat(STACK.named(COMPOSITE, "api-failing").input("alarmRule").toString())
                    .startsWith("(ALARM(\"parkmeter-test-authorizer-failed\") OR ")
                    .contains(" OR ALARM(\"parkmeter-test-api-5xx\")) AND NOT (ALARM(\"parkmeter-test-tiny-unwell\") OR"
                            + " ALARM(\"parkmeter-test-big-unwell\") OR ALARM(\"parkmeter-test-direct-unwell\"))")
                    .doesNotContain("tiny-invoke");
        }

        @Test
        void knows_an_http_api_by_its_id_and_by_its_metrics_other_names() {
            Declaration alarm = HTTP.named(ALARM, "api-5xx");
            assertThat(expression(alarm)).isEqualTo("failed / calls");
            assertThat(terms(alarm))
                    .isEqualTo(Map.of(
                            "failed", "AWS/ApiGateway 5xx {ApiId=api-http-id, Stage=prod} Sum",
                            "calls", "AWS/ApiGateway Count {ApiId=api-http-id, Stage=prod} Sum"));
        }
    }

    @Nested
    class Every_alarm {

        @ParameterizedTest
        @MethodSource("parkmeter.WatchTest#watched")
        void but_that_of_the_missing_tick_takes_silence_for_a_good_sign(Declared stack) {
            assertThat(forPeople(stack)).isNotEmpty().allSatisfy(alarm -> assertThat(alarm.input("treatMissingData"))
                    .as(alarm.name())
                    .isEqualTo(alarm.name().equals("meter-tick-missing") ? "breaching" : "notBreaching"));
        }

        @ParameterizedTest
        @MethodSource("parkmeter.WatchTest#watched")
        void says_in_a_sentence_what_it_is_about(Declared stack) {
            assertThat(forPeople(stack)).allSatisfy(alarm -> assertThat(
                            alarm.input("alarmDescription").toString())
                    .as(alarm.name())
                    .hasSizeBetween(20, 1024));
        }

        @ParameterizedTest
        @MethodSource("parkmeter.WatchTest#watched")
        void tells_somebody_or_is_part_of_one_that_does(Declared stack) {
            var rules = new StringBuilder();
            stack.all(COMPOSITE).forEach(composite -> {
                rules.append(composite.input("alarmRule"));
                assertThat((List<?>) composite.input("alarmActions")).hasSize(1);
            });
            assertThat(forPeople(stack)).allSatisfy(alarm -> {
                boolean tells = alarm.inputs().containsKey("alarmActions");
                boolean part = rules.toString().contains("ALARM(\"" + alarm.input("name") + "\")");
                assertThat(tells).as(alarm.name()).isNotEqualTo(part);
            });
        }

        @ParameterizedTest
        @MethodSource("parkmeter.WatchTest#watched")
        void stands_before_the_composite_that_is_made_of_it(Declared stack) {
            stack.all(COMPOSITE).forEach(composite -> {
                var first = new ArrayList<String>();
                List<Resource> dependsOn = new ArrayList<>();
                stack.options(composite).getDependsOn().applyValue(dependsOn::addAll);
                dependsOn.forEach(resource ->
                        first.add("ALARM(\"" + stack.config().names().of(resource.pulumiResourceName()) + "\")"));
                assertThat(composite.input("alarmRule").toString().split(" (OR|AND NOT) "))
                        .extracting(part -> part.replaceAll("^\\(|\\)$", "").replaceAll("^\\(|\\)$", ""))
                        .as(composite.name())
                        .allSatisfy(part -> assertThat(first).anyMatch(known -> known.startsWith(part)));
            });
        }
    }

    @Nested
    class Who_is_told {

        @Test
        void hears_over_a_topic_of_the_stacks_own() {
            assertThat(STACK.named("aws:sns/topic:Topic", "alerts-topic").input("name"))
                    .isEqualTo("parkmeter-test-alerts");
            assertThat(STACK.named("aws:sns/topicSubscription:TopicSubscription", "alerts-mail-ops@example.com")
                            .inputs())
                    .containsEntry("protocol", "email")
                    .containsEntry("endpoint", "ops@example.com");
        }

        @Test
        void hears_cloudwatch_and_the_budget_of_this_account_and_nobody_else() {
            JsonNode policy = STACK.policy("alerts-topic");
            assertThat(Declared.statements(policy))
                    .extracting(
                            statement -> statement.at("/Principal/Service").asText(),
                            statement -> statement.path("Action").toString(),
                            statement -> statement.path("Resource").toString(),
                            statement -> statement
                                    .at("/Condition/StringEquals/aws:SourceAccount")
                                    .asText())
                    .containsExactly(
                            org.assertj.core.api.Assertions.tuple(
                                    "cloudwatch.amazonaws.com",
                                    "[\"sns:Publish\"]",
                                    "[\"" + ALERTS + "\"]",
                                    "123456789012"),
                            org.assertj.core.api.Assertions.tuple(
                                    "budgets.amazonaws.com",
                                    "[\"sns:Publish\"]",
                                    "[\"" + ALERTS + "\"]",
                                    "123456789012"));
            assertThat(policy.at("/Statement/0/Condition/ArnLike/aws:SourceArn").asText())
                    .isEqualTo("arn:aws:cloudwatch:us-east-1:123456789012:alarm:parkmeter-test-*");
            assertThat(Declared.statements(HTTP.policy("alerts-topic")))
                    .as("no budget, no word of it")
                    .hasSize(1);
        }

        @Test
        void hears_of_the_ticks_alarms_too_and_others_only_of_the_meters_news() {
            for (String what : List.of("errors", "missing")) {
                assertThat(alarm("meter-tick-" + what).input("alarmActions")).isEqualTo(List.of(ALERTS));
            }
            assertThat(STACK.all("aws:sns/topicSubscription:TopicSubscription"))
                    .extracting(subscription -> subscription.input("topic") + " " + subscription.input("endpoint"))
                    .containsExactlyInAnyOrder(
                            ALERTS + " ops@example.com",
                            "arn:aws:sns:us-east-1:123456789012:parkmeter-test-meter news@example.com");
        }

        @Test
        void may_be_whoever_subscribes_to_a_topic_that_is_there() {
            String topic = "arn:aws:sns:us-east-1:210987654321:ops";
            Declared stack = stack("{topic: '" + topic + "'}");
            assertThat(stack.all("aws:sns/topic:Topic"))
                    .extracting(Declaration::name)
                    .containsExactly("meter-topic");
            assertThat(stack.named(ALARM, "tiny-unpaid").input("alarmActions")).isEqualTo(List.of(topic));
            assertThat(stack.named(ALARM, "meter-tick-missing").input("alarmActions"))
                    .isEqualTo(List.of(topic));
        }
    }

    @Nested
    class The_budget {

        @Test
        void is_told_at_80_and_100_per_cent_and_when_more_is_to_be_expected() {
            Declaration budget = STACK.only("aws:budgets/budget:Budget");
            assertThat(budget.inputs())
                    .containsEntry("name", "parkmeter-test")
                    .containsEntry("budgetType", "COST")
                    .containsEntry("timeUnit", "MONTHLY")
                    .containsEntry("limitAmount", "49.5")
                    .containsEntry("limitUnit", "USD");
            assertThat((List<?>) budget.input("notifications"))
                    .extracting(notice -> ((Map<?, ?>) notice).get("notificationType") + " "
                            + ((Map<?, ?>) notice).get("threshold") + " "
                            + ((Map<?, ?>) notice).get("thresholdType") + " "
                            + ((Map<?, ?>) notice).get("comparisonOperator") + " "
                            + ((Map<?, ?>) notice).get("subscriberSnsTopicArns"))
                    .containsExactly(
                            "ACTUAL 80.0 PERCENTAGE GREATER_THAN [" + ALERTS + "]",
                            "ACTUAL 100.0 PERCENTAGE GREATER_THAN [" + ALERTS + "]",
                            "FORECASTED 100.0 PERCENTAGE GREATER_THAN [" + ALERTS + "]");
        }

        @Test
        void counts_what_carries_the_stacks_tag() {
            assertThat(STACK.only("aws:budgets/budget:Budget").input("costFilters"))
                    .isEqualTo(List.of(Map.of("name", "TagKeyValue", "values", List.of("user:Stack$test"))));
            assertThat(STACK.only("pulumi:providers:aws").input("defaultTags").toString())
                    .contains("\"Stack\":\"test\"");
            assertThat(STACK.named("aws:lambda/function:Function", "meter-tick-function")
                            .input("environment", "variables", "PARKMETER_TAGS")
                            .toString())
                    .as("what the meter starts is counted too")
                    .contains("\"Stack\":\"test\"");
            assertThat(Notes.of(STACK.config())).anySatisfy(note -> assertThat(note)
                    .startsWith("The budget counts what carries the tag Stack=test, once somebody has made Stack a cost"
                            + " allocation tag"));
        }

        @Test
        void may_do_without_the_forecast_and_without_alarms() {
            Declared stack = stack("{alarms: false, dashboard: false, budget: {monthlyDollars: 5, forecast: false}}");
            assertThat((List<?>) stack.only("aws:budgets/budget:Budget").input("notifications"))
                    .hasSize(2);
            assertThat(stack.all(ALARM))
                    .extracting(Declaration::name)
                    .containsExactlyInAnyOrder("meter-tick-errors", "meter-tick-missing");
            assertThat(stack.all(COMPOSITE)).isEmpty();
            assertThat(stack.all(FILTER)).isEmpty();
            assertThat(stack.all("aws:cloudwatch/dashboard:Dashboard")).isEmpty();
            assertThat(stack.named(ALARM, "meter-tick-missing").input("alarmActions"))
                    .as("they are the meter's own news then")
                    .isEqualTo(List.of("arn:aws:sns:us-east-1:123456789012:parkmeter-test-meter"));
        }
    }

    @Nested
    class The_access_log {

        @Test
        void has_a_line_for_each_request_without_a_word_of_it_or_a_key_or_an_address() {
            Declaration stage = STACK.only("aws:apigateway/stage:Stage");
            assertThat(STACK.named("aws:cloudwatch/logGroup:LogGroup", "api-access-log")
                            .inputs())
                    .containsEntry("name", "/aws/vendedlogs/apis/parkmeter-test")
                    .containsEntry("retentionInDays", 14.0);
            assertThat(stage.input("accessLogSettings", "destinationArn").toString())
                    .endsWith("log-group:/aws/vendedlogs/apis/parkmeter-test");
            JsonNode line = json(stage.input("accessLogSettings", "format").toString());
            assertThat(line.properties()).hasSize(11).allSatisfy(field -> assertThat(
                            field.getValue().asText())
                    .matches("\\$context\\.(requestId|requestTime|httpMethod|resourcePath|status|responseLength"
                            + "|responseLatency|integration\\.latency|integration\\.integrationStatus"
                            + "|identity\\.apiKeyId|error\\.responseType)"));
        }

        @Test
        void is_a_rest_apis_only_where_it_is_asked_for() {
            assertThat(stack("{}").only("aws:apigateway/stage:Stage").inputs()).doesNotContainKey("accessLogSettings");
            assertThat(stack("{}").all("aws:cloudwatch/logGroup:LogGroup"))
                    .extracting(Declaration::name)
                    .doesNotContain("api-access-log");
        }

        @Test
        void leaves_the_setting_that_all_apis_of_the_account_share_alone() {
            assertThat(STACK.all("aws:apigateway/account:Account")).isEmpty();
        }
    }

    @Nested
    class The_ticks_metrics {

        @Test
        void are_written_where_somebody_looks_at_them() {
            assertThat(STACK.named("aws:lambda/function:Function", "meter-tick-function")
                            .input("environment", "variables", "PARKMETER_METRICS"))
                    .isEqualTo(OWN);
            assertThat(STACK.named("aws:lambda/function:Function", "meter-api-function")
                            .input("environment", "variables")
                            .toString())
                    .doesNotContain("PARKMETER_METRICS");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{alarms: false} | true",
                    "{dashboard: false} | true",
                    "{alarms: false, dashboard: false} | false"
                })
        void are_left_out_where_nobody_does(String watch, boolean written) {
            assertThat(stack(watch)
                            .named("aws:lambda/function:Function", "meter-tick-function")
                            .input("environment", "variables")
                            .toString()
                            .contains("PARKMETER_METRICS"))
                    .isEqualTo(written);
        }
    }

    @Test
    void the_tokens_of_a_model_are_counted_in_the_lines_of_its_function() {
        assertThat(STACK.named(FILTER, "big-invoke-prompt-tokens").inputs())
                .containsEntry("logGroupName", "/aws/lambda/parkmeter-test-big-invoke")
                .containsEntry("pattern", "{ $.promptTokens = * }");
        assertThat(STACK.named(FILTER, "big-invoke-completion-tokens").input("metricTransformation"))
                .isEqualTo(Map.of(
                        "namespace",
                        OWN,
                        "name",
                        "CompletionTokens",
                        "value",
                        "$.completionTokens",
                        "unit",
                        "Count",
                        "dimensions",
                        Map.of("Model", "$.model")));
        assertThat(STACK.all(FILTER))
                .extracting(Declaration::name)
                .filteredOn(name -> name.endsWith("-tokens"))
                .hasSize(4);
    }

    @Test
    void nothing_is_declared_where_nothing_is_watched() {
        Declared stack =
                Declared.of(StackFiles.read("test", METERED.substring(0, METERED.indexOf("  parkmeter:watch"))));
        assertThat(stack.all()).extracting(Declaration::type).noneMatch(type -> type.startsWith("parkmeter:watch:"));
        assertThat(stack.all()).extracting(Declaration::type).doesNotContain(FILTER, COMPOSITE);
    }

    @Test
    void the_dashboard_is_called_as_the_stack_and_lists_every_alarm() {
        Declaration dashboard = STACK.only("aws:cloudwatch/dashboard:Dashboard");
        assertThat(dashboard.input("dashboardName")).isEqualTo("parkmeter-test");
        var arns = new TreeSet<String>();
        dashboard
                .json("dashboardBody")
                .findValues("alarms")
                .forEach(list -> list.forEach(arn -> arns.add(arn.asText())));
        var alarms = new TreeSet<String>();
        STACK.all(ALARM).forEach(alarm -> alarms.add(alarm.input("name").toString()));
        STACK.all(COMPOSITE)
                .forEach(alarm -> alarms.add(alarm.input("alarmName").toString()));
        assertThat(arns)
                .extracting(arn -> arn.replace("arn:aws:cloudwatch:us-east-1:123456789012:alarm:", ""))
                .containsExactlyElementsOf(alarms);
    }

    private static JsonNode json(String text) {
        try {
            return Objects.requireNonNull(new com.fasterxml.jackson.databind.ObjectMapper().readTree(text));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
