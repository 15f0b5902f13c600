package parkmeter.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingTest {
    private static final String FUNCTION =
            "{type: aws_proxy, httpMethod: POST, uri: 'arn:aws:lambda:eu-west-2:123456789012:function:f'}";
    private final Served api = Served.document();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void a_call_reaches_the_function_that_the_integration_names() {
        assertThat(api.invoke(Served.KEY).statusCode()).isEqualTo(200);
        assertThat(api.calls.getLast().functionArn())
                .isEqualTo("arn:aws:lambda:eu-west-2:123456789012:function:parkmeter-dev-tinyllama-invoke");
    }

    @Test
    void a_functions_alias_is_left_out_of_its_arn() {
        try (Served aliased = Served.with(document -> (ObjectNode)
                Served.parse(document.toString().replace("-invoke/invocations", "-invoke:live/invocations")))) {
            assertThat(aliased.invoke(Served.KEY).statusCode()).isEqualTo(200);
            assertThat(aliased.calls.getLast().functionArn()).endsWith("function:parkmeter-dev-tinyllama-invoke");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/prod/absent", "/prod", "/prod/", "/prod/invoke/more", "/prod/models", "/prod/INVOKE"})
    void an_unknown_path_is_what_the_document_says_of_a_missing_token(String path) {
        HttpResponse<String> response = api.get(path);
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(Served.json(response).path("code").asText()).isEqualTo("route_not_found");
        assertThat(Served.json(response).path("message").asText()).isEqualTo("Missing Authentication Token");
        assertThat(response.headers().firstValue("x-amzn-ErrorType")).hasValue("MissingAuthenticationTokenException");
    }

    @Test
    void a_method_that_a_path_does_not_have_is_answered_like_an_unknown_path() {
        assertThat(api.get("/prod/invoke").statusCode()).isEqualTo(404);
        assertThat(api.send(api.to("/prod/open").method("HEAD", HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void an_unknown_path_gets_awss_403_where_the_document_says_nothing() {
        try (Served plain = Served.awsDefaults()) {
            HttpResponse<String> response = plain.get("/prod/absent");
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(response.body()).isEqualTo("{\"message\":\"Missing Authentication Token\"}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/absent", "/dev/invoke", "/PROD/invoke", "//prod/invoke"})
    void an_unknown_stage_gets_awss_forbidden_whatever_the_document_says(String path) {
        HttpResponse<String> response = api.get(path);
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).isEqualTo("{\"message\":\"Forbidden\"}");
        assertThat(response.headers().firstValue("x-amzn-ErrorType")).hasValue("ForbiddenException");
    }

    @ParameterizedTest
    @CsvSource({
        "/prod/models/abc, /models/{id}",
        "/prod/models/first, /models/first",
        "/prod/models/abc/files/x/y, /models/{id}/files/{proxy+}",
        "/prod/models/abc/, /models/{id}",
        "/prod/mod%65ls/abc, /models/{id}",
        "/prod//models/abc, /models/{id}",
        "/prod/models/a+b, /models/{id}"
    })
    void the_most_exact_path_serves_a_request(String path, String resource) {
        assertThat(api.get(path).statusCode()).isEqualTo(200);
        assertThat(api.event().path("resource").asText()).isEqualTo(resource);
    }

    @Test
    void a_method_that_the_most_exact_path_lacks_is_not_looked_for_elsewhere() {
        try (Served changed = Served.with(
                List.of(
                        """
                paths:
                  /models/{id}: {post: {x-amazon-apigateway-integration: %s}}
                  /{proxy+}: {x-amazon-apigateway-any-method: {x-amazon-apigateway-integration: %s}}
                """
                                .formatted(FUNCTION, FUNCTION)),
                Map.of(),
                issuer -> Optional.empty())) {
            assertThat(changed.post("/prod/models/other", "{}").statusCode()).isEqualTo(200);
            assertThat(changed.post("/prod/models/first", "{}").statusCode()).isEqualTo(404);
            assertThat(changed.get("/prod/models").statusCode()).isEqualTo(404); // a path's beginning is a resource too
            assertThat(changed.get("/prod/anything/else").statusCode()).isEqualTo(200);
            assertThat(changed.event().path("resource").asText()).isEqualTo("/{proxy+}");
        }
    }

    @Test
    void path_parameters_reach_the_function_as_they_were_sent() {
        api.get("/prod/models/a%2Bb@c/files/x/y%20z/");
        assertThat(api.event().path("pathParameters"))
                .isEqualTo(Served.parse("{\"id\":\"a%2Bb@c\",\"proxy\":\"x/y%20z\"}"));
        assertThat(api.event().path("path").asText()).isEqualTo("/models/a%2Bb@c/files/x/y%20z/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD"})
    void any_serves_each_method(String method) {
        HttpResponse<String> response =
                api.send(api.to("/prod/models/a/files/b").method(method, HttpRequest.BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(api.event().path("httpMethod").asText()).isEqualTo(method);
        if (method.equals("HEAD")) {
            assertThat(response.body()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "PROPFIND"})
    void any_serves_no_method_that_api_gateway_does_not_know(String method) {
        HttpResponse<String> response =
                api.send(api.to("/prod/models/a/files/b").method(method, HttpRequest.BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(Served.json(response).path("code").asText()).isEqualTo("route_not_found");
    }
}
