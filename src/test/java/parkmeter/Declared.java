package parkmeter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.pulumi.core.Output;
import com.pulumi.resources.ResourceOptions;
import com.pulumi.test.Mocks;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.TestOptions;
import com.pulumi.test.TestResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import parkmeter.config.StackConfig;

/** What the program declares for a configuration: one run under mocks that answer as AWS does and fail on what they don't know. */
final class Declared implements Mocks {

    static final String ACCOUNT = "123456789012";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A declared resource: its type, name and inputs, and the URN of its provider. */
    record Declaration(String type, String name, Map<String, Object> inputs, String provider) {

        /** An input under a path of keys and indices. */
        Object input(Object... path) {
            Object value = inputs;
            for (Object step : path) {
                value = step instanceof Integer index ? ((List<?>) value).get(index) : ((Map<?, ?>) value).get(step);
                if (value == null) {
                    throw new AssertionError(name + " has no " + List.of(path) + ": " + inputs);
                }
            }
            return value;
        }

        JsonNode json(String input) {
            try {
                return JSON.readTree(input(input).toString());
            } catch (JsonProcessingException e) {
                throw new AssertionError(e);
            }
        }
    }

    private final ConcurrentLinkedQueue<Declaration> declarations = new ConcurrentLinkedQueue<>();
    private final Map<String, ResourceOptions> options = new ConcurrentHashMap<>();
    private final StackConfig config;
    private final boolean preview;
    private final String functionState;
    private final TestResult result;

    private Declared(StackConfig config, boolean preview, String functionState) {
        this.config = config;
        this.preview = preview;
        this.functionState = functionState;
        this.result = PulumiTest.withMocks(this)
                .withOptions(TestOptions.builder()
                        .projectName("parkmeter")
                        .stackName(config.names().stack())
                        .preview(preview)
                        .resourceTransformations(List.of(args -> {
                            options.put(
                                    args.resource().pulumiResourceType() + " "
                                            + args.resource().pulumiResourceName(),
                                    args.options());
                            return Optional.empty();
                        }))
                        .build())
                .runTest(ctx -> App.stack(ctx, config))
                .throwOnError();
        PulumiTest.cleanup();
    }

    static Declared of(StackConfig config) {
        return of(config, "then");
    }

    /** With functions of others that were last changed at a time. */
    static Declared of(StackConfig config, String functionState) {
        return new Declared(config, false, functionState);
    }

    /** As a preview sees it before anything exists: what AWS would give is unknown. */
    static Declared preview(StackConfig config) {
        return new Declared(config, true, "then");
    }

    StackConfig config() {
        return config;
    }

    List<Declaration> all() {
        return List.copyOf(declarations);
    }

    List<Declaration> all(String type) {
        return declarations.stream().filter(d -> d.type().equals(type)).toList();
    }

    /** The only resource of its type. */
    Declaration only(String type) {
        List<Declaration> found = all(type);
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " of " + type);
        }
        return found.get(0);
    }

    Declaration named(String type, String name) {
        return all(type).stream()
                .filter(d -> d.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type + " " + name + " in " + all(type)));
    }

    ResourceOptions options(Declaration declaration) {
        return Objects.requireNonNull(options.get(declaration.type() + " " + declaration.name()), declaration.name());
    }

    Object exported(String name) {
        return Objects.requireNonNull(PulumiTest.extractValue(result.output(name)), name);
    }

    Output<Object> output(String name) {
        return result.output(name);
    }

    Map<String, Output<?>> outputs() {
        return result.outputs();
    }

    @Override
    public CompletableFuture<ResourceResult> newResourceAsync(ResourceArgs args) {
        declarations.add(new Declaration(args.type, args.name, args.inputs, args.provider));
        var state = new HashMap<>(args.inputs);
        if (!preview) {
            state.putAll(computed(args));
        }
        return CompletableFuture.completedFuture(
                ResourceResult.of(preview ? Optional.empty() : Optional.of(args.name + "-id"), state));
    }

    private Map<String, Object> computed(ResourceArgs args) {
        String region = config.aws().region();
        String name = String.valueOf(args.inputs.get("name"));
        return switch (args.type) {
            case "aws:iam/role:Role" -> Map.of("arn", "arn:aws:iam::" + ACCOUNT + ":role/" + name);
            case "aws:lambda/function:Function" -> {
                String arn = "arn:aws:lambda:" + region + ":" + ACCOUNT + ":function:" + name;
                yield Map.of(
                        "arn",
                        arn,
                        "invokeArn",
                        "arn:aws:apigateway:" + region + ":lambda:path/2015-03-31/functions/" + arn + "/invocations");
            }
            case "aws:apigateway/restApi:RestApi" ->
                Map.of("executionArn", "arn:aws:execute-api:" + region + ":" + ACCOUNT + ":api-rest-id");
            case "aws:apigateway/stage:Stage" ->
                Map.of(
                        "invokeUrl",
                        "https://api-rest-id.execute-api." + region + ".amazonaws.com/" + args.inputs.get("stageName"));
            case "aws:apigatewayv2/api:Api" ->
                Map.of("executionArn", "arn:aws:execute-api:" + region + ":" + ACCOUNT + ":api-http-id");
            case "aws:apigatewayv2/stage:Stage" ->
                Map.of("invokeUrl", "https://api-http-id.execute-api." + region + ".amazonaws.com/" + name);
            case "aws:cloudwatch/logGroup:LogGroup" -> Map.of("arn", arn("logs", "log-group:" + name));
            case "aws:s3/bucketV2:BucketV2" ->
                Map.of("arn", "arn:" + partition() + ":s3:::" + args.inputs.get("bucket"));
            case "aws:sfn/stateMachine:StateMachine" -> Map.of("arn", arn("states", "stateMachine:" + name));
            case "aws:dynamodb/table:Table" -> Map.of("arn", arn("dynamodb", "table/" + name));
            case "aws:secretsmanager/secret:Secret" ->
                Map.of("arn", arn("secretsmanager", "secret:" + name + "-a1b2c3"));
            case "aws:appautoscaling/policy:Policy" -> Map.of("arn", arn("autoscaling", "scalingPolicy:" + name));
            case "aws:sqs/queue:Queue" -> Map.of("arn", arn("sqs", name), "url", "https://sqs/" + name);
            case "aws:sns/topic:Topic" -> Map.of("arn", arn("sns", name));
            case "aws:cloudwatch/metricAlarm:MetricAlarm" -> Map.of("arn", arn("cloudwatch", "alarm:" + name));
            case "aws:cloudwatch/compositeAlarm:CompositeAlarm" ->
                Map.of("arn", arn("cloudwatch", "alarm:" + args.inputs.get("alarmName")));
            case "aws:cloudwatch/eventRule:EventRule" -> Map.of("arn", arn("events", "rule/" + name));
            case "aws:cognito/userPool:UserPool" -> Map.of("arn", arn("cognito-idp", "userpool/" + args.name + "-id"));
            case "aws:apigateway/apiKey:ApiKey" -> Map.of("value", "value-of-" + name.toLowerCase(Locale.ROOT));
            default -> Map.of();
        };
    }

    private String arn(String service, String resource) {
        return "arn:" + partition() + ":" + service + ":" + config.aws().region() + ":" + ACCOUNT + ":" + resource;
    }

    private String partition() {
        return config.aws().region().startsWith("cn-") ? "aws-cn" : "aws";
    }

    @Override
    public CompletableFuture<Map<String, Object>> callAsync(CallArgs args) {
        return CompletableFuture.completedFuture(
                switch (args.token) {
                    case "aws:index/getCallerIdentity:getCallerIdentity" ->
                        Map.of(
                                "accountId",
                                ACCOUNT,
                                "arn",
                                "arn:aws:iam::" + ACCOUNT + ":root",
                                "id",
                                ACCOUNT,
                                "userId",
                                "x");
                    case "aws:dynamodb/getTable:getTable" -> table(String.valueOf(args.args.get("name")));
                    case "aws:cognito/getUserPool:getUserPool" -> {
                        String id = String.valueOf(args.args.get("userPoolId"));
                        yield Map.of("id", id, "userPoolId", id, "arn", arn("cognito-idp", "userpool/" + id));
                    }
                    case "aws:secretsmanager/getSecretVersion:getSecretVersion" ->
                        Map.of(
                                "id",
                                args.args.get("secretId") + "|AWSCURRENT",
                                "arn",
                                args.args.get("secretId"),
                                "secretString",
                                "hf_kept_secret",
                                "versionId",
                                "the-first-version");
                    case "aws:lambda/getFunction:getFunction" -> function(args.args);
                    case "aws:index/getPartition:getPartition" ->
                        Map.of(
                                "partition",
                                partition(),
                                "id",
                                partition(),
                                "dnsSuffix",
                                "amazonaws.com",
                                "reverseDnsPrefix",
                                "com.amazonaws");
                    case "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage" ->
                        Map.of(
                                "registryId",
                                "763104351884",
                                "repositoryName",
                                args.args.get("repositoryName"),
                                "id",
                                "763104351884",
                                "registryPath",
                                "763104351884.dkr.ecr.eu-west-2.amazonaws.com/" + args.args.get("repositoryName") + ":"
                                        + args.args.get("imageTag"));
                    default -> throw new AssertionError("no mock for " + args.token);
                });
    }

    /** A table of others, whose name tells its key. */
    private Map<String, Object> table(String name) {
        return Map.of(
                "id",
                name,
                "name",
                name,
                "arn",
                arn("dynamodb", "table/" + name),
                "hashKey",
                name.startsWith("clear") ? "token" : "hash");
    }

    /** A function of others. */
    private Map<String, Object> function(Map<String, Object> args) {
        String name = String.valueOf(args.get("functionName"));
        String arn = name.startsWith("arn:") ? name : arn("lambda", "function:" + name);
        String qualified = arn + ":" + args.getOrDefault("qualifier", "1");
        String before = "arn:aws:apigateway:" + config.aws().region() + ":lambda:path/2015-03-31/functions/";
        return Map.of(
                "arn",
                arn,
                "invokeArn",
                before + arn + "/invocations",
                "qualifiedInvokeArn",
                before + qualified + "/invocations",
                "codeSha256",
                "code",
                "version",
                "1",
                "lastModified",
                functionState);
    }

    JsonNode policy(String name) {
        return Objects.requireNonNull(policies().get(name), name);
    }

    /** All policies by the resource's name: inline, trust and resource policies. */
    Map<String, JsonNode> policies() {
        var policies = new HashMap<String, JsonNode>();
        all("aws:iam/rolePolicy:RolePolicy").forEach(d -> policies.put(d.name(), d.json("policy")));
        all("aws:iam/role:Role").forEach(d -> policies.put(d.name(), d.json("assumeRolePolicy")));
        all("aws:sqs/queue:Queue").forEach(d -> policies.put(d.name(), d.json("policy")));
        all("aws:sns/topic:Topic").stream()
                .filter(d -> d.inputs().containsKey("policy"))
                .forEach(d -> policies.put(d.name(), d.json("policy")));
        all("aws:s3/bucketPolicy:BucketPolicy").forEach(d -> policies.put(d.name(), d.json("policy")));
        return policies;
    }

    /** The statements of a policy. */
    static List<JsonNode> statements(JsonNode policy) {
        var statements = new ArrayList<JsonNode>();
        policy.get("Statement").forEach(statements::add);
        return statements;
    }
}
