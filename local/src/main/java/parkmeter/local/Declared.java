package parkmeter.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import parkmeter.local.aws.Cognito;
import parkmeter.local.aws.DynamoDb;
import parkmeter.local.engine.Plan;
import parkmeter.local.engine.Registration;
import parkmeter.local.gateway.ApiKey;
import parkmeter.local.lambda.FunctionSpec;
import parkmeter.local.states.StateMachine;

/**
 * What functions and authorizers find in AWS; empty lists where a stack has none. A table or a user pool that the stack only refers to
 * is made as well: it is in AWS, and not on this machine.
 *
 * @param tables DynamoDB's tables
 * @param clearTextTables the names of those among them that hold access tokens in clear
 * @param buckets the names of S3's buckets
 * @param machines Step Functions' state machines
 * @param pools the ids of Cognito's user pools
 * @param appClients the pools' clients
 * @param keys API Gateway's keys
 * @param operators who may issue access tokens: keys' ids and users' subs
 * @param toZero the endpoints that may be without an instance
 */
record Declared(
        List<DynamoDb.Table> tables,
        Set<String> clearTextTables,
        List<String> buckets,
        List<StateMachine> machines,
        List<String> pools,
        List<Cognito.Client> appClients,
        List<ApiKey> keys,
        List<String> operators,
        Set<String> toZero) {

    /**
     * Takes it from a plan.
     *
     * @param functions the plan's functions, whose variables name the tables that the stack refers to
     */
    static Declared of(Plan plan, List<FunctionSpec> functions) {
        List<DynamoDb.Table> tables = new ArrayList<>();
        plan.ofType("aws:dynamodb/table:Table").forEach(each -> tables.add(table(each.inputs())));
        Set<String> clearText = new LinkedHashSet<>();
        for (FunctionSpec function : functions) {
            String name = function.environment().getOrDefault("PARKMETER_TOKEN_TABLE", "");
            boolean clear = function.environment().containsKey("PARKMETER_LEGACY_CLEAR_TEXT");
            if (!name.isEmpty()
                    && tables.stream().noneMatch(table -> table.name().equals(name))) {
                tables.add(tokenTable(name, clear ? "token" : "hash"));
            }
            if (clear) {
                clearText.add(name);
            }
        }
        List<Cognito.Client> appClients = plan.ofType("aws:cognito/userPoolClient:UserPoolClient").stream()
                .map(each -> new Cognito.Client(
                        each.outputs().path("id").asText(),
                        each.inputs().path("userPoolId").asText(),
                        Deployment.list(each.inputs().path("explicitAuthFlows"))))
                .toList();
        return new Declared(
                tables,
                clearText,
                plan.ofType("aws:s3/bucketV2:BucketV2").stream()
                        .map(each -> each.outputs().path("bucket").asText())
                        .toList(),
                plan.ofType("aws:sfn/stateMachine:StateMachine").stream()
                        .map(each -> new StateMachine(
                                each.outputs().path("arn").asText(),
                                Deployment.json(each.inputs().path("definition").asText())))
                        .toList(),
                Stream.concat(
                                plan.ofType("aws:cognito/userPool:UserPool").stream()
                                        .map(each -> each.outputs().path("id").asText()),
                                appClients.stream().map(Cognito.Client::poolId))
                        .distinct()
                        .toList(),
                appClients,
                keys(plan),
                functions.stream()
                        .flatMap(function -> Deployment.list(
                                Deployment.json(function.environment().getOrDefault("PARKMETER_OPERATORS", "[]")))
                                .stream())
                        .distinct()
                        .toList(),
                toZero(plan));
    }

    private static Set<String> toZero(Plan plan) {
        return plan.ofType("aws:appautoscaling/target:Target").stream()
                .map(Registration::inputs)
                .filter(target -> target.path("minCapacity").asInt(1) == 0)
                .map(target -> target.path("resourceId").asText().split("/", -1))
                .filter(parts -> parts.length > 1 && parts[0].equals("endpoint"))
                .map(parts -> parts[1])
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The key of an operator; empty where there is none. */
    Optional<String> operatorKey() {
        return keys.stream()
                .filter(key -> operators.contains(key.id()))
                .map(ApiKey::value)
                .findFirst();
    }

    private static List<ApiKey> keys(Plan plan) {
        return plan.ofType("aws:apigateway/apiKey:ApiKey").stream()
                .map(Registration::outputs)
                .map(key -> new ApiKey(
                        key.path("id").asText(),
                        key.path("name").asText(),
                        key.path("value").asText(),
                        key.path("enabled").asBoolean(true)))
                .toList();
    }

    private static DynamoDb.Table table(JsonNode inputs) {
        Map<String, String> attributes = new HashMap<>();
        inputs.path("attributes")
                .forEach(each -> attributes.put(
                        each.path("name").asText(), each.path("type").asText()));
        return new DynamoDb.Table(
                inputs.path("name").asText(),
                attributes,
                inputs.path("hashKey").asText(),
                inputs.hasNonNull("rangeKey") ? List.of(inputs.path("rangeKey").asText()) : List.of(),
                inputs.at("/ttl/enabled").asBoolean()
                        ? Optional.of(inputs.at("/ttl/attributeName").asText())
                        : Optional.empty());
    }

    private static DynamoDb.Table tokenTable(String name, String key) {
        return new DynamoDb.Table(name, Map.of(key, "S"), key, List.of(), Optional.empty());
    }
}
