package parkmeter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import parkmeter.config.StackConfig;
import parkmeter.config.StackFiles;
import parkmeter.price.PriceList;

class StackCostTest {

    private static final PriceList PRICES = PriceList.read(
            """
            region,type,dollars,date,source
            eu-west-2,ml.g5.xlarge,1.755,2026-11-02,a list
            eu-west-2,ml.g6.xlarge,0.1,2026-11-02,a list
            us-east-1,ml.g5.xlarge,1.4,2026-11-02,a list
            us-east-1,ml.g5.12xlarge,7,2026-11-02,a list
            """);

    private static StackConfig stack(String... models) {
        return StackFiles.read(
                "dev",
                "config:\n  aws:region: eu-west-2\n  parkmeter:models:\n    - "
                        + String.join("\n    - ", models)
                        + "\n");
    }

    private static String model(String name, String type, int instances) {
        return "{name: " + name + ", source: {hub: a/b}, hosting: {instanceType: " + type + ", instances: " + instances
                + "}, routes: [{path: /" + name + "}]}";
    }

    @Test
    void the_prices_of_all_instances_are_added_up_without_losing_a_cent() {
        assertThat(StackCost.line(stack(model("a", "ml.g5.xlarge", 2), model("b", "ml.g6.xlarge", 3)), PRICES))
                .contains("This stack costs 3.81 USD an hour while it runs: a 3.51 (2 x ml.g5.xlarge), b 0.30 (3 x"
                        + " ml.g6.xlarge).");
    }

    @Test
    void what_is_unknown_is_named_and_added_to_nothing() {
        assertThat(StackCost.line(stack(model("a", "ml.g5.xlarge", 1), model("b", "ml.p5.48xlarge", 1)), PRICES))
                .contains(
                        "This stack costs at least 1.76 USD an hour while it runs: a 1.76 (1 x ml.g5.xlarge). Unknown in"
                                + " eu-west-2: b (1 x ml.p5.48xlarge); `make prices REGION=eu-west-2` asks AWS's price"
                                + " list.");
        assertThat(StackCost.line(stack(model("b", "ml.p5.48xlarge", 1)), PRICES))
                .contains("What this stack costs an hour while it runs is unknown in eu-west-2: b (1 x ml.p5.48xlarge);"
                        + " `make prices REGION=eu-west-2` asks AWS's price list.");
    }

    @Test
    void what_is_unknown_in_the_region_costs_about_what_it_costs_where_it_is_known() {
        assertThat(StackCost.line(stack(model("a", "ml.g5.12xlarge", 2), model("b", "ml.p5.48xlarge", 1)), PRICES))
                .contains("What this stack costs an hour while it runs is unknown in eu-west-2: a (2 x ml.g5.12xlarge,"
                        + " about 14.00 USD an hour in us-east-1), b (1 x ml.p5.48xlarge); `make prices"
                        + " REGION=eu-west-2` asks AWS's price list.");
    }

    @Test
    void a_model_that_scales_costs_from_its_fewest_instances_to_its_most() {
        String scales = model("a", "ml.g5.xlarge", 2).replace("instances: 2", "scaling: {min: 2, max: 8}");
        assertThat(StackCost.line(stack(scales, model("b", "ml.g6.xlarge", 1)), PRICES))
                .contains("This stack costs 3.61 to 14.14 USD an hour while it runs: a 3.51 to 14.04 (2 to 8 x"
                        + " ml.g5.xlarge), b 0.10 (1 x ml.g6.xlarge).");
        assertThat(StackCost.line(stack(scales, model("b", "ml.p5.48xlarge", 1)), PRICES))
                .hasValueSatisfying(line -> assertThat(line)
                        .startsWith(
                                "This stack costs at least 3.51 USD an hour while it runs: a 3.51 to 14.04 (2 to 8"));
    }

    @Test
    void limits_that_hold_from_a_time_on_are_in_the_range() {
        String scales = model("a", "ml.g5.xlarge", 2)
                .replace(
                        "instances: 2",
                        "scaling: {min: 2, max: 4, schedule: [{name: n, when: 'cron(0 8 * * ? *)', min: 1, max: 6}]}");
        assertThat(StackCost.line(stack(scales), PRICES))
                .contains("This stack costs 1.76 to 10.53 USD an hour while it runs: a 1.76 to 10.53 (1 to 6 x"
                        + " ml.g5.xlarge).");
    }

    @Test
    void the_instances_of_a_metered_models_windows_are_in_the_range() {
        String windows = model("a", "ml.g5.xlarge", 2)
                .replace(
                        "}]}",
                        "}], lifecycle: {type: metered, schedule: [{days: [mon], start: '08:00', stop: '10:00', timezone:"
                                + " UTC, instances: 3}, {days: [tue], start: '08:00', stop: '10:00', timezone: UTC}]}}");
        assertThat(StackCost.line(stack(windows), PRICES))
                .contains("This stack costs 3.51 to 5.27 USD an hour while it runs: a 3.51 to 5.27 (2 to 3 x"
                        + " ml.g5.xlarge).");
    }

    @Test
    void an_asynchronous_model_without_jobs_costs_nothing() {
        assertThat(StackCost.line(
                        stack(model("a", "ml.g5.xlarge", 2).replace("{instanceType", "{type: async, instanceType")),
                        PRICES))
                .contains("This stack costs 0.00 to 3.51 USD an hour while it runs: a 0.00 to 3.51 (0 to 2 x"
                        + " ml.g5.xlarge).");
    }

    @Test
    void a_model_of_which_one_price_is_unknown_is_unknown_as_a_whole() {
        String both =
                "{name: both, source: {hub: a/b}, hosting: {variants: [{name: one, weight: 1, instanceType: ml.g5.xlarge},"
                        + " {name: two, weight: 1, instanceType: ml.p5.48xlarge}]}}";
        assertThat(StackCost.line(stack(both), PRICES)).hasValueSatisfying(line -> assertThat(line)
                .startsWith("What this stack costs an hour while it runs is unknown in eu-west-2: both (1 x"
                        + " ml.g5.xlarge and 1 x ml.p5.48xlarge)"));
    }

    @Test
    void a_stack_without_models_says_nothing_of_it() {
        StackConfig stack = StackFiles.read(
                "dev",
                "config: {'aws:region': eu-west-2, 'parkmeter:routes': [{path: /model, via: {function: Mine}}]}");
        assertThat(StackCost.line(stack, PRICES)).isEmpty();
    }

    @Test
    void a_model_without_instances_of_its_own_costs_nothing_an_hour_or_what_others_decided() {
        String serverless =
                "{name: s, source: {s3: 's3://weights/s.tar.gz', sizeMegabytes: 10}, engine: llamacpp, hosting: {type:"
                        + " serverless, memoryMegabytes: 2048}, routes: [{path: /s}]}";
        String elsewhere =
                "{name: e, source: {endpointConfig: theirs}, engine: tgi, routes: [{path: /e, via: direct}]}";
        assertThat(StackCost.line(stack(serverless), PRICES)).isEmpty();
        assertThat(StackCost.line(stack(serverless, elsewhere), PRICES)).hasValueSatisfying(line -> assertThat(line)
                .startsWith("What this stack costs an hour while it runs is unknown in eu-west-2: e (as its"
                        + " EndpointConfiguration says)"));
    }

    @Test
    void the_meter_counts_by_the_table_unless_the_stack_file_says_what_an_hour_costs() {
        String known = model("a", "ml.g5.xlarge", 2).replace("}]}", "}], lifecycle: metered}");
        assertThat(hourlyCost(known)).contains("3.510");
        assertThat(hourlyCost(known.replace("lifecycle: metered", "lifecycle: {type: metered, hourlyCost: 9}")))
                .contains("9");
        assertThat(hourlyCost(known.replace("g5.xlarge", "p5.48xlarge"))).isEmpty();
    }

    private static java.util.Optional<String> hourlyCost(String model) {
        return stack(model).models().get(0).priced(PRICES, "eu-west-2").lifecycle()
                        instanceof parkmeter.config.Lifecycle.Metered metered
                ? metered.hourlyCost().map(Object::toString)
                : java.util.Optional.empty();
    }
}
