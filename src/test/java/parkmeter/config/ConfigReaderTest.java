package parkmeter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.config.ConfigProblems.Problem;

/** Every rule of a stack file, and the message that a person sees when it is broken. */
class ConfigReaderTest {

    private static final String GOOD = "{name: tiny, source: {hub: a/b}}";

    /** The problems of a stack file with a region and these lines. */
    private static List<Problem> problems(String... lines) {
        return problems(Set.of(), "aws:region: eu-west-2", lines);
    }

    private static List<Problem> problems(Set<String> secretKeys, String first, String... lines) {
        return failure(secretKeys, first, lines).problems();
    }

    private static ConfigProblems failure(Set<String> secretKeys, String first, String... lines) {
        String yaml = "config:\n  " + first + "\n  " + String.join("\n  ", lines) + "\n";
        return Objects.requireNonNull(
                catchThrowableOfType(
                        ConfigProblems.class,
                        () -> ConfigReader.read(
                                new Names("parkmeter", "dev"),
                                StackFiles.values(yaml),
                                secretKeys,
                                StackFiles.NO_LOCK)),
                () -> "accepted: " + yaml);
    }

    private static Problem only(List<Problem> problems) {
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    private static Lifecycle lifecycle(String section) {
        return StackFiles.read(
                        "dev",
                        "config: {'aws:region': eu-west-2, 'parkmeter:models': [{name: tiny, source: {hub: a/b}, lifecycle: "
                                + section + "}]}")
                .models()
                .get(0)
                .lifecycle();
    }

    private static String window(String window) {
        return model("lifecycle: {type: metered, schedule: [" + window + "]}");
    }

    private static String model(String more) {
        return "parkmeter:models: [{name: tiny, source: {hub: a/b}, " + more + "}]";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hosting: {instances: two} | hosting.instances | '\"two\"' | must be a whole number from 1 to 100 | 1",
                "hosting: {instances: '2'} | hosting.instances | '\"2\"' | must be a whole number from 1 to 100 | 1",
                "hosting: {instances: 1.5} | hosting.instances | 1.5 | must be a whole number from 1 to 100 | 1",
                "hosting: {instances: 0} | hosting.instances | 0 | must be a whole number from 1 to 100 | 1",
                "hosting: {instances: 101} | hosting.instances | 101 | must be a whole number from 1 to 100 | 1",
                "hosting: {instances: 99999999999999} | hosting.instances | 99999999999999 | must be a whole number from 1 to 100 | 1",
                "hosting: {instances: true} | hosting.instances | true | must be a whole number from 1 to 100 | 1",
                "hosting: {startupHealthCheckSeconds: 59} | hosting.startupHealthCheckSeconds | 59 | must be a whole number from 60 to 3600 | 900",
                "hosting: {modelDownloadSeconds: 3601} | hosting.modelDownloadSeconds | 3601 | must be a whole number from 60 to 3600 | 900",
                "hosting: {volumeGigabytes: 513} | hosting.volumeGigabytes | 513 | must be a whole number from 1 to 512 | 128",
                "engine: {trustRemoteCode: 'yes'} | engine.trustRemoteCode | '\"yes\"' | must be true or false | false",
                "engine: {trustRemoteCode: 1} | engine.trustRemoteCode | 1 | must be true or false | false",
                "engine: {maxInputTokens: -1} | engine.maxInputTokens | -1 | must be a whole number from 1 to 10000000 | 1536",
                "engine: {dtype: float64} | engine.dtype | '\"float64\"' | must be one of bfloat16, float16 | bfloat16",
                "engine: tgx | engine.type | '\"tgx\"' | must be one of llamacpp, tgi, vllm | tgi",
                "lifecycle: {type: sometimes} | lifecycle.type | '\"sometimes\"' | must be one of alwaysOn, metered | alwaysOn",
                "lifecycle: {type: metered, initialMinutes: -1} | lifecycle.initialMinutes | -1 | must be a whole number from 0 to 44640 | 90",
                "lifecycle: {type: metered, maxMinutes: 0} | lifecycle.maxMinutes | 0 | must be a whole number from 1 to 44640 | 480",
                "lifecycle: {type: metered, maxMinutes: 44641} | lifecycle.maxMinutes | 44641 | must be a whole number from 1 to 44640 | 480",
                "lifecycle: {type: metered, maxMinutes: 0, initialMinutes: 600} | lifecycle.maxMinutes | 0 | must be a whole number from 1 to 44640 | 480",
                "lifecycle: {type: metered, idleMinutes: 4} | lifecycle.idleMinutes | 4 | must be a whole number from 5 to 44640, or 0: never | 30",
                "lifecycle: {type: metered, idleMinutes: never} | lifecycle.idleMinutes | '\"never\"' | must be a whole number from 5 to 44640, or 0: never | 30",
                "lifecycle: {type: metered, wakeOnRequest: 'yes'} | lifecycle.wakeOnRequest | '\"yes\"' | must be true or false | true",
                "lifecycle: {type: metered, wakeMinutes: 0} | lifecycle.wakeMinutes | 0 | must be a whole number from 1 to 44640 | 30",
                "lifecycle: {type: metered, onChange: replace} | lifecycle.onChange | '\"replace\"' | must be one of recreate, update | update",
                "lifecycle: {type: metered, hourlyCost: 0} | lifecycle.hourlyCost | 0 | must be a number above 0, at most 10000 | 1.41",
                "lifecycle: {type: metered, initialMinutes: 481} | lifecycle.initialMinutes | 481 | must be at most maxMinutes, which is 480 | 480",
                "lifecycle: {type: metered, maxMinutes: 60, initialMinutes: 90} | lifecycle.initialMinutes | 90 | must be at most maxMinutes, which is 60 | 60",
                "lifecycle: {type: metered, maxMinutes: 20, wakeMinutes: 30} | lifecycle.wakeMinutes | 30 | must be at most maxMinutes, which is 20 | 20",
                "access: everybody | access | '\"everybody\"' | must be one of cognito, key, token | key",
                "routes: [{path: invoke}] | routes[0].path | '\"invoke\"' | must be segments of letters, digits, dots, underscores and hyphens, each behind a slash; none of them . or .., not /ping or /sping, which API Gateway keeps for itself | /invoke",
                "routes: [{path: /a//b}] | routes[0].path | '\"/a//b\"' | must be segments of letters, digits, dots, underscores and hyphens, each behind a slash; none of them . or .., not /ping or /sping, which API Gateway keeps for itself | /invoke",
            })
    void a_value_that_does_not_fit_is_named_with_its_rule_and_the_command_that_mends_it(
            String option, String key, String value, String rule, String fix) {
        Problem problem = only(problems(model(option)));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0]." + key);
        assertThat(problem.value()).isEqualTo(value);
        assertThat(problem.rule()).isEqualTo(rule);
        assertThat(problem.mend())
                .isEqualTo("pulumi config set --path 'parkmeter:models[0]." + key + "' " + fix + " --stack dev");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ml.m5.3xlarge", "ml.g7.xlarge", "ml.g5.96xlarge", "g5.xlarge", "ml.g5", "ml.g5.xlarge.big"})
    void an_instance_type_without_known_gpus_is_refused_with_the_families_that_there_are(String type) {
        Problem problem = only(problems(model("hosting: {instanceType: " + type + "}")));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0].hosting.instanceType");
        assertThat(problem.rule()).contains("g4dn (xlarge, 2xlarge", "p5 (4xlarge, 48xlarge)");
        assertThat(problem.mend()).endsWith(" ml.g5.xlarge --stack dev");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "source: {hub: a/b}, routes: [{path: /a, body: openai}] | routes[0].body | it must be one of passthrough, prompt",
            })
    void a_documented_value_that_comes_later_says_so_and_names_what_there_is(
            String option, String key, String available) {
        Problem problem = only(problems("parkmeter:models: [{name: tiny, " + option + "}]"));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0]." + key);
        assertThat(problem.rule()).isEqualTo("is not available yet; " + available);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "parkmeter:models: [{name: tiny, source: {hub: a/b}, hostng: {}}] | parkmeter:models[0].hostng | hosting",
                "parkmeter:models: [{name: tiny, source: {hub: a/b, revison: x}}] | parkmeter:models[0].source.revison | revision",
                "parkmeter:models: [{name: tiny, source: {hub: a/b}, hosting: {instancetype: x}}] | parkmeter:models[0].hosting.instancetype | instanceType",
                "parkmeter:models: [{name: tiny, source: {hub: a/b}, routes: [{path: /a, bdy: x}]}] | parkmeter:models[0].routes[0].bdy | body",
            })
    void an_unknown_key_is_named_with_the_nearest_known_one(String line, String key, String nearest) {
        Problem problem = only(problems(line));
        assertThat(problem.key()).isEqualTo(key);
        assertThat(problem.rule()).isEqualTo("is no key that exists here; the nearest key is '" + nearest + "'");
        assertThat(problem.mend()).isEqualTo("pulumi config rm --path '" + key + "' --stack dev");
    }

    @Test
    void an_unknown_key_at_the_top_is_found_too_and_its_value_is_not_shown() {
        Problem problem = only(problems("parkmeter:models: [" + GOOD + "]", "parkmeter:hugingFaceToken: hf_abc"));
        assertThat(problem.key()).isEqualTo("parkmeter:hugingFaceToken");
        assertThat(problem.rule()).endsWith("the nearest key is 'huggingFaceToken'");
        assertThat(problem.mend()).isEqualTo("pulumi config rm parkmeter:hugingFaceToken --stack dev");
        assertThat(problem.toString()).doesNotContain("hf_abc");
    }

    @Test
    void an_aws_key_that_would_not_be_handed_on_is_refused() {
        assertThat(only(problems("aws:regoin: x", "parkmeter:models: [" + GOOD + "]"))
                        .rule())
                .contains("nearest key is 'region'");
    }

    @Test
    void a_missing_region_is_named_with_the_command_that_sets_it() {
        Problem problem = only(problems(Set.of(), "parkmeter:models: [" + GOOD + "]"));
        assertThat(problem.key()).isEqualTo("aws:region");
        assertThat(problem.rule()).isEqualTo("is missing: it must be an AWS region");
        assertThat(problem.mend()).isEqualTo("pulumi config set aws:region eu-west-2 --stack dev");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Europe", "eu-west", "eu-west-2a", "eu west 2", "''"})
    void a_region_that_is_none_is_refused(String region) {
        assertThat(only(problems(Set.of(), "aws:region: " + region, "parkmeter:models: [" + GOOD + "]"))
                        .key())
                .isEqualTo("aws:region");
    }

    @Test
    void an_empty_stack_file_is_told_everything_it_needs() {
        assertThat(problems(Set.of(), "parkmeter:plans: [{name: a}]"))
                .extracting(Problem::key)
                .containsExactly("aws:region", "parkmeter:models");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "parkmeter:models: []",
                "parkmeter:models: {}",
                "parkmeter:models: tiny",
                "parkmeter:models: 'null'"
            })
    void models_that_are_no_list_are_refused(String line) {
        assertThat(only(problems(line)).rule()).isEqualTo("must be a list with at least one entry");
    }

    @Test
    void an_entry_that_is_no_section_is_refused() {
        assertThat(problems("parkmeter:models: [" + GOOD + ", tiny]"))
                .extracting(Problem::key)
                .containsExactly("parkmeter:models[1]");
    }

    @Test
    void a_null_is_refused_like_any_other_wrong_value() {
        assertThat(only(problems(model("hosting: {instances: null}"))).value()).isEqualTo("null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-tiny", "tiny-", "ti_ny", "tïny", "''", "'a b'", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void a_model_name_that_can_be_no_endpoint_is_refused(String name) {
        assertThat(problems("parkmeter:models: [{name: " + name + ", source: {hub: a/b}}]"))
                .extracting(Problem::key)
                .contains("parkmeter:models[0].name");
    }

    @Test
    void a_stack_name_that_can_be_part_of_no_endpoint_is_refused() {
        var thrown = Objects.requireNonNull(catchThrowableOfType(
                ConfigProblems.class,
                () -> ConfigReader.read(
                        new Names("parkmeter", "feature_x"),
                        Map.of(
                                "aws:region",
                                "eu-west-2",
                                "parkmeter:models",
                                "[{\"name\":\"tiny\",\"source\":{\"hub\":\"a/b\"}}]"),
                        Set.of(),
                        StackFiles.NO_LOCK)));
        assertThat(only(thrown.problems()).rule()).contains("'parkmeter-feature_x-tiny'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'a b'", "/a", "a/", "a/b/c", "'https://huggingface.co/a/b'", "'../x'", "7"})
    void a_hub_id_that_is_none_is_refused(String id) {
        assertThat(only(problems("parkmeter:models: [{name: tiny, source: {hub: " + id + "}}]"))
                        .key())
                .isEqualTo("parkmeter:models[0].source.hub");
    }

    @Test
    void names_that_differ_by_case_alone_are_duplicates_of_a_model() {
        Problem problem = only(problems("parkmeter:models: [{name: A, source: {hub: a/b}}, "
                + "{name: a, source: {hub: a/b}, routes: [{path: /other}]}]"));
        assertThat(problem.key()).isEqualTo("parkmeter:models[1].name");
        assertThat(problem.rule()).isEqualTo("must be a name of its own: parkmeter:models[0].name has the same");
    }

    @Test
    void duplicates_of_clients_plans_and_routes_are_refused() {
        List<Problem> problems = problems(
                "parkmeter:models: [{name: a, source: {hub: a/b}}, {name: b, source: {hub: a/b}}]",
                "parkmeter:plans: [{name: p}, {name: p}]",
                "parkmeter:clients: [{name: c, plan: p}, {name: c, plan: p}]");
        assertThat(problems)
                .extracting(Problem::key)
                .containsExactlyInAnyOrder(
                        "parkmeter:models[1].routes[0].path", "parkmeter:plans[1].name", "parkmeter:clients[1].name");
        assertThat(problems)
                .filteredOn(p -> p.key().contains("routes"))
                .extracting(Problem::rule)
                .containsExactly("must be a path of its own: parkmeter:models[0].routes[0].path has the same");
    }

    @Test
    void a_client_on_a_plan_that_is_not_there_is_told_the_plans_that_are() {
        Problem problem = only(problems(
                "parkmeter:models: [" + GOOD + "]",
                "parkmeter:plans: [{name: gold}, {name: free}]",
                "parkmeter:clients: [{name: c, plan: silver}]"));
        assertThat(problem.key()).isEqualTo("parkmeter:clients[0].plan");
        assertThat(problem.value()).isEqualTo("\"silver\"");
        assertThat(problem.rule()).isEqualTo("must be one of the stack's plans: gold, free");
        assertThat(problem.mend()).isEqualTo("pulumi config set --path 'parkmeter:clients[0].plan' gold --stack dev");
    }

    @ParameterizedTest
    @CsvSource({"2048, 2048", "2049, 2048"})
    void a_prompt_as_long_as_the_whole_leaves_no_room_for_an_answer(int input, int total) {
        Problem problem =
                only(problems(model("engine: {maxInputTokens: " + input + ", maxTotalTokens: " + total + "}")));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0].engine.maxInputTokens");
        assertThat(problem.rule()).startsWith("must be less than maxTotalTokens, which is 2048");
        assertThat(problem.mend()).endsWith("' 1536 --stack dev");
    }

    @Test
    void a_type_beside_a_quantisation_is_refused() {
        assertThat(only(problems(model("engine: {quantize: awq, dtype: float16}")))
                        .key())
                .isEqualTo("parkmeter:models[0].engine.dtype");
    }

    @ParameterizedTest
    @CsvSource({
        "rate: 0, rate",
        "rate: -5, rate",
        "rate: 10001, rate",
        "rate: fast, rate",
        "burst: 0, burst",
        "burst: 5001, burst",
        "quota: {limit: 0}, quota.limit",
        "quota: {}, quota.limit",
        "quota: 100, quota",
        "'quota: {limit: 1, period: YEAR}', quota.period",
    })
    void a_plan_out_of_range_is_refused(String option, String key) {
        assertThat(only(problems("parkmeter:models: [" + GOOD + "]", "parkmeter:plans: [{name: p, " + option + "}]"))
                        .key())
                .isEqualTo("parkmeter:plans[0]." + key);
    }

    @Test
    void a_rate_may_be_a_fraction() {
        assertThat(StackFiles.read(
                                "dev",
                                "config: {'aws:region': eu-west-2, 'parkmeter:models': [" + GOOD
                                        + "], 'parkmeter:plans': [{name: p, rate: 0.5}]}")
                        .plans()
                        .get(0)
                        .throttle()
                        .rate())
                .isEqualTo(0.5);
    }

    @Test
    void a_token_in_clear_is_refused_without_showing_it() {
        ConfigProblems thrown = failure(
                Set.of(),
                "aws:region: eu-west-2",
                "parkmeter:models: [" + GOOD + "]",
                "parkmeter:huggingFaceToken: hf_abc");
        Problem problem = only(thrown.problems());
        assertThat(problem.mend()).isEqualTo("pulumi config set --secret parkmeter:huggingFaceToken --stack dev");
        assertThat(thrown.getMessage()).doesNotContain("hf_abc");
    }

    @Test
    void a_secret_that_does_not_fit_is_not_shown() {
        ConfigProblems thrown = failure(
                Set.of("parkmeter:huggingFaceToken"),
                "aws:region: eu-west-2",
                "parkmeter:models: [" + GOOD + "]",
                "parkmeter:huggingFaceToken: 'hf abc'");
        assertThat(only(thrown.problems()).value()).isEqualTo("[secret]");
        assertThat(only(thrown.problems()).mend())
                .isEqualTo("pulumi config set --secret parkmeter:huggingFaceToken --stack dev");
        assertThat(thrown.getMessage()).doesNotContain("hf abc");
    }

    @Test
    void a_secret_anywhere_else_is_refused_before_anything_of_it_can_be_shown() {
        ConfigProblems thrown = failure(
                Set.of("parkmeter:plans", "parkmeter:models"),
                "aws:region: eu-west-2",
                "parkmeter:models: [{name: hush, source: {hub: hush}, routes: [{path: hush}]}]",
                "parkmeter:plans: [{name: hush, rate: hush}, {name: hush}]",
                "parkmeter:clients: [{name: c, plan: silver}]");
        assertThat(thrown.problems()).extracting(Problem::key).containsExactly("parkmeter:models", "parkmeter:plans");
        assertThat(thrown.getMessage()).doesNotContain("hush");
    }

    @Test
    void all_problems_are_in_one_message_that_says_where_to_read_on() {
        ConfigProblems thrown = failure(
                Set.of(),
                "parkmeter:clients: [{name: c, plan: silver}]",
                model("hosting: {instances: two, instanceType: ml.m5.xlarge}, acces: key"),
                "parkmeter:api: {stage: 'a b', throttle: {rate: 0}}");
        assertThat(thrown.getMessage())
                .startsWith("The configuration of stack 'dev' has 7 problems; nothing was declared.")
                .contains(
                        """
                          parkmeter:models[0].hosting.instances = "two"
                            must be a whole number from 1 to 100
                            pulumi config set --path 'parkmeter:models[0].hosting.instances' 1 --stack dev
                        """)
                .endsWith("Every key is described in docs/configuration.md.");
    }

    @Test
    void what_pulumi_hands_over_as_text_is_read_by_its_type() {
        AwsSettings aws = StackFiles.read(
                        "dev",
                        "config: {'aws:region': eu-west-2, 'aws:maxRetries': '1', 'aws:s3UsePathStyle': 'true', "
                                + "'aws:profile': '123', 'parkmeter:models': [" + GOOD + "]}")
                .aws();
        assertThat(aws.maxRetries()).contains(1);
        assertThat(aws.profile()).contains("123");
        assertThat(aws.flags()).isEqualTo(Map.of(AwsSettings.Flag.S3_USE_PATH_STYLE, true));
    }

    @Test
    void the_variables_of_a_pulumi_run_are_read() throws Exception {
        StackConfig config = ConfigReader.read(
                Map.of(
                        "PULUMI_PROJECT",
                        "parkmeter",
                        "PULUMI_STACK",
                        "dev",
                        "PULUMI_CONFIG",
                        "{\"aws:region\":\"eu-west-2\",\"parkmeter:huggingFaceToken\":\"hf_abc\","
                                + "\"parkmeter:models\":\"[{\\\"name\\\":\\\"tiny\\\",\\\"source\\\":{\\\"hub\\\":\\\"a/b\\\"}}]\"}",
                        "PULUMI_CONFIG_SECRET_KEYS",
                        "[\"parkmeter:huggingFaceToken\"]"),
                StackFiles.NO_LOCK);
        assertThat(config.huggingFaceToken()).contains(new HubToken.Given(new Secret("hf_abc")));
        assertThat(config.toString()).doesNotContain("hf_abc");
    }

    @Test
    void every_default_and_example_fits_its_own_rule() {
        assertThat(Keys.all())
                .allSatisfy(key -> assertThat(key.exampleValue()).as(key.path()).isPresent());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "parkmeter:plans: [{name: p, rate: 1e400}] | parkmeter:plans[0].rate",
                "aws:allowedAccountIds: [123456789012] | aws:allowedAccountIds",
                "aws:defaultTags: {tags: {Owner: [1]}} | aws:defaultTags.tags.Owner",
                "aws:defaultTags: {tags: {'aws:x': y}} | aws:defaultTags.tags[\"aws:x\"]",
                "aws:defaultTags: {tags: {stack: mine}} | aws:defaultTags.tags.stack",
                "parkmetr:models: [] | parkmetr:models",
            })
    void what_only_looks_right_is_refused(String line, String key) {
        assertThat(only(problems("parkmeter:models: [" + GOOD + "]", line)).key())
                .isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "access: {key: {x: 1}}",
                "engine: {dtype: {float16: 7}}",
                "routes: [{path: /a, via: {lambda: mine}}]",
                "routes: [{path: /ping}]",
                "routes: [{path: /a/..}]",
                "routes: [{path: /a~b}]",
            })
    void a_choice_with_something_in_it_and_a_path_that_api_gateway_does_not_take_are_refused(String option) {
        assertThat(problems(model(option))).hasSize(1);
    }

    @Test
    void a_text_of_any_length_is_read_without_harm() {
        assertThat(problems(Set.of(), "aws:region: a" + "a-a".repeat(20_000), "parkmeter:models: [" + GOOD + "]"))
                .hasSize(1);
    }

    @Test
    void a_missing_name_makes_no_problems_of_its_own_example() {
        assertThat(problems("parkmeter:models: [{source: {hub: a/b}}, {source: {hub: a/b}, routes: [{path: /b}]}]"))
                .extracting(Problem::key)
                .containsExactly("parkmeter:models[0].name", "parkmeter:models[1].name");
        assertThat(problems(
                        "parkmeter:models: [" + GOOD + "]",
                        "parkmeter:plans: [{nam: gold}]",
                        "parkmeter:clients: [{name: c, plan: gold}]"))
                .extracting(Problem::key)
                .containsExactly("parkmeter:plans[0].name", "parkmeter:plans[0].nam");
    }

    @Test
    void everything_that_is_wrong_with_a_source_is_said_at_once() {
        assertThat(problems("parkmeter:models: [{name: tiny, source: {s3: x, hubb: y, hub: 5}}]"))
                .extracting(Problem::key)
                .containsExactly(
                        "parkmeter:models[0].source.s3",
                        "parkmeter:models[0].source.hub",
                        "parkmeter:models[0].source.hubb");
    }

    @Test
    void a_choice_may_be_a_word_where_its_section_has_no_other_key() {
        StackConfig config = StackFiles.read(
                "dev",
                "config: {'aws:region': eu-west-2, 'parkmeter:api': rest, 'parkmeter:models': [{name: tiny, source: {hub: a/b}, "
                        + "engine: tgi, hosting: realTime, lifecycle: alwaysOn}]}");
        assertThat(config.models().get(0).lifecycle()).isEqualTo(new Lifecycle.AlwaysOn());
    }

    @Test
    void a_key_with_a_name_that_no_command_takes_as_it_is_can_be_removed_all_the_same() {
        assertThat(problems("parkmeter:models: [" + GOOD + "]", "parkmeter:plans.x: 1", "\"parkmeter:it's\": 1"))
                .extracting(Problem::mend)
                .containsExactly(
                        "pulumi config rm 'parkmeter:it'\\''s' --stack dev",
                        "pulumi config rm parkmeter:plans.x --stack dev");
    }

    @Test
    void a_model_is_metered_by_a_word_and_by_all_its_keys() {
        assertThat(lifecycle("metered"))
                .isEqualTo(new Lifecycle.Metered(
                        90,
                        480,
                        Optional.of(30),
                        Optional.of(30),
                        List.of(),
                        Lifecycle.OnChange.UPDATE,
                        Optional.empty()));
        assertThat(
                        lifecycle(
                                """
                {type: metered, initialMinutes: 0, maxMinutes: 600, idleMinutes: 0, wakeOnRequest: false, onChange: recreate,
                 hourlyCost: 1.41, schedule: [
                   {name: office, days: [fri, mon, mon], start: '09:00', stop: '17:30', timezone: Europe/London},
                   {date: '2026-12-24', start: '22:00', stop: '02:00'}]}"""))
                .isEqualTo(new Lifecycle.Metered(
                        0,
                        600,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(
                                new Window(
                                        Optional.of("office"),
                                        new Window.When.Weekly(List.of(DayOfWeek.MONDAY, DayOfWeek.FRIDAY)),
                                        LocalTime.of(9, 0),
                                        LocalTime.of(17, 30),
                                        ZoneId.of("Europe/London"),
                                        false,
                                        Optional.empty()),
                                new Window(
                                        Optional.empty(),
                                        new Window.When.Once(LocalDate.of(2026, 12, 24)),
                                        LocalTime.of(22, 0),
                                        LocalTime.of(2, 0),
                                        ZoneId.of("UTC"),
                                        false,
                                        Optional.empty())),
                        Lifecycle.OnChange.RECREATE,
                        Optional.of(new BigDecimal("1.41"))));
    }

    @Test
    void a_default_gives_way_to_a_smaller_maximum() {
        Lifecycle.Metered metered = (Lifecycle.Metered) lifecycle("{type: metered, maxMinutes: 20}");
        assertThat(metered.initialMinutes()).isEqualTo(20);
        assertThat(metered.wakeMinutes()).contains(20);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lifecycle: {type: alwaysOn, schedule: [{x: 1}]} | schedule | config rm --path 'parkmeter:models[0].lifecycle.schedule' --stack dev",
                "lifecycle: {idleMinutes: 30} | idleMinutes | config set --path 'parkmeter:models[0].lifecycle.type' metered --stack dev",
            })
    void a_metered_models_key_beside_always_on_is_refused(String option, String key, String fix) {
        Problem problem = only(problems(model(option)));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0].lifecycle." + key);
        assertThat(problem.rule()).startsWith("belongs to type metered");
        assertThat(problem.mend()).isEqualTo("pulumi " + fix);
    }

    @Test
    void a_word_that_is_no_lifecycle_makes_no_problems_of_its_keys() {
        assertThat(problems(model("lifecycle: {type: meterd, idleMinutes: 30}"), "parkmeter:meter: {notify: {}}"))
                .extracting(Problem::key)
                .containsExactly("parkmeter:models[0].lifecycle.type");
    }

    @Test
    void minutes_of_a_wake_that_never_comes_are_refused() {
        Problem problem = only(problems(model("lifecycle: {type: metered, wakeOnRequest: false, wakeMinutes: 5}")));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0].lifecycle.wakeMinutes");
        assertThat(problem.rule()).startsWith("has nothing to say where wakeOnRequest is false");
        assertThat(problem.mend())
                .isEqualTo("pulumi config rm --path 'parkmeter:models[0].lifecycle.wakeMinutes' --stack dev");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{days: [mon], start: '9:00', stop: '17:00'} | .start | must be a time from 00:00 to 23:59, in quotes | set --path 'parkmeter:models[0].lifecycle.schedule[0].start' 09:00",
                "{days: [mon], start: '09:00', stop: '24:00'} | .stop | must be a time from 00:00 to 23:59, in quotes | set --path 'parkmeter:models[0].lifecycle.schedule[0].stop' 17:00",
                "{days: [mon], start: 540, stop: '17:00'} | .start | must be a time from 00:00 to 23:59, in quotes | set --path 'parkmeter:models[0].lifecycle.schedule[0].start' 09:00",
                "{days: [mon], start: '20:00', stop: '20:00'} | .stop | must differ from start; before start, it is the next day's | set --path 'parkmeter:models[0].lifecycle.schedule[0].stop' 04:00",
                "{days: [mon], start: '09:00', stop: '17:00', timezone: Europe/Londn} | .timezone | must be an IANA time zone, such as Europe/London or UTC | set --path 'parkmeter:models[0].lifecycle.schedule[0].timezone' UTC",
                "{days: [mon], start: '09:00', stop: '17:00', timezone: '+01:00'} | .timezone | must be an IANA time zone, such as Europe/London or UTC | set --path 'parkmeter:models[0].lifecycle.schedule[0].timezone' UTC",
                "{date: '2026-02-30', start: '09:00', stop: '17:00'} | .date | must be a date as yyyy-MM-dd, in quotes | set --path 'parkmeter:models[0].lifecycle.schedule[0].date' 2026-12-24",
                "{date: '24/12/2026', start: '09:00', stop: '17:00'} | .date | must be a date as yyyy-MM-dd, in quotes | set --path 'parkmeter:models[0].lifecycle.schedule[0].date' 2026-12-24",
                "{days: [mon, funday], start: '09:00', stop: '17:00'} | .days[1] | must be one of fri, mon, sat, sun, thu, tue, wed | set --path 'parkmeter:models[0].lifecycle.schedule[0].days[1]' mon",
                "{days: [mon], date: '2026-12-24', start: '09:00', stop: '17:00'} | .date | must not stand beside days: a window begins each week or on one day | rm --path 'parkmeter:models[0].lifecycle.schedule[0].date'",
                "{days: [mon], start: '09:00', stop: '17:00', strat: 1} | .strat | is no key that exists here; the nearest key is 'start' | rm --path 'parkmeter:models[0].lifecycle.schedule[0].strat'",
                "{days: [mon], start: '09:00', stop: '17:00', name: 'a b'} | .name | must be 1 to 64 letters, digits, dots, underscores and hyphens | set --path 'parkmeter:models[0].lifecycle.schedule[0].name' office-hours",
            })
    void a_window_that_can_be_none_is_refused(String window, String key, String rule, String fix) {
        Problem problem = only(problems(window(window)));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0].lifecycle.schedule[0]" + key);
        assertThat(problem.rule()).isEqualTo(rule);
        assertThat(problem.mend()).isEqualTo("pulumi config " + fix + " --stack dev");
    }

    @Test
    void a_window_of_no_day_is_told_what_is_missing() {
        Problem problem = only(problems(window("{start: '09:00', stop: '17:00'}")));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0].lifecycle.schedule[0].days");
        assertThat(problem.rule()).startsWith("is missing: ");
        assertThat(problem.mend()).startsWith("in Pulumi.dev.yaml: parkmeter:models[0].lifecycle.schedule[0].days: [");
        assertThat(problems(window("{}")))
                .extracting(Problem::rule)
                .hasSize(3)
                .allMatch(rule -> rule.startsWith("is missing: "));
    }

    @Test
    void two_windows_of_one_name_are_refused() {
        Problem problem = only(problems(window("{name: a, days: [mon], start: '09:00', stop: '17:00'}, "
                + "{name: a, days: [tue], start: '09:00', stop: '17:00'}")));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0].lifecycle.schedule[1].name");
        assertThat(problem.mend()).endsWith(".name' a-2 --stack dev");
    }

    @Test
    void a_window_that_allows_an_idleness_that_never_comes_is_refused() {
        assertThat(only(problems(model("lifecycle: {type: metered, idleMinutes: 0, "
                                + "schedule: [{days: [mon], start: '09:00', stop: '17:00', idle: true}]}")))
                        .key())
                .isEqualTo("parkmeter:models[0].lifecycle.schedule[0].idle");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'*'", "'*-endpoint'", "'de*'", "'a b'", "'d/e'", "7", "''", "'?emo'"})
    void a_pattern_that_reaches_too_far_or_is_no_name_is_refused(String pattern) {
        Problem problem = only(
                problems("parkmeter:models: [" + GOOD + "]", "parkmeter:meter: {adopt: ['demo-*', " + pattern + "]}"));
        assertThat(problem.key()).isEqualTo("parkmeter:meter.adopt[1]");
        assertThat(problem.rule()).startsWith("must be a name that begins with at least three letters");
        assertThat(problem.mend())
                .isEqualTo("pulumi config set --path 'parkmeter:meter.adopt[1]' 'demo-*' --stack dev");
    }

    @ParameterizedTest
    @ValueSource(strings = {"parkmeter-*", "PARKMETER-dev-*", "parkmeter-dev-tiny", "par*-tiny"})
    void a_pattern_that_reaches_one_of_the_stacks_own_endpoints_is_refused(String pattern) {
        Problem problem =
                only(problems("parkmeter:models: [" + GOOD + "]", "parkmeter:meter: {adopt: ['" + pattern + "']}"));
        assertThat(problem.key()).isEqualTo("parkmeter:meter.adopt[0]");
        assertThat(problem.rule()).startsWith("must not reach 'parkmeter-dev-tiny'");
        assertThat(problem.mend()).isEqualTo("pulumi config rm --path 'parkmeter:meter.adopt[0]' --stack dev");
    }

    @Test
    void who_is_told_of_a_meter_is_read() {
        MeterSettings meter = StackFiles.read(
                        "dev",
                        "config: {'aws:region': eu-west-2, 'parkmeter:models': [" + GOOD
                                + "], 'parkmeter:meter': {adopt: ['demo-*', Falcon-1], notify: {email: [a@example.com, a@example.com], "
                                + "beforeStopMinutes: 5}}}")
                .meter();
        assertThat(meter.adopt()).containsExactly("demo-*", "Falcon-1");
        assertThat(meter.notices()).contains(new MeterSettings.Notices(List.of("a@example.com"), 5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{email: [ops]} | email[0] | must be an e-mail address",
                "{email: ops@example.com} | email | must be a list",
                "{beforeStopMinutes: 1441} | beforeStopMinutes | must be a whole number from 1 to 1440, or 0: never",
                "{sms: [1]} | sms | is no key that exists here; the nearest key is 'email'",
            })
    void a_notice_that_can_be_sent_to_nobody_is_refused(String notify, String key, String rule) {
        Problem problem = only(problems(model("lifecycle: metered"), "parkmeter:meter: {notify: " + notify + "}"));
        assertThat(problem.key()).isEqualTo("parkmeter:meter.notify." + key);
        assertThat(problem.rule()).isEqualTo(rule);
    }

    @Test
    void what_only_a_meter_could_use_is_refused_where_there_is_none() {
        List<Problem> problems = problems(
                "parkmeter:models: [" + GOOD + "]",
                "parkmeter:meter: {adopt: [], reservedConcurrency: false, notify: {email: [a@example.com]}}",
                "parkmeter:clients: [{name: a, operator: true}, {name: b, operator: false}]");
        assertThat(problems)
                .extracting(Problem::key)
                .containsExactly(
                        "parkmeter:meter.notify",
                        "parkmeter:meter.reservedConcurrency",
                        "parkmeter:clients[0].operator");
        assertThat(problems)
                .extracting(Problem::rule)
                .containsExactly(
                        "has nothing to say: no model's lifecycle is metered, and adopt is empty",
                        "has nothing to say: no model's lifecycle is metered, and adopt is empty",
                        "has nothing to say: no model's lifecycle is metered, and adopt is empty; nor does the stack issue tokens");
        assertThat(problems)
                .extracting(Problem::mend)
                .containsExactly(
                        "pulumi config rm --path 'parkmeter:meter.notify' --stack dev",
                        "pulumi config rm --path 'parkmeter:meter.reservedConcurrency' --stack dev",
                        "pulumi config rm --path 'parkmeter:clients[0].operator' --stack dev");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/endpoint-expiry", "/meters", "/meters/mine"})
    void a_path_that_is_the_meters_is_refused_where_there_is_one(String path) {
        Problem problem = only(problems(model("lifecycle: metered, routes: [{path: /invoke}, {path: " + path + "}]")));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0].routes[1].path");
        assertThat(problem.mend()).endsWith("' /models" + path + " --stack dev");
        assertThat(lifecycle("alwaysOn, routes: [{path: " + path + "}]")).isEqualTo(new Lifecycle.AlwaysOn());
    }

    @Test
    void a_stack_whose_name_leaves_no_room_for_the_meters_functions_is_refused() {
        for (int length : List.of(35, 36)) {
            var names = new Names("parkmeter", "s".repeat(length));
            String models = "[{\"name\":\"t\",\"source\":{\"hub\":\"a/b\"},\"lifecycle\":\"metered\"}]";
            var thrown = catchThrowableOfType(
                    ConfigProblems.class,
                    () -> ConfigReader.read(
                            names,
                            Map.of("aws:region", "eu-west-2", "parkmeter:models", models),
                            Set.of(),
                            StackFiles.NO_LOCK));
            if (length == 35) {
                assertThat(thrown).isNull();
            } else {
                assertThat(only(Objects.requireNonNull(thrown).problems()).rule())
                        .contains("-meter-registration', which must have at most 64 characters");
            }
        }
    }

    @Test
    void a_function_of_others_on_a_models_route_is_told_where_its_routes_are() {
        Problem problem = only(problems(model("routes: [{path: /a, via: {function: mine}}]")));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0].routes[0].via");
        assertThat(problem.rule()).startsWith("must be lambda or direct: ").endsWith("under parkmeter:routes");
        assertThat(problem.mend())
                .isEqualTo("in Pulumi.dev.yaml: parkmeter:routes: [{\"path\": \"/model\", \"via\": {\"function\":"
                        + " \"LanguageModelLambda\"}}]");
    }

    @Test
    void a_stack_may_have_nothing_but_functions_of_others() {
        StackConfig stack = StackFiles.read(
                "dev",
                "config: {'aws:region': eu-west-2, 'parkmeter:routes': [{path: /model, via: {function: mine}}, "
                        + "{path: /two, method: GET, via: {function: mine, qualifier: live}}]}");
        assertThat(stack.models()).isEmpty();
        assertThat(stack.functions())
                .containsExactly(
                        new FunctionRoute(
                                "/model", "ANY", "mine", Optional.empty(), new Access.Key(), Optional.empty()),
                        new FunctionRoute(
                                "/two", "GET", "mine", Optional.of("live"), new Access.Key(), Optional.empty()));
        assertThat(stack.clients()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{via: {function: x}} | path | is missing: ",
                "{path: /a} | via | is missing: ",
                "{path: /a, via: x} | via | must be a section of keys",
                "{path: /a, via: {}} | via.function | is missing: ",
                "{path: /a, via: {function: 'a b'}} | via.function | must be a function's name",
                "{path: /a, via: {function: 'arn:aws:lambda:eu-west-2:123456789012:function:x:live'}} | via.function | must be a function's name",
                "{path: /a, via: {function: x, qualifier: 7}} | via.qualifier | must be a version's number or an alias, in quotes",
                "{path: /a, method: FETCH, via: {function: x}} | method | must be one of ANY, DELETE",
                "{path: /a, via: {function: x}, public: true} | throttle | is missing: a public route",
                "{path: /invoke, via: {function: x}} | path | must be a path of its own: parkmeter:models[0].routes[0].path",
            })
    void a_route_to_a_function_that_can_be_none_is_refused(String route, String key, String rule) {
        Problem problem = only(problems("parkmeter:models: [" + GOOD + "]", "parkmeter:routes: [" + route + "]"));
        assertThat(problem.key()).isEqualTo("parkmeter:routes[0]." + key);
        assertThat(problem.rule()).startsWith(rule);
    }

    @Test
    void routes_share_a_path_where_their_methods_differ() {
        StackConfig stack = StackFiles.read(
                "dev",
                "config: {'aws:region': eu-west-2, 'parkmeter:models': [{name: tiny, source: {hub: a/b}}], 'parkmeter:routes': ["
                        + "{path: /invoke, method: GET, via: {function: x}}, {path: /invoke, method: PUT, via: {function: y}}, "
                        + "{path: /Invoke, via: {function: z}}, {path: /invoke/x, via: {function: z}}]}");
        assertThat(stack.functions())
                .extracting(FunctionRoute::path, FunctionRoute::method)
                .containsExactly(
                        tuple("/invoke", "GET"),
                        tuple("/invoke", "PUT"),
                        tuple("/Invoke", "ANY"),
                        tuple("/invoke/x", "ANY"));
    }

    @Test
    void routes_that_would_answer_the_same_request_are_refused_each_with_the_one_that_was_first() {
        List<Problem> problems = problems(
                "parkmeter:models: [" + GOOD + "]",
                "parkmeter:routes: [{path: /invoke, method: POST, via: {function: x}}, {path: /a, method: GET, via: {function: x}}, "
                        + "{path: /a, method: GET, via: {function: y}}, {path: /a, via: {function: z}}, {path: /b, via: {function: x}}, "
                        + "{path: /b, method: DELETE, via: {function: x}}]");
        assertThat(problems)
                .extracting(Problem::key, Problem::rule)
                .containsExactly(
                        tuple(
                                "parkmeter:routes[0].path",
                                "must be a path of its own: parkmeter:models[0].routes[0].path has the same"),
                        tuple(
                                "parkmeter:routes[2].path",
                                "must be a path of its own: parkmeter:routes[1].path has the same"),
                        tuple(
                                "parkmeter:routes[3].path",
                                "must be a path of its own: parkmeter:routes[1].path has the same, and ANY is every method"),
                        tuple(
                                "parkmeter:routes[5].path",
                                "must be a path of its own: parkmeter:routes[4].path has the same, and ANY is every method"));
        assertThat(problems.get(3).mend())
                .isEqualTo("pulumi config set --path 'parkmeter:routes[5].path' /b-function --stack dev");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/invoke/", "/", "/jobs/{id}", "/{proxy+}", "/a%2fb", "/a b", "/../invoke", "/invoke?x"})
    void a_path_that_api_gateway_would_match_otherwise_than_it_reads_is_refused(String path) {
        Problem problem = only(problems(model("routes: [{path: '" + path + "'}]")));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0].routes[0].path");
        assertThat(problem.rule()).startsWith("must be segments of letters, digits, dots, underscores and hyphens");
    }

    @Test
    void the_meters_paths_are_no_functions_either() {
        Problem problem =
                only(problems(model("lifecycle: metered"), "parkmeter:routes: [{path: /meters, via: {function: x}}]"));
        assertThat(problem.key()).isEqualTo("parkmeter:routes[0].path");
        assertThat(problem.rule()).startsWith("must not be /endpoint-expiry, /meters or below it");
    }

    @Test
    void a_direct_route_of_an_http_api_is_refused() {
        Problem problem = only(problems(
                model("routes: [{path: /a, via: direct, public: true, throttle: {rate: 1, burst: 1}}]"),
                "parkmeter:api: http"));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0].routes[0].via");
        assertThat(problem.rule())
                .isEqualTo(
                        "must be lambda where api.type is http: HTTP APIs call no SageMaker themselves; those of api.type"
                                + " rest do");
    }

    @Test
    void a_template_of_a_body_that_goes_through_is_refused() {
        Problem problem = only(problems(model("routes: [{path: /a, body: passthrough, template: none}]")));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0].routes[0].template");
        assertThat(problem.rule()).startsWith("has nothing to say where body is passthrough");
        assertThat(problem.mend())
                .isEqualTo("pulumi config rm --path 'parkmeter:models[0].routes[0].template' --stack dev");
    }

    @Test
    void a_public_route_is_read_with_its_own_limit() {
        StackConfig stack = StackFiles.read(
                "dev",
                "config: {'aws:region': eu-west-2, 'parkmeter:models': [{name: tiny, source: {hub: a/b}, routes: "
                        + "[{path: /open, public: true, throttle: {rate: 0.5, burst: 3}}]}]}");
        Route route = stack.models().get(0).routes().get(0);
        assertThat(route.access()).isEqualTo(new Access.Public());
        assertThat(route.throttle()).contains(new Throttle(0.5, 3));
        assertThat(stack.needsKeys()).isFalse();
        assertThat(stack.clients()).isEmpty();
        assertThat(stack.plans()).isEmpty();
    }

    @Test
    void a_public_route_without_a_limit_is_refused() {
        Problem problem = only(problems(model("routes: [{path: /open, public: true}]")));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0].routes[0].throttle");
        assertThat(problem.rule()).startsWith("is missing: a public route needs a limit of its own");
        assertThat(problem.mend())
                .isEqualTo("in Pulumi.dev.yaml: parkmeter:models[0].routes[0].throttle: {\"rate\": 1, \"burst\": 5}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{rate: 1} | burst | is missing: it must be a whole number from 1 to 5000",
                "{burst: 1} | rate | is missing: it must be a number above 0, at most 10000",
                "{rate: 0, burst: 1} | rate | must be a number above 0, at most 10000",
            })
    void half_a_limit_is_none(String throttle, String key, String rule) {
        Problem problem = only(problems(model("routes: [{path: /open, public: true, throttle: " + throttle + "}]")));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0].routes[0].throttle." + key);
        assertThat(problem.rule()).isEqualTo(rule);
    }

    @Test
    void clients_of_a_stack_that_everybody_may_call_are_refused() {
        List<Problem> problems = problems(
                model("routes: [{path: /open, public: true, throttle: {rate: 1, burst: 1}}]"),
                "parkmeter:plans: [{name: p}]",
                "parkmeter:clients: [{name: c}]");
        assertThat(problems).extracting(Problem::key).containsExactly("parkmeter:plans", "parkmeter:clients");
        assertThat(problems)
                .extracting(Problem::rule)
                .containsOnly("has nothing to say: no route is for holders of keys or tokens, and there is no meter");
    }

    @Test
    void the_key_of_the_meter_has_clients_also_where_every_route_is_public() {
        StackConfig stack = StackFiles.read(
                "dev",
                "config: {'aws:region': eu-west-2, 'parkmeter:models': [{name: tiny, source: {hub: a/b}, lifecycle: metered, "
                        + "routes: [{path: /open, public: true, throttle: {rate: 1, burst: 1}}]}]}");
        assertThat(stack.clients()).hasSize(1);
    }

    @Test
    void an_http_api_is_read_with_its_stage_and_limit() {
        StackConfig stack = StackFiles.read(
                "dev",
                "config: {'aws:region': eu-west-2, 'parkmeter:api': {type: http, stage: v1, throttle: {rate: 2, burst: 4}}, "
                        + "'parkmeter:models': [{name: tiny, source: {hub: a/b}, routes: "
                        + "[{path: /open, public: true, throttle: {rate: 1, burst: 1}}]}]}");
        assertThat(stack.api()).isEqualTo(new Api.Http("v1", new Throttle(2, 4), List.of("*")));
    }

    @Test
    void the_origins_of_pages_are_an_http_apis() {
        assertThat(stack(
                                model("access: cognito"),
                                "parkmeter:api: {type: http, corsOrigins: [https://app.example.com, 'http://localhost:3000']}")
                        .api())
                .isEqualTo(new Api.Http(
                        "prod", new Throttle(100, 200), List.of("https://app.example.com", "http://localhost:3000")));
        Problem wrong = only(problems(
                model("access: cognito"), "parkmeter:api: {type: http, corsOrigins: [https://app.example.com/]}"));
        assertThat(wrong.key()).isEqualTo("parkmeter:api.corsOrigins[0]");
        assertThat(wrong.rule()).startsWith("must be *, or an origin: ");
        Problem rest = only(problems(model("access: key"), "parkmeter:api: {corsOrigins: ['*']}"));
        assertThat(rest.key()).isEqualTo("parkmeter:api.corsOrigins");
        assertThat(rest.rule()).startsWith("has nothing to say where api.type is rest");
    }

    @Test
    void what_an_http_api_cannot_do_is_refused_with_the_reason_and_what_can() {
        List<Problem> problems = problems(
                model("lifecycle: metered"),
                "parkmeter:api: http",
                "parkmeter:plans: [{name: p}]",
                "parkmeter:clients: [{name: c}]");
        assertThat(problems)
                .extracting(Problem::key, Problem::rule)
                .containsExactly(
                        tuple(
                                "parkmeter:models[0].routes[0].access",
                                "must be token or cognito, or public must be true, where api.type is http: HTTP APIs know no API keys; api.type rest has them"),
                        tuple(
                                "parkmeter:api.type",
                                "must be rest where there is a meter: its own API is for holders of a key"),
                        tuple(
                                "parkmeter:plans",
                                "has nothing to say: HTTP APIs know no API keys, usage plans or quotas; api.type rest has them"),
                        tuple(
                                "parkmeter:clients",
                                "has nothing to say: HTTP APIs know no API keys, usage plans or quotas; api.type rest has them"));
        assertThat(problems.get(0).mend()).isEqualTo("pulumi config set --path 'parkmeter:api.type' rest --stack dev");
        assertThat(problems.get(2).mend()).isEqualTo("pulumi config rm parkmeter:plans --stack dev");
    }

    @Test
    void a_route_has_its_models_access_or_its_own() {
        StackConfig stack = stack(
                "parkmeter:models: [{name: tiny, source: {hub: a/b}, access: token, routes: [{path: /a}, {path: /b, access: cognito}, "
                        + "{path: /c, access: key}, {path: /d, public: true, throttle: {rate: 1, burst: 1}}]}]");
        assertThat(stack.models().get(0).routes())
                .extracting(Route::access)
                .containsExactly(new Access.Token(), new Access.Cognito(), new Access.Key(), new Access.Public());
    }

    @Test
    void access_beside_public_is_refused() {
        Problem problem =
                only(problems(model("routes: [{path: /a, access: key, public: true, throttle: {rate: 1, burst: 1}}]")));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0].routes[0].access");
        assertThat(problem.rule()).startsWith("has nothing to say where public is true");
        assertThat(problem.mend())
                .isEqualTo("pulumi config rm --path 'parkmeter:models[0].routes[0].access' --stack dev");
    }

    @Test
    void tokens_are_in_a_table_of_the_stacks_own_and_remembered_for_a_minute_where_nobody_says() {
        StackConfig stack = stack(model("access: token"));
        assertThat(stack.tokens()).isEqualTo(new TokenSettings(Optional.empty(), false, 60, List.of()));
        assertThat(stack.issuesTokens()).isTrue();
        assertThat(stack.hasAuthorizer()).isTrue();
        assertThat(stack.clients()).hasSize(1);
        assertThat(stack.users()).isEmpty();
    }

    @Test
    void tokens_and_users_are_read_as_they_are_written() {
        StackConfig stack = stack(
                model("access: token"),
                "parkmeter:api: http",
                "parkmeter:tokens: {table: theirs, authorizerCacheSeconds: 0, operators: [ada, bob]}",
                "parkmeter:cognito: {userPool: eu-west-2_a1}");
        assertThat(stack.tokens()).isEqualTo(new TokenSettings(Optional.of("theirs"), false, 0, List.of("ada", "bob")));
        assertThat(stack.users()).contains(new UserPoolSettings(Optional.of("eu-west-2_a1")));
        assertThat(stack.clients()).isEmpty();
    }

    @Test
    void tokens_in_clear_are_issued_by_nobody() {
        StackConfig stack = stack(model("access: token"), "parkmeter:tokens: {table: old, legacyClearText: true}");
        assertThat(stack.tokens().clearText()).isTrue();
        assertThat(stack.issuesTokens()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "key | tokens: {} | tokens | has nothing to say: no route's access is token",
                "key | cognito: {} | cognito | has nothing to say: no route's access is cognito, and no user issues tokens",
                "cognito | plans: [{name: default}] | plans | has nothing to say: no route is for holders of keys or tokens, and there is no meter",
                "cognito | api: {bearerKeys: true} | api.bearerKeys | has nothing to say: no route is for holders of keys or tokens, and there is no meter",
                "token | tokens: {legacyClearText: true} | tokens.table | is missing: legacyClearText tells of a table that is there, and this stack makes none of that kind",
                "token | tokens: {operators: [ada]} | tokens.operators | has nothing to say: operators of a REST API are clients, with operator: true",
                "token | tokens: {authorizerCacheSeconds: 3601} | tokens.authorizerCacheSeconds | must be a whole number from 0 to 3600",
                "token | tokens: {table: x} | tokens.table | must be a DynamoDB table's name, 3 to 255 letters, digits, dots, underscores and hyphens",
                "token | clients: [{name: a}, {name: b}] | clients[0].operator | is missing: one of several clients has to be an operator, who issues the tokens",
                "token | api: http | tokens.operators | is missing: nobody could issue a token. On an HTTP API users of the user pool do; a table of another stack goes without",
                "cognito | cognito: {userPool: mine} | cognito.userPool | must be a user pool's id",
            })
    void what_access_has_no_use_for_or_lacks_is_refused(String access, String line, String key, String rule) {
        Problem problem = only(problems(model("access: " + access), "parkmeter:" + line));
        assertThat(problem.key()).isEqualTo("parkmeter:" + key);
        assertThat(problem.rule()).isEqualTo(rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tokens", "/tokens/mine", "/tokens/mine/too"})
    void a_path_that_is_the_tokens_is_refused_where_the_stack_issues_any(String path) {
        Problem problem = only(problems(model("access: token, routes: [{path: /invoke}, {path: " + path + "}]")));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0].routes[1].path");
        assertThat(problem.mend()).endsWith("' /models" + path + " --stack dev");
        assertThat(stack(model("routes: [{path: " + path + "}]")).models()).hasSize(1);
    }

    @Test
    void an_operator_is_welcome_where_tokens_are_issued() {
        StackConfig stack = stack(model("access: token"), "parkmeter:clients: [{name: a}, {name: b, operator: true}]");
        assertThat(stack.clients()).extracting(Client::operator).containsExactly(false, true);
    }

    private static StackConfig stack(String... lines) {
        return StackFiles.read(
                "dev",
                "config:\n  aws:region: eu-west-2\n"
                        + Stream.of(lines).map(line -> "  " + line + "\n").collect(Collectors.joining()));
    }

    @Test
    void a_long_route_is_read_with_how_long_its_jobs_are_kept() {
        StackConfig stack = StackFiles.read(
                "dev",
                "config: {'aws:region': eu-west-2, 'parkmeter:jobs': {keepDays: 90}, 'parkmeter:models': [{name: tiny, source: "
                        + "{hub: a/b}, routes: [{path: /a, long: false}, {path: /b, long: true, body: passthrough}]}]}");
        assertThat(stack.models().get(0).routes())
                .extracting(Route::via)
                .containsExactly(new Route.Integration.Lambda(), new Route.Integration.Job());
        assertThat(stack.hasJobs()).isTrue();
        assertThat(stack.jobs()).isEqualTo(new JobSettings(90));
    }

    @Test
    void jobs_are_kept_for_a_week_where_the_stack_does_not_say() {
        StackConfig stack = StackFiles.read(
                "dev",
                "config: {'aws:region': eu-west-2, 'parkmeter:models': [{name: tiny, source: {hub: a/b}, routes: "
                        + "[{path: /b, long: true}]}]}");
        assertThat(stack.jobs()).isEqualTo(new JobSettings(7));
    }

    /** Step Functions forgets an execution after 90 days. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "91", "1.5", "week"})
    void jobs_can_be_kept_for_no_longer_than_step_functions_knows_them(String days) {
        Problem problem =
                only(problems(model("routes: [{path: /b, long: true}]"), "parkmeter:jobs: {keepDays: " + days + "}"));
        assertThat(problem.key()).isEqualTo("parkmeter:jobs.keepDays");
        assertThat(problem.rule()).isEqualTo("must be a whole number from 1 to 90");
        assertThat(problem.mend()).isEqualTo("pulumi config set --path 'parkmeter:jobs.keepDays' 7 --stack dev");
    }

    @Test
    void jobs_of_a_stack_without_a_long_route_are_refused() {
        Problem problem = only(problems("parkmeter:models: [" + GOOD + "]", "parkmeter:jobs: {keepDays: 3}"));
        assertThat(problem.key()).isEqualTo("parkmeter:jobs");
        assertThat(problem.rule()).isEqualTo("has nothing to say: no route is long");
        assertThat(problem.mend()).isEqualTo("pulumi config rm parkmeter:jobs --stack dev");
    }

    @Test
    void a_long_route_that_everybody_may_call_or_that_has_no_function_is_refused_with_the_reason() {
        List<Problem> problems = problems(
                model("routes: [{path: /a, long: true, via: direct, public: true, throttle: {rate: 1, burst: 1}}]"));
        assertThat(problems)
                .extracting(Problem::key, Problem::value, Problem::rule)
                .containsExactly(
                        tuple(
                                "parkmeter:models[0].routes[0].via",
                                "\"direct\"",
                                "must be lambda where long is true: API Gateway alone gives up after 29 seconds, and keeps no"
                                        + " answer"),
                        tuple(
                                "parkmeter:models[0].routes[0].public",
                                "true",
                                "must be false where long is true: a job is told to its caller alone, and nobody knows who"
                                        + " calls a public route"));
        assertThat(problems.get(0).mend())
                .isEqualTo("pulumi config rm --path 'parkmeter:models[0].routes[0].via' --stack dev");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/startexecution", "/describeexecution"})
    void a_path_that_is_the_jobs_is_refused_where_there_are_any(String path) {
        Problem problem = only(problems(model("routes: [{path: /jobs, long: true}, {path: " + path + "}]")));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0].routes[1].path");
        assertThat(problem.rule()).startsWith("must not be /startexecution or /describeexecution");
        assertThat(problem.mend()).endsWith("' /models" + path + " --stack dev");
        Problem own = only(problems(model("routes: [{path: " + path + ", long: true}]")));
        assertThat(own.key()).isEqualTo("parkmeter:models[0].routes[0].path");
        assertThat(lifecycle("alwaysOn, routes: [{path: " + path + "}]")).isEqualTo(new Lifecycle.AlwaysOn());
    }

    @Test
    void a_path_that_would_hide_a_long_routes_jobs_is_refused_wherever_it_stands() {
        List<Problem> problems = problems(
                model("routes: [{path: /jobs/status}, {path: /jobs, long: true}, {path: /jobs-too}, {path: /jobs/a/b,"
                        + " long: true}]"),
                "parkmeter:routes: [{path: /jobs/mine, method: POST, via: {function: x}}]");
        assertThat(problems)
                .extracting(Problem::key)
                .containsExactly(
                        "parkmeter:models[0].routes[0].path",
                        "parkmeter:models[0].routes[3].path",
                        "parkmeter:routes[0].path");
        assertThat(problems)
                .extracting(Problem::rule)
                .containsOnly("must not be below /jobs, a long route's path: its jobs are there, at /jobs/{id}");
        assertThat(lifecycle("alwaysOn, routes: [{path: /jobs/status}, {path: /jobs}]"))
                .isEqualTo(new Lifecycle.AlwaysOn());
    }

    @Test
    void a_stack_whose_name_leaves_no_room_for_the_bucket_is_refused() {
        for (int length : List.of(36, 37)) {
            var names = new Names("parkmeter", "s".repeat(length));
            String models =
                    "[{\"name\":\"t\",\"source\":{\"hub\":\"a/b\"},\"routes\":[{\"path\":\"/a\",\"long\":true}]}]";
            var thrown = catchThrowableOfType(
                    ConfigProblems.class,
                    () -> ConfigReader.read(
                            names,
                            Map.of("aws:region", "eu-west-2", "parkmeter:models", models),
                            Set.of(),
                            StackFiles.NO_LOCK));
            if (length == 36) {
                assertThat(thrown).isNull();
            } else {
                assertThat(only(Objects.requireNonNull(thrown).problems()).rule())
                        .contains("-answers-' and eight digits, which must have at most 63 characters");
            }
        }
    }

    @Test
    void long_routes_of_different_callers_are_refused() {
        List<Problem> problems = problems(
                "parkmeter:models: [{name: a, source: {hub: a/b}, access: cognito, routes: [{path: /a, long: true}]}, "
                        + "{name: b, source: {hub: a/b}, routes: [{path: /b}, {path: /c, long: true}, "
                        + "{path: /d, long: true, access: cognito}, {path: /e, long: true, access: token}]}]");
        assertThat(problems)
                .extracting(Problem::key, Problem::value)
                .containsExactly(
                        tuple("parkmeter:models[1].routes[1].access", "key"),
                        tuple("parkmeter:models[1].routes[3].access", "token"));
        assertThat(problems)
                .extracting(Problem::rule)
                .containsOnly("must be cognito, as of the first long route: all of a stack have one access, since"
                        + " /startexecution and /describeexecution are for the callers of all of them");
        assertThat(problems.get(0).mend())
                .isEqualTo("pulumi config set --path 'parkmeter:models[1].routes[1].access' cognito --stack dev");
    }
}
