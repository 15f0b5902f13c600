package parkmeter.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationTest {
    private final Served api = Served.document();

    @AfterEach
    void close() {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"text\"", "null", "1", "not json", "{\"a\":", "{} {}", " "})
    void a_body_that_is_no_json_object_gets_400(String body) {
        HttpResponse<String> response = api.post("/prod/invoke", body, "x-api-key", Served.KEY);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Served.json(response).path("code").asText()).isEqualTo("invalid_json");
        assertThat(Served.json(response).path("type").asText()).isEqualTo("BAD_REQUEST_BODY");
        assertThat(response.headers().firstValue("x-amzn-ErrorType")).hasValue("BadRequestException");
        assertThat(api.callCount()).isZero();
    }

    @ParameterizedTest
    @MethodSource("unusual")
    void unusual_json_is_for_the_function_to_judge(String body) {
        assertThat(api.post("/prod/invoke", body, "x-api-key", Served.KEY).statusCode())
                .isEqualTo(200);
        assertThat(api.event().path("body").asText()).isEqualTo(body);
    }

    private static List<String> unusual() {
        return List.of("\uFEFF{\"prompt\": \"Hi\"}", "{\"seed\": " + "9".repeat(2_000) + "}");
    }

    @Test
    void a_bad_body_gets_awss_words_where_the_document_has_none() {
        try (Served plain = Served.awsDefaults()) {
            HttpResponse<String> response = plain.post("/prod/typed", "{}");
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.body()).isEqualTo("{\"message\":\"Invalid request body\"}");
        }
    }

    @Test
    void a_schema_is_found_through_references_and_read_as_draft_4() {
        assertThat(api.post("/prod/typed", "{\"prompt\":\"Hi\",\"parameters\":{\"temperature\":0.1}}")
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> zero = api.post("/prod/typed", "{\"prompt\":\"Hi\",\"parameters\":{\"temperature\":0}}");
        assertThat(zero.statusCode()).isEqualTo(400);
        assertThat(Served.json(zero).path("why").asText()).contains("0");
        assertThat(api.post("/prod/typed", "{\"prompt\":\"Hi\",\"more\":1}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void no_body_is_checked_as_an_empty_object() {
        assertThat(api.post("/prod/typed", "").statusCode()).isEqualTo(400);
        assertThat(api.post("/prod/invoke", "", "x-api-key", Served.KEY).statusCode())
                .isEqualTo(200);
        assertThat(api.event().path("body").isNull()).isTrue();
    }

    @Test
    void the_content_type_chooses_the_schema_without_its_parameters() {
        String list = "application/vnd.list+json";
        assertThat(api.post("/prod/typed", "[]", "Content-Type", list).statusCode())
                .isEqualTo(200);
        assertThat(api.post("/prod/typed", "{}", "Content-Type", list).statusCode())
                .isEqualTo(400);
        assertThat(api.post("/prod/typed", "[]", "Content-Type", "Application/JSON; charset=utf-8")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void a_content_type_without_a_schema_is_not_checked() {
        assertThat(api.post("/prod/typed", "anything", "Content-Type", "text/plain")
                        .statusCode())
                .isEqualTo(200);
        assertThat(api.event().path("body").asText()).isEqualTo("anything");
    }

    @Test
    void the_default_schema_is_for_each_content_type_without_one() {
        assertThat(api.post("/prod/always-typed", "anything", "Content-Type", "text/plain")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void missing_and_blank_parameters_are_named() {
        HttpResponse<String> response = api.get("/prod/search?q=");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Served.json(response).path("message").asText())
                .isEqualTo("Missing required request parameters: [X-Tenant, q]");
        assertThat(api.send(api.to("/prod/search?q=1").header("x-tenant", "a")).statusCode())
                .isEqualTo(200);
    }
}
