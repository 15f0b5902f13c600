package parkmeter.local.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.local.identity.InvokePolicy.Decision;

class InvokePolicyTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REQUEST = "arn:aws:execute-api:eu-west-2:123456789012:api1/prod/POST/models/a/invoke";

    @ParameterizedTest
    @CsvSource({
        "*, ALLOWED",
        "arn:aws:execute-api:eu-west-2:123456789012:api1/prod/POST/models/a/invoke, ALLOWED",
        "arn:aws:execute-api:*:*:api1/*/POST/models/*, ALLOWED",
        "arn:aws:execute-api:eu-west-?:123456789012:api1/prod/*, ALLOWED",
        "arn:aws:execute-api:eu-west-2:123456789012:api1/prod/*/models/?/invoke, ALLOWED",
        "arn:aws:execute-api:eu-west-2:123456789012:api1/prod/GET/*, NOT_ALLOWED",
        "arn:aws:execute-api:eu-west-2:123456789012:api1/dev/*, NOT_ALLOWED",
        "arn:aws:execute-api:eu-west-2:123456789012:api1/prod/POST/models/a, NOT_ALLOWED",
        "arn:aws:execute-api:eu-west-2:123456789012:api1/prod/POST/MODELS/a/invoke, NOT_ALLOWED",
        "arn:*, NOT_ALLOWED",
        "arn:aws:execute-api:eu-west-2:*, NOT_ALLOWED",
        "arn:aws:execute-api:eu-west-2:123456789012:api1/prod/POST/models/.*, NOT_ALLOWED"
    })
    void a_resource_covers_what_its_wildcards_say_within_each_part_of_the_arn(String resource, Decision decision)
            throws IOException {
        assertThat(decide("[{\"Effect\":\"Allow\",\"Action\":\"execute-api:Invoke\",\"Resource\":[\"" + resource
                        + "\"]}]"))
                .isEqualTo(decision);
    }

    @ParameterizedTest
    @CsvSource({
        "execute-api:Invoke, ALLOWED",
        "EXECUTE-API:invoke, ALLOWED",
        "execute-api:*, ALLOWED",
        "*, ALLOWED",
        "execute-api:ManageConnections, NOT_ALLOWED",
        "s3:*, NOT_ALLOWED"
    })
    void a_statement_counts_when_it_is_about_calls(String action, Decision decision) throws IOException {
        assertThat(decide("[{\"Effect\":\"Allow\",\"Action\":\"" + action + "\",\"Resource\":\"*\"}]"))
                .isEqualTo(decision);
    }

    @Test
    void a_deny_wins_wherever_it_stands() throws IOException {
        String allow = "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}";
        String deny = "{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"arn:aws:execute-api:*:*:*/POST/*\"}";
        assertThat(decide("[" + allow + "," + deny + "]")).isEqualTo(Decision.DENIED);
        assertThat(decide("[" + deny + "," + allow + "]")).isEqualTo(Decision.DENIED);
        assertThat(decide(deny)).isEqualTo(Decision.DENIED);
        assertThat(decide("[]")).isEqualTo(Decision.NOT_ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"Statement\":\"all\"}",
                "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"NotResource\":\"*\"}]}",
                "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{}}]}"
            })
    void a_policy_that_cannot_be_evaluated_is_none(String document) throws IOException {
        assertThat(InvokePolicy.read(JSON.readTree(document))).isEmpty();
    }

    private static Decision decide(String statements) throws IOException {
        return InvokePolicy.read(JSON.readTree("{\"Version\":\"2012-10-17\",\"Statement\":" + statements + "}"))
                .orElseThrow()
                .decide(REQUEST);
    }
}
