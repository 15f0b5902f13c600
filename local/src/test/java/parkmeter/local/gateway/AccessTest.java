package parkmeter.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.local.edge.Throttle;
import parkmeter.local.gateway.Quota.Period;

class AccessTest {
    @ParameterizedTest
    @ValueSource(strings = {"x-api-key", "X-Api-Key", "X-API-KEY"})
    void a_good_key_opens_the_route_in_any_spelling_of_its_header(String header) {
        try (Served api = Served.document()) {
            assertThat(api.post("/prod/invoke", "{}", header, Served.KEY).statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wrong",
                "the-key-of-the-first-clien",
                "the-key-of-the-first-client2",
                Served.DISABLED_KEY,
                Served.PLANLESS_KEY
            })
    void a_key_that_is_wrong_or_off_or_in_no_plan_of_this_stage_gets_403(String key) {
        try (Served api = Served.document()) {
            HttpResponse<String> response = api.invoke(key);
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(Served.json(response).path("message").asText()).isEqualTo("Forbidden");
            assertThat(response.headers().firstValue("x-amzn-ErrorType")).hasValue("ForbiddenException");
            assertThat(response.headers().firstValue("Access-Control-Allow-Origin"))
                    .hasValue("*");
            assertThat(api.callCount()).isZero();
        }
    }

    @Test
    void a_missing_key_gets_403_before_the_body_is_looked_at() {
        try (Served api = Served.awsDefaults()) {
            HttpResponse<String> response = api.post("/prod/invoke", "not json");
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(response.body()).isEqualTo("{\"message\":\"Forbidden\"}");
        }
    }

    @Test
    void the_preflight_and_an_open_route_need_no_key() {
        try (Served api = Served.document()) {
            assertThat(api.send(api.to("/prod/invoke").method("OPTIONS", HttpRequest.BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(204);
            assertThat(api.post("/prod/open", "{}").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_key_may_burst_and_then_goes_at_its_rate() {
        try (Served api = Served.throttled(new Throttle(0.5, 2))) {
            assertThat(api.invoke(Served.KEY).statusCode()).isEqualTo(200);
            assertThat(api.invoke(Served.KEY).statusCode()).isEqualTo(200);
            HttpResponse<String> third = api.invoke(Served.KEY);
            assertThat(third.statusCode()).isEqualTo(429);
            assertThat(Served.json(third).path("message").asText()).isEqualTo("Too Many Requests");
            assertThat(third.headers().firstValue("x-amzn-ErrorType")).hasValue("TooManyRequestsException");
            assertThat(third.headers().firstValue("Retry-After")).hasValue("1");
            api.clock.advance(Duration.ofSeconds(1));
            assertThat(api.invoke(Served.KEY).statusCode()).isEqualTo(429);
            api.clock.advance(Duration.ofSeconds(1));
            assertThat(api.invoke(Served.KEY).statusCode()).isEqualTo(200);
            assertThat(api.invoke(Served.KEY).statusCode()).isEqualTo(429);
        }
    }

    @Test
    void each_key_has_its_own_bucket() {
        try (Served api = Served.throttled(new Throttle(1, 1))) {
            api.invoke(Served.KEY);
            assertThat(api.invoke(Served.KEY).statusCode()).isEqualTo(429);
            assertThat(api.invoke(Served.OTHER_KEY).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 5", "5, 0"})
    void a_rate_or_burst_of_zero_lets_nothing_through(double rate, int burst) {
        try (Served api = Served.throttled(new Throttle(rate, burst))) {
            assertThat(api.invoke(Served.KEY).statusCode()).isEqualTo(429);
        }
    }

    @Test
    void the_stages_rate_holds_for_each_method_of_its_own_with_and_without_a_key() {
        try (Served api = Served.stageThrottled(new Throttle(1, 1))) {
            assertThat(api.invoke(Served.KEY).statusCode()).isEqualTo(200);
            assertThat(api.invoke(Served.OTHER_KEY).statusCode()).isEqualTo(429);
            assertThat(api.post("/prod/open", "{}").statusCode()).isEqualTo(200);
            assertThat(api.post("/prod/open", "{}").statusCode()).isEqualTo(429);
            assertThat(api.get("/prod/open").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_methods_own_rate_holds_in_place_of_the_stages() {
        try (Served api = Served.methodThrottled(Map.of("POST /open", new Throttle(1, 1)), new Throttle(1, 2))) {
            assertThat(api.post("/prod/open", "{}").statusCode()).isEqualTo(200);
            assertThat(api.post("/prod/open", "{}").statusCode()).isEqualTo(429);
            assertThat(api.get("/prod/open").statusCode()).isEqualTo(200);
            assertThat(api.get("/prod/open").statusCode()).isEqualTo(200);
            assertThat(api.get("/prod/open").statusCode()).isEqualTo(429);
        }
    }

    @ParameterizedTest
    // The clock stands at Wednesday 2026-03-04 22:00 UTC; the week begins on Sunday.
    @CsvSource({"DAY, PT1H59M, PT2H", "WEEK, P3DT1H, P3DT2H", "MONTH, P27DT1H, P27DT2H"})
    void a_quota_is_used_up_until_its_period_ends_in_utc(Period period, Duration still, Duration again) {
        try (Served api = Served.limited(new Quota(2, period))) {
            assertThat(api.invoke(Served.KEY).statusCode()).isEqualTo(200);
            assertThat(api.invoke(Served.KEY).statusCode()).isEqualTo(200);
            HttpResponse<String> third = api.invoke(Served.KEY);
            assertThat(third.statusCode()).isEqualTo(429);
            assertThat(Served.json(third).path("message").asText()).isEqualTo("Limit Exceeded");
            assertThat(third.headers().firstValue("x-amzn-ErrorType")).hasValue("LimitExceededException");
            assertThat(api.invoke(Served.OTHER_KEY).statusCode()).isEqualTo(200);
            api.clock.advance(still);
            assertThat(api.invoke(Served.KEY).statusCode()).isEqualTo(429);
            api.clock.advance(again.minus(still));
            assertThat(api.invoke(Served.KEY).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_refused_body_counts_against_the_quota_and_a_throttled_request_does_not() {
        try (Served api = Served.limited(new Throttle(1, 2), new Quota(3, Period.DAY))) {
            assertThat(api.post("/prod/invoke", "[]", "x-api-key", Served.KEY).statusCode())
                    .isEqualTo(400);
            assertThat(api.invoke(Served.KEY).statusCode()).isEqualTo(200);
            assertThat(Served.json(api.invoke(Served.KEY)).path("code").asText())
                    .isEqualTo("throttled");
            api.clock.advance(Duration.ofSeconds(10));
            assertThat(api.invoke(Served.KEY).statusCode()).isEqualTo(200);
            assertThat(Served.json(api.invoke(Served.KEY)).path("code").asText())
                    .isEqualTo("quota_exceeded");
        }
    }

    @Test
    void a_key_does_not_show_itself_in_its_text() {
        assertThat(new ApiKey("id", "name", "the secret", true).toString()).doesNotContain("the secret");
    }
}
