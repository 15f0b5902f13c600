package parkmeter.local.httpapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.local.edge.SetClock;
import parkmeter.local.edge.Throttle;
import parkmeter.local.edge.Undeployable;
import parkmeter.local.httpapi.ServedHttp.Special;
import parkmeter.local.identity.UserPool;
import parkmeter.local.lambda.InvokeResult;
import parkmeter.local.lambda.InvokeResult.Reason;

/**
 * API Gateway developer guide, "Control access to HTTP APIs with JWT authorizers in API Gateway" and "… with AWS Lambda authorizers in
 * API Gateway".
 */
class RouteAccessTest {
    private static final UserPool USERS = UserPool.create(
            "arn:aws:cognito-idp:eu-west-2:123456789012:userpool/eu-west-2_Pool", new SetClock("2026-03-04T22:00:00Z"));
    private static final String HEADER = "$request.header.Authorization";
    private static final String AUTHORIZER = "arn:aws:lambda:eu-west-2:123456789012:function:authorize";

    private static ServedHttp jwt(String... scopes) {
        RouteAccess access = new RouteAccess.Jwt(USERS.issuer(), List.of("app"), HEADER, List.of(scopes));
        return ServedHttp.of(
                Special.NOTHING.withKeys(UserPool.keys(List.of(USERS))), ServedHttp.route("POST /inference", access));
    }

    private static ServedHttp lambda(boolean simple, Duration resultTime, String... sources) {
        RouteAccess access = new RouteAccess.Lambda(AUTHORIZER, List.of(sources), simple, "2.0", resultTime);
        return ServedHttp.of(
                Special.NOTHING.withThrottles(new Throttle(100, 100), Map.of()),
                ServedHttp.route("POST /inference", access),
                ServedHttp.route("GET /other/{id}", access));
    }

    private static HttpResponse<String> post(ServedHttp api, String token) {
        return token.isEmpty()
                ? api.send("POST", "/prod/inference", "{}")
                : api.send("POST", "/prod/inference", "{}", "authorization", token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer "})
    void a_good_token_opens_the_route_and_its_claims_reach_the_function(String prefix) {
        try (ServedHttp api = jwt()) {
            assertThat(post(api, prefix + USERS.idToken("ann", "app")).statusCode())
                    .isEqualTo(200);
            JsonNode authorizer = api.event().at("/requestContext/authorizer/jwt");
            assertThat(authorizer.at("/claims/cognito:username").asText()).isEqualTo("ann");
            assertThat(authorizer.at("/claims/exp").asText()).isEqualTo("1772665200");
            assertThat(authorizer.path("scopes").isNull()).isTrue();
            assertThat(post(api, USERS.accessToken("ann", "app", List.of())).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void no_token_a_bad_one_anothers_and_an_old_one_get_401_and_are_told_why() {
        try (ServedHttp api = jwt()) {
            String good = USERS.idToken("ann", "app");
            assertThat(post(api, "").headers().firstValue("www-authenticate")).hasValue("Bearer");
            for (String token : List.of("", "garbage", USERS.idToken("ann", "another app"), good + "x")) {
                HttpResponse<String> response = post(api, token);
                assertThat(response.statusCode()).isEqualTo(401);
                assertThat(response.body()).isEqualTo("{\"message\":\"Unauthorized\"}");
            }
            api.clock.advance(Duration.ofHours(1));
            HttpResponse<String> old = post(api, good);
            assertThat(old.statusCode()).isEqualTo(401);
            assertThat(old.headers().firstValue("www-authenticate"))
                    .hasValue("Bearer scope=\"\" error=\"invalid_token\" error_description=\"the token has expired\"");
            assertThat(api.calls).isEmpty();
        }
    }

    @Test
    void one_of_the_routes_scopes_must_be_in_the_token() {
        try (ServedHttp api = jwt("api/invoke", "api/all")) {
            assertThat(post(api, USERS.accessToken("ann", "app", List.of("api/invoke", "x")))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(api.event().at("/requestContext/authorizer/jwt/scopes"))
                    .isEqualTo(ServedHttp.parse("[\"api/invoke\",\"x\"]"));
            HttpResponse<String> refused = post(api, USERS.accessToken("ann", "app", List.of("x")));
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).isEqualTo("{\"message\":\"Forbidden\"}");
            assertThat(refused.headers().firstValue("www-authenticate").orElse(""))
                    .contains("insufficient_scope");
        }
    }

    @Test
    void a_function_that_says_yes_opens_the_route_and_its_context_reaches_the_other() {
        try (ServedHttp api = lambda(true, Duration.ZERO, HEADER)) {
            api.returns(
                    AUTHORIZER,
                    "{\"isAuthorized\":true,\"context\":{\"owner\":\"ann\",\"list\":[1,\"a\"],\"yes\":true}}");
            assertThat(api.send("POST", "/prod/inference?a=1", "{}", "Authorization", "t", "Cookie", "c=1")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(api.event().at("/requestContext/authorizer/lambda"))
                    .isEqualTo(ServedHttp.parse("{\"owner\":\"ann\",\"list\":[1,\"a\"],\"yes\":true}"));
            JsonNode event = api.calls.getFirst().event();
            assertThat(event.path("version").asText()).isEqualTo("2.0");
            assertThat(event.path("type").asText()).isEqualTo("REQUEST");
            assertThat(event.path("routeArn").asText())
                    .isEqualTo("arn:aws:execute-api:eu-west-2:123456789012:a1b2c3d4e5/prod/POST/inference");
            assertThat(event.path("identitySource")).isEqualTo(ServedHttp.parse("[\"t\"]"));
            assertThat(event.path("routeKey").asText()).isEqualTo("POST /inference");
            assertThat(event.path("rawPath").asText()).isEqualTo("/prod/inference");
            assertThat(event.path("headers").path("authorization").asText()).isEqualTo("t");
            assertThat(event.path("cookies")).isEqualTo(ServedHttp.parse("[\"c=1\"]"));
            assertThat(event.at("/requestContext/http/method").asText()).isEqualTo("POST");
            assertThat(event.has("body")).isFalse();
        }
    }

    @Test
    void a_function_that_says_no_gives_403_and_without_identity_there_is_401_and_no_call() {
        try (ServedHttp api = lambda(true, Duration.ZERO, HEADER)) {
            api.returns(AUTHORIZER, "{\"isAuthorized\":false}");
            HttpResponse<String> refused = post(api, "t");
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).isEqualTo("{\"message\":\"Forbidden\"}");
            assertThat(api.callsOf(AUTHORIZER)).isEqualTo(1);
            HttpResponse<String> unknown = post(api, "");
            assertThat(unknown.statusCode()).isEqualTo(401);
            assertThat(unknown.body()).isEqualTo("{\"message\":\"Unauthorized\"}");
            assertThat(api.callsOf(AUTHORIZER)).isEqualTo(1);
            assertThat(api.callsOf(ServedHttp.FUNCTION)).isZero();
        }
    }

    @Test
    void a_simple_answer_is_remembered_for_every_route_and_a_policy_is_evaluated_for_each() {
        try (ServedHttp api = lambda(true, Duration.ofSeconds(60), HEADER)) {
            api.returns(AUTHORIZER, "{\"isAuthorized\":true}");
            assertThat(post(api, "t").statusCode()).isEqualTo(200);
            assertThat(api.send("GET", "/prod/other/1", "", "Authorization", "t")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(api.callsOf(AUTHORIZER)).isEqualTo(1);
            api.clock.advance(Duration.ofSeconds(60));
            post(api, "t");
            assertThat(api.callsOf(AUTHORIZER)).isEqualTo(2);
        }
        try (ServedHttp api = lambda(false, Duration.ofSeconds(60), HEADER)) {
            api.returns(
                    AUTHORIZER,
                    "{\"principalId\":\"ann\",\"policyDocument\":{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":"
                            + "\"execute-api:Invoke\",\"Resource\":\"arn:aws:execute-api:*:*:*/prod/GET/other/1\"}]}}");
            assertThat(api.send("GET", "/prod/other/1", "", "Authorization", "t")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(api.send("GET", "/prod/other/2", "", "Authorization", "t")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(api.callsOf(AUTHORIZER)).isEqualTo(1);
        }
    }

    @Test
    void the_route_can_be_part_of_what_an_answer_is_remembered_by() {
        try (ServedHttp api =
                lambda(true, Duration.ofSeconds(60), HEADER, "$context.routeKey", "$stageVariables.colour")) {
            api.returns(AUTHORIZER, "{\"isAuthorized\":true}");
            post(api, "t");
            api.send("GET", "/prod/other/1", "", "Authorization", "t");
            assertThat(api.callsOf(AUTHORIZER)).isEqualTo(2);
        }
    }

    @Test
    void a_function_that_fails_or_answers_otherwise_gives_500_but_one_that_throws_unauthorized_401() {
        try (ServedHttp api = lambda(true, Duration.ZERO, HEADER)) {
            for (String malformed : List.of("{}", "{\"isAuthorized\":\"true\"}", "\"yes\"")) {
                api.returns(AUTHORIZER, malformed);
                HttpResponse<String> response = post(api, "t");
                assertThat(response.statusCode()).isEqualTo(500);
                assertThat(response.body()).isEqualTo("{\"message\":\"Internal Server Error\"}");
            }
            api.fails(AUTHORIZER, new InvokeResult.Failed(Reason.TIMED_OUT, ""));
            assertThat(post(api, "t").statusCode()).isEqualTo(500);
            api.fails(AUTHORIZER, new InvokeResult.Failed(Reason.HANDLER_ERROR, "Unauthorized"));
            assertThat(post(api, "t").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void an_authorizer_that_could_not_be_deployed_is_named_at_the_start() {
        for (RouteAccess access : List.of(
                new RouteAccess.Lambda("https://example.com", List.of(HEADER), true, "2.0", Duration.ZERO),
                new RouteAccess.Lambda(AUTHORIZER, List.of(HEADER), true, "1.0", Duration.ZERO),
                new RouteAccess.Lambda(AUTHORIZER, List.of(), true, "2.0", Duration.ofSeconds(1)),
                new RouteAccess.Lambda(AUTHORIZER, List.of("Authorization"), true, "2.0", Duration.ZERO),
                new RouteAccess.Jwt("https://issuer.example", List.of(), "Authorization", List.of()))) {
            assertThatThrownBy(() -> ServedHttp.of(Special.NOTHING, ServedHttp.route("GET /a", access))
                            .close())
                    .isInstanceOf(Undeployable.class)
                    .hasMessageContaining("route 'GET /a': ");
        }
    }
}
