package parkmeter.local.httpapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.local.edge.Throttle;
import parkmeter.local.httpapi.ServedHttp.Special;
import parkmeter.local.lambda.InvokeResult;
import parkmeter.local.lambda.InvokeResult.Reason;

/** API Gateway developer guide, "Create AWS Lambda proxy integrations for HTTP APIs in API Gateway". */
class HttpFunctionTest {
    private final ServedHttp api = ServedHttp.routes("POST /inference", "GET /inference");

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void an_event_has_the_members_of_format_2_and_none_without_a_value() {
        api.send(
                "POST",
                "/prod/inference?a=1&a=2&b=x%20y",
                "{\"prompt\":\"Grüße 🙂\"}",
                "Content-Type",
                "application/json",
                "X-Twice",
                "one",
                "x-twice",
                "two",
                "Cookie",
                "c1=v1; c2=v2",
                "User-Agent",
                "test/1");
        JsonNode event = api.event();
        assertThat(event.path("version").asText()).isEqualTo("2.0");
        assertThat(event.path("routeKey").asText()).isEqualTo("POST /inference");
        assertThat(event.path("rawPath").asText()).isEqualTo("/prod/inference");
        assertThat(event.path("rawQueryString").asText()).isEqualTo("a=1&a=2&b=x%20y");
        assertThat(event.path("queryStringParameters")).isEqualTo(ServedHttp.parse("{\"a\":\"1,2\",\"b\":\"x y\"}"));
        assertThat(event.path("cookies")).isEqualTo(ServedHttp.parse("[\"c1=v1\",\"c2=v2\"]"));
        JsonNode headers = event.path("headers");
        assertThat(headers.path("x-twice").asText()).isEqualTo("one,two");
        assertThat(headers.path("content-type").asText()).isEqualTo("application/json");
        assertThat(headers.path("x-forwarded-for").asText()).isEqualTo("127.0.0.1");
        assertThat(headers.has("cookie")).isFalse();
        assertThat(event.path("body").asText()).isEqualTo("{\"prompt\":\"Grüße 🙂\"}");
        assertThat(event.path("isBase64Encoded").asBoolean(true)).isFalse();
        assertThat(event.path("stageVariables").path("colour").asText()).isEqualTo("blue");
        assertThat(event.has("pathParameters")).isFalse();
        JsonNode context = event.path("requestContext");
        assertThat(context.path("accountId").asText()).isEqualTo("123456789012");
        assertThat(context.path("apiId").asText()).isEqualTo("a1b2c3d4e5");
        assertThat(context.path("domainName").asText()).isEqualTo("a1b2c3d4e5.execute-api.eu-west-2.amazonaws.com");
        assertThat(context.path("http"))
                .isEqualTo(
                        ServedHttp.parse("{\"method\":\"POST\",\"path\":\"/prod/inference\",\"protocol\":\"HTTP/1.1\","
                                + "\"sourceIp\":\"127.0.0.1\",\"userAgent\":\"test/1\"}"));
        assertThat(context.path("stage").asText()).isEqualTo("prod");
        assertThat(context.path("time").asText()).isEqualTo("04/Mar/2026:22:00:00 +0000");
        assertThat(context.path("timeEpoch").asLong()).isEqualTo(1_772_661_600_000L);
        assertThat(context.has("authorizer")).isFalse();
        api.send("GET", "/prod/inference", "");
        assertThat(api.event().has("body")).isFalse();
        assertThat(api.event().has("queryStringParameters")).isFalse();
        assertThat(api.event().has("cookies")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, false",
        "application/json; charset=utf-8, false",
        "text/csv, false",
        "application/x-www-form-urlencoded, true",
        "application/octet-stream, true"
    })
    void a_body_that_is_no_text_comes_as_base64(String type, boolean encoded) {
        api.send("POST", "/prod/inference", "a=1", "Content-Type", type);
        assertThat(api.event().path("isBase64Encoded").asBoolean()).isEqualTo(encoded);
        assertThat(api.event().path("body").asText())
                .isEqualTo(encoded ? Base64.getEncoder().encodeToString(new byte[] {'a', '=', '1'}) : "a=1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"Hello from Lambda!\" | Hello from Lambda!",
                "{ \"message\": \"Hello from Lambda!\" } | { \"message\": \"Hello from Lambda!\" }",
                "[1, 2] | [1, 2]",
                "{\"body\": \"x\"} | {\"body\": \"x\"}"
            })
    void json_without_a_status_is_a_body_itself(String returned, String body) {
        api.returns(ServedHttp.FUNCTION, returned);
        HttpResponse<String> response = api.send("POST", "/prod/inference", "{}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(body);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    }

    @Test
    void an_answer_with_a_status_is_taken_apart() {
        api.returns(
                ServedHttp.FUNCTION,
                "{\"statusCode\":201,\"headers\":{\"X-Number\":1,\"Content-Type\":\"image/png\"},\"cookies\":[\"a=1\",\"b=2\"],"
                        + "\"isBase64Encoded\":true,\"body\":\"aGk=\"}");
        HttpResponse<String> response = api.send("POST", "/prod/inference", "{}");
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.body()).isEqualTo("hi");
        assertThat(response.headers().firstValue("X-Number")).hasValue("1");
        assertThat(response.headers().firstValue("Content-Type")).hasValue("image/png");
        assertThat(response.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
        api.returns(ServedHttp.FUNCTION, "{\"statusCode\":204}");
        assertThat(api.send("POST", "/prod/inference", "{}").statusCode()).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"statusCode\":\"many\"}",
                "{\"statusCode\":99}",
                "{\"statusCode\":200,\"body\":{}}",
                "{\"statusCode\":200,\"headers\":{\"X\":[]}}",
                "{\"statusCode\":200,\"isBase64Encoded\":true,\"body\":\"a\"}"
            })
    void a_malformed_answer_gets_500(String returned) {
        api.returns(ServedHttp.FUNCTION, returned);
        HttpResponse<String> response = api.send("POST", "/prod/inference", "{}");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("{\"message\":\"Internal Server Error\"}");
    }

    @Test
    void a_function_that_fails_gives_500_and_none_of_its_own_words() {
        api.fails(ServedHttp.FUNCTION, new InvokeResult.Failed(Reason.HANDLER_ERROR, "secret"));
        HttpResponse<String> response = api.send("POST", "/prod/inference", "{}");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("{\"message\":\"Internal Server Error\"}");
        api.fails(ServedHttp.FUNCTION, new InvokeResult.Throttled());
        assertThat(api.send("POST", "/prod/inference", "{}").statusCode()).isEqualTo(500);
        api.fails(ServedHttp.FUNCTION, new InvokeResult.Failed(Reason.REQUEST_TOO_LARGE, ""));
        assertThat(api.send("POST", "/prod/inference", "{}").statusCode()).isEqualTo(413);
    }

    /** AWS's answer, unlike a REST API's 504. */
    @Test
    void a_function_that_is_slower_than_its_timeout_gives_503() {
        api.neverAnswers(ServedHttp.FUNCTION);
        HttpResponse<String> response = api.send("POST", "/prod/inference", "{}");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).isEqualTo("{\"message\":\"Service Unavailable\"}");
    }

    @Test
    void more_than_10_megabytes_get_413() {
        String limit = "x".repeat(10 * 1024 * 1024);
        assertThat(api.send("POST", "/prod/inference", limit).statusCode()).isEqualTo(200);
        assertThat(api.send("POST", "/prod/inference", limit + "x").statusCode())
                .isEqualTo(413);
    }

    @Test
    void each_route_has_a_bucket_of_its_own_and_its_own_size_where_it_is_set() {
        Throttle one = new Throttle(1, 1);
        try (ServedHttp throttled = ServedHttp.of(
                Special.NOTHING.withThrottles(one, Map.of("GET /b", new Throttle(1, 2))),
                ServedHttp.open("GET /a"),
                ServedHttp.open("GET /b"))) {
            assertThat(throttled.send("GET", "/prod/a", "").statusCode()).isEqualTo(200);
            HttpResponse<String> refused = throttled.send("GET", "/prod/a", "");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.body()).isEqualTo("{\"message\":\"Too Many Requests\"}");
            assertThat(throttled.send("GET", "/prod/b", "").statusCode()).isEqualTo(200);
            assertThat(throttled.send("GET", "/prod/b", "").statusCode()).isEqualTo(200);
            assertThat(throttled.send("GET", "/prod/b", "").statusCode()).isEqualTo(429);
        }
    }

    @Test
    void the_access_log_has_a_line_for_each_request() {
        try (ServedHttp logged = ServedHttp.of(
                Special.NOTHING.withLog(
                        "{\"ip\":\"$context.identity.sourceIp\",\"route\":\"$context.routeKey\",\"status\":$context.status,"
                                + "\"length\":$context.responseLength,\"error\":\"$context.error.message\","
                                + "\"why\":\"$context.integrationErrorMessage\",\"none\":\"$context.nothing\"}"),
                ServedHttp.open("POST /inference"))) {
            logged.send("POST", "/prod/inference", "{}");
            logged.send("POST", "/prod/absent", "{}");
            logged.fails(ServedHttp.FUNCTION, new InvokeResult.Failed(Reason.HANDLER_ERROR, "secret"));
            logged.send("POST", "/prod/inference", "{}");
            assertThat(logged.log)
                    .containsExactly(
                            "{\"ip\":\"127.0.0.1\",\"route\":\"POST /inference\",\"status\":200,\"length\":2,\"error\":\"-\","
                                    + "\"why\":\"-\",\"none\":\"-\"}",
                            "{\"ip\":\"127.0.0.1\",\"route\":\"-\",\"status\":404,\"length\":23,\"error\":\"Not Found\","
                                    + "\"why\":\"-\",\"none\":\"-\"}",
                            "{\"ip\":\"127.0.0.1\",\"route\":\"POST /inference\",\"status\":500,\"length\":35,"
                                    + "\"error\":\"Internal Server Error\",\"why\":\"The Lambda function returned an error.\","
                                    + "\"none\":\"-\"}");
        }
    }
}
