package parkmeter.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.local.lambda.InvokeResult.Reason;

class FailureTest {
    private final Served api = Served.document();

    @AfterEach
    void close() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({
        "HANDLER_ERROR, 502",
        "RUNTIME_EXITED, 502",
        "TIMED_OUT, 502",
        "INIT_FAILED, 502",
        "RESPONSE_TOO_LARGE, 502",
        "NO_SUCH_FUNCTION, 500",
        "CLOSED, 500"
    })
    void a_function_that_fails_gives_awss_answer_and_none_of_its_own_words(Reason reason, int status) {
        api.functionFails(reason);
        HttpResponse<String> response = api.post("/prod/open", "{}");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(Served.json(response).path("message").asText()).isEqualTo("Internal server error");
        assertThat(Served.json(response).path("code").asText()).isEqualTo("internal_error");
        assertThat(response.body()).doesNotContain("secret");
        assertThat(response.headers().firstValue("x-amzn-ErrorType")).hasValue("InternalServerErrorException");
    }

    @Test
    void a_throttled_function_gives_500() {
        api.functionIsThrottled();
        assertThat(api.post("/prod/open", "{}").statusCode()).isEqualTo(500);
    }

    @Test
    void a_body_that_is_too_large_for_lambda_gives_413() {
        api.functionFails(Reason.REQUEST_TOO_LARGE);
        assertThat(api.post("/prod/open", "{}").statusCode()).isEqualTo(413);
    }

    @Test
    void a_function_that_is_slower_than_the_integrations_timeout_gives_504() {
        api.functionNeverAnswers();
        HttpResponse<String> response = api.post("/prod/slow", "{}");
        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(Served.json(response).path("message").asText()).isEqualTo("Endpoint request timed out");
        assertThat(Served.json(response).path("code").asText()).isEqualTo("timeout");
    }

    @Test
    void more_than_10_megabytes_get_413_and_10_megabytes_pass() {
        String limit = "x".repeat(10 * 1024 * 1024);
        assertThat(api.post("/prod/open", limit, "Content-Type", "text/plain").statusCode())
                .isEqualTo(200);
        HttpResponse<String> response = api.post("/prod/open", limit + "x", "Content-Type", "text/plain");
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(Served.json(response).path("message").asText()).isEqualTo("Request Too Long");
        assertThat(api.callCount()).isEqualTo(1);
    }

    @Test
    void headers_of_more_than_10240_bytes_get_413() {
        assertThat(api.post("/prod/open", "{}", "X-Long", "x".repeat(9_900)).statusCode())
                .isEqualTo(200);
        assertThat(api.post("/prod/open", "{}", "X-Long", "x".repeat(10_240)).statusCode())
                .isEqualTo(413);
    }

    @Test
    void every_answer_of_the_gateways_has_its_request_id_in_the_body_and_in_a_header() {
        HttpResponse<String> response = api.invoke("wrong");
        String id = response.headers().firstValue("x-amzn-RequestId").orElseThrow();
        assertThat(Served.json(response).path("requestId").asText()).isEqualTo(id);
        assertThat(response.headers().firstValue("x-amz-apigw-id")).isPresent();
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    }

    @Test
    void a_gateway_responses_header_can_come_from_the_request() {
        assertThat(api.post("/prod/invoke", "{}", "origin", "https://example.com")
                        .headers()
                        .firstValue("X-Origin"))
                .hasValue("https://example.com");
        assertThat(api.post("/prod/invoke", "{}").headers().firstValue("X-Origin"))
                .isEmpty();
    }

    @Test
    void a_type_without_a_declaration_takes_its_defaults_words_and_keeps_its_own_status() {
        HttpResponse<String> response = api.get("/prod/search");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Served.json(response).path("code").asText()).isEqualTo("bad_request");
    }

    @Test
    void a_defaults_status_holds_for_each_type_without_a_declaration() {
        try (Served changed = Served.with(document -> {
            ((ObjectNode) document.path("x-amazon-apigateway-gateway-responses").path("DEFAULT_5XX"))
                    .put("statusCode", "503");
            return document;
        })) {
            changed.functionFails(Reason.HANDLER_ERROR);
            assertThat(changed.post("/prod/open", "{}").statusCode()).isEqualTo(503);
        }
    }
}
