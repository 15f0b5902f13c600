package parkmeter.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.pulumi.core.Output;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.config.Fleet;
import parkmeter.config.Names;

class DashboardBodyTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final WatchedApi REST = new WatchedApi(true, Output.of(Map.of()));
    private static final Map<String, String> API = Map.of("ApiName", "parkmeter-dev", "Stage", "prod");

    private static final WatchedModel METERED = model(
            "tiny", Fleet.Kind.REAL_TIME, true, Map.of("AllTraffic", new BigDecimal("1.408")), group("AllTraffic", 2));
    private static final WatchedModel ASYNC = model("later", Fleet.Kind.ASYNC, false, Map.of(), group("AllTraffic", 1));
    private static final WatchedModel SERVERLESS = model(
            "small", Fleet.Kind.SERVERLESS, false, Map.of(), new Fleet.Group("AllTraffic", Optional.empty(), 0, 0, 0));
    private static final WatchedModel TWO_VARIANTS = model(
            "both",
            Fleet.Kind.REAL_TIME,
            false,
            Map.of("old", new BigDecimal("1.408"), "new", new BigDecimal("2.61")),
            group("old", 1),
            group("new", 3));

    private static final WatchedModel ELSEWHERE = model("others", Fleet.Kind.ELSEWHERE, false, Map.of());

    private static WatchedModel model(
            String name, Fleet.Kind kind, boolean metered, Map<String, BigDecimal> prices, Fleet.Group... groups) {
        return new WatchedModel(
                name,
                "parkmeter-dev-" + name,
                new Fleet(kind, List.of(groups)),
                metered,
                Optional.of(name + "-invoke"),
                WatchedModel.Calls.WAITED_FOR,
                prices,
                "USD");
    }

    private static Fleet.Group group(String variant, int instances) {
        return new Fleet.Group(variant, Optional.of("ml.g5.xlarge"), instances, instances, instances);
    }

    private static JsonNode dashboard(List<String> alarms, WatchedModel... models) {
        return json(DashboardBody.of(new Names("parkmeter", "dev"), "eu-west-2", REST, API, List.of(models), alarms));
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode graph(JsonNode dashboard, String title) {
        for (JsonNode widget : dashboard.path("widgets")) {
            if (widget.at("/properties/title").asText().equals(title)) {
                return widget.path("properties");
            }
        }
        throw new AssertionError("no graph " + title + " in " + titles(dashboard));
    }

    private static List<String> titles(JsonNode dashboard) {
        var titles = new ArrayList<String>();
        dashboard.path("widgets").forEach(widget -> {
            JsonNode properties = widget.path("properties");
            titles.add(properties
                    .path("title")
                    .asText(properties
                            .path("markdown")
                            .asText()
                            .lines()
                            .findFirst()
                            .orElse("")));
        });
        return titles;
    }

    @Test
    void it_breaks_no_rule_of_cloudwatchs_for_whatever_a_stack_serves() {
        List<String> alarms =
                Collections.nCopies(113, "arn:aws:cloudwatch:eu-west-2:123456789012:alarm:parkmeter-dev-x");
        assertThat(DashboardRules.brokenBy(dashboard(alarms, METERED, ASYNC, SERVERLESS, TWO_VARIANTS, ELSEWHERE)))
                .isEmpty();
        assertThat(DashboardRules.brokenBy(dashboard(List.of()))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"type\":\"text\" | \"type\":\"words\" | a kind of widget that there is not",
                "\"width\":8 | \"width\":9 | alone where it is",
                "\"period\":60 | \"period\":61 | a period of whole minutes",
                "\"stat\":\"p95\" | \"stat\":\"95\" | a statistic that there is",
                "\"id\":\"m0\" | \"id\":\"M0\" | an id of its own: M0",
                "100 * m0 | 100 * n0 | expressions over ids that there are: [m1, n0]",
                "\"Stage\",\"prod\" | \"Stage\" | namespace, name, and dimensions in pairs",
                "\"region\":\"eu-west-2\" | \"region\":\"\" | a region",
            })
    void a_body_that_cloudwatch_would_refuse_is_found(String what, String instead, String rule) {
        String good = dashboard(List.of(), METERED).toString();
        assertThat(good).contains(what);
        assertThat(DashboardRules.brokenBy(json(good.replace(what, instead))))
                .anySatisfy(broken -> assertThat(broken).contains(rule));
    }

    @Test
    void it_goes_from_the_alarms_and_the_api_to_each_model_and_there_from_calls_to_cost() {
        assertThat(titles(dashboard(
                        List.of("arn:aws:cloudwatch:eu-west-2:123456789012:alarm:parkmeter-dev-x"),
                        METERED,
                        SERVERLESS)))
                .containsExactly(
                        "# parkmeter-dev",
                        "Alarms",
                        "## API",
                        "Requests a minute",
                        "Failed requests, %",
                        "Latency, ms",
                        "## tiny",
                        "Calls of the model a minute",
                        "Latency of the model, ms",
                        "Tokens a minute",
                        "Instances",
                        "In use, %: 100 for each GPU",
                        "Minutes left on the meter",
                        "Cost since the graph begins, USD",
                        "## small",
                        "Calls of the model a minute",
                        "Latency of the model, ms",
                        "Tokens a minute",
                        "Memory in use, %");
    }

    @Test
    void sagemakers_latencies_are_shown_in_milliseconds_and_api_gateways_are_already() {
        JsonNode dashboard = dashboard(List.of(), METERED);
        JsonNode latency = graph(dashboard, "Latency of the model, ms").path("metrics");
        assertThat(latency.get(0).toString())
                .isEqualTo(
                        "[\"AWS/SageMaker\",\"ModelLatency\",\"EndpointName\",\"parkmeter-dev-tiny\",\"VariantName\","
                                + "\"AllTraffic\",{\"stat\":\"p50\",\"id\":\"m0\",\"visible\":false}]");
        assertThat(latency.get(1).toString())
                .isEqualTo("[{\"expression\":\"m0 / 1000\",\"label\":\"p50\",\"id\":\"e1\"}]");
        assertThat(graph(dashboard, "Latency, ms").path("metrics").get(0).toString())
                .isEqualTo("[\"AWS/ApiGateway\",\"Latency\",\"ApiName\",\"parkmeter-dev\",\"Stage\",\"prod\","
                        + "{\"stat\":\"p50\",\"label\":\"p50\"}]");
    }

    @Test
    void an_instance_is_a_report_a_minute_and_its_hours_cost_what_the_table_says() {
        JsonNode dashboard = dashboard(List.of(), METERED, TWO_VARIANTS);
        assertThat(graph(dashboard, "Instances").at("/metrics/1/0/expression").asText())
                .isEqualTo("60 * m0 / PERIOD(m0)");
        JsonNode cost = graph(dashboard, "Cost since the graph begins, USD");
        assertThat(cost.path("period").asInt()).isEqualTo(3600);
        assertThat(cost.at("/metrics/1/0/expression").asText()).isEqualTo("RUNNING_SUM(m0 / 60 * 1.408)");
        assertThat(dashboard.findValuesAsText("expression")).contains("RUNNING_SUM(m0 / 60 * 1.408 + m1 / 60 * 2.61)");
        assertThat(dashboard.findValuesAsText("markdown"))
                .contains(
                        "## tiny\nEndpoint parkmeter-dev-tiny, 2 x ml.g5.xlarge, 1.408 USD an hour each. Where there is no"
                                + " line, it is stopped.");
    }

    @Test
    void a_price_that_is_unknown_is_called_unknown_and_draws_no_line_at_0() {
        WatchedModel unknown = model("dear", Fleet.Kind.REAL_TIME, false, Map.of(), group("AllTraffic", 1));
        JsonNode dashboard = dashboard(List.of(), unknown);
        assertThat(titles(dashboard)).noneMatch(title -> title.startsWith("Cost"));
        assertThat(dashboard.findValuesAsText("markdown"))
                .contains("## dear\nEndpoint parkmeter-dev-dear, 1 x ml.g5.xlarge, what an hour costs is unknown.");
    }

    @Test
    void a_model_that_scales_says_from_how_many_instances_to_how_many() {
        WatchedModel scales = model(
                "wide",
                Fleet.Kind.REAL_TIME,
                false,
                Map.of("AllTraffic", new BigDecimal("1.408")),
                new Fleet.Group("AllTraffic", Optional.of("ml.g5.xlarge"), 2, 1, 4));
        assertThat(dashboard(List.of(), scales).findValuesAsText("markdown"))
                .contains("## wide\nEndpoint parkmeter-dev-wide, 1 to 4 x ml.g5.xlarge, 1.408 USD an hour each.");
    }

    @Test
    void what_callers_were_told_is_beside_sagemakers_own_count_which_takes_tgis_failures_for_refusals() {
        JsonNode dashboard = dashboard(List.of(), METERED);
        assertThat(graph(dashboard, "Calls of the model a minute")
                        .path("metrics")
                        .toString())
                .contains("[\"Parkmeter/parkmeter-dev\",\"FailedAnswers\",\"Endpoint\",\"parkmeter-dev-tiny\","
                        + "{\"stat\":\"Sum\",\"label\":\"failed, as callers were told\"}]");
    }

    @Test
    void a_model_on_an_endpoint_configuration_of_others_shows_what_the_function_that_calls_it_knows() {
        assertThat(titles(dashboard(List.of(), ELSEWHERE)))
                .contains("## others", "Calls that the model failed a minute", "Tokens a minute");
    }

    @Test
    void an_asynchronous_model_shows_its_jobs_by_the_metrics_that_it_has() {
        JsonNode dashboard = dashboard(List.of(), ASYNC);
        assertThat(graph(dashboard, "Jobs that wait, and for how many seconds")
                        .at("/metrics/1")
                        .toString())
                .isEqualTo(
                        "[\"AWS/SageMaker\",\"ApproximateAgeOfOldestRequest\",\"EndpointName\",\"parkmeter-dev-later\","
                                + "{\"stat\":\"Maximum\",\"label\":\"seconds of the oldest\"}]");
        assertThat(dashboard.toString()).doesNotContain("OverheadLatency", "\"Invocations\"");
    }
}
