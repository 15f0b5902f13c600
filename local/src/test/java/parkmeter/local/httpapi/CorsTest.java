package parkmeter.local.httpapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parkmeter.local.httpapi.ServedHttp.Special;

/** API Gateway developer guide, "Configure CORS for HTTP APIs in API Gateway". */
class CorsTest {
    private static final String PAGE = "https://www.example.com";

    private final ServedHttp api = ServedHttp.of(
            Special.NOTHING.withCors(new Cors(
                    List.of(PAGE),
                    List.of("POST", "OPTIONS"),
                    List.of("authorization", "content-type"),
                    List.of("retry-after"),
                    true,
                    OptionalInt.of(300))),
            ServedHttp.open("POST /inference"));

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void a_preflight_is_answered_without_a_route_for_it() {
        HttpResponse<String> response =
                api.send("OPTIONS", "/prod/inference", "", "Origin", PAGE, "Access-Control-Request-Method", "POST");
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(header(response, "allow-origin")).isEqualTo(PAGE);
        assertThat(header(response, "allow-methods")).isEqualTo("POST,OPTIONS");
        assertThat(header(response, "allow-headers")).isEqualTo("authorization,content-type");
        assertThat(header(response, "allow-credentials")).isEqualTo("true");
        assertThat(header(response, "max-age")).isEqualTo("300");
        assertThat(api.calls).isEmpty();
    }

    @Test
    void a_page_from_elsewhere_is_told_nothing() {
        HttpResponse<String> preflight = api.send(
                "OPTIONS",
                "/prod/inference",
                "",
                "Origin",
                "https://evil.example",
                "Access-Control-Request-Method",
                "POST");
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(header(preflight, "allow-origin")).isEmpty();
        HttpResponse<String> response = api.send("POST", "/prod/inference", "{}", "Origin", "https://evil.example");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "allow-origin")).isEmpty();
    }

    @Test
    void every_answer_to_a_page_has_the_headers_and_a_functions_own_are_replaced() {
        api.returns(
                ServedHttp.FUNCTION,
                "{\"statusCode\":200,\"headers\":{\"Access-Control-Allow-Origin\":\"*\",\"Access-Control-Expose-Headers\":\"x\"}}");
        HttpResponse<String> response = api.send("POST", "/prod/inference", "{}", "Origin", PAGE);
        assertThat(response.headers().allValues("access-control-allow-origin")).containsExactly(PAGE);
        assertThat(response.headers().allValues("access-control-expose-headers"))
                .containsExactly("retry-after");
        assertThat(header(api.send("POST", "/prod/absent", "{}", "Origin", PAGE), "allow-origin"))
                .isEqualTo(PAGE);
        assertThat(header(api.send("POST", "/prod/inference", "{}"), "allow-origin"))
                .isEmpty();
    }

    @Test
    void an_options_request_that_is_no_preflight_is_one_like_any_other() {
        assertThat(api.send("OPTIONS", "/prod/inference", "").statusCode()).isEqualTo(404);
    }

    @Test
    void a_star_lets_any_page() {
        try (ServedHttp any = ServedHttp.of(
                Special.NOTHING.withCors(
                        new Cors(List.of("*"), List.of("*"), List.of("*"), List.of(), false, OptionalInt.empty())),
                ServedHttp.open("POST /inference"))) {
            HttpResponse<String> response = any.send("POST", "/prod/inference", "{}", "Origin", "https://any.example");
            assertThat(header(response, "allow-origin")).isEqualTo("*");
            assertThat(header(response, "allow-credentials")).isEmpty();
        }
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue("access-control-" + name).orElse("");
    }
}
