package parkmeter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.config.ConfigProblems.Problem;

/** What may be watched, and what is said where it can't be. */
class WatchReaderTest {

    private static final String STACK =
            """
            config:
              aws:region: %s
              parkmeter:models: [{name: tiny, source: {hub: a/b}%s}]
              %s
            """;

    private static Optional<WatchSettings> watch(String line) {
        return StackFiles.read("dev", STACK.formatted("eu-west-2", "", line)).watch();
    }

    private static List<Problem> problems(String region, String model, String line) {
        String yaml = STACK.formatted(region, model, line);
        return Objects.requireNonNull(
                        catchThrowableOfType(
                                ConfigProblems.class,
                                () -> ConfigReader.read(
                                        new Names("parkmeter", "dev"),
                                        StackFiles.values(yaml),
                                        Set.of(),
                                        StackFiles.NO_LOCK)),
                        () -> "accepted: " + yaml)
                .problems();
    }

    @Test
    void nothing_is_watched_where_nobody_asks_for_it() {
        assertThat(watch("parkmeter:meter: {}")).isEmpty();
    }

    @Test
    void an_empty_section_has_alarms_and_a_dashboard_and_nothing_that_needs_the_account_first() {
        assertThat(watch("parkmeter:watch: {}"))
                .contains(new WatchSettings(
                        true, new WatchSettings.Audience.Own(List.of()), true, false, Optional.empty()));
    }

    @Test
    void each_key_is_read() {
        assertThat(watch(
                        "parkmeter:watch: {alarms: false, email: [a@example.com, b@example.com, a@example.com], dashboard: false, "
                                + "accessLog: true, budget: {monthlyDollars: 49.99, forecast: false}}"))
                .contains(new WatchSettings(
                        false,
                        new WatchSettings.Audience.Own(List.of("a@example.com", "b@example.com")),
                        false,
                        true,
                        Optional.of(new WatchSettings.Budget(new BigDecimal("49.99"), false))));
        assertThat(
                        watch(
                                "parkmeter:watch: {topic: 'arn:aws:sns:eu-west-2:123456789012:ops', budget: {monthlyDollars: 5}}"))
                .contains(new WatchSettings(
                        true,
                        new WatchSettings.Audience.Existing("arn:aws:sns:eu-west-2:123456789012:ops"),
                        true,
                        false,
                        Optional.of(new WatchSettings.Budget(new BigDecimal("5"), true))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{email: [ops]} | .email[0] | must be an e-mail address | set --path 'parkmeter:watch.email[0]' 'ops@example.com'",
                "{topic: ops} | .topic | must be an SNS topic's ARN | set --path 'parkmeter:watch.topic' arn:aws:sns:eu-west-2:123456789012:operations",
                "{topic: 'arn:aws:sns:us-east-1:123456789012:ops'} | .topic | must be a topic in eu-west-2, the stack's region: CloudWatch's alarms reach no other | set --path 'parkmeter:watch.topic' arn:aws:sns:eu-west-2:123456789012:ops",
                "{topic: 'arn:aws:sns:eu-west-2:123456789012:ops', email: [a@example.com]} | .email | must not stand beside topic, whose own subscribers are told | rm --path 'parkmeter:watch.email'",
                "{alarms: false, email: [a@example.com]} | .email | has nothing to say: alarms is false, and there is no budget | rm --path 'parkmeter:watch.email'",
                "{alarms: false, topic: 'arn:aws:sns:eu-west-2:123456789012:ops'} | .topic | has nothing to say: alarms is false, and there is no budget | rm --path 'parkmeter:watch.topic'",
                "{budget: {monthlyDollars: 5, forcast: true}} | .budget.forcast | is no key that exists here; the nearest key is 'forecast' | rm --path 'parkmeter:watch.budget.forcast'",
                "{alarms: sometimes} | .alarms | must be true or false | set --path 'parkmeter:watch.alarms' true",
                "{budget: {monthlyDollars: 0}} | .budget.monthlyDollars | must be a number above 0, at most 1000000 | set --path 'parkmeter:watch.budget.monthlyDollars' 50",
                "{budget: {}} | .budget.monthlyDollars | is missing: it must be a number above 0, at most 1000000 | set --path 'parkmeter:watch.budget.monthlyDollars' 50",
                "{budget: 50} | .budget | must be a section of keys | in Pulumi.dev.yaml",
                "{dashbord: true} | .dashbord | is no key that exists here; the nearest key is 'dashboard' | rm --path 'parkmeter:watch.dashbord'",
            })
    void what_does_not_fit_is_named_with_its_rule_and_the_line_that_mends_it(
            String section, String key, String rule, String mend) {
        assertThat(problems("eu-west-2", "", "parkmeter:watch: " + section))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.key()).isEqualTo("parkmeter:watch" + key);
                    assertThat(problem.rule()).isEqualTo(rule);
                    assertThat(problem.mend()).contains(mend);
                });
    }

    @Test
    void an_http_api_has_its_access_log_anyway() {
        assertThat(problems(
                        "eu-west-2",
                        ", routes: [{path: /a, public: true, throttle: {rate: 1, burst: 1}}]",
                        "parkmeter:api: http\n  parkmeter:watch: {accessLog: true}"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.rule())
                        .isEqualTo("has nothing to say where api.type is http: an HTTP API always has an access log"));
    }

    @Test
    void a_budget_is_none_of_govclouds() {
        assertThat(problems("us-gov-west-1", "", "parkmeter:watch: {budget: {monthlyDollars: 5}}"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.rule()).startsWith("must not be set in us-gov-west-1"));
    }

    @Test
    void all_that_is_wrong_is_said_at_once() {
        assertThat(
                        problems(
                                "eu-west-2",
                                "",
                                "parkmeter:watch: {alarms: 1, email: [x], topic: y, dashboard: 2, accessLog: 3, budget: {forecast: 4}}"))
                .extracting(Problem::key)
                .containsExactlyInAnyOrder(
                        "parkmeter:watch.alarms",
                        "parkmeter:watch.email[0]",
                        "parkmeter:watch.topic",
                        "parkmeter:watch.dashboard",
                        "parkmeter:watch.accessLog",
                        "parkmeter:watch.budget.monthlyDollars",
                        "parkmeter:watch.budget.forecast");
    }
}
