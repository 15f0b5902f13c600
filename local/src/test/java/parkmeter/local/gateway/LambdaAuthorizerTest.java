package parkmeter.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.local.lambda.InvokeResult;
import parkmeter.local.lambda.InvokeResult.Reason;

/** API Gateway developer guide, "Use API Gateway Lambda authorizers" with "Input to …", "Output from …", "Choose an API key source". */
class LambdaAuthorizerTest {
    private static final String AUTHORIZER = "arn:aws:lambda:eu-west-2:123456789012:function:authorize";
    private static final String URI =
            "arn:aws:apigateway:eu-west-2:lambda:path/2015-03-31/functions/" + AUTHORIZER + "/invocations";
    private static final String ANY = "arn:aws:execute-api:*:*:*";

    /** {@code POST /open} behind an authorizer, {@code POST /invoke} behind it and a key. */
    private static final String REQUEST =
            """
            x-amazon-apigateway-gateway-responses: null
            paths:
              /open: {post: {security: [{caller: []}]}, get: {security: [{caller: []}]}}
              /invoke: {post: {security: [{api_key: [], caller: []}]}}
            components:
              securitySchemes:
                caller:
                  type: apiKey
                  name: Authorization
                  in: header
                  x-amazon-apigateway-authtype: custom
                  x-amazon-apigateway-authorizer:
                    type: request
                    authorizerUri: %s
                    identitySource: method.request.header.Authorization
                    authorizerResultTtlInSeconds: 300
            """
                    .formatted(URI);

    private static final String TOKEN =
            """
            components:
              securitySchemes:
                caller: {x-amazon-apigateway-authorizer: {type: token, identitySource: null, identityValidationExpression: 'Bearer [a-z]+'}}
            """;

    private final Served api = served(REQUEST);

    private static Served served(String... changes) {
        Served served = Served.with(List.of(changes), Map.of(), issuer -> Optional.empty());
        served.returns(AUTHORIZER, policy("Allow", ANY));
        return served;
    }

    private static String policy(String effect, String resource) {
        return policy(effect, resource, "");
    }

    private static String policy(String effect, String resource, String more) {
        return "{\"principalId\":\"ann\",\"policyDocument\":{\"Version\":\"2012-10-17\",\"Statement\":[{\"Action\":"
                + "\"execute-api:Invoke\",\"Effect\":\"" + effect + "\",\"Resource\":\"" + resource + "\"}]}" + more
                + "}";
    }

    @AfterEach
    void close() {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "authorization", "AUTHORIZATION"})
    void a_caller_whom_the_policy_allows_reaches_the_integration(String header) {
        assertThat(api.post("/prod/open?a=1", "{}", header, "secret").statusCode())
                .isEqualTo(200);
        JsonNode event = api.calls.getFirst().event();
        assertThat(event.path("type").asText()).isEqualTo("REQUEST");
        assertThat(event.path("methodArn").asText())
                .isEqualTo("arn:aws:execute-api:eu-west-2:123456789012:a1b2c3d4e5/prod/POST/open");
        assertThat(event.path("headers")).anyMatch(value -> value.asText().equals("secret"));
        assertThat(event.path("queryStringParameters").path("a").asText()).isEqualTo("1");
        assertThat(event.path("pathParameters")).isEqualTo(Served.parse("{}"));
        assertThat(event.path("stageVariables").path("colour").asText()).isEqualTo("blue");
        assertThat(event.path("requestContext").path("resourcePath").asText()).isEqualTo("/open");
        assertThat(event.path("requestContext")
                        .path("identity")
                        .path("sourceIp")
                        .asText())
                .isEqualTo("127.0.0.1");
        assertThat(event.has("body")).isFalse();
        assertThat(event.path("requestContext").has("authorizer")).isFalse();
    }

    @Test
    void a_token_authorizer_gets_the_token_alone() {
        try (Served token = served(REQUEST, TOKEN)) {
            assertThat(token.post("/prod/open", "{}", "authorization", "Bearer abc")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(token.calls.getFirst().event())
                    .isEqualTo(Served.parse("{\"type\":\"TOKEN\",\"authorizationToken\":\"Bearer abc\",\"methodArn\":"
                            + "\"arn:aws:execute-api:eu-west-2:123456789012:a1b2c3d4e5/prod/POST/open\"}"));
        }
    }

    @Test
    void a_token_of_another_form_gets_401_and_the_function_does_not_see_it() {
        try (Served token = served(REQUEST, TOKEN)) {
            assertThat(token.post("/prod/open", "{}", "Authorization", "Bearer 123")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(token.callCount()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "empty"})
    void without_an_identity_source_there_is_401_and_no_call(String header) {
        HttpResponse<String> response =
                header.isEmpty() ? api.post("/prod/open", "{}") : api.post("/prod/open", "{}", "Authorization", "");
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).isEqualTo("{\"message\":\"Unauthorized\"}");
        assertThat(response.headers().firstValue("x-amzn-ErrorType")).hasValue("UnauthorizedException");
        assertThat(api.callCount()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Deny | arn:aws:execute-api:*:*:* | User is not authorized to access this resource with an explicit deny",
                "Allow | arn:aws:execute-api:*:*:*/prod/GET/* | User is not authorized to access this resource"
            })
    void a_caller_whom_the_policy_does_not_allow_gets_403(String effect, String resource, String message) {
        api.returns(AUTHORIZER, policy(effect, resource));
        HttpResponse<String> response = api.post("/prod/open", "{}", "Authorization", "t");
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).isEqualTo("{\"Message\":\"" + message + "\"}");
        assertThat(response.headers().firstValue("x-amzn-ErrorType")).hasValue("AccessDeniedException");
        assertThat(api.callCount()).isEqualTo(1);
    }

    @Test
    void an_answer_is_remembered_by_identity_for_its_time_and_evaluated_for_each_method() {
        api.returns(AUTHORIZER, policy("Allow", "arn:aws:execute-api:*:*:*/prod/POST/open"));
        assertThat(api.post("/prod/open", "{}", "Authorization", "a").statusCode())
                .isEqualTo(200);
        assertThat(api.post("/prod/open", "{}", "authorization", "a").statusCode())
                .isEqualTo(200);
        assertThat(api.send(api.to("/prod/open").header("Authorization", "a")).statusCode())
                .isEqualTo(403);
        assertThat(api.callsOf(AUTHORIZER)).isEqualTo(1);
        api.post("/prod/open", "{}", "Authorization", "b");
        assertThat(api.callsOf(AUTHORIZER)).isEqualTo(2);
        api.returns(AUTHORIZER, policy("Deny", ANY));
        api.clock.advance(Duration.ofSeconds(299));
        assertThat(api.post("/prod/open", "{}", "Authorization", "a").statusCode())
                .isEqualTo(200);
        api.clock.advance(Duration.ofSeconds(1));
        assertThat(api.post("/prod/open", "{}", "Authorization", "a").statusCode())
                .isEqualTo(403);
        assertThat(api.callsOf(AUTHORIZER)).isEqualTo(3);
    }

    @Test
    void nothing_is_remembered_where_the_time_is_zero() {
        try (Served forgetful = served(
                REQUEST,
                "components: {securitySchemes: {caller: {x-amazon-apigateway-authorizer: {authorizerResultTtlInSeconds: 0}}}}")) {
            forgetful.post("/prod/open", "{}", "Authorization", "a");
            forgetful.post("/prod/open", "{}", "Authorization", "a");
            assertThat(forgetful.callsOf(AUTHORIZER)).isEqualTo(2);
        }
    }

    @Test
    void what_the_authorizer_says_of_the_caller_reaches_the_integration_as_texts() {
        api.returns(AUTHORIZER, policy("Allow", ANY, ",\"context\":{\"owner\":\"ann\",\"number\":1,\"yes\":true}"));
        api.post("/prod/open", "{}", "Authorization", "t");
        assertThat(api.event().path("requestContext").path("authorizer"))
                .isEqualTo(
                        Served.parse("{\"principalId\":\"ann\",\"owner\":\"ann\",\"number\":\"1\",\"yes\":\"true\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"text\"",
                "{}",
                "{\"principalId\":\"ann\"}",
                "{\"policyDocument\":{\"Statement\":[]}}",
                "{\"principalId\":\"ann\",\"policyDocument\":{\"Statement\":[{\"Effect\":\"Maybe\",\"Action\":\"*\",\"Resource\":\"*\"}]}}",
                "{\"principalId\":\"ann\",\"policyDocument\":{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\"}]}}",
                "{\"principalId\":\"ann\",\"policyDocument\":{\"Statement\":[]},\"context\":{\"list\":[]}}",
                "{\"principalId\":\"ann\",\"policyDocument\":{\"Statement\":[]},\"context\":\"text\"}"
            })
    void a_malformed_answer_gets_500_and_is_not_remembered(String answer) {
        api.returns(AUTHORIZER, answer);
        HttpResponse<String> response = api.post("/prod/open", "{}", "Authorization", "t");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("{\"message\":null}");
        assertThat(response.headers().firstValue("x-amzn-ErrorType")).hasValue("AuthorizerConfigurationException");
        api.returns(AUTHORIZER, policy("Allow", ANY));
        assertThat(api.post("/prod/open", "{}", "Authorization", "t").statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_function_that_throws_unauthorized_gives_401_and_any_other_failure_500() {
        api.fails(AUTHORIZER, new InvokeResult.Failed(Reason.HANDLER_ERROR, "Unauthorized"));
        assertThat(api.post("/prod/open", "{}", "Authorization", "t").statusCode())
                .isEqualTo(401);
        api.fails(AUTHORIZER, new InvokeResult.Failed(Reason.HANDLER_ERROR, "secret words"));
        HttpResponse<String> response = api.post("/prod/open", "{}", "Authorization", "t");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).doesNotContain("secret");
        api.fails(AUTHORIZER, new InvokeResult.Failed(Reason.TIMED_OUT, "Unauthorized"));
        assertThat(api.post("/prod/open", "{}", "Authorization", "t").statusCode())
                .isEqualTo(500);
        api.fails(AUTHORIZER, new InvokeResult.Throttled());
        assertThat(api.post("/prod/open", "{}", "Authorization", "t").headers().firstValue("x-amzn-ErrorType"))
                .hasValue("AuthorizerFailureException");
    }

    @Test
    void the_usage_key_of_the_authorizer_counts_where_it_is_the_source_of_keys() {
        try (Served keyed = served(REQUEST, "x-amazon-apigateway-api-key-source: AUTHORIZER")) {
            keyed.returns(AUTHORIZER, policy("Allow", ANY, ",\"usageIdentifierKey\":\"" + Served.KEY + "\""));
            assertThat(keyed.post("/prod/invoke", "{}", "Authorization", "t").statusCode())
                    .isEqualTo(200);
            assertThat(keyed.event().at("/requestContext/identity/apiKeyId").asText())
                    .isEqualTo("key-1");
            keyed.returns(AUTHORIZER, policy("Allow", ANY, ",\"usageIdentifierKey\":\"" + Served.PLANLESS_KEY + "\""));
            assertThat(keyed.post("/prod/invoke", "{}", "Authorization", "u").statusCode())
                    .isEqualTo(403);
            keyed.returns(AUTHORIZER, policy("Allow", ANY));
            HttpResponse<String> keyless =
                    keyed.post("/prod/invoke", "{}", "Authorization", "v", "x-api-key", Served.KEY);
            assertThat(keyless.statusCode()).isEqualTo(403);
            assertThat(keyless.body()).isEqualTo("{\"message\":\"Forbidden\"}");
        }
    }

    @Test
    void the_header_counts_where_it_is_the_source_of_keys_whatever_the_authorizer_says() {
        api.returns(AUTHORIZER, policy("Allow", ANY, ",\"usageIdentifierKey\":\"" + Served.KEY + "\""));
        assertThat(api.post("/prod/invoke", "{}", "Authorization", "t").statusCode())
                .isEqualTo(403);
        assertThat(api.post("/prod/invoke", "{}", "Authorization", "t", "x-api-key", Served.KEY)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void several_identity_sources_are_all_wanted() {
        try (Served several = served(
                REQUEST,
                "components: {securitySchemes: {caller: {x-amazon-apigateway-authorizer: {identitySource:"
                        + " 'method.request.header.Authorization, method.request.querystring.user, context.httpMethod,"
                        + " stageVariables.colour'}}}}")) {
            assertThat(several.post("/prod/open", "{}", "Authorization", "t").statusCode())
                    .isEqualTo(401);
            assertThat(several.post("/prod/open?user=ann", "{}", "Authorization", "t")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(several.post("/prod/open?user=bob", "{}", "Authorization", "t")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(several.callsOf(AUTHORIZER)).isEqualTo(2);
        }
    }

    @Test
    void a_path_that_is_too_long_for_an_arn_gets_414() {
        try (Served any = served(REQUEST, "paths: {'/models/{id}': {get: {security: [{caller: []}]}}}")) {
            HttpResponse<String> response =
                    any.send(any.to("/prod/models/" + "x".repeat(1600)).header("Authorization", "t"));
            assertThat(response.statusCode()).isEqualTo(414);
            assertThat(any.callCount()).isZero();
        }
    }
}
