package parkmeter.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyAnswerTest {
    private final Served api = Served.document();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void the_client_gets_the_functions_status_headers_and_body() {
        HttpResponse<String> response = answer(
                "{\"statusCode\":503,\"headers\":{\"Retry-After\":\"5\",\"X-Flag\":true},\"body\":\"ü\",\"isBase64Encoded\":false}");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).isEqualTo("ü");
        assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
        assertThat(response.headers().firstValue("X-Flag")).hasValue("true");
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.headers().firstValue("x-amzn-RequestId")).isPresent();
        assertThat(response.headers().firstValue("x-amzn-ErrorType")).isEmpty();
    }

    @Test
    void the_functions_content_type_stands() {
        HttpResponse<String> response =
                answer("{\"headers\":{\"content-type\":\"text/html;charset=utf-8\"},\"body\":\"<p>\"}");
        assertThat(response.headers().allValues("Content-Type")).containsExactly("text/html;charset=utf-8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"headers\":null}", "{\"statusCode\":\"200\"}", "{\"body\":null,\"statusCode\":null}"})
    void no_member_is_needed(String payload) {
        HttpResponse<String> response = answer(payload);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"text\"",
                "not json",
                "{\"statusCode\":200,\"more\":1}",
                "{\"statusCode\":\"OK\"}",
                "{\"statusCode\":200.5}",
                "{\"statusCode\":99}",
                "{\"statusCode\":200,\"body\":{}}",
                "{\"statusCode\":200,\"headers\":[]}",
                "{\"statusCode\":200,\"headers\":{\"a\":{}}}",
                "{\"statusCode\":200,\"multiValueHeaders\":{\"a\":\"b\"}}",
                "{\"statusCode\":200,\"isBase64Encoded\":\"yes\"}"
            })
    void a_malformed_answer_gets_502(String payload) {
        HttpResponse<String> response = answer(payload);
        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(Served.json(response).path("message").asText()).isEqualTo("Internal server error");
    }

    @Test
    void headers_of_many_values_are_all_sent_and_replace_the_single_one() {
        HttpResponse<String> response =
                answer("{\"headers\":{\"a\":\"single\",\"b\":\"1\"},\"multiValueHeaders\":{\"a\":[\"x\",\"y\"]}}");
        assertThat(response.headers().allValues("a")).containsExactly("x", "y");
        assertThat(response.headers().firstValue("b")).hasValue("1");
    }

    @Test
    void headers_that_are_the_gateways_are_renamed_or_dropped() {
        HttpResponse<String> response = answer(
                "{\"headers\":{\"Server\":\"mine\",\"Date\":\"never\",\"Content-Length\":\"999\"},\"body\":\"ok\"}");
        assertThat(response.body()).isEqualTo("ok");
        assertThat(response.headers().firstValue("x-amzn-Remapped-Server")).hasValue("mine");
        assertThat(response.headers().firstValue("x-amzn-Remapped-Date")).hasValue("never");
        assertThat(response.headers().firstValue("Server")).isEmpty();
    }

    @Test
    void base64_stays_base64_where_no_binary_media_type_is_declared() {
        assertThat(answer("{\"body\":\"aGVsbG8=\",\"isBase64Encoded\":true}").body())
                .isEqualTo("aGVsbG8=");
    }

    @Test
    void base64_is_decoded_for_a_request_that_accepts_a_binary_media_type() {
        try (Served binary = Served.with(document -> {
            document.putArray("x-amazon-apigateway-binary-media-types").add("image/png");
            return document;
        })) {
            binary.functionReturns("{\"body\":\"aGVsbG8=\",\"isBase64Encoded\":true}");
            assertThat(binary.send(binary.to("/prod/open").header("Accept", "image/png, */*"))
                            .body())
                    .isEqualTo("hello");
            assertThat(binary.send(binary.to("/prod/open").header("Accept", "text/html"))
                            .body())
                    .isEqualTo("aGVsbG8=");
        }
    }

    private HttpResponse<String> answer(String payload) {
        api.functionReturns(payload);
        return api.get("/prod/open");
    }
}
