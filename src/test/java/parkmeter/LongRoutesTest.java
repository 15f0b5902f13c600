package parkmeter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.pulumi.asset.AssetOrArchive.AssetOrArchiveInternal;
import com.pulumi.asset.FileArchive;
import com.pulumi.test.PulumiTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import parkmeter.Declared.Declaration;
import parkmeter.config.StackFiles;

/** What routes declare whose answers may take longer than API Gateway waits. */
class LongRoutesTest {

    /** A metered model with a long route beside another, an always-on one with two long ones, one without. */
    static final String LONG =
            """
            config:
              aws:region: eu-west-2
              parkmeter:models:
                - name: Falcon
                  source: {hub: a/b}
                  lifecycle: metered
                  routes: [{path: /invoke}, {path: /jobs, long: true, throttle: {rate: 2, burst: 3}}]
                - name: jobs
                  source: {hub: a/c}
                  routes:
                    - {path: /v2/jobs, long: true, template: none}
                    - {path: /raw, long: true, body: passthrough}
                - {name: work, source: {hub: a/d}, routes: [{path: /work}]}
              parkmeter:jobs: {keepDays: 30}
            """;

    static final Declared STACK = Declared.of(StackFiles.read("Test", LONG));

    /** One long route of a model that is always on. */
    private static final Declared PLAIN = StackTest.smallest(", routes: [{path: /jobs, long: true}]");

    private static final JsonNode DOCUMENT =
            STACK.only("aws:apigateway/restApi:RestApi").json("body");

    private static final String BUCKET = "parkmeter-test-answers-39845587";
    private static final String MACHINE = "arn:aws:states:eu-west-2:123456789012:stateMachine:parkmeter-Test-jobs";

    @Test
    void keep_what_was_asked_and_answered_in_a_private_bucket_for_as_long_as_the_stack_says() {
        Declaration bucket = STACK.only("aws:s3/bucketV2:BucketV2");
        assertThat(bucket.inputs()).containsEntry("bucket", BUCKET).containsEntry("forceDestroy", true);
        assertThat(STACK.only("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
                        .inputs())
                .isEqualTo(Map.of(
                        "bucket", BUCKET,
                        "blockPublicAcls", true,
                        "blockPublicPolicy", true,
                        "ignorePublicAcls", true,
                        "restrictPublicBuckets", true));
        assertThat(STACK.only(
                                "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2")
                        .inputs())
                .isEqualTo(Map.of(
                        "bucket",
                        BUCKET,
                        "rules",
                        List.of(Map.of("applyServerSideEncryptionByDefault", Map.of("sseAlgorithm", "AES256")))));
        assertThat(forgetting(STACK))
                .isEqualTo(Map.of(
                        "id", "forget",
                        "status", "Enabled",
                        "filter", Map.of("prefix", ""),
                        "expiration", Map.of("days", 30.0),
                        "abortIncompleteMultipartUpload", Map.of("daysAfterInitiation", 1.0)));
        assertThat(forgetting(PLAIN)).asString().contains("days=7.0");
    }

    @Test
    void have_a_bucket_of_another_name_in_another_region_or_account() {
        assertThat(PLAIN.only("aws:s3/bucketV2:BucketV2").input("bucket")).isEqualTo(BUCKET);
        Declared elsewhere = Declared.of(StackFiles.read("test", LONG.replace("eu-west-2", "eu-west-1")));
        assertThat(elsewhere.only("aws:s3/bucketV2:BucketV2").input("bucket").toString())
                .startsWith("parkmeter-test-answers-")
                .isNotEqualTo(BUCKET);
    }

    @Test
    void refuse_everybody_what_does_not_come_over_tls() {
        assertThat(STACK.policy("answers-policy"))
                .isEqualTo(json(
                        """
                {"Version": "2012-10-17", "Statement": [{
                  "Sid": "OverTlsOnly", "Effect": "Deny", "Principal": "*", "Action": ["s3:*"],
                  "Resource": ["arn:aws:s3:::%1$s", "arn:aws:s3:::%1$s/*"],
                  "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}"""
                                .formatted(BUCKET)));
        assertThat(firstOf(STACK.only("aws:s3/bucketPolicy:BucketPolicy"))).containsExactly("answers-public-access");
    }

    /** The function's own package says how it is to be started. */
    @Test
    void are_done_by_the_state_machine_that_the_function_describes() throws IOException {
        Declaration machine = STACK.only("aws:sfn/stateMachine:StateMachine");
        assertThat(machine.inputs())
                .containsEntry("name", "parkmeter-Test-jobs")
                .containsEntry("type", "STANDARD")
                .containsEntry("roleArn", "arn:aws:iam::123456789012:role/parkmeter-Test-jobs-machine");
        String described =
                Files.readString(Path.of("lambda-handler/src/main/java/parkmeter/lambda/jobs/package-info.java"));
        described = described
                .substring(described.indexOf("<pre>{@code") + 11, described.indexOf("}</pre>"))
                .replaceAll("(?m)^ \\*", "")
                .replace("<the task's function>", "arn:aws:lambda:eu-west-2:123456789012:function:parkmeter-Test-work");
        assertThat(machine.json("definition")).isEqualTo(json(described));
    }

    @Test
    void find_step_functions_in_every_partition() {
        Declared china = Declared.of(StackFiles.read("test", LONG.replace("eu-west-2", "cn-north-1")));
        assertThat(china.only("aws:sfn/stateMachine:StateMachine")
                        .json("definition")
                        .at("/States/Work/Resource")
                        .asText())
                .isEqualTo("arn:aws-cn:states:::lambda:invoke");
    }

    @Test
    void let_the_machine_start_its_one_function_for_this_account_and_nothing_else() {
        assertThat(STACK.policy("jobs-machine-role"))
                .isEqualTo(
                        json(
                                """
                {"Version": "2012-10-17", "Statement": [{
                  "Sid": "Assume", "Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"},
                  "Action": ["sts:AssumeRole"], "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}}]}"""));
        assertThat(grants("jobs-machine-role-calls"))
                .isEqualTo(Map.of(
                        "lambda:InvokeFunction",
                        List.of("arn:aws:lambda:eu-west-2:123456789012:function:parkmeter-Test-work")));
        assertThat(firstOf(STACK.only("aws:sfn/stateMachine:StateMachine"))).containsExactly("jobs-machine-role-calls");
    }

    @Test
    void are_answered_and_done_by_two_functions_of_the_jobs_zip() {
        Declaration answering = function("jobs");
        Declaration working = function("work");
        assertThat(answering.inputs())
                .containsEntry("name", "parkmeter-Test-jobs")
                .containsEntry("handler", "parkmeter.lambda.jobs.JobsHandler::handleRequest")
                .containsEntry("timeout", 29.0);
        assertThat(working.inputs())
                .containsEntry("name", "parkmeter-Test-work")
                .containsEntry("handler", "parkmeter.lambda.jobs.WorkHandler::handleRequest")
                .containsEntry("timeout", 75.0);
        for (Declaration function : List.of(answering, working)) {
            assertThat(AssetOrArchiveInternal.from((FileArchive) function.input("code"))
                            .getValue()
                            .toString())
                    .isEqualTo("lambda-handler/target/jobs.zip");
        }
    }

    @Test
    void tell_the_functions_which_calls_become_jobs_and_who_answers_them() {
        assertThat(function("jobs").input("environment", "variables"))
                .isEqualTo(Map.of(
                        "PARKMETER_STATE_MACHINE",
                        MACHINE,
                        "PARKMETER_ANSWERS_BUCKET",
                        BUCKET,
                        "PARKMETER_ROUTES",
                        "{\"POST /jobs\":\"prompt\",\"POST /v2/jobs\":\"prompt/none\",\"POST /raw\":\"passthrough\"}",
                        "PARKMETER_ENGINES",
                        "{\"parkmeter-Test-Falcon\":{\"type\":\"tgi\"},\"parkmeter-Test-jobs\":{\"type\":\"tgi\"}}",
                        "PARKMETER_ENDPOINTS",
                        "{\"POST /jobs\":\"parkmeter-Test-Falcon\",\"POST /v2/jobs\":\"parkmeter-Test-jobs\","
                                + "\"POST /raw\":\"parkmeter-Test-jobs\"}"));
        assertThat(function("work").input("environment", "variables"))
                .isEqualTo(Map.of(
                        "PARKMETER_ANSWERS_BUCKET",
                        BUCKET,
                        "PARKMETER_ROUTES",
                        "{\"POST /jobs\":\"prompt\",\"POST /v2/jobs\":\"prompt/none\",\"POST /raw\":\"passthrough\"}",
                        "PARKMETER_ENGINES",
                        "{\"parkmeter-Test-Falcon\":{\"type\":\"tgi\"},\"parkmeter-Test-jobs\":{\"type\":\"tgi\"}}",
                        "PARKMETER_TABLE",
                        "parkmeter-Test-meters"));
    }

    @Test
    void let_the_answering_function_start_and_see_jobs_and_the_working_one_call_the_endpoints() {
        List<String> objects = List.of("arn:aws:s3:::" + BUCKET + "/*");
        List<String> bucket = List.of("arn:aws:s3:::" + BUCKET);
        assertThat(grants("jobs-role-calls"))
                .isEqualTo(Map.of(
                        "s3:PutObject", objects,
                        "s3:GetObject", objects,
                        "s3:ListBucket", bucket,
                        "states:StartExecution", List.of(MACHINE),
                        "states:DescribeExecution",
                                List.of("arn:aws:states:eu-west-2:123456789012:execution:parkmeter-Test-jobs:*")));
        List<String> endpoints = List.of(
                "arn:aws:sagemaker:eu-west-2:123456789012:endpoint/parkmeter-test-falcon",
                "arn:aws:sagemaker:eu-west-2:123456789012:endpoint/parkmeter-test-jobs");
        List<String> meters = List.of("arn:aws:dynamodb:eu-west-2:123456789012:table/parkmeter-Test-meters");
        assertThat(grants("work-role-calls"))
                .isEqualTo(Map.of(
                        "s3:PutObject", objects,
                        "s3:GetObject", objects,
                        "s3:ListBucket", bucket,
                        "sagemaker:InvokeEndpoint", endpoints,
                        "sagemaker:InvokeEndpointWithResponseStream", endpoints,
                        "dynamodb:GetItem", meters,
                        "dynamodb:PutItem", meters));
    }

    @Test
    void of_models_that_are_always_on_know_nothing_of_a_meter() {
        assertThat(PLAIN.named("aws:lambda/function:Function", "work-function")
                        .input("environment", "variables")
                        .toString())
                .doesNotContain("PARKMETER_TABLE");
        assertThat(StackTest.actions(PLAIN.policy("work-role-calls"))).noneMatch(name -> name.startsWith("dynamodb"));
    }

    @Test
    void leave_the_invoke_function_to_the_others() {
        assertThat(function("Falcon-invoke").input("environment", "variables", "PARKMETER_ROUTES"))
                .isEqualTo("{\"POST /invoke\":\"prompt\"}");
        assertThat(PLAIN.all("aws:lambda/function:Function"))
                .extracting(Declaration::name)
                .containsExactlyInAnyOrder("jobs-function", "work-function");
    }

    @Test
    void take_a_call_with_202_and_tell_of_its_job() {
        JsonNode post = DOCUMENT.at("/paths/~1jobs/post");
        assertThat(post.at("/responses/202/headers/Location/schema/type").asText())
                .isEqualTo("string");
        assertThat(post.at("/responses/202/content/application~1json/schema/$ref")
                        .asText())
                .endsWith("/Job");
        assertThat(names(post.path("responses")))
                .containsExactly("202", "400", "403", "404", "413", "415", "429", "500", "503", "504");
        assertThat(post.path("x-amazon-apigateway-request-validator").asText()).isEqualTo("body");
        JsonNode get = DOCUMENT.at("/paths/~1jobs~1{id}/get");
        assertThat(get.at("/parameters").toString()).contains("\"name\":\"id\",\"in\":\"path\",\"required\":true");
        assertThat(names(get.path("responses")))
                .containsExactly("200", "400", "403", "404", "429", "500", "503", "504");
        assertThat(names(DOCUMENT.at("/components/schemas/Job/properties")))
                .containsExactly("id", "status", "answer", "contentType", "text", "base64", "error", "code");
    }

    @Test
    void take_what_the_model_itself_takes_unchecked() {
        JsonNode post = DOCUMENT.at("/paths/~1raw/post");
        assertThat(post.has("x-amazon-apigateway-request-validator")).isFalse();
        assertThat(names(post.path("responses"))).doesNotContain("415");
        assertThat(post.at("/parameters/0/name").asText()).isEqualTo("X-Amzn-SageMaker-Custom-Attributes");
        assertThat(DOCUMENT.path("x-amazon-apigateway-binary-media-types").isArray())
                .isTrue();
        assertThat(PLAIN.only("aws:apigateway/restApi:RestApi")
                        .json("body")
                        .has("x-amazon-apigateway-binary-media-types"))
                .isFalse();
    }

    @Test
    void are_there_under_the_paths_of_older_tools_once_for_all() {
        assertThat(names(DOCUMENT.path("paths")))
                .filteredOn(path -> path.endsWith("execution"))
                .hasSize(2);
        assertThat(schemas("/startexecution")).containsExactly("StartExecution", "ExecutionStarted");
        assertThat(schemas("/describeexecution")).containsExactly("DescribeExecution", "Execution");
        assertThat(names(DOCUMENT.at("/components/schemas/StartExecution/properties")))
                .containsExactly("endpointname", "body");
        assertThat(names(DOCUMENT.at("/components/schemas/Execution/properties")))
                .contains("executionArn", "input", "output", "startDate", "status", "stopDate");
    }

    @Test
    void for_keys_ask_for_one_everywhere() {
        for (String path : List.of("/jobs", "/jobs/{id}", "/raw", "/startexecution", "/describeexecution")) {
            DOCUMENT.path("paths").path(path).properties().stream()
                    .filter(operation -> !operation.getKey().equals("options"))
                    .forEach(operation -> assertThat(
                                    operation.getValue().path("security").toString())
                            .as(path)
                            .isEqualTo("[{\"api_key\":[]}]"));
        }
    }

    @Test
    void refer_to_schemas_that_exist_and_are_nowhere_else() {
        assertThat(DOCUMENT.findValues("$ref")).isNotEmpty().allSatisfy(reference -> assertThat(
                        DOCUMENT.at(reference.asText().substring(1)).isMissingNode())
                .as(reference.asText())
                .isFalse());
        assertThat(names(StackTest.smallest("")
                        .only("aws:apigateway/restApi:RestApi")
                        .json("body")
                        .at("/components/schemas")))
                .doesNotContain("Job", "Execution");
    }

    @Test
    void hand_each_of_their_operations_to_the_answering_function() {
        assertThat(DOCUMENT.path("paths").properties().stream().flatMap(path -> path.getValue().properties().stream()
                        .filter(operation -> operation
                                .getValue()
                                .at("/x-amazon-apigateway-integration/uri")
                                .asText()
                                .contains("function:parkmeter-Test-jobs/"))
                        .map(operation -> operation.getKey() + " " + path.getKey())))
                .containsExactlyInAnyOrder(
                        "post /jobs",
                        "get /jobs/{id}",
                        "post /v2/jobs",
                        "get /v2/jobs/{id}",
                        "post /raw",
                        "get /raw/{id}",
                        "post /startexecution",
                        "post /describeexecution");
    }

    @Test
    void tell_a_browser_the_method_of_each_path() {
        assertThat(methods("/jobs")).isEqualTo("'POST,OPTIONS'");
        assertThat(methods("/jobs/{id}")).isEqualTo("'GET,OPTIONS'");
        assertThat(methods("/describeexecution")).isEqualTo("'POST,OPTIONS'");
    }

    @Test
    void may_be_called_by_the_api_by_these_methods_and_paths_alone() {
        assertThat(STACK.all("aws:lambda/permission:Permission"))
                .filteredOn(permission -> permission.input("function").equals("parkmeter-Test-jobs"))
                .extracting(
                        permission -> permission.input("sourceArn").toString().replaceFirst(".*/prod/", ""))
                .containsExactlyInAnyOrder(
                        "POST/jobs",
                        "GET/jobs/*",
                        "POST/v2/jobs",
                        "GET/v2/jobs/*",
                        "POST/raw",
                        "GET/raw/*",
                        "POST/startexecution",
                        "POST/describeexecution");
        assertThat(STACK.all("aws:lambda/permission:Permission"))
                .noneMatch(permission -> permission.input("function").equals("parkmeter-Test-work"));
    }

    @Test
    void have_their_own_limit_where_calls_are_taken() {
        assertThat(STACK.all("aws:apigateway/methodSettings:MethodSettings"))
                .extracting(settings ->
                        settings.input("methodPath") + " " + settings.input("settings", "throttlingRateLimit"))
                .containsExactlyInAnyOrder("*/* 100.0", "jobs/POST 2.0");
    }

    @Test
    void for_tokens_have_all_of_their_operations_guarded_by_the_authorizer() {
        Declared tokens = StackTest.smallest(", access: token, routes: [{path: /jobs, long: true}]");
        JsonNode document = tokens.only("aws:apigateway/restApi:RestApi").json("body");
        for (String operation : List.of(
                "/paths/~1jobs/post",
                "/paths/~1jobs~1{id}/get",
                "/paths/~1startexecution/post",
                "/paths/~1describeexecution/post")) {
            assertThat(document.at(operation + "/security").toString())
                    .as(operation)
                    .isEqualTo("[{\"token\":[],\"api_key\":[]}]");
            assertThat(names(document.at(operation + "/responses"))).contains("401", "403");
        }
        assertThat(tokens.named("aws:lambda/function:Function", "authorizer-function")
                        .input("environment", "variables", "PARKMETER_TOKEN_ROUTES"))
                .isEqualTo("[\"POST /jobs\",\"GET /jobs/{id}\",\"POST /startexecution\",\"POST /describeexecution\"]");
    }

    @Test
    void stand_on_an_http_api_too_for_those_who_sign_in() {
        Declared http = StackTest.smallest(
                ", access: cognito, routes: [{path: /jobs, long: true, throttle: {rate: 2, burst: 3}}]",
                "parkmeter:api: http");
        assertThat(http.all("aws:apigatewayv2/route:Route"))
                .extracting(route -> route.input("routeKey") + " " + route.input("authorizationType"))
                .containsExactlyInAnyOrder(
                        "POST /jobs JWT",
                        "GET /jobs/{id} JWT",
                        "POST /startexecution JWT",
                        "POST /describeexecution JWT");
        assertThat(http.all("aws:apigatewayv2/integration:Integration"))
                .hasSize(4)
                .allSatisfy(integration -> assertThat(
                                integration.input("integrationUri").toString())
                        .endsWith("function:parkmeter-test-jobs/invocations"));
        assertThat(http.all("aws:lambda/permission:Permission"))
                .extracting(
                        permission -> permission.input("sourceArn").toString().replaceFirst(".*:api-http-id/", ""))
                .containsExactlyInAnyOrder(
                        "prod/POST/jobs", "prod/GET/jobs/*", "prod/POST/startexecution", "prod/POST/describeexecution");
        Declaration stage = http.only("aws:apigatewayv2/stage:Stage");
        assertThat(stage.input("routeSettings", 0, "routeKey")).isEqualTo("POST /jobs");
        assertThat((List<?>) stage.input("routeSettings")).hasSize(1);
        Declaration api = http.only("aws:apigatewayv2/api:Api");
        assertThat(api.input("corsConfiguration", "allowMethods")).isEqualTo(List.of("GET", "POST"));
        assertThat(api.input("corsConfiguration", "exposeHeaders").toString()).contains("location");
    }

    @Test
    void can_be_previewed_before_anything_exists() {
        assertThat(Declared.preview(STACK.config()).all()).hasSameSizeAs(STACK.all());
    }

    private static Object forgetting(Declared stack) {
        return stack.only("aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2")
                .input("rules", 0);
    }

    private static Declaration function(String part) {
        return STACK.named("aws:lambda/function:Function", part + "-function");
    }

    private static List<String> firstOf(Declaration declaration) {
        return Objects.requireNonNull(
                        PulumiTest.extractValue(STACK.options(declaration).getDependsOn()))
                .stream()
                .map(resource -> resource.pulumiResourceName())
                .toList();
    }

    /** From each action of a policy to the resources that it is granted on, over all statements. */
    private static Map<String, List<String>> grants(String policy) {
        var grants = new TreeMap<String, List<String>>();
        for (JsonNode statement : Declared.statements(STACK.policy(policy))) {
            statement.path("Action").forEach(action -> statement
                    .path("Resource")
                    .forEach(resource -> grants.computeIfAbsent(action.asText(), name -> new ArrayList<>())
                            .add(resource.asText())));
        }
        return grants;
    }

    private static List<String> schemas(String path) {
        return DOCUMENT.path("paths").path(path).path("post").findValues("$ref").stream()
                .map(reference -> reference.asText().replaceFirst(".*/", ""))
                .filter(name -> !name.equals("Error"))
                .toList();
    }

    private static String methods(String path) {
        return DOCUMENT.path("paths")
                .path(path)
                .at("/options/x-amazon-apigateway-integration/responses/default/responseParameters")
                .path("method.response.header.Access-Control-Allow-Methods")
                .asText();
    }

    private static List<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
