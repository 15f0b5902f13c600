package parkmeter.local.httpapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.local.edge.Undeployable;
import parkmeter.local.httpapi.ServedHttp.Special;

/** API Gateway developer guide, "Create routes for HTTP APIs in API Gateway" and "Stages for HTTP APIs". */
class HttpRoutingTest {
    @ParameterizedTest
    @CsvSource({
        // The guide's own example.
        "GET, /prod/pets/dog/1, GET /pets/dog/1",
        "GET, /prod/pets/dog/2, GET /pets/dog/{id}",
        "GET, /prod/pets/cat/1, GET /pets/{proxy+}",
        "POST, /prod/test/5, ANY /{proxy+}",
        "DELETE, /prod/, $default",
        // What follows from its rules.
        "POST, /prod/pets/dog/1, ANY /pets/dog/1",
        "PUT, /prod/pets/dog/2, ANY /{proxy+}",
        "POST, /prod/inference, POST /inference",
        "GET, /prod/inference, ANY /{proxy+}",
        "POST, /prod/inf%65rence, POST /inference",
        "POST, /prod/inference/, ANY /{proxy+}"
    })
    void the_most_exact_route_that_fits_path_and_method_serves_a_request(String method, String path, String key) {
        try (ServedHttp api = ServedHttp.routes(
                "$default",
                "ANY /{proxy+}",
                "GET /pets/{proxy+}",
                "GET /pets/dog/{id}",
                "ANY /pets/dog/1",
                "GET /pets/dog/1",
                "POST /inference")) {
            assertThat(api.send(method, path, "").statusCode()).isEqualTo(200);
            assertThat(api.event().path("routeKey").asText()).isEqualTo(key);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/prod/absent", "/prod/inference/", "/prod/", "/prod", "/", "/dev/inference", "/inference"})
    void what_no_route_fits_is_not_found(String path) {
        try (ServedHttp api = ServedHttp.routes("POST /inference", "GET /other")) {
            HttpResponse<String> response = api.send("POST", path, "{}");
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.body()).isEqualTo("{\"message\":\"Not Found\"}");
            assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
            assertThat(response.headers().firstValue("apigw-requestid")).isPresent();
            assertThat(api.send("GET", "/prod/inference", "").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void the_default_stage_has_no_part_in_the_path() {
        try (ServedHttp api =
                ServedHttp.of(Special.NOTHING.withStage("$default"), ServedHttp.open("POST /inference"))) {
            assertThat(api.send("POST", "/inference", "{}").statusCode()).isEqualTo(200);
            assertThat(api.event().path("rawPath").asText()).isEqualTo("/inference");
            assertThat(api.event().at("/requestContext/stage").asText()).isEqualTo("$default");
            assertThat(api.send("POST", "/prod/inference", "{}").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void parameters_reach_the_function_decoded() {
        try (ServedHttp api = ServedHttp.routes("GET /models/{id}/files/{proxy+}")) {
            api.send("GET", "/prod/models/a%20b+c/files/x/y%2Fz", "");
            assertThat(api.event().path("pathParameters"))
                    .isEqualTo(ServedHttp.parse("{\"id\":\"a b+c\",\"proxy\":\"x/y/z\"}"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "inference | a route key is METHOD /path or $default",
                "TRACE /x | a route key is METHOD /path or $default",
                "GET /{proxy+}/x | a greedy parameter stands at the end",
                "GET /a{id} | a parameter is a whole part of the path",
                "GET /{id}/{id} | two parameters have one name"
            })
    void a_route_key_that_could_not_be_deployed_is_named_at_the_start(String key, String message) {
        assertThatThrownBy(() -> ServedHttp.routes(key).close())
                .isInstanceOf(Undeployable.class)
                .hasMessageContaining("route '" + key + "': " + message);
    }

    @Test
    void an_integration_that_is_not_served_is_named_at_the_start() {
        for (HttpRoute route : new HttpRoute[] {
            new HttpRoute("GET /a", "https://example.com", "2.0", Duration.ofSeconds(1), ServedHttp.OPEN),
            new HttpRoute("GET /a", ServedHttp.FUNCTION, "1.0", Duration.ofSeconds(1), ServedHttp.OPEN),
            new HttpRoute("GET /a", ServedHttp.FUNCTION, "2.0", Duration.ofSeconds(31), ServedHttp.OPEN)
        }) {
            assertThatThrownBy(() -> ServedHttp.of(Special.NOTHING, route).close())
                    .isInstanceOf(Undeployable.class)
                    .hasMessageContaining("route 'GET /a': ");
        }
    }
}
