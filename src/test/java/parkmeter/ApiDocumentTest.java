package parkmeter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import parkmeter.config.StackFiles;

/** The OpenAPI document that API Gateway imports. */
class ApiDocumentTest {

    private static final Declared PROD = Declared.of(StackFiles.sample("prod"));
    private static final JsonNode DOCUMENT =
            PROD.only("aws:apigateway/restApi:RestApi").json("body");
    private static final JsonNode POST = DOCUMENT.at("/paths/~1invoke/post");

    @Test
    void offers_the_route_to_holders_of_a_key() {
        assertThat(DOCUMENT.path("openapi").asText()).isEqualTo("3.0.1");
        assertThat(names(DOCUMENT.path("paths"))).containsExactly("/invoke");
        assertThat(names(DOCUMENT.at("/paths/~1invoke"))).containsExactly("post", "options");
        assertThat(POST.path("security").toString()).isEqualTo("[{\"api_key\":[]}]");
        assertThat(DOCUMENT.at("/components/securitySchemes/api_key").toString())
                .isEqualTo("{\"type\":\"apiKey\",\"name\":\"x-api-key\",\"in\":\"header\"}");
        assertThat(DOCUMENT.path("x-amazon-apigateway-api-key-source").asText()).isEqualTo("HEADER");
    }

    @Test
    void hands_the_request_to_the_function_and_waits_as_long_as_the_function_may_take() {
        JsonNode integration = POST.path("x-amazon-apigateway-integration");
        assertThat(integration.path("type").asText()).isEqualTo("aws_proxy");
        assertThat(integration.path("httpMethod").asText()).isEqualTo("POST");
        assertThat(integration.path("uri").asText())
                .endsWith(
                        "functions/arn:aws:lambda:eu-west-2:123456789012:function:parkmeter-prod-qwen-invoke/invocations");
        assertThat(integration.path("timeoutInMillis").asDouble())
                .isEqualTo(1000
                        * (Double) PROD.only("aws:lambda/function:Function").input("timeout"));
    }

    @Test
    void lets_the_gateway_refuse_what_is_no_json_object() {
        assertThat(POST.path("x-amazon-apigateway-request-validator").asText()).isEqualTo("body");
        assertThat(DOCUMENT.at("/x-amazon-apigateway-request-validators/body/validateRequestBody")
                        .asBoolean())
                .isTrue();
        String schema =
                POST.at("/requestBody/content/application~1json/schema/$ref").asText();
        assertThat(DOCUMENT.at(schema.substring(1)).path("type").asText()).isEqualTo("object");
    }

    @Test
    void refers_to_schemas_that_exist() {
        for (JsonNode reference : DOCUMENT.findValues("$ref")) {
            assertThat(DOCUMENT.at(reference.asText().substring(1)).isMissingNode())
                    .as(reference.asText())
                    .isFalse();
        }
    }

    @Test
    void tells_a_browser_what_it_may_send_without_a_key() {
        JsonNode options = DOCUMENT.at("/paths/~1invoke/options");
        assertThat(options.has("security")).isFalse();
        JsonNode integration = options.path("x-amazon-apigateway-integration");
        assertThat(integration.path("type").asText()).isEqualTo("mock");
        JsonNode headers = integration.at("/responses/default/responseParameters");
        assertThat(headers.path("method.response.header.Access-Control-Allow-Headers")
                        .asText())
                .isEqualTo("'Content-Type,X-Api-Key'");
        assertThat(names(headers).stream().map(name -> name.replace("method.response.header.", "")))
                .containsExactlyElementsOf(names(options.at("/responses/204/headers")));
    }

    @Test
    void answers_every_failure_of_the_gateways_own_in_the_apis_shape_with_cors_headers() throws Exception {
        JsonNode responses = DOCUMENT.path("x-amazon-apigateway-gateway-responses");
        assertThat(names(responses))
                .contains(
                        "BAD_REQUEST_BODY",
                        "INVALID_API_KEY",
                        "MISSING_AUTHENTICATION_TOKEN",
                        "REQUEST_TOO_LARGE",
                        "UNSUPPORTED_MEDIA_TYPE",
                        "THROTTLED",
                        "QUOTA_EXCEEDED",
                        "ACCESS_DENIED",
                        "RESOURCE_NOT_FOUND",
                        "INTEGRATION_FAILURE",
                        "INTEGRATION_TIMEOUT",
                        "DEFAULT_4XX",
                        "DEFAULT_5XX");
        for (JsonNode response : responses) {
            assertThat(response.at("/responseParameters/gatewayresponse.header.Access-Control-Allow-Origin")
                            .asText())
                    .isEqualTo("'*'");
            String body = response.at("/responseTemplates/application~1json")
                    .asText()
                    .replace("$context.error.messageString", "\"Forbidden\"")
                    .replace("$context.requestId", "id-1");
            assertThat(names(new ObjectMapper().readTree(body)))
                    .containsExactly("error", "code", "message", "requestId");
        }
    }

    @Test
    void gives_each_failure_the_status_that_a_caller_expects() {
        JsonNode responses = DOCUMENT.path("x-amazon-apigateway-gateway-responses");
        Map.of(
                        "BAD_REQUEST_BODY", "400",
                        "INVALID_API_KEY", "403",
                        "MISSING_AUTHENTICATION_TOKEN", "404",
                        "REQUEST_TOO_LARGE", "413",
                        "UNSUPPORTED_MEDIA_TYPE", "415",
                        "THROTTLED", "429",
                        "QUOTA_EXCEEDED", "429",
                        "INTEGRATION_TIMEOUT", "504")
                .forEach((type, status) -> assertThat(
                                responses.at("/" + type + "/statusCode").asText())
                        .as(type)
                        .isEqualTo(status));
        assertThat(responses.path("DEFAULT_5XX").has("statusCode")).isFalse();
        assertThat(responses
                        .at("/THROTTLED/responseParameters/gatewayresponse.header.Retry-After")
                        .asText())
                .isEqualTo("'1'");
        assertThat(names(POST.path("responses")))
                .containsExactly("200", "400", "403", "404", "413", "415", "422", "429", "500", "502", "503", "504");
    }

    /** The meters' part of the document. */
    @Nested
    class With_a_meter {

        private static final JsonNode METERED = Declared.of(StackFiles.sample("dev"))
                .only("aws:apigateway/restApi:RestApi")
                .json("body");

        @Test
        void offers_the_meters_to_holders_of_a_key() {
            var operations = new TreeMap<String, List<String>>();
            METERED.path("paths").properties().forEach(path -> operations.put(path.getKey(), names(path.getValue())));
            assertThat(operations)
                    .isEqualTo(Map.of(
                            "/invoke", List.of("post", "options"),
                            "/endpoint-expiry", List.of("get", "post", "x-amazon-apigateway-any-method", "options"),
                            "/meters", List.of("get", "options"),
                            "/meters/{name}", List.of("get", "options"),
                            "/meters/{name}/top-up", List.of("post", "options"),
                            "/meters/{name}/stop", List.of("post", "options"),
                            "/meters/{name}/schedule", List.of("put", "options")));
            for (JsonNode operation : operations()) {
                assertThat(operation.path("security").toString()).isEqualTo("[{\"api_key\":[]}]");
            }
        }

        @Test
        void hands_every_request_to_the_meters_function_unchecked() {
            assertThat(operations()).hasSize(8).allSatisfy(operation -> {
                JsonNode integration = operation.path("x-amazon-apigateway-integration");
                assertThat(integration.path("type").asText()).isEqualTo("aws_proxy");
                assertThat(integration.path("uri").asText()).endsWith("function:parkmeter-dev-meter-api/invocations");
                assertThat(integration.path("timeoutInMillis").asInt()).isEqualTo(29_000);
                // The function's own answer to a missing or a broken body is part of the contract.
                assertThat(operation.has("x-amazon-apigateway-request-validator"))
                        .isFalse();
            });
        }

        @Test
        void declares_every_part_of_a_path() {
            METERED.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                    .filter(operation -> !operation.getKey().equals("options"))
                    .forEach(operation -> assertThat(operation
                                    .getValue()
                                    .path("parameters")
                                    .valueStream()
                                    .filter(parameter ->
                                            parameter.path("in").asText().equals("path"))
                                    .map(parameter -> parameter.path("name").asText() + " "
                                            + parameter.path("required").asBoolean()))
                            .as(path.getKey())
                            .containsExactlyElementsOf(
                                    path.getKey().contains("{name}") ? List.of("name true") : List.of())));
        }

        @Test
        void describes_what_goes_in_and_comes_out() {
            for (JsonNode reference : METERED.findValues("$ref")) {
                assertThat(METERED.at(reference.asText().substring(1)).isMissingNode())
                        .as(reference.asText())
                        .isFalse();
            }
            assertThat(names(METERED.at("/components/schemas/EndpointExpiry/properties")))
                    .startsWith("EndpointName", "EndpointExpiry ", "TimeLeft");
            assertThat(names(METERED.at("/paths/~1meters~1{name}~1schedule/put/responses")))
                    .contains("200", "400", "403", "404", "412", "503");
            assertThat(METERED.at("/paths/~1meters~1{name}~1schedule/put/responses/200/headers/ETag")
                            .isMissingNode())
                    .isFalse();
            assertThat(names(DOCUMENT.at("/components/schemas"))).doesNotContain("Meter");
        }

        @Test
        void tells_a_browser_the_methods_and_headers_of_each_path() {
            assertThat(preflight("/meters")).isEqualTo("'GET,OPTIONS' 'Content-Type,X-Api-Key'");
            assertThat(preflight("/endpoint-expiry")).isEqualTo("'GET,POST,OPTIONS' 'Content-Type,X-Api-Key'");
            assertThat(preflight("/meters/{name}/schedule"))
                    .isEqualTo("'PUT,OPTIONS' 'Content-Type,X-Api-Key,If-Match'");
            assertThat(preflight("/invoke")).isEqualTo("'POST,OPTIONS' 'Content-Type,X-Api-Key'");
        }

        private static String preflight(String path) {
            JsonNode headers = METERED.path("paths")
                    .path(path)
                    .at("/options/x-amazon-apigateway-integration/responses/default/responseParameters");
            String prefix = "method.response.header.Access-Control-Allow-";
            return headers.path(prefix + "Methods").asText() + " "
                    + headers.path(prefix + "Headers").asText();
        }

        private static List<JsonNode> operations() {
            var operations = new ArrayList<JsonNode>();
            METERED.path("paths").properties().stream()
                    .filter(path -> path.getKey().matches("/(meters|endpoint).*"))
                    .forEach(path -> path.getValue().properties().stream()
                            .filter(operation -> !operation.getKey().equals("options"))
                            .forEach(operation -> operations.add(operation.getValue())));
            return operations;
        }
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
