package parkmeter.lambda.meter.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the meter's functions read from their environment as they start. */
class MeterSettingsTest {

    @Test
    void the_programs_environment_is_understood() {
        assertThat(MeterSettings.of(Map.of(
                        "AWS_REGION", "eu-west-2",
                        "PARKMETER_TABLE", "parkmeter-dev-meters",
                        "PARKMETER_METRICS", "Parkmeter/parkmeter-dev",
                        "PARKMETER_TOPIC", "arn:aws:sns:eu-west-2:123456789012:t",
                        "PARKMETER_TAGS", "{\"project\":\"parkmeter\"}",
                        "PARKMETER_ADOPT", "[\"demo-*\"]",
                        "PARKMETER_CONFIGURATIONS", "[\"parkmeter-dev-*\",\"demo-*\"]",
                        "PARKMETER_OPERATORS", "[\"k1\",\"k2\"]")))
                .isEqualTo(new MeterSettings(
                        "eu-west-2",
                        "parkmeter-dev-meters",
                        "Parkmeter/parkmeter-dev",
                        "arn:aws:sns:eu-west-2:123456789012:t",
                        Map.of("project", "parkmeter"),
                        List.of("demo-*"),
                        List.of("parkmeter-dev-*", "demo-*"),
                        List.of("k1", "k2")));
    }

    @Test
    void without_metrics_topic_tags_patterns_and_operators_there_are_none() {
        assertThat(MeterSettings.of(Map.of("AWS_REGION", "eu-west-2", "PARKMETER_TABLE", "t")))
                .isEqualTo(new MeterSettings("eu-west-2", "t", null, null, Map.of(), List.of(), List.of(), List.of()));
    }

    @Test
    void everything_that_is_missing_or_wrong_is_named_at_once() {
        assertThatThrownBy(() -> MeterSettings.of(
                        Map.of("PARKMETER_TAGS", "[]", "PARKMETER_ADOPT", "demo-*", "PARKMETER_OPERATORS", "{}")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "The function's environment can't be read: AWS_REGION is missing. PARKMETER_TABLE is missing."
                                + " PARKMETER_TAGS must be a JSON object. PARKMETER_ADOPT must be a JSON list."
                                + " PARKMETER_OPERATORS must be a JSON list. The Pulumi program sets PARKMETER_*, and Lambda sets"
                                + " AWS_REGION.");
    }
}
