package parkmeter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.pulumi.asset.AssetOrArchive.AssetOrArchiveInternal;
import com.pulumi.asset.FileArchive;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.internal.PulumiTestInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.Declared.Declaration;
import parkmeter.config.StackConfig;
import parkmeter.config.StackFiles;

/** What each configuration declares. */
class StackTest {

    private static final String SMALLEST =
            """
            config:
              aws:region: eu-west-2
              parkmeter:models: [{name: TinyLlama, source: {hub: TinyLlama/TinyLlama-1.1B-Chat-v1.0}%s}]
            """;

    /** One model, with more keys of it. */
    static Declared smallest(String more, String... lines) {
        return Declared.of(StackFiles.read(
                "test",
                SMALLEST.formatted(more)
                        + String.join(
                                "",
                                List.of(lines).stream()
                                        .map(l -> "  " + l + "\n")
                                        .toList()),
                "parkmeter:huggingFaceToken"));
    }

    @Nested
    class An_http_api {

        private static final Declared HTTP = Declared.of(
                StackFiles.read(
                        "test",
                        """
                config:
                  aws:region: eu-west-2
                  parkmeter:models:
                    - name: tiny
                      source: {hub: a/b}
                      hosting: {instances: 2}
                      routes:
                        - {path: /inference, public: true, throttle: {rate: 2, burst: 4}}
                        - {path: /raw, template: none, public: true, throttle: {rate: 0.5, burst: 1}}
                  parkmeter:api: {type: http, stage: v1, throttle: {rate: 7, burst: 9}}
                """));

        @Test
        void hands_each_route_to_the_models_function_in_payload_format_2() {
            assertThat(HTTP.only("aws:apigatewayv2/api:Api").inputs())
                    .containsEntry("protocolType", "HTTP")
                    .containsEntry("name", "parkmeter-test");
            assertThat(HTTP.all("aws:apigatewayv2/route:Route"))
                    .extracting(route -> route.input("routeKey") + " " + route.input("target") + " "
                            + route.input("authorizationType"))
                    .containsExactlyInAnyOrder(
                            "POST /inference integrations/api-integration/inference-id NONE",
                            "POST /raw integrations/api-integration/raw-id NONE");
            assertThat(HTTP.all("aws:apigatewayv2/integration:Integration"))
                    .hasSize(2)
                    .allSatisfy(integration -> assertThat(integration.inputs())
                            .containsEntry("integrationType", "AWS_PROXY")
                            .containsEntry("payloadFormatVersion", "2.0")
                            .containsEntry("timeoutMilliseconds", 29_000.0)
                            .extractingByKey("integrationUri")
                            .asString()
                            .contains("function:parkmeter-test-tiny-invoke/"));
            assertThat(HTTP.only("aws:lambda/function:Function").input("environment", "variables", "PARKMETER_ROUTES"))
                    .isEqualTo("{\"POST /inference\":\"prompt\",\"POST /raw\":\"prompt/none\"}");
        }

        @Test
        void deploys_itself_to_the_stage_that_the_exported_url_names() {
            Declaration stage = HTTP.only("aws:apigatewayv2/stage:Stage");
            assertThat(stage.inputs()).containsEntry("name", "v1").containsEntry("autoDeploy", true);
            assertThat(HTTP.all("aws:apigatewayv2/deployment:Deployment")).isEmpty();
            assertThat(HTTP.exported("invokeUrl"))
                    .isEqualTo("https://api-http-id.execute-api.eu-west-2.amazonaws.com/v1/inference");
        }

        @Test
        void limits_every_route_and_some_by_their_own_limits() {
            Declaration stage = HTTP.only("aws:apigatewayv2/stage:Stage");
            assertThat(stage.input("defaultRouteSettings", "throttlingRateLimit"))
                    .isEqualTo(7.0);
            assertThat(stage.input("defaultRouteSettings", "throttlingBurstLimit"))
                    .isEqualTo(9.0);
            assertThat(stage.input("routeSettings").toString())
                    .contains("routeKey=POST /inference", "throttlingRateLimit=2.0", "throttlingBurstLimit=4.0")
                    .contains("routeKey=POST /raw", "throttlingRateLimit=0.5", "throttlingBurstLimit=1.0");
        }

        @Test
        void writes_a_line_for_each_request_without_a_word_of_it() throws Exception {
            Declaration log = HTTP.named("aws:cloudwatch/logGroup:LogGroup", "api-access-log");
            assertThat(log.inputs())
                    .containsEntry("name", "/aws/vendedlogs/apis/parkmeter-test")
                    .containsEntry("retentionInDays", 14.0);
            Declaration stage = HTTP.only("aws:apigatewayv2/stage:Stage");
            assertThat(stage.input("accessLogSettings", "destinationArn").toString())
                    .endsWith("log-group:/aws/vendedlogs/apis/parkmeter-test");
            JsonNode line = new ObjectMapper()
                    .readTree(stage.input("accessLogSettings", "format").toString());
            assertThat(line.fieldNames())
                    .toIterable()
                    .contains("requestId", "routeKey", "status", "sourceIp")
                    .noneMatch(name -> name.matches("(?i).*(body|header|authorization|query).*"));
        }

        @Test
        void lets_browsers_of_any_origin_call_it() {
            assertThat(HTTP.only("aws:apigatewayv2/api:Api").input("corsConfiguration"))
                    .isEqualTo(Map.of(
                            "allowOrigins", List.of("*"),
                            "allowMethods", List.of("POST"),
                            "allowHeaders", List.of("content-type"),
                            "exposeHeaders", List.of("retry-after", "apigw-requestid"),
                            "maxAge", 3600.0));
        }

        @Test
        void lets_browsers_of_the_named_origins_alone_call_it_where_the_stack_names_any() {
            assertThat(smallest(
                                    ", access: cognito",
                                    "parkmeter:api: {type: http, corsOrigins: [https://app.example.com]}")
                            .only("aws:apigatewayv2/api:Api")
                            .input("corsConfiguration", "allowOrigins"))
                    .isEqualTo(List.of("https://app.example.com"));
        }

        @Test
        void may_call_the_function_by_its_own_routes_alone() {
            assertThat(HTTP.all("aws:lambda/permission:Permission"))
                    .extracting(permission -> permission.input("sourceArn"))
                    .containsExactlyInAnyOrder(
                            "arn:aws:execute-api:eu-west-2:123456789012:api-http-id/v1/POST/inference",
                            "arn:aws:execute-api:eu-west-2:123456789012:api-http-id/v1/POST/raw");
        }

        @Test
        void has_no_keys_and_no_rest_api() {
            assertThat(HTTP.all()).extracting(Declaration::type).noneMatch(type -> type.startsWith("aws:apigateway/"));
            assertThat(HTTP.outputs()).containsOnlyKeys("invokeUrl", "endpointName", "region");
        }
    }

    @Nested
    class A_route_whose_body_goes_through {

        private static final Declared STACK =
                smallest(", routes: [{path: /invoke}, {path: /falcon, body: passthrough}]");

        @Test
        void is_told_to_the_function() {
            assertThat(STACK.only("aws:lambda/function:Function").input("environment", "variables", "PARKMETER_ROUTES"))
                    .isEqualTo("{\"POST /invoke\":\"prompt\",\"POST /falcon\":\"passthrough\"}");
        }

        @Test
        void is_checked_by_nobody_and_keeps_its_bytes_and_its_custom_attributes() {
            JsonNode document = STACK.only("aws:apigateway/restApi:RestApi").json("body");
            JsonNode post = document.at("/paths/~1falcon/post");
            assertThat(post.has("x-amazon-apigateway-request-validator")).isFalse();
            assertThat(post.at("/parameters/0/name").asText()).isEqualTo("X-Amzn-SageMaker-Custom-Attributes");
            assertThat(post.at("/parameters/0/required").asBoolean(true)).isFalse();
            assertThat(document.path("x-amazon-apigateway-binary-media-types").toString())
                    .contains("application/octet-stream")
                    .doesNotContain("json", "text", "*");
            assertThat(document.at("/paths/~1falcon/options/x-amazon-apigateway-integration/responses/default")
                            .findValue("method.response.header.Access-Control-Allow-Headers")
                            .asText())
                    .isEqualTo("'Content-Type,X-Api-Key,X-Amzn-SageMaker-Custom-Attributes'");
            assertThat(smallest("")
                            .only("aws:apigateway/restApi:RestApi")
                            .json("body")
                            .has("x-amazon-apigateway-binary-media-types"))
                    .isFalse();
        }

        @Test
        void lets_browsers_use_its_custom_attributes_on_an_http_api_too() {
            Declared http = smallest(
                    ", routes: [{path: /falcon, body: passthrough, public: true, throttle: {rate: 1, burst: 1}}]",
                    "parkmeter:api: http");
            assertThat(http.only("aws:apigatewayv2/api:Api").input("corsConfiguration", "allowHeaders"))
                    .isEqualTo(List.of("content-type", "x-amzn-sagemaker-custom-attributes"));
            assertThat(http.only("aws:apigatewayv2/api:Api").input("corsConfiguration", "exposeHeaders"))
                    .asString()
                    .contains("x-amzn-sagemaker-custom-attributes");
        }
    }

    @Nested
    class A_direct_route {

        private static final Declared STACK =
                smallest(", routes: [{path: /invoke, via: direct}, {path: /raw, via: direct, template: none}, "
                        + "{path: /through, via: direct, body: passthrough}]");
        private static final JsonNode DOCUMENT =
                STACK.only("aws:apigateway/restApi:RestApi").json("body");

        @Test
        void needs_no_function() {
            assertThat(STACK.all("aws:lambda/function:Function")).isEmpty();
            assertThat(STACK.all("aws:lambda/permission:Permission")).isEmpty();
        }

        @Test
        void has_a_function_beside_it_only_for_the_routes_that_want_one() {
            Declared both = smallest(", routes: [{path: /invoke}, {path: /direct, via: direct}]");
            assertThat(both.only("aws:lambda/function:Function").input("environment", "variables", "PARKMETER_ROUTES"))
                    .isEqualTo("{\"POST /invoke\":\"prompt\"}");
            assertThat(both.all("aws:lambda/permission:Permission")).hasSize(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"/invoke", "/raw", "/through"})
        void calls_the_endpoint_as_a_role_of_the_apis(String path) {
            JsonNode integration = DOCUMENT.path("paths").path(path).at("/post/x-amazon-apigateway-integration");
            assertThat(integration.path("type").asText()).isEqualTo("aws");
            assertThat(integration.path("httpMethod").asText()).isEqualTo("POST");
            assertThat(integration.path("uri").asText())
                    .isEqualTo("arn:aws:apigateway:eu-west-2:runtime.sagemaker:path/endpoints/parkmeter-test-TinyLlama"
                            + "/invocations");
            assertThat(integration.path("credentials").asText())
                    .isEqualTo("arn:aws:iam::123456789012:role/parkmeter-test-api-direct");
            assertThat(integration.path("timeoutInMillis").asInt()).isEqualTo(29_000);
        }

        @Test
        void may_call_that_endpoint_and_nothing_else() {
            assertThat(resources(STACK.policy("api-direct-calls")))
                    .containsExactly("arn:aws:sagemaker:eu-west-2:123456789012:endpoint/parkmeter-test-tinyllama");
            assertThat(STACK.policy("api-direct")
                            .at("/Statement/0/Principal/Service")
                            .asText())
                    .isEqualTo("apigateway.amazonaws.com");
            assertThat(smallest("").all("aws:iam/role:Role"))
                    .extracting(Declaration::name)
                    .doesNotContain("api-direct");
        }

        @Test
        void lets_the_gateway_check_a_prompt_by_its_schema_which_a_chat_has_less_of() {
            assertThat(DOCUMENT.at("/paths/~1invoke/post/x-amazon-apigateway-request-validator")
                            .asText())
                    .isEqualTo("body");
            assertThat(DOCUMENT.at("/paths/~1invoke/post/requestBody/content/application~1json/schema/$ref")
                            .asText())
                    .endsWith("/ChatRequest");
            assertThat(DOCUMENT.at("/paths/~1raw/post/requestBody/content/application~1json/schema/$ref")
                            .asText())
                    .endsWith("/InvokeRequest");
            JsonNode chat = DOCUMENT.at("/components/schemas/ChatRequest/properties/parameters/properties");
            assertThat(chat.has("temperature")).isTrue();
            assertThat(chat.has("top_k")).isFalse();
        }

        @Test
        void declares_each_status_and_header_that_its_answers_can_have() {
            DOCUMENT.path("paths").properties().forEach(path -> {
                JsonNode post = path.getValue().path("post");
                post.at("/x-amazon-apigateway-integration/responses")
                        .properties()
                        .forEach(response -> {
                            JsonNode declared = post.path("responses")
                                    .path(response.getValue().path("statusCode").asText());
                            assertThat(declared.isMissingNode())
                                    .as(response.getKey())
                                    .isFalse();
                            response.getValue()
                                    .path("responseParameters")
                                    .fieldNames()
                                    .forEachRemaining(name -> assertThat(declared.path("headers")
                                                    .has(name.replace("method.response.header.", "")))
                                            .as(name)
                                            .isTrue());
                        });
            });
        }

        @Test
        void of_two_models_has_one_role_with_a_statement_each() {
            Declared two = Declared.of(
                    StackFiles.read(
                            "test",
                            """
                    config:
                      aws:region: eu-west-2
                      parkmeter:models:
                        - {name: one, source: {hub: a/b}, routes: [{path: /one, via: direct}]}
                        - {name: two, source: {hub: a/c}, routes: [{path: /two, via: direct}]}
                    """));
            assertThat(resources(two.policy("api-direct-calls")))
                    .containsExactly(
                            "arn:aws:sagemaker:eu-west-2:123456789012:endpoint/parkmeter-test-one",
                            "arn:aws:sagemaker:eu-west-2:123456789012:endpoint/parkmeter-test-two");
            assertThat(Declared.statements(two.policy("api-direct-calls")))
                    .extracting(statement -> statement.path("Sid").asText())
                    .containsExactly("InvokeModel", "InvokeModel2");
        }
    }

    @Nested
    class A_route_to_a_function_of_others {

        private static final StackConfig CONFIG = StackFiles.read(
                "test",
                """
                config:
                  aws:region: eu-west-2
                  parkmeter:routes:
                    - {path: /model, via: {function: LanguageModelLambda}}
                    - path: /other
                      method: POST
                      via: {function: "arn:aws:lambda:eu-west-2:210987654321:function:other", qualifier: live}
                      public: true
                      throttle: {rate: 1, burst: 2}
                  parkmeter:api: {stage: v1}
                """);
        private static final Declared STACK = Declared.of(CONFIG);
        private static final JsonNode PATHS =
                STACK.only("aws:apigateway/restApi:RestApi").json("body").path("paths");

        @Test
        void needs_no_model_no_role_and_no_function_of_its_own() {
            assertThat(STACK.all())
                    .extracting(Declaration::type)
                    .noneMatch(type -> type.matches("aws:(sagemaker|iam)/.*|aws:lambda/function:Function"));
            assertThat(STACK.exported("invokeUrl").toString()).endsWith("/v1/model");
            assertThat(STACK.outputs()).doesNotContainKey("endpointName");
        }

        @Test
        void hands_every_method_to_it_a_browsers_question_too() {
            JsonNode any = PATHS.at("/~1model/x-amazon-apigateway-any-method");
            assertThat(PATHS.path("/model")).hasSize(1);
            assertThat(any.at("/x-amazon-apigateway-integration/type").asText()).isEqualTo("aws_proxy");
            assertThat(any.at("/x-amazon-apigateway-integration/uri").asText())
                    .endsWith(
                            "/functions/arn:aws:lambda:eu-west-2:123456789012:function:LanguageModelLambda/invocations");
            assertThat(any.path("security").toString()).isEqualTo("[{\"api_key\":[]}]");
        }

        @Test
        void of_one_method_calls_the_alias_without_a_key_and_answers_browsers_itself() {
            JsonNode post = PATHS.at("/~1other/post");
            assertThat(post.at("/x-amazon-apigateway-integration/uri").asText())
                    .endsWith("/functions/arn:aws:lambda:eu-west-2:210987654321:function:other:live/invocations");
            assertThat(post.has("security")).isFalse();
            assertThat(PATHS.path("/other").has("options")).isTrue();
            assertThat(Warnings.of(CONFIG)).singleElement().asString().startsWith("/other is public: ");
        }

        @Test
        void may_be_called_by_this_api_and_this_route_alone() {
            Declaration any = STACK.named("aws:lambda/permission:Permission", "api-permission-any/model");
            assertThat(any.inputs())
                    .containsEntry("function", "LanguageModelLambda")
                    .doesNotContainKey("qualifier")
                    .containsEntry("sourceArn", "arn:aws:execute-api:eu-west-2:123456789012:api-rest-id/v1/*/model");
            Declaration post = STACK.named("aws:lambda/permission:Permission", "api-permission/other");
            assertThat(post.inputs())
                    .containsEntry("function", "arn:aws:lambda:eu-west-2:210987654321:function:other")
                    .containsEntry("qualifier", "live");
            assertThat(any.input("statementId")).isNotEqualTo(post.input("statementId"));
            assertThat(any.input("statementId").toString()).matches("parkmeter-[0-9a-f]{8}");
        }

        @ParameterizedTest
        @ValueSource(strings = {"rest", "http"})
        void beside_one_of_another_method_on_its_path_has_everything_of_its_own(String api) {
            Declared stack = Declared.of(StackFiles.read(
                    "test",
                    """
                    config:
                      aws:region: eu-west-2
                      parkmeter:routes:
                        - {path: /both, method: GET, via: {function: x}, public: true, throttle: {rate: 1, burst: 2}}
                        - {path: /both, method: PUT, via: {function: x}, public: true, throttle: {rate: 1, burst: 2}}
                      parkmeter:api: %s
                    """
                            .formatted(api)));
            assertThat(stack.all())
                    .extracting(declaration -> declaration.type() + " " + declaration.name())
                    .doesNotHaveDuplicates();
            assertThat(stack.all())
                    .filteredOn(declaration -> declaration.type().equals("aws:lambda/permission:Permission"))
                    .extracting(declaration -> declaration.input("statementId"))
                    .hasSize(2)
                    .doesNotHaveDuplicates();
            if (api.equals("rest")) {
                assertThat((Map<?, ?>) triggers(stack)).hasSize(3);
                assertThat(stack.only("aws:apigateway/restApi:RestApi")
                                .json("body")
                                .at("/paths/~1both")
                                .fieldNames())
                        .toIterable()
                        .containsExactlyInAnyOrder("get", "put", "options");
            }
        }

        @Test
        void is_deployed_again_when_the_function_has_changed_and_only_then() {
            assertThat(triggers(Declared.of(CONFIG))).isEqualTo(triggers(STACK));
            assertThat(triggers(Declared.of(CONFIG, "now"))).isNotEqualTo(triggers(STACK));
        }

        private static Object triggers(Declared stack) {
            return stack.only("aws:apigateway/deployment:Deployment").input("triggers");
        }

        @Test
        void stands_on_an_http_api_too() {
            Declared http = Declared.of(
                    StackFiles.read(
                            "test",
                            """
                    config:
                      aws:region: eu-west-2
                      parkmeter:routes:
                        - {path: /model, via: {function: x}, public: true, throttle: {rate: 1, burst: 2}}
                      parkmeter:api: http
                    """));
            assertThat(http.only("aws:apigatewayv2/route:Route").input("routeKey"))
                    .isEqualTo("ANY /model");
            assertThat(http.only("aws:lambda/permission:Permission").input("sourceArn"))
                    .isEqualTo("arn:aws:execute-api:eu-west-2:123456789012:api-http-id/prod/*/model");
            assertThat(http.only("aws:apigatewayv2/api:Api").input("corsConfiguration", "allowMethods"))
                    .isEqualTo(List.of("*"));
        }
    }

    @Nested
    class A_public_route {

        private static final String OPEN = "{path: /open, public: true, throttle: {rate: 0.5, burst: 3}}";

        @Test
        void asks_for_no_key_where_the_others_do() {
            JsonNode paths = smallest(", routes: [{path: /invoke}, " + OPEN + "]")
                    .only("aws:apigateway/restApi:RestApi")
                    .json("body")
                    .path("paths");
            assertThat(paths.at("/~1open/post").has("security")).isFalse();
            assertThat(paths.at("/~1open/post/responses").has("403")).isFalse();
            assertThat(paths.at("/~1invoke/post/security").toString()).isEqualTo("[{\"api_key\":[]}]");
        }

        @Test
        void has_a_limit_of_its_own_on_the_stage() {
            Declared stack = smallest(", routes: [{path: /invoke}, " + OPEN + "]");
            Declaration own = stack.named("aws:apigateway/methodSettings:MethodSettings", "api-method-settings-/open");
            assertThat(own.inputs()).containsEntry("methodPath", "open/POST");
            assertThat(own.input("settings", "throttlingRateLimit")).isEqualTo(0.5);
            assertThat(own.input("settings", "throttlingBurstLimit")).isEqualTo(3.0);
            assertThat(stack.all("aws:apigateway/methodSettings:MethodSettings"))
                    .hasSize(2);
        }

        @Test
        void makes_no_keys_where_nothing_else_needs_one() {
            Declared stack = smallest(", routes: [" + OPEN + "]");
            assertThat(stack.all("aws:apigateway/apiKey:ApiKey")).isEmpty();
            assertThat(stack.all("aws:apigateway/usagePlan:UsagePlan")).isEmpty();
            assertThat(stack.outputs()).doesNotContainKeys("apiKey", "apiKeyId", "clients");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "hosting: {instances: 2} | whoever finds its URL can use it, 0.5 requests a second. At risk: 2 x ml.g5.xlarge, about 2.82 USD an hour in us-east-1.",
                    "hosting: {instanceType: ml.p5.48xlarge} | At risk: 1 x ml.p5.48xlarge, by the hour at what SageMaker's price list says.",
                    "lifecycle: {type: metered, hourlyCost: 1.5} | can start it and keep it running, 0.5 requests a second. At risk: 1 x ml.g5.xlarge, 1.50 an hour.",
                    "lifecycle: {type: metered, wakeOnRequest: false} | whoever finds its URL can use it,",
                })
        void is_warned_of_with_what_it_can_cost(String more, String words) {
            StackConfig config = smallest(", " + more + ", routes: [" + OPEN + ", {path: /closed}]")
                    .config();
            assertThat(Warnings.of(config))
                    .singleElement()
                    .asString()
                    .startsWith("/open of model TinyLlama is public: ")
                    .contains(words);
        }
    }

    @Nested
    class A_route_for_tokens {

        private static final StackConfig CONFIG = StackFiles.read(
                "test",
                """
                config:
                  aws:region: eu-west-2
                  parkmeter:models:
                    - name: tiny
                      source: {hub: a/b}
                      access: token
                      lifecycle: metered
                      routes: [{path: /invoke}, {path: /clients, access: key}, {path: /users, access: cognito}]
                  parkmeter:routes: [{path: /model, via: {function: theirs}, access: token}]
                  parkmeter:clients: [{name: ops, operator: true}, {name: app}]
                  parkmeter:tokens: {authorizerCacheSeconds: 7}
                """);
        private static final Declared STACK = Declared.of(CONFIG);
        private static final JsonNode DOCUMENT =
                STACK.only("aws:apigateway/restApi:RestApi").json("body");

        @Test
        void is_guarded_by_the_authorizer_and_counts_on_the_plan_of_the_tokens_client() {
            assertThat(DOCUMENT.at("/paths/~1invoke/post/security").toString())
                    .isEqualTo("[{\"token\":[],\"api_key\":[]}]");
            assertThat(DOCUMENT.at("/paths/~1model/x-amazon-apigateway-any-method/security")
                            .toString())
                    .isEqualTo("[{\"token\":[],\"api_key\":[]}]");
            assertThat(DOCUMENT.path("x-amazon-apigateway-api-key-source").asText())
                    .isEqualTo("AUTHORIZER");
            JsonNode token = DOCUMENT.at("/components/securitySchemes/token");
            assertThat(token.path("x-amazon-apigateway-authtype").asText()).isEqualTo("custom");
            assertThat(token.path("x-amazon-apigateway-authorizer").toString())
                    .isEqualTo(
                            "{\"type\":\"request\",\"authorizerUri\":\"arn:aws:apigateway:eu-west-2:lambda:path/2015-03-31/functions/"
                                    + "arn:aws:lambda:eu-west-2:123456789012:function:parkmeter-test-authorizer/invocations\","
                                    + "\"authorizerResultTtlInSeconds\":7,\"identitySource\":\"method.request.header.Authorization\"}");
        }

        @Test
        void has_keys_beside_it_looked_at_by_the_authorizer_too_and_remembers_none() {
            assertThat(DOCUMENT.at("/paths/~1clients/post/security").toString())
                    .isEqualTo("[{\"key\":[],\"api_key\":[]}]");
            assertThat(DOCUMENT.at("/paths/~1meters/get/security").toString())
                    .isEqualTo("[{\"key\":[],\"api_key\":[]}]");
            JsonNode authorizer = DOCUMENT.at("/components/securitySchemes/key/x-amazon-apigateway-authorizer");
            assertThat(authorizer.path("authorizerResultTtlInSeconds").asInt()).isZero();
            assertThat(authorizer.has("identitySource")).isFalse();
        }

        @Test
        void tells_the_authorizer_what_a_token_and_what_a_key_may_call() {
            Declaration authorizer = STACK.named("aws:lambda/function:Function", "authorizer-function");
            assertThat(authorizer.input("environment", "variables"))
                    .isEqualTo(Map.of(
                            "PARKMETER_TOKEN_TABLE", "parkmeter-test-tokens",
                            "PARKMETER_TOKEN_ROUTES", "[\"POST /invoke\",\"ANY /model\"]",
                            "PARKMETER_CLIENT_KEYS", "{\"ops\":\"ops-key-id\",\"app\":\"app-key-id\"}",
                            "PARKMETER_KEY_ROUTES",
                                    "[\"POST /clients\",\"GET /endpoint-expiry\",\"POST /endpoint-expiry\",\"ANY /endpoint-expiry\","
                                            + "\"GET /meters\",\"GET /meters/{name}\",\"POST /meters/{name}/top-up\","
                                            + "\"POST /meters/{name}/stop\",\"PUT /meters/{name}/schedule\",\"POST /tokens\","
                                            + "\"GET /tokens\",\"DELETE /tokens/{id}\"]"));
            assertThat(authorizer.input("handler"))
                    .isEqualTo("parkmeter.lambda.access.AuthorizerHandler::handleRequest");
            assertThat(authorizer.input("timeout")).isEqualTo(10.0);
        }

        @Test
        void lets_the_authorizer_read_tokens_and_the_clients_keys_and_nothing_else() {
            assertThat(Declared.statements(STACK.policy("authorizer-role-calls")).stream()
                            .map(statement -> statement.path("Action") + " on " + statement.path("Resource")))
                    .containsExactly(
                            "[\"dynamodb:GetItem\",\"dynamodb:UpdateItem\"] on [\"arn:aws:dynamodb:eu-west-2:123456789012:table/parkmeter-test-tokens\"]",
                            "[\"apigateway:GET\"] on [\"arn:aws:apigateway:eu-west-2::/apikeys/ops-key-id\",\"arn:aws:apigateway:eu-west-2::/apikeys/app-key-id\"]");
        }

        @Test
        void keeps_hashes_in_a_table_that_forgets_them_in_time() {
            assertThat(STACK.named("aws:dynamodb/table:Table", "tokens-table").inputs())
                    .containsEntry("name", "parkmeter-test-tokens")
                    .containsEntry("hashKey", "hash")
                    .containsEntry("billingMode", "PAY_PER_REQUEST")
                    .containsEntry("ttl", Map.of("attributeName", "expiresAt", "enabled", true));
        }

        @Test
        void has_operators_who_issue_tokens_with_their_keys() {
            assertThat(STACK.named("aws:lambda/function:Function", "tokens-function")
                            .input("environment", "variables"))
                    .isEqualTo(Map.of(
                            "PARKMETER_TOKEN_TABLE", "parkmeter-test-tokens",
                            "PARKMETER_CLIENTS", "[\"ops\",\"app\"]",
                            "PARKMETER_OPERATORS", "[\"ops-key-id\"]"));
            assertThat(Declared.statements(STACK.policy("tokens-role-calls")).stream()
                            .map(statement -> statement.path("Action") + " on " + statement.path("Resource")))
                    .containsExactly(
                            "[\"dynamodb:PutItem\",\"dynamodb:Scan\",\"dynamodb:DeleteItem\"] on [\"arn:aws:dynamodb:eu-west-2:123456789012:table/parkmeter-test-tokens\"]");
            assertThat(DOCUMENT.at("/paths/~1tokens/post/security").toString())
                    .isEqualTo("[{\"key\":[],\"api_key\":[]}]");
            assertThat(STACK.exported("tokensUrl").toString()).endsWith("/prod/tokens");
        }

        @Test
        void lets_a_lone_client_issue_tokens_without_a_mark() {
            assertThat(smallest(", access: token")
                            .named("aws:lambda/function:Function", "tokens-function")
                            .input("environment", "variables", "PARKMETER_OPERATORS"))
                    .isEqualTo("[\"first-key-id\"]");
        }

        @Test
        void lets_the_gateway_call_the_authorizer_as_an_authorizer_alone() {
            assertThat(STACK.named("aws:lambda/permission:Permission", "api-permission-authorizer")
                            .inputs())
                    .containsEntry("function", "parkmeter-test-authorizer")
                    .containsEntry("principal", "apigateway.amazonaws.com")
                    .containsEntry("sourceArn", "arn:aws:execute-api:eu-west-2:123456789012:api-rest-id/authorizers/*");
        }

        @Test
        void lets_browsers_send_what_its_callers_show() {
            String headers = "/options/x-amazon-apigateway-integration/responses/default/responseParameters/"
                    + "method.response.header.Access-Control-Allow-Headers";
            assertThat(DOCUMENT.at("/paths/~1invoke" + headers).asText()).isEqualTo("'Content-Type,Authorization'");
            assertThat(DOCUMENT.at("/paths/~1clients" + headers).asText())
                    .isEqualTo("'Content-Type,X-Api-Key,Authorization'");
        }

        @Test
        void can_be_in_a_table_of_another_stack_that_is_never_changed() {
            Declared stack = smallest(", access: token", "parkmeter:tokens: {table: theirs}");
            assertThat(stack.all("aws:dynamodb/table:Table")).isEmpty();
            assertThat(stack.policy("authorizer-role-calls").toString())
                    .contains("arn:aws:dynamodb:eu-west-2:123456789012:table/theirs");
            assertThat(Warnings.of(stack.config())).isEmpty();
        }

        @Test
        void can_be_in_clear_where_the_stack_says_so_with_a_warning_and_nobody_issues_them() {
            Declared stack =
                    smallest(", access: token", "parkmeter:tokens: {table: clear-theirs, legacyClearText: true}");
            assertThat(stack.named("aws:lambda/function:Function", "authorizer-function")
                            .input("environment", "variables", "PARKMETER_LEGACY_CLEAR_TEXT"))
                    .isEqualTo("true");
            assertThat(Declared.statements(stack.policy("authorizer-role-calls"))
                            .get(0)
                            .path("Action")
                            .toString())
                    .isEqualTo("[\"dynamodb:GetItem\"]");
            assertThat(stack.outputs()).doesNotContainKey("tokensUrl");
            assertThat(Warnings.of(stack.config()))
                    .singleElement()
                    .asString()
                    .startsWith("The table clear-theirs holds access tokens in clear: ");
        }

        @Test
        void of_a_table_of_the_wrong_kind_is_refused_before_anything_is_declared() {
            assertThatThrownBy(() -> smallest(", access: token", "parkmeter:tokens: {table: clear-theirs}"))
                    .hasStackTraceContaining(
                            "parkmeter:tokens.table: the table 'clear-theirs' has the partition key 'token',"
                                    + " and must have 'hash'; one that holds tokens in clear needs legacyClearText: true.");
        }

        @Test
        void stands_on_an_http_api_too_where_a_user_issues_them() {
            Declared stack = smallest(
                    ", routes: [{path: /invoke, access: token}, {path: /users, access: cognito}]",
                    "parkmeter:api: http",
                    "parkmeter:tokens: {operators: [ada-sub], authorizerCacheSeconds: 9}");
            Declaration authorizer = stack.named("aws:apigatewayv2/authorizer:Authorizer", "api-authorizer-token");
            assertThat(authorizer.inputs())
                    .containsEntry("authorizerType", "REQUEST")
                    .containsEntry("authorizerPayloadFormatVersion", "2.0")
                    .containsEntry("enableSimpleResponses", false)
                    .containsEntry("identitySources", List.of("$request.header.Authorization"))
                    .containsEntry("authorizerResultTtlInSeconds", 9.0);
            assertThat(stack.named("aws:apigatewayv2/route:Route", "api-route/invoke")
                            .inputs())
                    .containsEntry("authorizationType", "CUSTOM")
                    .containsEntry("authorizerId", "api-authorizer-token-id");
            assertThat(stack.named("aws:apigatewayv2/route:Route", "api-route/tokens")
                            .inputs())
                    .containsEntry("authorizationType", "JWT")
                    .containsEntry("authorizerId", "api-authorizer-cognito-id");
            assertThat(stack.all("aws:apigatewayv2/route:Route"))
                    .extracting(route -> route.input("routeKey"))
                    .containsExactlyInAnyOrder(
                            "POST /invoke", "POST /users", "POST /tokens", "GET /tokens", "DELETE /tokens/{id}");
            assertThat(stack.named("aws:lambda/function:Function", "authorizer-function")
                            .input("environment", "variables"))
                    .isEqualTo(Map.of(
                            "PARKMETER_TOKEN_TABLE", "parkmeter-test-tokens",
                            "PARKMETER_TOKEN_ROUTES", "[\"POST /invoke\"]"));
            assertThat(stack.named("aws:lambda/function:Function", "tokens-function")
                            .input("environment", "variables", "PARKMETER_OPERATORS"))
                    .isEqualTo("[\"ada-sub\"]");
            assertThat(stack.named("aws:lambda/permission:Permission", "api-permission-authorizer")
                            .input("sourceArn"))
                    .isEqualTo(
                            "arn:aws:execute-api:eu-west-2:123456789012:api-http-id/authorizers/api-authorizer-token-id");
            assertThat(stack.only("aws:apigatewayv2/api:Api").input("corsConfiguration", "allowHeaders"))
                    .isEqualTo(List.of("content-type", "authorization"));
        }
    }

    @Nested
    class Keys_as_bearer {

        @Test
        void are_looked_at_by_an_authorizer_where_the_stack_says_so() {
            Declared stack = smallest("", "parkmeter:api: {bearerKeys: true}");
            JsonNode document = stack.only("aws:apigateway/restApi:RestApi").json("body");
            assertThat(document.path("x-amazon-apigateway-api-key-source").asText())
                    .isEqualTo("AUTHORIZER");
            assertThat(document.at("/paths/~1invoke/post/security").toString())
                    .isEqualTo("[{\"key\":[],\"api_key\":[]}]");
            assertThat(document.at("/components/securitySchemes").has("token")).isFalse();
            assertThat(stack.named("aws:lambda/function:Function", "authorizer-function")
                            .input("environment", "variables"))
                    .isEqualTo(Map.of(
                            "PARKMETER_CLIENT_KEYS", "{\"first\":\"first-key-id\"}",
                            "PARKMETER_KEY_ROUTES", "[\"POST /invoke\"]"));
            assertThat(Declared.statements(stack.policy("authorizer-role-calls")))
                    .hasSize(1);
            assertThat(stack.all("aws:dynamodb/table:Table")).isEmpty();
        }

        @Test
        void need_no_function_where_it_does_not() {
            Declared stack = smallest(", routes: [{path: /invoke, via: direct}]");
            assertThat(stack.all("aws:lambda/function:Function")).isEmpty();
            assertThat(stack.only("aws:apigateway/restApi:RestApi")
                            .json("body")
                            .path("x-amazon-apigateway-api-key-source")
                            .asText())
                    .isEqualTo("HEADER");
        }
    }

    @Nested
    class A_route_for_users {

        @Test
        void lets_in_who_has_signed_in_to_a_pool_in_which_an_administrator_makes_the_users() {
            Declared stack = smallest(", access: cognito");
            assertThat(stack.only("aws:cognito/userPool:UserPool").inputs())
                    .containsEntry("name", "parkmeter-test")
                    .containsEntry("adminCreateUserConfig", Map.of("allowAdminCreateUserOnly", true));
            JsonNode document = stack.only("aws:apigateway/restApi:RestApi").json("body");
            assertThat(document.at("/paths/~1invoke/post/security").toString()).isEqualTo("[{\"cognito\":[]}]");
            assertThat(document.at("/components/securitySchemes/cognito/x-amazon-apigateway-authorizer")
                            .toString())
                    .isEqualTo(
                            "{\"type\":\"cognito_user_pools\",\"providerARNs\":[\"arn:aws:cognito-idp:eu-west-2:123456789012:userpool/users-pool-id\"]}");
            assertThat(document.at("/paths/~1invoke/post/responses").has("401")).isTrue();
        }

        @Test
        void needs_neither_keys_nor_a_function_that_looks_at_them() {
            Declared stack = smallest(", access: cognito");
            assertThat(stack.all("aws:apigateway/apiKey:ApiKey")).isEmpty();
            assertThat(stack.all("aws:apigateway/usagePlan:UsagePlan")).isEmpty();
            assertThat(stack.only("aws:lambda/function:Function").name()).isEqualTo("TinyLlama-invoke-function");
        }

        @Test
        void is_signed_in_to_through_an_app_client_without_a_secret_whose_ids_are_exported() {
            Declared stack = smallest(", access: cognito");
            assertThat(stack.only("aws:cognito/userPoolClient:UserPoolClient").inputs())
                    .containsEntry("userPoolId", "users-pool-id")
                    .containsEntry("generateSecret", false)
                    .containsEntry("preventUserExistenceErrors", "ENABLED");
            assertThat(stack.exported("userPoolId")).isEqualTo("users-pool-id");
            assertThat(stack.exported("userPoolClientId")).isEqualTo("users-client-id");
        }

        @Test
        void can_be_of_a_pool_that_is_there_which_gets_an_app_client_and_nothing_else() {
            Declared stack = smallest(", access: cognito", "parkmeter:cognito: {userPool: eu-west-2_a1B2}");
            assertThat(stack.all("aws:cognito/userPool:UserPool")).isEmpty();
            assertThat(stack.only("aws:cognito/userPoolClient:UserPoolClient").inputs())
                    .containsEntry("userPoolId", "eu-west-2_a1B2");
            assertThat(stack.only("aws:apigateway/restApi:RestApi").json("body").toString())
                    .contains("arn:aws:cognito-idp:eu-west-2:123456789012:userpool/eu-west-2_a1B2");
        }

        @Test
        void is_checked_by_an_http_api_itself_by_issuer_and_app_client() {
            Declared stack = smallest(", access: cognito", "parkmeter:api: http");
            assertThat(stack.only("aws:apigatewayv2/authorizer:Authorizer").inputs())
                    .containsEntry("authorizerType", "JWT")
                    .containsEntry("identitySources", List.of("$request.header.Authorization"))
                    .containsEntry(
                            "jwtConfiguration",
                            Map.of(
                                    "issuer",
                                    "https://cognito-idp.eu-west-2.amazonaws.com/users-pool-id",
                                    "audiences",
                                    List.of("users-client-id")));
        }
    }

    @Nested
    class The_dev_stack {

        private static final Declared DEV = Declared.of(StackFiles.sample("dev"));

        @Test
        void serves_the_model_with_tgi_on_one_gpu() {
            Declaration model = DEV.only("aws:sagemaker/model:Model");
            assertThat(model.input("primaryContainer", "image"))
                    .isEqualTo("763104351884.dkr.ecr.eu-west-2.amazonaws.com/huggingface-pytorch-tgi-inference"
                            + ":2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04");
            assertThat(model.input("primaryContainer", "environment"))
                    .isEqualTo(Map.of(
                            "HF_MODEL_ID", "TinyLlama/TinyLlama-1.1B-Chat-v1.0",
                            "SM_NUM_GPUS", "1",
                            "MAX_INPUT_TOKENS", "1536",
                            "MAX_TOTAL_TOKENS", "2048",
                            "USAGE_STATS", "off"));
            Declaration configuration = DEV.only("aws:sagemaker/endpointConfiguration:EndpointConfiguration");
            assertThat(configuration.input("productionVariants", 0))
                    .isEqualTo(Map.of(
                            "variantName", "AllTraffic",
                            "modelName", model.input("name"),
                            "instanceType", "ml.g5.xlarge",
                            "initialInstanceCount", 1.0,
                            "initialVariantWeight", 1.0,
                            "containerStartupHealthCheckTimeoutInSeconds", 900.0,
                            "modelDataDownloadTimeoutInSeconds", 900.0));
        }

        @Test
        void puts_the_model_on_the_meter_for_ninety_minutes_and_for_thirty_by_a_call() {
            JsonNode registration = DEV.named("aws:lambda/invocation:Invocation", "tinyllama-registration")
                    .json("input");
            assertThat(registration.path("endpoint").asText()).isEqualTo("parkmeter-dev-tinyllama");
            assertThat(registration.path("configuration").asText())
                    .isEqualTo(DEV.only("aws:sagemaker/endpointConfiguration:EndpointConfiguration")
                            .input("name"));
            assertThat(registration.path("initialMinutes").asInt()).isEqualTo(90);
            assertThat(registration.path("maxMinutes").asInt()).isEqualTo(480);
            assertThat(registration.path("idleMinutes").asInt()).isEqualTo(30);
            assertThat(registration.path("wakeMinutes").asInt()).isEqualTo(30);
            assertThat(registration.path("onChange").asText()).isEqualTo("update");
            assertThat(DEV.all("aws:sagemaker/endpoint:Endpoint")).isEmpty();
        }

        @Test
        void names_what_can_only_be_replaced_after_its_content() {
            assertThat(DEV.only("aws:sagemaker/model:Model").input("name").toString())
                    .matches("parkmeter-dev-tinyllama-[0-9a-f]{8}");
            assertThat(DEV.only("aws:sagemaker/endpointConfiguration:EndpointConfiguration")
                            .input("name")
                            .toString())
                    .matches("parkmeter-dev-tinyllama-[0-9a-f]{8}");
        }

        @Test
        void runs_the_function_from_the_zip_of_lambda_handler() {
            Declaration function = DEV.named("aws:lambda/function:Function", "tinyllama-invoke-function");
            assertThat(function.input("name")).isEqualTo("parkmeter-dev-tinyllama-invoke");
            assertThat(function.input("runtime")).isEqualTo("java21");
            assertThat(function.input("memorySize")).isEqualTo(512.0);
            assertThat(function.input("timeout")).isEqualTo(29.0);
            assertThat(function.input("code")).isInstanceOf(FileArchive.class);
            assertThat(function.input("environment", "variables"))
                    .isEqualTo(Map.of(
                            "PARKMETER_MODEL", "tinyllama",
                            "PARKMETER_ENDPOINT", "parkmeter-dev-tinyllama",
                            "PARKMETER_ENGINE", "{\"type\":\"tgi\"}",
                            "PARKMETER_TABLE", "parkmeter-dev-meters",
                            "PARKMETER_ROUTES", "{\"POST /invoke\":\"prompt\"}"));
            assertThat(DEV.named("aws:cloudwatch/logGroup:LogGroup", "tinyllama-invoke-log-group")
                            .inputs())
                    .containsEntry("name", "/aws/lambda/parkmeter-dev-tinyllama-invoke")
                    .containsEntry("retentionInDays", 14.0);
        }

        @Test
        void lets_the_function_write_its_log_call_its_endpoint_and_wake_it_and_nothing_else() {
            assertThat(resources(DEV.policy("tinyllama-invoke-role-calls")))
                    .containsExactly(
                            "arn:aws:sagemaker:eu-west-2:123456789012:endpoint/parkmeter-dev-tinyllama",
                            "arn:aws:dynamodb:eu-west-2:123456789012:table/parkmeter-dev-meters");
            assertThat(actions(DEV.policy("tinyllama-invoke-role-calls")))
                    .containsExactly(
                            "sagemaker:InvokeEndpoint",
                            "sagemaker:InvokeEndpointWithResponseStream",
                            "dynamodb:GetItem",
                            "dynamodb:PutItem");
            assertThat(resources(DEV.policy("tinyllama-invoke-role-logs")))
                    .containsExactly("arn:aws:logs:eu-west-2:123456789012:log-group:"
                            + "/aws/lambda/parkmeter-dev-tinyllama-invoke:*");
            assertThat(DEV.policies().keySet().stream().filter(name -> name.startsWith("tinyllama-invoke")))
                    .hasSize(3);
        }

        @Test
        void lets_the_container_pull_its_image_write_its_logs_and_publish_its_metrics_and_nothing_else() {
            assertThat(DEV.policy("tinyllama-execution")
                            .at("/Statement/0/Principal/Service")
                            .asText())
                    .isEqualTo("sagemaker.amazonaws.com");
            assertThat(actions(DEV.policy("tinyllama-execution-image")))
                    .containsExactly(
                            "ecr:GetAuthorizationToken",
                            "ecr:BatchCheckLayerAvailability",
                            "ecr:BatchGetImage",
                            "ecr:GetDownloadUrlForLayer");
            assertThat(resources(DEV.policy("tinyllama-execution-image")))
                    .containsExactly(
                            "*", "arn:aws:ecr:eu-west-2:763104351884:repository/huggingface-pytorch-tgi-inference");
            assertThat(resources(DEV.policy("tinyllama-execution-logs")))
                    .allMatch(arn -> arn.startsWith("arn:aws:logs:eu-west-2:123456789012:log-group:"
                            + "/aws/sagemaker/Endpoints/parkmeter-dev-tinyllama"));
            JsonNode metrics = DEV.policy("tinyllama-execution-metrics");
            assertThat(metrics.at("/Statement/0/Condition/StringEquals/cloudwatch:namespace")
                            .asText())
                    .isEqualTo("/aws/sagemaker/Endpoints");
            assertThat(DEV.policies().keySet().stream().filter(name -> name.startsWith("tinyllama-execution")))
                    .hasSize(4);
        }

        @Test
        void gives_the_client_a_key_on_the_plan() {
            assertThat(DEV.only("aws:apigateway/usagePlan:UsagePlan").inputs())
                    .containsEntry("name", "parkmeter-dev-default")
                    .containsEntry("throttleSettings", Map.of("rateLimit", 50.0, "burstLimit", 100.0))
                    .containsEntry("quotaSettings", Map.of("limit", 10000.0, "period", "DAY"))
                    .containsEntry("apiStages", List.of(Map.of("apiId", "api-rest-id", "stage", "prod")));
            assertThat(DEV.only("aws:apigateway/apiKey:ApiKey").input("name")).isEqualTo("parkmeter-dev-first");
            assertThat(DEV.only("aws:apigateway/usagePlanKey:UsagePlanKey").inputs())
                    .isEqualTo(Map.of("keyId", "first-key-id", "keyType", "API_KEY", "usagePlanId", "default-plan-id"));
        }

        @Test
        void throttles_the_stage_and_lets_the_api_call_the_function_by_this_route_alone() {
            assertThat(DEV.only("aws:apigateway/methodSettings:MethodSettings").input("settings"))
                    .isEqualTo(Map.of(
                            "throttlingRateLimit", 100.0, "throttlingBurstLimit", 200.0, "metricsEnabled", true));
            assertThat(DEV.named("aws:lambda/permission:Permission", "api-permission/invoke")
                            .inputs())
                    .containsEntry("principal", "apigateway.amazonaws.com")
                    .containsEntry("action", "lambda:InvokeFunction")
                    .containsEntry(
                            "sourceArn", "arn:aws:execute-api:eu-west-2:123456789012:api-rest-id/prod/POST/invoke");
            assertThat(DEV.only("aws:apigateway/restApi:RestApi").input("endpointConfiguration", "types"))
                    .isEqualTo("REGIONAL");
        }

        @Test
        void redeploys_when_the_document_changes_and_only_then() {
            String hash = deployedHash(DEV);
            assertThat(deployedHash(Declared.of(StackFiles.sample("dev")))).isEqualTo(hash);
            assertThat(deployedHash(smallest(", routes: [{path: /other}]"))).isNotEqualTo(hash);
        }

        @Test
        void exports_what_a_caller_needs_and_the_key_as_a_secret() {
            assertThat(DEV.exported("invokeUrl"))
                    .isEqualTo("https://api-rest-id.execute-api.eu-west-2.amazonaws.com/prod/invoke");
            assertThat(DEV.exported("apiKeyId")).isEqualTo("first-key-id");
            assertThat(DEV.exported("apiKey")).isEqualTo("value-of-parkmeter-dev-first");
            assertThat(DEV.exported("clients")).isEqualTo(Map.of("first", "first-key-id"));
            assertThat(DEV.exported("endpointName")).isEqualTo("parkmeter-dev-tinyllama");
            assertThat(DEV.exported("region")).isEqualTo("eu-west-2");
            assertThat(DEV.exported("meterUrl"))
                    .isEqualTo("https://api-rest-id.execute-api.eu-west-2.amazonaws.com/prod/meters");
            assertThat(DEV.outputs()).hasSize(7);
            assertThat(The_prod_stack.PROD.outputs()).hasSize(6).doesNotContainKey("meterUrl");
            assertThat(secret("apiKey")).isTrue();
            assertThat(secret("apiKeyId")).isFalse();
        }

        private static boolean secret(String output) {
            return PulumiTestInternal.extractOutputData(DEV.output(output)).isSecret();
        }

        private static String deployedHash(Declared stack) {
            return stack.only("aws:apigateway/deployment:Deployment")
                    .input("triggers", "openapi")
                    .toString();
        }
    }

    @Nested
    class The_prod_stack {

        private static final Declared PROD = Declared.of(StackFiles.sample("prod"));

        @Test
        void splits_a_larger_model_over_four_gpus_on_two_instances() {
            assertThat(PROD.only("aws:sagemaker/model:Model").input("primaryContainer", "environment", "SM_NUM_GPUS"))
                    .isEqualTo("4");
            assertThat(PROD.only("aws:sagemaker/endpointConfiguration:EndpointConfiguration")
                            .input("productionVariants", 0, "initialInstanceCount"))
                    .isEqualTo(2.0);
        }

        @Test
        void keeps_its_endpoint_up_from_pulumi_up_to_pulumi_destroy() {
            Declaration endpoint = PROD.only("aws:sagemaker/endpoint:Endpoint");
            assertThat(endpoint.input("name")).isEqualTo("parkmeter-prod-qwen");
            assertThat(endpoint.input("endpointConfigName"))
                    .isEqualTo(PROD.only("aws:sagemaker/endpointConfiguration:EndpointConfiguration")
                            .input("name"));
        }

        @Test
        void gives_three_clients_keys_on_two_plans() {
            assertThat(PROD.exported("clients"))
                    .isEqualTo(Map.of(
                            "website", "website-key-id", "support", "support-key-id", "reports", "reports-key-id"));
            assertThat(PROD.exported("apiKeyId")).isEqualTo("website-key-id");
            assertThat(PROD.named("aws:apigateway/usagePlanKey:UsagePlanKey", "reports-plan-key")
                            .input("usagePlanId"))
                    .isEqualTo("batch-plan-id");
            assertThat(PROD.named("aws:apigateway/usagePlan:UsagePlan", "batch-plan")
                            .inputs())
                    .doesNotContainKey("quotaSettings");
        }

        @Test
        void shares_no_physical_name_with_the_dev_stack() {
            Set<String> dev = physicalNames(The_dev_stack.DEV);
            Set<String> prod = physicalNames(PROD);
            assertThat(dev).hasSizeGreaterThan(8).noneMatch(prod::contains);
        }

        private static Set<String> physicalNames(Declared stack) {
            return stack.all().stream()
                    .filter(d -> d.inputs().containsKey("name") && !d.type().endsWith("RolePolicy"))
                    .map(d -> d.type() + " " + d.input("name"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Nested
    class A_metered_stack {

        private static final String METERED =
                """
                config:
                  aws:region: eu-west-2
                  aws:defaultTags: {tags: {Owner: search}}
                  parkmeter:models:
                    - name: Falcon
                      source: {hub: a/b}
                      lifecycle: {type: metered, initialMinutes: 0, idleMinutes: 0, wakeOnRequest: false, onChange: recreate,
                        hourlyCost: 1.76, schedule: [
                          {name: office, days: [tue, mon], start: "09:00", stop: "17:30", timezone: Europe/London},
                          {date: "2026-12-24", start: "22:00", stop: "02:00"}]}
                      routes: [{path: /falcon}]
                    - {name: tiny, source: {hub: a/c}, lifecycle: metered}
                    - {name: always, source: {hub: a/d}, routes: [{path: /always}]}
                  parkmeter:clients: [{name: website}, {name: b, operator: true}, {name: a, operator: true}]
                  parkmeter:meter:
                    adopt: [Demo-*]
                    notify: {email: [ops@example.com, costs@example.com], beforeStopMinutes: 5}
                """;

        private static final Declared STACK = Declared.of(StackFiles.read("test", METERED));

        /** One model by a word, nobody told, every client an operator. */
        private static final Declared PLAIN = smallest(", lifecycle: metered");

        private static final String REGISTRATION = "aws:lambda/invocation:Invocation";

        @Test
        void leaves_the_endpoints_of_metered_models_to_the_meter_alone() {
            assertThat(STACK.only("aws:sagemaker/endpoint:Endpoint").input("name"))
                    .isEqualTo("parkmeter-test-always");
            assertThat(STACK.all("aws:sagemaker/endpointConfiguration:EndpointConfiguration"))
                    .hasSize(3);
            assertThat(STACK.exported("endpointName")).isEqualTo("parkmeter-test-Falcon");
        }

        @Test
        void registers_each_metered_model_with_its_settings() {
            Declaration falcon = STACK.named(REGISTRATION, "Falcon-registration");
            assertThat(falcon.json("input"))
                    .isEqualTo(json(
                            """
                    {"endpoint": "parkmeter-test-Falcon", "configuration": "%s", "model": "Falcon", "initialMinutes": 0,
                     "maxMinutes": 480, "onChange": "recreate", "schedule": [
                       {"name": "office", "days": ["mon", "tue"], "start": "09:00", "stop": "17:30", "timezone": "Europe/London",
                        "idle": false},
                       {"date": "2026-12-24", "start": "22:00", "stop": "02:00", "timezone": "UTC", "idle": false}],
                     "beforeStopMinutes": 5, "hourlyCost": 1.76}"""
                                    .formatted(STACK.named(
                                                    "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
                                                    "Falcon-configuration")
                                            .input("name"))));
            JsonNode plain = PLAIN.named(REGISTRATION, "TinyLlama-registration").json("input");
            assertThat(plain.path("initialMinutes").asInt()).isEqualTo(90);
            assertThat(plain.path("idleMinutes").asInt()).isEqualTo(30);
            assertThat(plain.path("wakeMinutes").asInt()).isEqualTo(30);
            assertThat(plain.path("beforeStopMinutes").asInt()).isEqualTo(10);
            assertThat(STACK.all(REGISTRATION))
                    .extracting(Declaration::name)
                    .containsExactlyInAnyOrder("Falcon-registration", "tiny-registration", "meter-everything");
            assertThat(STACK.named(REGISTRATION, "meter-everything").json("input"))
                    .isEqualTo(json("{\"stack\": true}"));
        }

        /** With triggers or another function's name the provider would delete the endpoint and begin anew. */
        @Test
        void registers_so_that_a_change_of_the_settings_is_an_update() {
            assertThat(STACK.all(REGISTRATION)).allSatisfy(d -> {
                assertThat(d.inputs()).containsOnlyKeys("functionName", "input", "lifecycleScope");
                assertThat(d.inputs())
                        .containsEntry("lifecycleScope", "CRUD")
                        .containsEntry("functionName", "parkmeter-test-meter-registration");
            });
        }

        @Test
        void registers_when_the_meter_runs_and_the_container_may_start() {
            assertThat(dependencies(STACK.named(REGISTRATION, "tiny-registration")))
                    .contains(
                            "meter-everything",
                            "meter-tick-target",
                            "meter-tick-permission",
                            "meter-tick-events",
                            "meter-mail-ops@example.com",
                            "tiny-execution-image",
                            "tiny-endpoint-logs");
            assertThat(dependencies(STACK.named(REGISTRATION, "meter-everything")))
                    .contains("meter-tick-target", "meter-mail-ops@example.com")
                    .doesNotContain("meter-everything");
        }

        @Test
        void keeps_the_meters_in_a_table_by_endpoint_that_costs_nothing_at_rest() {
            assertThat(STACK.only("aws:dynamodb/table:Table").inputs())
                    .isEqualTo(Map.of(
                            "name",
                            "parkmeter-test-meters",
                            "billingMode",
                            "PAY_PER_REQUEST",
                            "hashKey",
                            "endpoint",
                            "attributes",
                            List.of(Map.of("name", "endpoint", "type", "S"))));
        }

        @Test
        void runs_three_functions_from_the_meters_zip() {
            Declaration tick = function("meter-tick");
            assertThat(tick.input("handler")).isEqualTo("parkmeter.lambda.meter.tick.TickHandler::handleRequest");
            assertThat(tick.input("timeout")).isEqualTo(55.0);
            assertThat(tick.input("reservedConcurrentExecutions")).isEqualTo(1.0);
            Declaration api = function("meter-api");
            assertThat(api.input("handler")).isEqualTo("parkmeter.lambda.meter.http.MeterApiHandler::handleRequest");
            assertThat(api.input("timeout")).isEqualTo(29.0);
            Declaration registration = function("meter-registration");
            assertThat(registration.input("handler"))
                    .isEqualTo("parkmeter.lambda.meter.registration.RegistrationHandler::handleRequest");
            assertThat(registration.input("timeout")).isEqualTo(900.0);
            assertThat(List.of(tick, api, registration)).allSatisfy(d -> {
                assertThat(d.input("memorySize")).isEqualTo(512.0);
                assertThat(zip(d)).isEqualTo("lambda-handler/target/meter.zip");
            });
            assertThat(List.of(api, registration))
                    .allSatisfy(d -> assertThat(d.inputs()).doesNotContainKey("reservedConcurrentExecutions"));
            assertThat(zip(STACK.named("aws:lambda/function:Function", "tiny-invoke-function")))
                    .isEqualTo("lambda-handler/target/function.zip");
        }

        @Test
        void tells_each_function_what_it_needs_and_no_more() {
            Map<String, String> common = Map.of(
                    "PARKMETER_TABLE",
                    "parkmeter-test-meters",
                    "PARKMETER_TOPIC",
                    "arn:aws:sns:eu-west-2:123456789012:parkmeter-test-meter",
                    "PARKMETER_TAGS",
                    "{\"ManagedBy\":\"parkmeter\",\"Owner\":\"search\",\"Project\":\"parkmeter\",\"Stack\":\"test\"}");
            assertThat(variables("meter-tick")).isEqualTo(common);
            assertThat(variables("meter-registration")).isEqualTo(common);
            var api = new TreeMap<>(common);
            api.put("PARKMETER_ADOPT", "[\"Demo-*\"]");
            api.put("PARKMETER_CONFIGURATIONS", "[\"parkmeter-test-*\",\"Demo-*\"]");
            api.put("PARKMETER_OPERATORS", "[\"a-key-id\",\"b-key-id\"]");
            assertThat(variables("meter-api")).isEqualTo(api);
            assertThat(PLAIN.named("aws:lambda/function:Function", "meter-api-function")
                            .input("environment", "variables"))
                    .isEqualTo(Map.of(
                            "PARKMETER_TABLE", "parkmeter-test-meters",
                            "PARKMETER_TAGS",
                                    "{\"ManagedBy\":\"parkmeter\",\"Project\":\"parkmeter\",\"Stack\":\"test\"}",
                            "PARKMETER_ADOPT", "[]",
                            "PARKMETER_CONFIGURATIONS", "[\"parkmeter-test-*\"]",
                            "PARKMETER_OPERATORS", "[]"));
        }

        @Test
        void keeps_nothing_of_the_accounts_concurrency_where_the_stack_says_so() {
            assertThat(smallest(", lifecycle: metered", "parkmeter:meter: {reservedConcurrency: false}")
                            .named("aws:lambda/function:Function", "meter-tick-function")
                            .inputs())
                    .doesNotContainKey("reservedConcurrentExecutions");
        }

        @Test
        void lets_a_call_wake_a_metered_model_and_no_other() {
            assertThat(variables("tiny-invoke")).containsEntry("PARKMETER_TABLE", "parkmeter-test-meters");
            assertThat(actions(STACK.policy("tiny-invoke-role-calls")))
                    .containsExactly(
                            "sagemaker:InvokeEndpoint",
                            "sagemaker:InvokeEndpointWithResponseStream",
                            "dynamodb:GetItem",
                            "dynamodb:PutItem");
            assertThat(variables("always-invoke")).doesNotContainKey("PARKMETER_TABLE");
            assertThat(actions(STACK.policy("always-invoke-role-calls"))).noneMatch(a -> a.startsWith("dynamodb:"));
        }

        @Test
        void lets_the_functions_touch_the_stacks_endpoints_and_the_adopted_names_and_nothing_else() {
            for (String function : List.of("meter-tick", "meter-api", "meter-registration")) {
                assertThat(resources(STACK.policy(function + "-role-calls")).stream()
                                .filter(arn -> arn.matches(".*:(sagemaker|ssm):.*")))
                        .containsExactly(
                                "arn:aws:sagemaker:eu-west-2:123456789012:endpoint/parkmeter-test-*",
                                "arn:aws:sagemaker:eu-west-2:123456789012:endpoint/demo-*",
                                "arn:aws:sagemaker:eu-west-2:123456789012:endpoint-config/parkmeter-test-*",
                                "arn:aws:sagemaker:eu-west-2:123456789012:endpoint-config/demo-*",
                                "arn:aws:ssm:eu-west-2:123456789012:parameter/sagemaker/endpoint/expiry/parkmeter-test-*",
                                "arn:aws:ssm:eu-west-2:123456789012:parameter/sagemaker/endpoint/expiry/Demo-*");
            }
        }

        @Test
        void lets_each_function_do_what_it_does_and_no_more() {
            List<String> steps = List.of(
                    "sagemaker:CreateEndpoint",
                    "sagemaker:UpdateEndpoint",
                    "sagemaker:DeleteEndpoint",
                    "sagemaker:DescribeEndpoint",
                    "sagemaker:AddTags",
                    "sagemaker:ListTags",
                    "sagemaker:CreateEndpoint",
                    "sagemaker:UpdateEndpoint",
                    "cloudwatch:GetMetricData",
                    "sns:Publish",
                    "dynamodb:GetItem",
                    "dynamodb:PutItem",
                    "dynamodb:DeleteItem",
                    "dynamodb:Scan",
                    "ssm:PutParameter",
                    "ssm:DeleteParameter");
            assertThat(actions(STACK.policy("meter-api-role-calls"))).containsExactlyInAnyOrderElementsOf(steps);
            assertThat(actions(STACK.policy("meter-registration-role-calls")))
                    .containsExactlyInAnyOrderElementsOf(steps);
            assertThat(actions(STACK.policy("meter-tick-role-calls")))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.concat(steps.stream(), Stream.of("sagemaker:ListEndpoints", "sqs:SendMessage"))
                                    .toList());
            assertThat(actions(PLAIN.policy("meter-tick-role-calls"))).doesNotContain("sns:Publish");
        }

        @Test
        void ticks_each_minute_and_keeps_what_came_to_nothing() {
            String queue = "arn:aws:sqs:eu-west-2:123456789012:parkmeter-test-meter-dead-letters";
            String rule = "arn:aws:events:eu-west-2:123456789012:rule/parkmeter-test-meter-tick";
            assertThat(STACK.only("aws:cloudwatch/eventRule:EventRule").inputs())
                    .containsEntry("name", "parkmeter-test-meter-tick")
                    .containsEntry("scheduleExpression", "rate(1 minute)");
            Declaration target = STACK.only("aws:cloudwatch/eventTarget:EventTarget");
            assertThat(target.input("arn"))
                    .isEqualTo("arn:aws:lambda:eu-west-2:123456789012:function:parkmeter-test-meter-tick");
            assertThat(target.input("deadLetterConfig", "arn")).isEqualTo(queue);
            assertThat(target.input("retryPolicy"))
                    .isEqualTo(Map.of("maximumEventAgeInSeconds", 60.0, "maximumRetryAttempts", 0.0));
            Declaration events = STACK.only("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig");
            assertThat(events.inputs())
                    .containsEntry("maximumRetryAttempts", 0.0)
                    .containsEntry("maximumEventAgeInSeconds", 60.0);
            assertThat(events.input("destinationConfig", "onFailure", "destination"))
                    .isEqualTo(queue);
            assertThat(STACK.named("aws:lambda/permission:Permission", "meter-tick-permission")
                            .inputs())
                    .containsEntry("principal", "events.amazonaws.com")
                    .containsEntry("sourceArn", rule);
            JsonNode policy = STACK.policy("meter-dead-letters");
            assertThat(policy.at("/Statement/0/Principal/Service").asText()).isEqualTo("events.amazonaws.com");
            assertThat(policy.at("/Statement/0/Condition/ArnEquals/aws:SourceArn")
                            .asText())
                    .isEqualTo(rule);
            assertThat(resources(policy)).containsExactly(queue);
        }

        @Test
        void raises_an_alarm_when_ticks_fail_or_stay_away() {
            Declaration errors = STACK.named("aws:cloudwatch/metricAlarm:MetricAlarm", "meter-tick-errors");
            assertThat(errors.inputs())
                    .containsEntry("metricName", "Errors")
                    .containsEntry("comparisonOperator", "GreaterThanThreshold")
                    .containsEntry("threshold", 0.0)
                    .containsEntry("treatMissingData", "notBreaching");
            Declaration missing = STACK.named("aws:cloudwatch/metricAlarm:MetricAlarm", "meter-tick-missing");
            assertThat(missing.inputs())
                    .containsEntry("metricName", "Invocations")
                    .containsEntry("comparisonOperator", "LessThanThreshold")
                    .containsEntry("threshold", 1.0)
                    .containsEntry("treatMissingData", "breaching");
            assertThat(List.of(errors, missing)).allSatisfy(d -> assertThat(d.inputs())
                    .containsEntry("namespace", "AWS/Lambda")
                    .containsEntry("statistic", "Sum")
                    .containsEntry("period", 300.0)
                    .containsEntry("dimensions", Map.of("FunctionName", "parkmeter-test-meter-tick"))
                    .containsEntry("alarmActions", List.of("arn:aws:sns:eu-west-2:123456789012:parkmeter-test-meter")));
            assertThat(PLAIN.all("aws:cloudwatch/metricAlarm:MetricAlarm"))
                    .hasSize(2)
                    .allSatisfy(d -> assertThat(d.inputs()).doesNotContainKey("alarmActions"));
        }

        @Test
        void writes_to_the_people_who_are_to_be_told() {
            assertThat(STACK.only("aws:sns/topic:Topic").input("name")).isEqualTo("parkmeter-test-meter");
            assertThat(STACK.all("aws:sns/topicSubscription:TopicSubscription"))
                    .extracting(d -> d.input("protocol") + " " + d.input("endpoint"))
                    .containsExactlyInAnyOrder("email ops@example.com", "email costs@example.com");
            assertThat(PLAIN.all("aws:sns/topic:Topic")).isEmpty();
            assertThat(smallest(", lifecycle: metered", "parkmeter:meter: {notify: {}}")
                            .all("aws:sns/topic:Topic"))
                    .hasSize(1);
        }

        @Test
        void lets_the_api_call_the_meters_function_by_its_own_routes_alone() {
            assertThat(STACK.all("aws:lambda/permission:Permission").stream()
                            .filter(d -> d.input("function").equals("parkmeter-test-meter-api"))
                            .map(d -> d.input("sourceArn").toString().replaceFirst(".*/prod/", "")))
                    .containsExactlyInAnyOrder(
                            "GET/endpoint-expiry",
                            "POST/endpoint-expiry",
                            "*/endpoint-expiry",
                            "GET/meters",
                            "GET/meters/*",
                            "POST/meters/*/top-up",
                            "POST/meters/*/stop",
                            "PUT/meters/*/schedule");
            assertThat(STACK.exported("meterUrl"))
                    .isEqualTo("https://api-rest-id.execute-api.eu-west-2.amazonaws.com/prod/meters");
        }

        @Test
        void is_there_for_adopted_names_alone_too() {
            Declared adopting = smallest("", "parkmeter:meter: {adopt: [demo-*]}");
            assertThat(adopting.only(REGISTRATION).name()).isEqualTo("meter-everything");
            assertThat(adopting.all("aws:sagemaker/endpoint:Endpoint")).hasSize(1);
            assertThat(adopting.all("aws:lambda/function:Function")).hasSize(4);
        }

        @Test
        void is_not_there_where_nothing_is_metered() {
            assertThat(smallest("").all().stream().map(Declaration::type))
                    .noneMatch(type ->
                            type.matches("(parkmeter:meter|aws:(dynamodb|sns|sqs|cloudwatch/(event|metric))).*"))
                    .doesNotContain(REGISTRATION);
        }

        @Test
        void changes_a_registration_only_where_its_own_model_changes() {
            Declared other = Declared.of(StackFiles.read("test", METERED.replace("hourlyCost: 1.76", "hourlyCost: 2")));
            assertThat(other.named(REGISTRATION, "Falcon-registration").inputs())
                    .isNotEqualTo(
                            STACK.named(REGISTRATION, "Falcon-registration").inputs());
            assertThat(other.named(REGISTRATION, "tiny-registration").inputs())
                    .isEqualTo(STACK.named(REGISTRATION, "tiny-registration").inputs());
            assertThat(other.named(REGISTRATION, "meter-everything").inputs())
                    .isEqualTo(STACK.named(REGISTRATION, "meter-everything").inputs());
        }

        @Test
        void has_names_that_aws_takes_whatever_the_stack_is_called() {
            Declared longest = Declared.of(StackFiles.read(
                    "s".repeat(35),
                    "config: {'aws:region': eu-west-2, 'parkmeter:meter': {notify: {}}, 'parkmeter:models': [{name: t, "
                            + "source: {hub: a/b}, lifecycle: metered}]}"));
            assertThat(longest.all())
                    .filteredOn(d -> d.type().matches(".*:(Role|Function|EventRule|Queue)"))
                    .hasSizeGreaterThan(8)
                    .allSatisfy(d -> assertThat(d.input("name").toString()).hasSizeLessThanOrEqualTo(64));
        }

        private static Declaration function(String part) {
            return STACK.named("aws:lambda/function:Function", part + "-function");
        }

        private static Map<String, String> variables(String part) {
            var variables = new TreeMap<String, String>();
            ((Map<?, ?>) function(part).input("environment", "variables"))
                    .forEach((name, value) -> variables.put(name.toString(), value.toString()));
            return variables;
        }

        private static String zip(Declaration function) {
            return AssetOrArchiveInternal.from((FileArchive) function.input("code"))
                    .getValue()
                    .toString();
        }

        private static Set<String> dependencies(Declaration declaration) {
            return Objects.requireNonNull(
                            PulumiTest.extractValue(STACK.options(declaration).getDependsOn()))
                    .stream()
                    .map(resource -> resource.pulumiResourceName())
                    .collect(Collectors.toSet());
        }

        private static JsonNode json(String text) {
            try {
                return new ObjectMapper().readTree(text);
            } catch (JsonProcessingException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Nested
    class A_single_option {

        @Test
        void nothing_but_a_region_a_name_and_a_source_is_enough() {
            Declared stack = smallest("");
            assertThat(stack.exported("endpointName")).isEqualTo("parkmeter-test-TinyLlama");
            assertThat(stack.exported("clients")).isEqualTo(Map.of("first", "first-key-id"));
            assertThat(stack.only("aws:sagemaker/model:Model").input("primaryContainer", "environment"))
                    .isEqualTo(Map.of(
                            "HF_MODEL_ID", "TinyLlama/TinyLlama-1.1B-Chat-v1.0",
                            "SM_NUM_GPUS", "1",
                            "USAGE_STATS", "off"));
        }

        @Test
        void an_endpoint_with_capitals_is_granted_by_its_arn_in_lower_case() {
            assertThat(resources(smallest("").policy("TinyLlama-invoke-role-calls")))
                    .containsExactly("arn:aws:sagemaker:eu-west-2:123456789012:endpoint/parkmeter-test-tinyllama");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "engine: {quantize: awq}| HF_MODEL_QUANTIZE | awq",
                    "engine: {dtype: bfloat16}| DTYPE | bfloat16",
                    "engine: {trustRemoteCode: true}| HF_MODEL_TRUST_REMOTE_CODE | true",
                    "engine: {maxInputTokens: 100}| MAX_INPUT_TOKENS | 100",
                    "engine: {maxTotalTokens: 100}| MAX_TOTAL_TOKENS | 100",
                    "hosting: {instanceType: ml.p4d.24xlarge}| SM_NUM_GPUS | 8",
                })
        void reaches_the_container(String option, String variable, String value) {
            assertThat(smallest(", " + option)
                            .only("aws:sagemaker/model:Model")
                            .input("primaryContainer", "environment", variable))
                    .isEqualTo(value);
        }

        @Test
        void a_revision_reaches_the_container() {
            Declared stack = Declared.of(
                    StackFiles.read("test", SMALLEST.formatted("").replace("v1.0}", "v1.0, revision: abc}")));
            assertThat(stack.only("aws:sagemaker/model:Model")
                            .input("primaryContainer", "environment", "HF_MODEL_REVISION"))
                    .isEqualTo("abc");
        }

        @ParameterizedTest
        @CsvSource({
            "instances: 3, initialInstanceCount, 3",
            "startupHealthCheckSeconds: 1800, containerStartupHealthCheckTimeoutInSeconds, 1800",
            "modelDownloadSeconds: 60, modelDataDownloadTimeoutInSeconds, 60",
        })
        void reaches_the_variant(String option, String property, double value) {
            assertThat(variant(option).input("productionVariants", 0, property)).isEqualTo(value);
        }

        @Test
        void a_machine_image_reaches_the_variant() {
            assertThat(variant("inferenceAmi: al2-ami-sagemaker-inference-gpu-2")
                            .input("productionVariants", 0, "inferenceAmiVersion"))
                    .isEqualTo("al2-ami-sagemaker-inference-gpu-2");
        }

        @ParameterizedTest
        @ValueSource(strings = {"instances: 2", "instanceType: ml.g6.xlarge", "startupHealthCheckSeconds: 60"})
        void another_variant_makes_another_configuration_of_the_same_model(String option) {
            Declared before = smallest("");
            Declared after = smallest(", hosting: {" + option + "}");
            assertThat(after.only("aws:sagemaker/endpointConfiguration:EndpointConfiguration")
                            .input("name"))
                    .isNotEqualTo(before.only("aws:sagemaker/endpointConfiguration:EndpointConfiguration")
                            .input("name"));
            assertThat(after.only("aws:sagemaker/model:Model").input("name"))
                    .isEqualTo(before.only("aws:sagemaker/model:Model").input("name"));
        }

        @Test
        void another_container_makes_another_model_and_configuration() {
            Declared before = smallest("");
            Declared after = smallest(", engine: {dtype: float16}");
            assertThat(after.only("aws:sagemaker/model:Model").input("name"))
                    .isNotEqualTo(before.only("aws:sagemaker/model:Model").input("name"));
            assertThat(after.only("aws:sagemaker/endpointConfiguration:EndpointConfiguration")
                            .input("name"))
                    .isNotEqualTo(before.only("aws:sagemaker/endpointConfiguration:EndpointConfiguration")
                            .input("name"));
        }

        @Test
        void a_token_reaches_the_container_and_secrets_manager_and_no_other_place() {
            Declared stack = smallest("", "parkmeter:huggingFaceToken: hf_very_secret");
            assertThat(stack.only("aws:sagemaker/model:Model").input("primaryContainer", "environment", "HF_TOKEN"))
                    .isEqualTo("hf_very_secret");
            assertThat(stack.all().stream()
                            .filter(d -> !d.type().equals("aws:sagemaker/model:Model"))
                            .filter(d -> !d.type().equals("aws:secretsmanager/secretVersion:SecretVersion"))
                            .map(Declaration::toString))
                    .noneMatch(text -> text.contains("hf_very_secret"));
            assertThat(stack.only("aws:secretsmanager/secretVersion:SecretVersion")
                            .input("secretString"))
                    .isEqualTo("hf_very_secret");
            assertThat(stack.only("aws:sagemaker/model:Model").input("name"))
                    .isNotEqualTo(smallest("").only("aws:sagemaker/model:Model").input("name"));
        }

        @Test
        void a_model_without_a_chat_template_is_told_so_to_the_function() {
            assertThat(smallest(", routes: [{path: /raw, template: none}, {path: /chat}]")
                            .only("aws:lambda/function:Function")
                            .input("environment", "variables", "PARKMETER_ROUTES"))
                    .isEqualTo("{\"POST /raw\":\"prompt/none\",\"POST /chat\":\"prompt\"}");
        }

        @Test
        void long_paths_and_like_ones_have_permissions_of_their_own() {
            Declared stack = smallest(", routes: [{path: /a/b}, {path: /a-b}, {path: /" + "x".repeat(127) + "}]");
            List<String> ids = stack.all("aws:lambda/permission:Permission").stream()
                    .map(d -> d.input("statementId").toString())
                    .toList();
            assertThat(ids).hasSize(3).doesNotHaveDuplicates().allMatch(id -> id.matches("[A-Za-z0-9_-]{1,100}"));
        }

        @Test
        void two_models_have_a_role_a_function_and_a_permission_each() {
            Declared stack = Declared.of(
                    StackFiles.read(
                            "test",
                            """
                    config:
                      aws:region: eu-west-2
                      parkmeter:models:
                        - {name: one, source: {hub: a/b}, routes: [{path: /one}, {path: /one.v2}]}
                        - {name: two, source: {hub: a/c}, routes: [{path: /two}]}
                    """));
            assertThat(stack.all("aws:sagemaker/endpoint:Endpoint")).hasSize(2);
            assertThat(stack.all("aws:lambda/permission:Permission")).hasSize(3);
            assertThat(resources(stack.policy("two-invoke-role-calls")))
                    .containsExactly("arn:aws:sagemaker:eu-west-2:123456789012:endpoint/parkmeter-test-two");
            assertThat(stack.exported("invokeUrl").toString()).endsWith("/prod/one");
        }

        @Test
        void what_aws_is_told_in_the_stack_file_reaches_the_provider() {
            Declaration provider = smallest(
                            "",
                            "aws:profile: work",
                            "aws:assumeRole: {roleArn: 'arn:aws:iam::123456789012:role/deploy'}",
                            "aws:allowedAccountIds: ['123456789012']",
                            "aws:maxRetries: '1'",
                            "aws:skipCredentialsValidation: 'true'",
                            "aws:skipMetadataApiCheck: 'true'",
                            "aws:skipRegionValidation: 'true'",
                            "aws:skipRequestingAccountId: 'false'",
                            "aws:s3UsePathStyle: 'true'",
                            "aws:useFipsEndpoint: 'true'",
                            "aws:useDualstackEndpoint: 'true'",
                            "aws:defaultTags: {tags: {Owner: search}}")
                    .only("pulumi:providers:aws");
            assertThat(provider.inputs())
                    .containsEntry("region", "eu-west-2")
                    .containsEntry("profile", "work")
                    .containsEntry("maxRetries", "1.0")
                    .containsEntry("skipCredentialsValidation", "true")
                    .containsEntry("skipMetadataApiCheck", "true")
                    .containsEntry("skipRegionValidation", "true")
                    .containsEntry("skipRequestingAccountId", "false")
                    .containsEntry("s3UsePathStyle", "true")
                    .containsEntry("useFipsEndpoint", "true")
                    .containsEntry("useDualstackEndpoint", "true");
            assertThat(provider.input("allowedAccountIds").toString()).contains("123456789012");
            assertThat(provider.input("assumeRole").toString()).contains("arn:aws:iam::123456789012:role/deploy");
            assertThat(provider.input("defaultTags").toString())
                    .contains("Owner")
                    .contains("search");
        }

        private static Declaration variant(String option) {
            return smallest(", hosting: {" + option + "}")
                    .only("aws:sagemaker/endpointConfiguration:EndpointConfiguration");
        }
    }

    /** What holds for every stack. */
    @Nested
    class Every_stack {

        private static final String SEEN = "what may be seen of a network belongs to no resource";

        /** Resources that belong to the whole stack by their nature, not by a grant that is too wide. */
        private static final Map<String, String> MAY_NAME_NO_RESOURCE = Map.of(
                "ec2:DescribeDhcpOptions", SEEN,
                "ec2:DescribeNetworkInterfaces", SEEN,
                "ec2:DescribeSecurityGroups", SEEN,
                "ec2:DescribeSubnets", SEEN,
                "ec2:DescribeVpcs", SEEN,
                "ecr:GetAuthorizationToken", "a registry's token belongs to no resource",
                "sagemaker:ListEndpoints", "the list belongs to no endpoint",
                "cloudwatch:GetMetricData", "a metric belongs to no resource, and reading knows no namespace",
                "cloudwatch:PutMetricData", "a metric belongs to no resource; the namespace is limited instead");

        static List<Declared> stacks() {
            var stacks = new ArrayList<Declared>(List.of(
                    Declared.of(
                            StackFiles.read(
                                    "test",
                                    """
                            config:
                              aws:region: cn-north-1
                              parkmeter:models:
                                - {name: api, source: {hub: a/b}, routes: [{path: /a/b}, {path: /a-b}, {path: /a.b}, {path: /c}, {path: /d}]}
                                - {name: clients, source: {hub: a/c}, routes: [{path: /e}], lifecycle: metered}
                                - {name: meter, source: {hub: a/c}, routes: [{path: /f}], lifecycle: metered}
                              parkmeter:plans: [{name: api}, {name: clients}]
                              parkmeter:clients: [{name: api}, {name: clients}, {name: c}, {name: d, plan: clients}]
                            """)),
                    The_dev_stack.DEV,
                    The_prod_stack.PROD,
                    A_metered_stack.STACK,
                    A_metered_stack.PLAIN,
                    A_route_for_tokens.STACK,
                    smallest("", "parkmeter:api: {bearerKeys: true}"),
                    LongRoutesTest.STACK,
                    WatchTest.STACK,
                    smallest(""),
                    smallest("", "parkmeter:huggingFaceToken: hf_very_secret")));
            stacks.addAll(HostsTest.stacks());
            return List.copyOf(stacks);
        }

        @ParameterizedTest
        @MethodSource("stacks")
        void uses_the_provider_that_carries_the_tags(Declared stack) {
            assertThat(stack.only("pulumi:providers:aws").input("defaultTags").toString())
                    .contains("Project", "parkmeter", "Stack", "ManagedBy", "pulumi");
            assertThat(stack.all())
                    .filteredOn(d -> d.type().startsWith("aws:"))
                    .allSatisfy(d -> assertThat(d.provider()).as(d.name()).contains("pulumi:providers:aws::aws"));
        }

        @ParameterizedTest
        @MethodSource("stacks")
        void has_small_components_and_every_resource_in_one(Declared stack) {
            // Routes, clients and people may be many; what a component has beside them is to fit a reader's head.
            Map<String, Long> children = stack.all().stream()
                    .filter(d -> d.type().startsWith("aws:"))
                    .filter(d -> !List.of("Permission", "ApiKey", "UsagePlanKey", "UsagePlan", "TopicSubscription")
                            .contains(d.type().substring(d.type().lastIndexOf(':') + 1)))
                    .map(d -> stack.options(d).getParent().orElseThrow())
                    .map(parent -> parent.pulumiResourceType() + " " + parent.pulumiResourceName())
                    .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
            assertThat(children.values()).allMatch(count -> count <= 8);
            assertThat(stack.all().stream()
                            .map(Declaration::type)
                            .filter(type -> type.startsWith("parkmeter:"))
                            .distinct())
                    .hasSizeBetween(5, 20);
        }

        @ParameterizedTest
        @MethodSource("stacks")
        void has_no_two_resources_of_one_name(Declared stack) {
            var seen = new HashSet<String>();
            assertThat(stack.all()).allSatisfy(d -> assertThat(seen.add(d.type() + " " + d.name()))
                    .as(d.name())
                    .isTrue());
        }

        @ParameterizedTest
        @MethodSource("stacks")
        void grants_named_actions_on_named_resources(Declared stack) {
            assertThat(stack.policies()).isNotEmpty().allSatisfy((name, policy) -> {
                assertThat(policy.path("Version").asText()).isEqualTo("2012-10-17");
                List<String> sids = Declared.statements(policy).stream()
                        .map(statement -> statement.path("Sid").asText())
                        .toList();
                assertThat(sids).as(name).doesNotHaveDuplicates();
                for (JsonNode statement : Declared.statements(policy)) {
                    assertThat(statement.path("Sid").asText()).as(name).matches("[A-Za-z0-9]+");
                    if (statement.path("Effect").asText().equals("Deny")) {
                        continue;
                    }
                    assertThat(statement.path("Effect").asText()).as(name).isEqualTo("Allow");
                    assertThat(statement.path("Principal").asText()).as(name).isNotEqualTo("*");
                    for (JsonNode action : statement.path("Action")) {
                        assertThat(action.asText())
                                .as(name)
                                .matches("[a-z0-9]+:[A-Za-z]+")
                                .isNotEqualTo("iam:PassRole");
                        if (statement.path("Resource").toString().contains("\"*\"")) {
                            assertThat(MAY_NAME_NO_RESOURCE).as(name).containsKey(action.asText());
                        }
                    }
                    for (JsonNode resource : statement.path("Resource")) {
                        assertThat(resource.asText())
                                .as(name)
                                .doesNotContain("Output")
                                .matches("\\*|arn:aws(-cn)?:[a-z0-9]+:.*");
                        if (resource.asText().contains(":sagemaker:")) {
                            assertThat(resource.asText()).isLowerCase();
                        }
                    }
                }
            });
        }

        @ParameterizedTest
        @MethodSource("stacks")
        void trusts_services_for_this_account_only(Declared stack) {
            assertThat(stack.all("aws:iam/role:Role")).isNotEmpty().allSatisfy(role -> {
                JsonNode statement = role.json("assumeRolePolicy").at("/Statement/0");
                assertThat(statement
                                .at("/Condition/StringEquals/aws:SourceAccount")
                                .asText())
                        .isEqualTo(Declared.ACCOUNT);
                assertThat(statement.at("/Principal/Service").asText())
                        .matches("(apigateway|lambda|sagemaker|states)\\.amazonaws\\.com");
            });
        }

        @ParameterizedTest
        @MethodSource("stacks")
        void attaches_no_managed_policy(Declared stack) {
            assertThat(stack.all()).noneMatch(d -> d.type().contains("PolicyAttachment"));
            assertThat(stack.all("aws:iam/role:Role"))
                    .allSatisfy(role -> assertThat(role.inputs()).doesNotContainKey("managedPolicyArns"));
        }

        @ParameterizedTest
        @MethodSource("stacks")
        void keeps_the_keys_values_secret_in_the_state(Declared stack) {
            for (String type : List.of("aws:apigateway/apiKey:ApiKey", "aws:apigateway/usagePlanKey:UsagePlanKey")) {
                assertThat(stack.all(type)).isNotEmpty().allSatisfy(d -> assertThat(
                                ((CustomResourceOptions) stack.options(d)).getAdditionalSecretOutputs())
                        .contains("value"));
            }
        }

        @ParameterizedTest
        @MethodSource("stacks")
        void starts_the_container_when_it_may_pull_and_log(Declared stack) {
            assertThat(stack.all("aws:sagemaker/endpoint:Endpoint")).allSatisfy(d -> {
                Set<String> first =
                        Objects.requireNonNull(
                                        PulumiTest.extractValue(stack.options(d).getDependsOn()))
                                .stream()
                                .map(resource -> resource.pulumiResourceType())
                                .collect(Collectors.toSet());
                assertThat(first).contains("aws:iam/rolePolicy:RolePolicy", "aws:cloudwatch/logGroup:LogGroup");
            });
        }

        @ParameterizedTest
        @MethodSource("stacks")
        void replaces_without_a_gap_but_where_aws_takes_no_second_one(Declared stack) {
            assertThat(stack.all()).filteredOn(d -> d.type().startsWith("aws:")).allSatisfy(d -> assertThat(
                            ((CustomResourceOptions) stack.options(d)).getDeleteBeforeReplace())
                    .as(d.name())
                    .isEqualTo(List.of(
                                    "aws:lambda/permission:Permission",
                                    "aws:apigateway/usagePlanKey:UsagePlanKey",
                                    "aws:sagemaker/endpoint:Endpoint")
                            .contains(d.type())));
        }

        @ParameterizedTest
        @MethodSource("stacks")
        void replaces_an_endpoint_that_did_not_come_up(Declared stack) {
            assertThat(stack.all("aws:sagemaker/endpoint:Endpoint"))
                    .allSatisfy(d ->
                            assertThat(stack.options(d).getReplaceOnChanges()).containsExactly("#initerror"));
        }

        @Test
        void are_not_all_without_such_an_endpoint() {
            assertThat(stacks()).anySatisfy(stack -> assertThat(stack.all("aws:sagemaker/endpoint:Endpoint"))
                    .isNotEmpty());
        }

        @ParameterizedTest
        @MethodSource("stacks")
        void gives_the_endpoint_an_hour_to_start(Declared stack) {
            assertThat(stack.all("aws:sagemaker/endpoint:Endpoint")).allSatisfy(d -> assertThat(
                            stack.options(d).getCustomTimeouts().orElseThrow().getCreate())
                    .contains(Duration.ofMinutes(60)));
        }

        @Test
        void names_the_partition_it_is_in() {
            assertThat(stacks().get(0).policies().values()).isNotEmpty().noneMatch(policy -> policy.toString()
                    .contains("arn:aws:"));
        }

        @Test
        void can_be_previewed_before_anything_exists() {
            Declared preview = Declared.preview(StackFiles.sample("dev"));
            assertThat(preview.all()).hasSameSizeAs(The_dev_stack.DEV.all());
            Declared metered = Declared.preview(StackFiles.read("test", A_metered_stack.METERED));
            assertThat(metered.all()).hasSameSizeAs(A_metered_stack.STACK.all());
        }
    }

    static List<String> resources(JsonNode policy) {
        return texts(policy, "Resource");
    }

    static List<String> actions(JsonNode policy) {
        return texts(policy, "Action");
    }

    private static List<String> texts(JsonNode policy, String key) {
        return Declared.statements(policy).stream()
                .flatMap(statement -> new ObjectMapper()
                        .convertValue(statement.path(key), new TypeReference<List<String>>() {}).stream())
                .toList();
    }
}
