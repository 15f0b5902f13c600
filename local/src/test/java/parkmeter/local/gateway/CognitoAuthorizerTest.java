package parkmeter.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.local.edge.SetClock;
import parkmeter.local.identity.UserPool;

/** API Gateway developer guide, "Control access to a REST API using Amazon Cognito user pools as authorizer". */
class CognitoAuthorizerTest {
    private static final String POOL = "arn:aws:cognito-idp:eu-west-2:123456789012:userpool/eu-west-2_Pool";
    private static final UserPool USERS = UserPool.create(POOL, new SetClock("2026-03-04T22:00:00Z"));
    private static final UserPool STRANGERS = UserPool.create(POOL, new SetClock("2026-03-04T22:00:00Z"));

    private final Served api = Served.with(
            List.of(
                    """
                    x-amazon-apigateway-gateway-responses: null
                    paths:
                      /open: {post: {security: [{users: []}]}, get: {security: [{users: [api/invoke, api/other]}]}}
                    components:
                      securitySchemes:
                        users:
                          type: apiKey
                          name: Authorization
                          in: header
                          x-amazon-apigateway-authtype: cognito_user_pools
                          x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: ['%s']}
                    """
                            .formatted(POOL)),
            Map.of(),
            UserPool.keys(List.of(USERS)));

    @AfterEach
    void close() {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer "})
    void a_users_identity_token_opens_a_method_without_scopes(String prefix) {
        assertThat(api.post("/prod/open", "{}", "authorization", prefix + USERS.idToken("ann", "app"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(api.event()
                        .at("/requestContext/authorizer/claims/cognito:username")
                        .asText())
                .isEqualTo("ann");
        assertThat(api.event().at("/requestContext/authorizer/claims/token_use").asText())
                .isEqualTo("id");
        assertThat(api.event().at("/requestContext/authorizer/claims/exp").asText())
                .isEqualTo("Wed Mar 04 23:00:00 UTC 2026");
    }

    @Test
    void an_access_token_with_one_of_the_scopes_opens_a_method_with_scopes() {
        assertThat(get(USERS.accessToken("ann", "app", List.of("api/invoke", "more")))
                        .statusCode())
                .isEqualTo(200);
        assertThat(get(USERS.accessToken("ann", "app", List.of("more"))).statusCode())
                .isEqualTo(401);
        assertThat(get(USERS.idToken("ann", "app")).statusCode()).isEqualTo(401);
        assertThat(post(USERS.accessToken("ann", "app", List.of("api/invoke"))).statusCode())
                .isEqualTo(401);
    }

    @Test
    void no_token_another_pools_and_a_changed_one_get_401() {
        String good = USERS.idToken("ann", "app");
        List<HttpResponse<String>> responses = List.of(
                api.post("/prod/open", "{}"),
                post("garbage"),
                post(STRANGERS.idToken("ann", "app")),
                post(good.substring(0, good.length() - 4) + "AAAA"));
        assertThat(responses).allSatisfy(response -> {
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.body()).isEqualTo("{\"message\":\"Unauthorized\"}");
        });
        assertThat(api.callCount()).isZero();
    }

    @Test
    void a_token_whose_time_is_over_is_told_so() {
        String token = USERS.idToken("ann", "app");
        api.clock.advance(Duration.ofMinutes(59));
        assertThat(post(token).statusCode()).isEqualTo(200);
        api.clock.advance(Duration.ofMinutes(1));
        HttpResponse<String> response = post(token);
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).isEqualTo("{\"message\":\"The incoming token has expired\"}");
    }

    private HttpResponse<String> get(String token) {
        return api.send(api.to("/prod/open").header("Authorization", token));
    }

    private HttpResponse<String> post(String token) {
        return api.post("/prod/open", "{}", "Authorization", token);
    }
}
