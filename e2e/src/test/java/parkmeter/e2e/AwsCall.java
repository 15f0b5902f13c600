package parkmeter.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A request to an AWS API.
 *
 * @param service the service that it is signed for, such as {@code sagemaker}
 * @param region the region that it is signed for
 * @param target the header {@code X-Amz-Target}; empty where the service has no such thing
 * @param method the HTTP method
 * @param uri the path and the query, as they were sent
 * @param copies whether it copies an object of S3
 * @param body the whole body; it means nothing where it is no text
 */
record AwsCall(String service, String region, String target, String method, URI uri, boolean copies, String body) {

    /** Whose account it is, in the policies of docs/deploying-role.md; an emulator may have another. */
    static final String ACCOUNT = "123456789012";

    /** The resource of an action that has none. */
    static final String ANY = "*";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Lambda's operations by method and path (Lambda API reference, Actions), behind the API's version. */
    private static final Map<Pattern, String> FUNCTIONS = functions();

    /** The roles that an API's document has for its integrations. */
    private static final Pattern CREDENTIALS = Pattern.compile("\"credentials\" *: *\"([^\"]+)\"");

    /** The word for an API's own policy, in its document. */
    private static final String GUARDED = "\"x-amazon-apigateway-policy\"";

    /** What CloudWatch Logs asks for where another service is to write into a log group. */
    private static final List<String> DELIVERY = List.of(
            "CreateLogDelivery",
            "GetLogDelivery",
            "UpdateLogDelivery",
            "DeleteLogDelivery",
            "ListLogDeliveries",
            "PutResourcePolicy",
            "DescribeResourcePolicies");

    /** What is asked of a bucket, by the query's word, in the words of IAM (service authorization reference, Amazon S3). */
    private static final Map<String, String> BUCKETS = Map.ofEntries(
            Map.entry("accelerate", "AccelerateConfiguration"),
            Map.entry("acl", "BucketAcl"),
            Map.entry("cors", "BucketCORS"),
            Map.entry("encryption", "EncryptionConfiguration"),
            Map.entry("lifecycle", "LifecycleConfiguration"),
            Map.entry("logging", "BucketLogging"),
            Map.entry("object-lock", "BucketObjectLockConfiguration"),
            Map.entry("policy", "BucketPolicy"),
            Map.entry("publicAccessBlock", "BucketPublicAccessBlock"),
            Map.entry("replication", "ReplicationConfiguration"),
            Map.entry("requestPayment", "BucketRequestPayment"),
            Map.entry("tagging", "BucketTagging"),
            Map.entry("versioning", "BucketVersioning"),
            Map.entry("website", "BucketWebsite"));

    /** Whom Application Auto Scaling's own role for endpoints trusts. */
    private static final String SCALING = "sagemaker.application-autoscaling.amazonaws.com";

    /** Ids of EC2 by field, with the kind in the ARN (service authorization reference, Amazon EC2). */
    private static final Map<String, String> PLACES = Map.of(
            "GroupId", "security-group",
            "RouteTableId", "route-table",
            "SecurityGroupId", "security-group",
            "SubnetId", "subnet",
            "VpcEndpointId", "vpc-endpoint",
            "VpcId", "vpc");

    /** SageMaker's names by field, with the kind in the ARN (service authorization reference, Amazon SageMaker). */
    private static final Map<String, String> MODELS = Map.of(
            "ModelName", "model",
            "EndpointConfigName", "endpoint-config",
            "EndpointName", "endpoint");

    /**
     * What IAM asks the caller for: the operation itself, the tags that come with it, and the role that it hands on.
     *
     * @throws IllegalStateException where this class does not know the operation
     */
    List<Permission> permissions() {
        return switch (service) {
            case "apigateway" -> gateway();
            case "application-autoscaling" -> scaling();
            case "budgets" -> budgets();
            case "cognito-idp" -> users();
            case "dynamodb" -> named(Map.of("TableName", "table/"), "ResourceArn", "Tags", "TagResource");
            case "events" -> named(Map.of("Name", "rule/", "Rule", "rule/"), "ResourceARN", "Tags", "TagResource");
            case "ec2" -> network();
            case "iam" -> roles();
            case "kms" ->
                List.of(new Permission(
                        "kms:" + operation(),
                        arn("kms", "key/any"),
                        Map.of("kms:ResourceAliases", "alias/parkmeter-state")));
            case "lambda" -> functionsOf();
            case "logs" -> logs();
            case "monitoring" -> alarms();
            case "s3" -> objects();
            case "sagemaker" -> models();
            case "secretsmanager" -> secrets();
            case "sns" -> topics();
            case "sqs" -> queues();
            case "states" -> machines();
            // Everybody may ask who they are.
            case "sts" -> List.of();
            default -> throw unknown();
        };
    }

    /**
     * API Gateway's actions are HTTP's methods, on its paths; a tag is put to a path of its own, an HTTP API's is posted there
     * (cloudformation-coverage-roadmap, issue 997). Its version 2 is no part of a path in an ARN. A REST API's policy is asked for beside
     * the method (API Gateway developer guide, "Create and attach an API Gateway resource policy to an API"). Whoever gives an HTTP API's
     * stage an access log arranges its delivery too (the same, "Configure logging for HTTP APIs").
     */
    private List<Permission> gateway() {
        var all = new ArrayList<Permission>();
        String path = uri.getRawPath().replaceFirst("^/v2/", "/");
        boolean http = !path.equals(uri.getRawPath());
        all.add(new Permission("apigateway:" + method, gatewayArn(path)));
        if (method.equals("POST") && !json().path("tags").isEmpty()) {
            all.add(new Permission("apigateway:" + (http ? "POST" : "PUT"), gatewayArn("/tags/" + path)));
        }
        if (!http && method.equals("PUT")) {
            CREDENTIALS
                    .matcher(body)
                    .results()
                    .map(role -> passed(role.group(1), "apigateway"))
                    .forEach(all::add);
        }
        if (!http && body.contains(GUARDED)) {
            all.add(new Permission("apigateway:UpdateRestApiPolicy", gatewayArn(path)));
        }
        if (http && json().has("accessLogSettings")) {
            DELIVERY.forEach(action -> all.add(new Permission("logs:" + action, ANY)));
        }
        return all;
    }

    private String gatewayArn(String path) {
        return "arn:" + partition() + ":apigateway:" + region + "::" + path;
    }

    /**
     * What is asked of a service that speaks JSON and whose resources are called by a name, or by their ARN.
     *
     * @param names the fields that hold a name, with what stands before it in the ARN
     * @param arn the field that holds an ARN
     * @param tags the field with the tags that a new resource gets
     * @param tagging what IAM asks for these
     */
    private List<Permission> named(Map<String, String> names, String arn, String tags, String tagging) {
        String resource = names.entrySet().stream()
                .filter(name -> json().has(name.getKey()))
                .map(name ->
                        arn(service, name.getValue() + json().get(name.getKey()).asText()))
                .findFirst()
                .or(() -> Optional.ofNullable(json().get(arn)).map(known -> ours(known.asText())))
                .orElseThrow(this::unknown);
        return made(operation(), resource, tagging, !json().path(tags).isEmpty());
    }

    /** An operation on a resource; one that makes it gives it its tags too. */
    private List<Permission> made(String operation, String resource, String tagging, boolean tagged) {
        Permission itself = new Permission(prefix() + operation, resource);
        return tagged && !operation.equals(tagging)
                ? List.of(itself, new Permission(prefix() + tagging, resource))
                : List.of(itself);
    }

    /** The service in the names of its actions. */
    private String prefix() {
        return (service.equals("monitoring") ? "cloudwatch" : service) + ":";
    }

    /** A budget is nobody's region's, and IAM knows two things to do to it (service authorization reference, AWS Budgets). */
    private List<Permission> budgets() {
        String name = Stream.of(json().at("/Budget/BudgetName"), json().path("BudgetName"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .findFirst()
                .or(() -> Optional.of(json().path("ResourceARN").asText().replaceFirst(".*budget/", ""))
                        .filter(found -> !found.isEmpty()))
                .orElseThrow(this::unknown);
        String action = operation().endsWith("Resource")
                ? operation()
                : operation().startsWith("Describe") ? "ViewBudget" : "ModifyBudget";
        return made(
                action,
                "arn:" + partition() + ":budgets::" + ACCOUNT + ":budget/" + name,
                "TagResource",
                !json().path("ResourceTags").isEmpty());
    }

    private List<Permission> alarms() {
        Map<String, String> form = form();
        Optional<String> dashboard = Stream.of("DashboardName", "DashboardNames.member.1")
                .filter(form::containsKey)
                .map(form::get)
                .findFirst();
        if (dashboard.isPresent()) {
            // A dashboard is no region's (service authorization reference, Amazon CloudWatch).
            return List.of(new Permission(
                    "cloudwatch:" + form.get("Action"),
                    "arn:" + partition() + ":cloudwatch::" + ACCOUNT + ":dashboard/" + dashboard.get()));
        }
        if ("DescribeAlarms".equals(form.get("Action"))) {
            // It is asked of all alarms, whatever the names (aws-terminator, pull request 63).
            return List.of(new Permission("cloudwatch:DescribeAlarms", arn("cloudwatch", "alarm:*")));
        }
        String alarm = Stream.of("AlarmName", "AlarmNames.member.1")
                .filter(form::containsKey)
                .map(form::get)
                .findFirst()
                .map(name -> arn("cloudwatch", "alarm:" + name))
                .or(() -> Optional.ofNullable(form.get("ResourceARN")).map(AwsCall::ours))
                .orElseThrow(this::unknown);
        return made(form.getOrDefault("Action", ""), alarm, "TagResource", form.containsKey("Tags.member.1.Key"));
    }

    /** A subscription is no resource that IAM knows (service authorization reference, Amazon SNS). */
    private List<Permission> topics() {
        Map<String, String> form = form();
        String topic = form.containsKey("SubscriptionArn")
                ? ANY
                : Optional.ofNullable(form.get("Name"))
                        .map(name -> arn("sns", name))
                        .or(() -> Stream.of("TopicArn", "ResourceArn")
                                .filter(form::containsKey)
                                .map(field -> ours(form.getOrDefault(field, "")))
                                .findFirst())
                        .orElseThrow(this::unknown);
        return made(form.getOrDefault("Action", ""), topic, "TagResource", form.containsKey("Tags.member.1.Key"));
    }

    /**
     * A scalable target has its id from Application Auto Scaling, and its policies and scheduled actions are part of it; what is looked
     * up belongs to none (service authorization reference, Application Auto Scaling). What it does for its caller, the caller must be
     * allowed to do too: to the endpoint and, where it reaches for a target, to alarms (Application Auto Scaling user guide, "Permissions
     * required for API actions on target services and CloudWatch"); the first target of an account makes the service's own role.
     */
    private List<Permission> scaling() {
        if (operation().startsWith("Describe")) {
            return List.of(new Permission(prefix() + operation(), ANY));
        }
        String target = Optional.ofNullable(json().get("ResourceARN"))
                .map(known -> ours(known.asText()))
                .orElseGet(() -> arn(service, "scalable-target/any"));
        var all = new ArrayList<>(
                made(operation(), target, "TagResource", !json().path("Tags").isEmpty()));
        String scaled = json().path("ResourceId").asText();
        String endpoint = scaled.replaceFirst("/variant/.*", "").toLowerCase(Locale.ROOT);
        String alarms = arn("cloudwatch", "alarm:TargetTracking-" + scaled + "-any");
        switch (operation()) {
            case "RegisterScalableTarget" -> {
                all.add(new Permission("sagemaker:DescribeEndpoint", arn("sagemaker", endpoint)));
                all.add(new Permission("sagemaker:UpdateEndpointWeightsAndCapacities", arn("sagemaker", endpoint)));
                all.add(new Permission(
                        "iam:CreateServiceLinkedRole",
                        "arn:" + partition() + ":iam::" + ACCOUNT + ":role/aws-service-role/" + SCALING
                                + "/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint",
                        Map.of("iam:AWSServiceName", SCALING)));
            }
            case "PutScalingPolicy" -> all.add(new Permission("cloudwatch:PutMetricAlarm", alarms));
            case "DeleteScalingPolicy" -> all.add(new Permission("cloudwatch:DeleteAlarms", alarms));
            default -> {
                // Nothing but the target itself.
            }
        }
        return all;
    }

    /** What is in a VPC, by ids; what is looked up belongs to none (service authorization reference, Amazon EC2). */
    private List<Permission> network() {
        Map<String, String> form = form();
        String action = form.getOrDefault("Action", "");
        if (action.startsWith("Describe")) {
            return List.of(new Permission("ec2:" + action, ANY));
        }
        var all = new ArrayList<Permission>();
        if (action.startsWith("Create")) {
            // The new thing, which has no id yet, and its tags.
            String made = arn("ec2", action.equals("CreateVpcEndpoint") ? "vpc-endpoint/new" : "security-group/new");
            all.add(new Permission("ec2:" + action, made));
            if (form.keySet().stream().anyMatch(field -> field.startsWith("TagSpecification."))) {
                all.add(new Permission("ec2:CreateTags", made, Map.of("ec2:CreateAction", action)));
            }
        }
        form.forEach((field, id) -> Optional.ofNullable(PLACES.get(field.replaceFirst("\\.\\d+$", "")))
                .ifPresent(kind -> all.add(new Permission("ec2:" + action, arn("ec2", kind + "/" + id)))));
        if (all.isEmpty()) {
            throw unknown();
        }
        return all;
    }

    /** A secret has letters of Secrets Manager's behind its name (Secrets Manager user guide, "What's in a secret"). */
    private List<Permission> secrets() {
        String secret = Stream.of("SecretId", "Name")
                .filter(json()::has)
                .map(field -> json().get(field).asText())
                .map(id -> id.startsWith("arn:") ? ours(id) : arn(service, "secret:" + id + "-a1b2c3"))
                .findFirst()
                .orElseThrow(this::unknown);
        return made(operation(), secret, "TagResource", !json().path("Tags").isEmpty());
    }

    private List<Permission> queues() {
        String name = json().has("QueueName")
                ? json().get("QueueName").asText()
                : json().path("QueueUrl").asText().replaceFirst(".*/", "");
        return made(
                operation(), arn("sqs", name), "TagQueue", !json().path("tags").isEmpty());
    }

    /** The body of a service that speaks AWS's query protocol. */
    private Map<String, String> form() {
        return Arrays.stream(body.split("&"))
                .map(field -> field.split("=", 2))
                .collect(Collectors.toMap(
                        field -> field[0], field -> URLDecoder.decode(field[1], StandardCharsets.UTF_8)));
    }

    private List<Permission> roles() {
        Map<String, String> form = form();
        String role = form.get("RoleName");
        if (role == null) {
            throw new IllegalStateException("no rule says what IAM asks for iam " + form.get("Action"));
        }
        String arn = "arn:" + partition() + ":iam::" + ACCOUNT + ":role/" + role;
        var all = new ArrayList<Permission>();
        all.add(new Permission("iam:" + form.get("Action"), arn));
        if (form.containsKey("Tags.member.1.Key")
                && String.valueOf(form.get("Action")).startsWith("Create")) {
            all.add(new Permission("iam:TagRole", arn));
        }
        return all;
    }

    private List<Permission> functionsOf() {
        String path = uri.getRawPath().replaceFirst("^/[0-9-]+", "");
        for (Map.Entry<Pattern, String> operation : FUNCTIONS.entrySet()) {
            Matcher matcher = operation.getKey().matcher(method + " " + path);
            if (matcher.matches()) {
                String name = matcher.groupCount() > 0
                        ? matcher.group(1)
                        : json().path("FunctionName").asText();
                String arn = arn("lambda", "function:" + name);
                var all = new ArrayList<Permission>();
                all.add(new Permission("lambda:" + operation.getValue(), arn));
                if (operation.getValue().equals("CreateFunction")
                        && !json().path("Tags").isEmpty()) {
                    all.add(new Permission("lambda:TagResource", arn));
                }
                passedIn("Role", "lambda").ifPresent(all::add);
                return all;
            }
        }
        throw unknown();
    }

    private static Map<Pattern, String> functions() {
        var all = new LinkedHashMap<Pattern, String>();
        String one = "/functions/([^/]+)";
        all.put(Pattern.compile("POST /functions"), "CreateFunction");
        all.put(Pattern.compile("GET " + one), "GetFunction");
        all.put(Pattern.compile("DELETE " + one), "DeleteFunction");
        all.put(Pattern.compile("PUT " + one + "/code"), "UpdateFunctionCode");
        all.put(Pattern.compile("GET " + one + "/configuration"), "GetFunctionConfiguration");
        all.put(Pattern.compile("PUT " + one + "/configuration"), "UpdateFunctionConfiguration");
        all.put(Pattern.compile("GET " + one + "/code-signing-config"), "GetFunctionCodeSigningConfig");
        all.put(Pattern.compile("GET " + one + "/versions"), "ListVersionsByFunction");
        all.put(Pattern.compile("POST " + one + "/policy"), "AddPermission");
        all.put(Pattern.compile("GET " + one + "/policy"), "GetPolicy");
        all.put(Pattern.compile("DELETE " + one + "/policy/.+"), "RemovePermission");
        all.put(Pattern.compile("PUT " + one + "/concurrency"), "PutFunctionConcurrency");
        all.put(Pattern.compile("PUT " + one + "/event-invoke-config"), "PutFunctionEventInvokeConfig");
        all.put(Pattern.compile("GET " + one + "/event-invoke-config"), "GetFunctionEventInvokeConfig");
        all.put(Pattern.compile("DELETE " + one + "/event-invoke-config"), "DeleteFunctionEventInvokeConfig");
        all.put(Pattern.compile("POST " + one + "/invocations"), "InvokeFunction");
        return all;
    }

    private List<Permission> logs() {
        String action = "logs:" + operation();
        if (operation().equals("DescribeLogGroups")) {
            // It is asked of all groups, whatever the prefix (terraform-provider-aws, issue 8804).
            return List.of(new Permission(action, arn("logs", "log-group::log-stream:")));
        }
        String arn = json().has("resourceArn")
                ? ours(json().get("resourceArn").asText())
                : arn("logs", "log-group:" + json().path("logGroupName").asText() + ":log-stream:");
        var all = new ArrayList<Permission>();
        all.add(new Permission(action, arn));
        if (operation().startsWith("Create") && !json().path("tags").isEmpty()) {
            all.add(new Permission("logs:TagResource", arn));
        }
        return all;
    }

    private List<Permission> models() {
        // SageMaker writes ARNs in lower case.
        List<String> arns = Stream.concat(
                        MODELS.entrySet().stream()
                                .filter(kind -> json().has(kind.getKey()))
                                .map(kind -> arn(
                                        "sagemaker",
                                        kind.getValue() + "/"
                                                + json().get(kind.getKey())
                                                        .asText()
                                                        .toLowerCase(Locale.ROOT))),
                        Stream.of("ResourceArn")
                                .filter(json()::has)
                                .map(field -> ours(json().get(field).asText())))
                .toList();
        var all = new ArrayList<Permission>();
        for (String arn : arns) {
            all.add(new Permission("sagemaker:" + operation(), arn));
            // An endpoint's configuration, which may be others', gets none of the endpoint's tags.
            boolean made = operation().startsWith("Create")
                    && !(operation().equals("CreateEndpoint") && arn.contains(":endpoint-config/"));
            if (made && !json().path("Tags").isEmpty()) {
                all.add(new Permission("sagemaker:AddTags", arn));
            }
        }
        if (all.isEmpty()) {
            throw unknown();
        }
        passedIn("ExecutionRoleArn", "sagemaker").ifPresent(all::add);
        return all;
    }

    /** A user pool has its id from Cognito: nobody can name it before (service authorization reference, Amazon Cognito User Pools). */
    private List<Permission> users() {
        String pool = json().has("UserPoolId")
                ? arn("cognito-idp", "userpool/" + json().get("UserPoolId").asText())
                : Optional.ofNullable(json().get("ResourceArn"))
                        .map(known -> ours(known.asText()))
                        .orElse(ANY);
        List<Permission> itself = List.of(new Permission("cognito-idp:" + operation(), pool));
        return json().path("UserPoolTags").isEmpty()
                ? itself
                : Stream.concat(
                                itself.stream(),
                                Stream.of(
                                        new Permission("cognito-idp:TagResource", arn("cognito-idp", "userpool/new"))))
                        .toList();
    }

    private List<Permission> machines() {
        if (operation().equals("ValidateStateMachineDefinition")) {
            return List.of(new Permission("states:" + operation(), ANY));
        }
        String machine = Stream.of("stateMachineArn", "resourceArn")
                .filter(json()::has)
                .map(field -> ours(json().get(field).asText()))
                .findFirst()
                .orElseGet(() ->
                        arn("states", "stateMachine:" + json().path("name").asText()));
        var all = new ArrayList<>(
                made(operation(), machine, "TagResource", !json().path("tags").isEmpty()));
        passedIn("roleArn", "states").ifPresent(all::add);
        return all;
    }

    /** S3's actions by method and, for a bucket, by what is asked of it (S3 API reference), addressed by path; a copy reads and writes. */
    private List<Permission> objects() {
        String[] path = uri.getPath().substring(1).split("/", 2);
        String bucket = "arn:" + partition() + ":s3:::" + path[0];
        String query = Optional.ofNullable(uri.getRawQuery()).orElse("");
        if (path.length == 1 || path[1].isEmpty()) {
            if (!query.startsWith("delete")) {
                return List.of(new Permission("s3:" + ofBucket(query), bucket));
            }
            // A version is named where the bucket never had any, too: "null".
            Permission object = new Permission("s3:DeleteObject", bucket + "/any");
            return body.contains("<VersionId>")
                    ? List.of(object, new Permission("s3:DeleteObjectVersion", bucket + "/any"))
                    : List.of(object);
        }
        String object = bucket + "/" + path[1];
        return switch (method) {
            case "GET", "HEAD" -> List.of(new Permission("s3:GetObject", object));
            case "PUT" ->
                copies
                        ? List.of(new Permission("s3:PutObject", object), new Permission("s3:GetObject", object))
                        : List.of(new Permission("s3:PutObject", object));
            case "DELETE" -> List.of(new Permission("s3:DeleteObject", object));
            default -> throw unknown();
        };
    }

    private String ofBucket(String query) {
        for (Map.Entry<String, String> part : BUCKETS.entrySet()) {
            if (query.matches("(.*&)?" + part.getKey() + "(=.*|&.*)?")) {
                // What takes a setting away is allowed as what writes it, but for the policy.
                String verb = method.equals("GET")
                        ? "Get"
                        : method.equals("DELETE") && part.getKey().equals("policy") ? "Delete" : "Put";
                return verb + part.getValue();
            }
        }
        return switch (method) {
            case "PUT" -> "CreateBucket";
            case "DELETE" -> "DeleteBucket";
            case "GET" -> query.contains("versions") ? "ListBucketVersions" : "ListBucket";
            case "HEAD" -> "ListBucket";
            default -> throw unknown();
        };
    }

    private Optional<Permission> passedIn(String field, String to) {
        return Optional.ofNullable(json().get(field)).map(role -> passed(role.asText(), to));
    }

    private static Permission passed(String role, String to) {
        return new Permission("iam:PassRole", ours(role), Map.of("iam:PassedToService", to + ".amazonaws.com"));
    }

    private String operation() {
        return target.substring(target.indexOf('.') + 1);
    }

    private JsonNode json() {
        if (body.isEmpty()) {
            return JSON.createObjectNode();
        }
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException(this + " has no JSON", e);
        }
    }

    private String arn(String of, String resource) {
        return "arn:" + partition() + ":" + of + ":" + region + ":" + ACCOUNT + ":" + resource;
    }

    private static String ours(String arn) {
        return arn.replaceFirst("^(arn:[^:]*:[^:]*:[^:]*):[0-9]+:", "$1:" + ACCOUNT + ":");
    }

    private String partition() {
        return region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    }

    private IllegalStateException unknown() {
        return new IllegalStateException("no rule says what IAM asks for " + this + ": AwsCall needs one");
    }

    @Override
    public String toString() {
        return service + " " + (target.isEmpty() ? method + " " + uri : target);
    }
}
