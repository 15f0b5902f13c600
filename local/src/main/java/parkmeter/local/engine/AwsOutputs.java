package parkmeter.local.engine;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * What AWS adds to each resource, formed from the inputs: the attributes of pulumi-aws 6.83.0. What AWS draws by chance is
 * derived from the URN, so that a plan never changes by itself.
 */
final class AwsOutputs {
    /** One type's computed outputs; {@code id} is one of them. An input of the same name is kept. */
    private interface Rule {
        Map<String, String> of(Declared declared, Place place);
    }

    /**
     * What a rule may look at.
     *
     * @param apiKeys the value of an API key that declares none, by the key's name
     */
    record Declared(String urn, String type, String logicalName, JsonNode inputs, Function<String, String> apiKeys) {
        private String text(String property) {
            return inputs.path(property).asText();
        }

        private String name() {
            return inputs.path("name").asText(logicalName);
        }

        /** As many letters and digits as AWS's own id has, always the same ones. */
        private String id(int length) {
            return derived(urn, length);
        }

        private String uuid() {
            return UUID.nameUUIDFromBytes(urn.getBytes(StandardCharsets.UTF_8)).toString();
        }
    }

    private static final Map<String, Rule> RULES = Map.ofEntries(
            entry(
                    "aws:iam/role:Role",
                    (it, at) -> Map.of(
                            "id", it.name(),
                            "name", it.name(),
                            "arn",
                                    at.globalArn(
                                            "iam",
                                            "role" + it.inputs().path("path").asText("/") + it.name()),
                            "uniqueId", "AROA" + it.id(17).toUpperCase(Locale.ROOT))),
            entry(
                    "aws:iam/rolePolicy:RolePolicy",
                    (it, at) -> Map.of("id", it.text("role") + ":" + it.name(), "name", it.name())),
            entry(
                    "aws:cloudwatch/logGroup:LogGroup",
                    (it, at) -> Map.of(
                            "id", it.name(),
                            "name", it.name(),
                            "arn", at.arn("logs", "log-group:" + it.name()))),
            entry("aws:lambda/function:Function", AwsOutputs::function),
            entry(
                    "aws:lambda/permission:Permission",
                    (it, at) -> Map.of("id", it.inputs().path("statementId").asText(it.logicalName()))),
            entry("aws:sagemaker/model:Model", sageMaker("model")),
            entry("aws:sagemaker/endpointConfiguration:EndpointConfiguration", sageMaker("endpoint-config")),
            entry("aws:sagemaker/endpoint:Endpoint", sageMaker("endpoint")),
            entry(
                    "aws:apigateway/restApi:RestApi",
                    (it, at) -> Map.of(
                            "id", it.id(10),
                            "name", it.name(),
                            "arn", at.arnWithoutAccount("apigateway", "/restapis/" + it.id(10)),
                            "executionArn", at.arn("execute-api", it.id(10)),
                            "rootResourceId", derived(it.urn() + "/", 10))),
            entry(
                    "aws:apigateway/deployment:Deployment",
                    (it, at) -> Map.of(
                            "id", it.id(6),
                            "executionArn", at.arn("execute-api", it.text("restApi") + "/"),
                            "invokeUrl", invokeUrl(it.text("restApi"), "", at))),
            entry(
                    "aws:apigateway/stage:Stage",
                    (it, at) -> Map.of(
                            "id", "ags-" + it.text("restApi") + "-" + it.text("stageName"),
                            "arn", at.arnWithoutAccount("apigateway", stagePath(it)),
                            "executionArn", at.arn("execute-api", it.text("restApi") + "/" + it.text("stageName")),
                            "invokeUrl", invokeUrl(it.text("restApi"), it.text("stageName"), at))),
            entry(
                    "aws:apigateway/methodSettings:MethodSettings",
                    (it, at) -> Map.of(
                            "id", it.text("restApi") + "-" + it.text("stageName") + "-" + it.text("methodPath"))),
            entry(
                    "aws:apigatewayv2/api:Api",
                    (it, at) -> Map.of(
                            "id", it.id(10),
                            "name", it.name(),
                            "arn", at.arnWithoutAccount("apigateway", "/apis/" + it.id(10)),
                            "executionArn", at.arn("execute-api", it.id(10)),
                            "apiEndpoint", invokeUrl(it.id(10), "", at).replaceFirst("/$", ""))),
            entry("aws:apigatewayv2/integration:Integration", (it, at) -> Map.of("id", it.id(7))),
            entry("aws:apigatewayv2/authorizer:Authorizer", (it, at) -> Map.of("id", it.id(6))),
            entry("aws:apigatewayv2/route:Route", (it, at) -> Map.of("id", it.id(7))),
            entry(
                    "aws:apigatewayv2/stage:Stage",
                    (it, at) -> Map.of(
                            "id", it.name(),
                            "name", it.name(),
                            "arn",
                                    at.arnWithoutAccount(
                                            "apigateway", "/apis/" + it.text("apiId") + "/stages/" + it.name()),
                            "executionArn", at.arn("execute-api", it.text("apiId") + "/" + it.name()),
                            "invokeUrl", invokeUrl(it.text("apiId"), it.name(), at))),
            entry(
                    "aws:apigateway/usagePlan:UsagePlan",
                    (it, at) -> Map.of(
                            "id", it.id(6),
                            "name", it.name(),
                            "arn", at.arnWithoutAccount("apigateway", "/usageplans/" + it.id(6)))),
            entry(
                    "aws:apigateway/apiKey:ApiKey",
                    (it, at) -> Map.of(
                            "id", it.id(10),
                            "name", it.name(),
                            "arn", at.arnWithoutAccount("apigateway", "/apikeys/" + it.id(10)),
                            "value", it.apiKeys().apply(it.name()))),
            entry("aws:apigateway/usagePlanKey:UsagePlanKey", (it, at) -> Map.of("id", it.text("keyId"))),
            entry("aws:appautoscaling/target:Target", (it, at) -> Map.of("id", it.text("resourceId"))),
            entry("aws:appautoscaling/policy:Policy", named("autoscaling", "scalingPolicy:")),
            entry("aws:appautoscaling/scheduledAction:ScheduledAction", named("autoscaling", "scheduledAction:")),
            entry("aws:ec2/securityGroup:SecurityGroup", AwsOutputs::securityGroup),
            entry("aws:ec2/vpcEndpoint:VpcEndpoint", AwsOutputs::vpcEndpoint),
            entry("aws:secretsmanager/secret:Secret", AwsOutputs::secret),
            entry(
                    "aws:secretsmanager/secretVersion:SecretVersion",
                    (it, at) -> Map.of("id", it.text("secretId") + "|" + it.uuid(), "versionId", it.uuid())),
            entry("aws:dynamodb/table:Table", named("dynamodb", "table/")),
            entry("aws:cognito/userPool:UserPool", AwsOutputs::userPool),
            entry("aws:cognito/userPoolClient:UserPoolClient", (it, at) -> Map.of("id", it.id(26), "name", it.name())),
            entry("aws:s3/bucketV2:BucketV2", AwsOutputs::bucket),
            entry("aws:sfn/stateMachine:StateMachine", AwsOutputs::stateMachine),
            entry("aws:cloudwatch/eventRule:EventRule", named("events", "rule/")),
            entry("aws:cloudwatch/metricAlarm:MetricAlarm", named("cloudwatch", "alarm:")),
            entry(
                    "aws:cloudwatch/compositeAlarm:CompositeAlarm",
                    (it, at) -> Map.of(
                            "id", it.text("alarmName"),
                            "arn", at.arn("cloudwatch", "alarm:" + it.text("alarmName")))),
            entry(
                    "aws:cloudwatch/dashboard:Dashboard",
                    (it, at) -> Map.of(
                            "id", it.text("dashboardName"),
                            "dashboardArn", at.globalArn("cloudwatch", "dashboard/" + it.text("dashboardName")))),
            entry(
                    "aws:cloudwatch/logMetricFilter:LogMetricFilter",
                    (it, at) -> Map.of("id", it.name(), "name", it.name())),
            entry(
                    "aws:budgets/budget:Budget",
                    (it, at) -> Map.of(
                            "id", at.account() + ":" + it.name(),
                            "name", it.name(),
                            "accountId", at.account(),
                            "arn", at.globalArn("budgets", "budget/" + it.name()))),
            entry(
                    "aws:cloudwatch/eventTarget:EventTarget",
                    (it, at) -> Map.of("id", it.text("rule") + "-" + it.text("targetId"))),
            entry("aws:sns/topic:Topic", AwsOutputs::topic),
            entry(
                    "aws:sns/topicSubscription:TopicSubscription",
                    (it, at) -> Map.of(
                            "id", it.text("topic") + ":" + it.uuid(),
                            "arn", it.text("topic") + ":" + it.uuid())),
            entry("aws:sns/topicPolicy:TopicPolicy", (it, at) -> Map.of("id", it.text("arn"))),
            entry("aws:sqs/queue:Queue", AwsOutputs::queue),
            entry("aws:sqs/queuePolicy:QueuePolicy", (it, at) -> Map.of("id", it.text("queueUrl"))),
            entry(
                    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
                    (it, at) -> Map.of("id", it.text("functionName"))),
            // What the function answers is known only when it is called.
            entry(
                    "aws:lambda/invocation:Invocation",
                    (it, at) -> Map.of("id", it.text("functionName") + "_$LATEST_" + it.id(32), "result", "{}")));

    /** What the provider's schema marks as secret. */
    private static final Map<String, Set<String>> SECRETS = Map.of("aws:apigateway/apiKey:ApiKey", Set.of("value"));

    private AwsOutputs() {}

    /** What AWS adds to a resource, its {@code id} included, without the inputs. */
    static Map<String, String> of(Declared declared, Place place) {
        return RULES.getOrDefault(declared.type(), AwsOutputs::generic).of(declared, place);
    }

    /** The names of a type's outputs that the provider itself marks as secret. */
    static Set<String> secrets(String type) {
        return SECRETS.getOrDefault(type, Set.of());
    }

    /** A resource of any other type: what nearly all have. Its ARN is a stand-in, told apart by its URN's digest. */
    private static Map<String, String> generic(Declared it, Place at) {
        String service = it.type().split("[:/]", -1)[1];
        return Map.of("id", it.name(), "name", it.name(), "arn", at.arn(service, it.name() + "/" + it.id(8)));
    }

    private static Rule sageMaker(String kind) {
        // SageMaker answers lower-cased ARNs, whatever the name's case.
        return (it, at) -> Map.of(
                "id", it.name(),
                "name", it.name(),
                "arn", at.arn("sagemaker", kind + "/" + it.name().toLowerCase(Locale.ROOT)));
    }

    private static Rule named(String service, String kind) {
        return (it, at) -> Map.of("id", it.name(), "name", it.name(), "arn", at.arn(service, kind + it.name()));
    }

    private static Map<String, String> topic(Declared it, Place at) {
        String arn = at.arn("sns", it.name());
        return Map.of("id", arn, "arn", arn, "name", it.name(), "owner", at.account());
    }

    private static Map<String, String> userPool(Declared it, Place at) {
        String id = at.region() + "_" + it.id(9);
        return Map.of(
                "id", id,
                "name", it.name(),
                "arn", at.arn("cognito-idp", "userpool/" + id),
                "endpoint", "cognito-idp.%s.%s/%s".formatted(at.region(), at.dnsSuffix(), id));
    }

    private static Map<String, String> bucket(Declared it, Place at) {
        String name = it.inputs().path("bucket").asText(it.logicalName());
        return Map.of(
                "id",
                name,
                "bucket",
                name,
                "arn",
                "arn:%s:s3:::%s".formatted(at.partition(), name),
                "bucketDomainName",
                name + ".s3." + at.dnsSuffix(),
                "bucketRegionalDomainName",
                "%s.s3.%s.%s".formatted(name, at.region(), at.dnsSuffix()),
                "region",
                at.region());
    }

    private static Map<String, String> securityGroup(Declared it, Place at) {
        String id = "sg-" + hexadecimal(it);
        return Map.of("id", id, "name", it.name(), "arn", at.arn("ec2", "security-group/" + id));
    }

    private static Map<String, String> vpcEndpoint(Declared it, Place at) {
        String id = "vpce-" + hexadecimal(it);
        return Map.of("id", id, "arn", at.arn("ec2", "vpc-endpoint/" + id));
    }

    /** Secrets Manager puts six characters behind a secret's name. */
    private static Map<String, String> secret(Declared it, Place at) {
        String arn = at.arn("secretsmanager", "secret:" + it.name() + "-" + it.id(6));
        return Map.of("id", arn, "arn", arn, "name", it.name());
    }

    /** Seventeen digits, as EC2's ids have. */
    private static String hexadecimal(Declared it) {
        return it.uuid().replace("-", "").substring(0, 17);
    }

    private static Map<String, String> stateMachine(Declared it, Place at) {
        String arn = at.arn("states", "stateMachine:" + it.name());
        return Map.of("id", arn, "arn", arn, "name", it.name(), "status", "ACTIVE");
    }

    private static Map<String, String> queue(Declared it, Place at) {
        String url = "https://sqs.%s.%s/%s/%s".formatted(at.region(), at.dnsSuffix(), at.account(), it.name());
        return Map.of("id", url, "url", url, "name", it.name(), "arn", at.arn("sqs", it.name()));
    }

    private static Map<String, String> function(Declared it, Place at) {
        String version = it.inputs().path("publish").asBoolean() ? "1" : "$LATEST";
        String arn = at.arn("lambda", "function:" + it.name());
        return Map.of(
                "id", it.name(),
                "name", it.name(),
                "arn", arn,
                "invokeArn", invokeArn(arn, at),
                "version", version,
                "qualifiedArn", arn + ":" + version,
                "qualifiedInvokeArn", invokeArn(arn + ":" + version, at));
    }

    /** The address under which API Gateway calls a function. */
    static String invokeArn(String functionArn, Place at) {
        return "arn:%s:apigateway:%s:lambda:path/2015-03-31/functions/%s/invocations"
                .formatted(at.partition(), at.region(), functionArn);
    }

    private static String invokeUrl(String restApi, String stage, Place at) {
        return "https://%s.execute-api.%s.%s/%s".formatted(restApi, at.region(), at.dnsSuffix(), stage);
    }

    private static String stagePath(Declared it) {
        return "/restapis/" + it.text("restApi") + "/stages/" + it.text("stageName");
    }

    private static String derived(String seed, int length) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(seed.getBytes(StandardCharsets.UTF_8));
            String digits = new BigInteger(1, digest).toString(Character.MAX_RADIX);
            return digits.substring(digits.length() - length);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
