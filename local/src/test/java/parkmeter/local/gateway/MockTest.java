package parkmeter.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MockTest {
    private final Served api = Served.document();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void a_preflight_is_answered_from_the_document() {
        HttpResponse<String> response = api.send(api.to("/prod/invoke")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .headers("Access-Control-Request-Method", "POST"));
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
        assertThat(response.headers().firstValue("Access-Control-Allow-Methods"))
                .hasValue("POST,OPTIONS");
        assertThat(response.headers().firstValue("Access-Control-Allow-Headers"))
                .hasValue("Content-Type,X-Api-Key");
        assertThat(response.headers().firstValue("x-amzn-RequestId")).isPresent();
        assertThat(api.callCount()).isZero();
    }

    @Test
    void the_templates_status_chooses_the_response() {
        HttpResponse<String> response = api.get("/prod/mock");
        assertThat(response.statusCode()).isEqualTo(418);
        assertThat(response.body()).isEqualTo("short and stout in prod");
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
        assertThat(response.headers().firstValue("X-Stage")).hasValue("prod");
    }

    @Test
    void a_content_type_that_no_template_takes_gets_415_where_passing_through_is_off() {
        HttpResponse<String> response = api.send(api.to("/prod/mock").header("Content-Type", "text/csv"));
        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(Served.json(response).path("message").asText()).isEqualTo("Unsupported Media Type");
    }

    @Test
    void a_template_can_choose_the_status_and_what_is_said_by_the_request() {
        try (Served changed = Served.with(
                List.of(
                        """
                        paths:
                          /mock:
                            post:
                              responses: {'418': {description: Short}}
                              x-amazon-apigateway-integration:
                                requestTemplates:
                                  application/json: |
                                    #if($input.params('short') == 'yes') {"statusCode": 418,} #else {"statusCode": 200} #end
                                responses:
                                  '418':
                                    statusCode: 418
                                    responseTemplates: {application/json: '{"name":"$input.params(''name'')"}'}
                        """),
                Map.of(),
                issuer -> Optional.empty())) {
            HttpResponse<String> response = changed.post("/prod/mock?short=yes&name=pot", "{}");
            assertThat(response.statusCode()).isEqualTo(418);
            assertThat(response.body()).isEqualTo("{\"name\":\"pot\"}");
            assertThat(changed.post("/prod/mock", "{}").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_template_without_a_status_gets_500() {
        HttpResponse<String> response = api.post("/prod/mock", "");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(Served.json(response).path("message").asText()).isEqualTo("Internal server error");
    }
}
