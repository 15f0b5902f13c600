package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import parkmeter.local.aws.Cognito;
import parkmeter.local.aws.DynamoDb;
import parkmeter.local.engine.Plan;
import parkmeter.local.engine.Registration;
import parkmeter.local.lambda.FunctionSpec;

class DeclaredTest {
    private final List<Registration> resources = new ArrayList<>();
    private final List<FunctionSpec> functions = new ArrayList<>();

    @Test
    void a_stack_that_needs_nothing_has_nothing() {
        assertThat(declared())
                .isEqualTo(new Declared(
                        List.of(), Set.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
                        Set.of()));
    }

    @Test
    void a_table_is_its_name_its_key_and_by_what_its_items_expire() {
        declare(
                "aws:dynamodb/table:Table",
                "{'name': 'meters', 'hashKey': 'endpoint', 'attributes': [{'name': 'endpoint', 'type': 'S'}]}",
                "{}");
        declare(
                "aws:dynamodb/table:Table",
                "{'name': 'tokens', 'hashKey': 'hash', 'attributes': [{'name': 'hash', 'type': 'S'}],"
                        + " 'ttl': {'attributeName': 'expiresAt', 'enabled': true}}",
                "{}");
        function(Map.of("PARKMETER_TOKEN_TABLE", "tokens"));
        assertThat(declared().tables())
                .containsExactly(
                        new DynamoDb.Table("meters", Map.of("endpoint", "S"), "endpoint", List.of(), Optional.empty()),
                        new DynamoDb.Table("tokens", Map.of("hash", "S"), "hash", List.of(), Optional.of("expiresAt")));
        assertThat(declared().clearTextTables()).isEmpty();
    }

    @Test
    void a_table_that_the_stack_only_refers_to_is_made_once_with_the_key_that_its_readers_ask_by() {
        function(Map.of("PARKMETER_TOKEN_TABLE", "ours"));
        function(Map.of("PARKMETER_TOKEN_TABLE", "ours"));
        function(Map.of("PARKMETER_TOKEN_TABLE", "clear", "PARKMETER_LEGACY_CLEAR_TEXT", "true"));
        assertThat(declared().tables())
                .containsExactly(
                        new DynamoDb.Table("ours", Map.of("hash", "S"), "hash", List.of(), Optional.empty()),
                        new DynamoDb.Table("clear", Map.of("token", "S"), "token", List.of(), Optional.empty()));
        assertThat(declared().clearTextTables()).containsExactly("clear");
    }

    @Test
    void a_pool_is_there_whether_it_is_declared_or_only_has_a_client() {
        declare("aws:cognito/userPool:UserPool", "{}", "{'id': 'eu-west-2_declared1'}");
        declare(
                "aws:cognito/userPoolClient:UserPoolClient",
                "{'userPoolId': 'eu-west-2_there'," + " 'explicitAuthFlows': ['ALLOW_USER_PASSWORD_AUTH']}",
                "{'id': 'client'}");
        assertThat(declared().pools()).containsExactly("eu-west-2_declared1", "eu-west-2_there");
        assertThat(declared().appClients())
                .containsExactly(new Cognito.Client("client", "eu-west-2_there", List.of("ALLOW_USER_PASSWORD_AUTH")));
    }

    @Test
    void an_operators_key_is_the_one_whose_id_may_issue_tokens() {
        declare("aws:apigateway/apiKey:ApiKey", "{}", "{'id': 'k1', 'name': 'a', 'value': 'first'}");
        declare("aws:apigateway/apiKey:ApiKey", "{}", "{'id': 'k2', 'name': 'b', 'value': 'second'}");
        assertThat(declared().operatorKey()).isEmpty();
        function(Map.of("PARKMETER_OPERATORS", "[\"k2\"]"));
        assertThat(declared().operators()).containsExactly("k2");
        assertThat(declared().operatorKey()).contains("second");
    }

    @Test
    void a_bucket_is_its_name_and_a_state_machine_its_definition() {
        declare("aws:s3/bucketV2:BucketV2", "{}", "{'bucket': 'answers'}");
        declare("aws:sfn/stateMachine:StateMachine", "{'definition': '{}'}", "{'arn': 'arn:machine'}");
        assertThat(declared().buckets()).containsExactly("answers");
        assertThat(declared().machines()).singleElement().satisfies(machine -> {
            assertThat(machine.arn()).isEqualTo("arn:machine");
            assertThat(machine.definition()).isEmpty();
        });
    }

    @Test
    void an_endpoint_may_be_without_an_instance_where_its_scaling_says_so() {
        declare(
                "aws:appautoscaling/target:Target",
                "{'resourceId': 'endpoint/jobs/variant/AllTraffic', 'minCapacity': 0, 'maxCapacity': 2}",
                "{}");
        declare(
                "aws:appautoscaling/target:Target",
                "{'resourceId': 'endpoint/always/variant/AllTraffic', 'minCapacity': 1, 'maxCapacity': 2}",
                "{}");
        assertThat(declared().toZero()).containsExactly("jobs");
    }

    private Declared declared() {
        return Declared.of(new Plan("p", "s", resources, List.of(), List.of()), functions);
    }

    private void function(Map<String, String> environment) {
        functions.add(new FunctionSpec(
                "f",
                "arn:function:f",
                "a.B::c",
                "java21",
                Path.of("f.zip"),
                512,
                Duration.ofSeconds(3),
                environment,
                OptionalInt.empty()));
    }

    private void declare(String type, String inputs, String outputs) {
        String name = "resource" + resources.size();
        resources.add(new Registration(
                "urn:pulumi:s::p::" + type + "::" + name,
                type,
                name,
                Optional.empty(),
                Optional.empty(),
                true,
                List.of(),
                Map.of(),
                json(inputs),
                json(outputs),
                Set.of(),
                json("{}")));
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
