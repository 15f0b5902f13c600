package parkmeter.lambda.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of API Gateway's events. */
class GatewayEventTest {
    @Test
    void a_body_that_is_not_utf_8_is_refused() {
        byte[] latin1 = "{\"prompt\":\"grüße\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(refused(Event.base64(latin1)).sentence()).isEqualTo("Invalid JSON in request body: it is not UTF-8");
        assertThat(refused(Event.rest("***").with("isBase64Encoded", true)).sentence())
                .isEqualTo("Invalid JSON in request body: it is not base64");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "application/json",
                "application/json; charset=utf-8",
                "Application/JSON;charset=\"UTF-8\"",
                "text/json",
                "application/vnd.api+json",
                "application/x-www-form-urlencoded",
                "application/json; odata=verbose",
                ";",
                ";;;",
                "application/json;",
                "; charset=utf-8",
            })
    void json_is_taken_under_all_its_names(String type) throws CallFailed, IOException {
        assertThat(event(Event.rest("{}").contentType(type)).json()).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "multipart/form-data",
                "application/json; charset=latin1",
                "; charset=latin1",
                "json",
            })
    void any_other_type_is_a_415(String type) {
        assertThat(refused(Event.rest("{}").contentType(type)).code()).isEqualTo(Code.UNSUPPORTED_MEDIA_TYPE);
    }

    @Test
    void a_rest_apis_event_tells_method_path_query_headers_and_the_keys_id() throws IOException {
        GatewayEvent event = event(Event.rest(null)
                .with("resource", "/meters/{name}")
                .with("httpMethod", "PUT")
                .with("pathParameters", Map.of("name", "a-b"))
                .with("queryStringParameters", Map.of("EndpointName", "x"))
                .with("headers", Map.of("if-MATCH", "\"1\"")));

        assertThat(event.route()).isEqualTo("/meters/{name}");
        assertThat(event.routeKey()).isEqualTo("PUT /meters/{name}");
        assertThat(event.method()).isEqualTo("PUT");
        assertThat(event.pathParameter("name")).isEqualTo("a-b");
        assertThat(event.query("EndpointName")).isEqualTo("x");
        assertThat(event.header("If-Match")).isEqualTo("\"1\"");
        assertThat(event.apiKeyId()).isEqualTo("k1");
        assertThat(event.requestId()).isEqualTo("gateway-request-id");
        assertThat(event.hasBody()).isFalse();
    }

    @Test
    void what_an_event_lacks_is_empty() throws IOException {
        GatewayEvent event = GatewayEvent.read("{}".getBytes(StandardCharsets.UTF_8));

        assertThat(event.route()
                        + event.method()
                        + event.requestId()
                        + event.apiKeyId()
                        + event.header("x")
                        + event.pathParameter("name"))
                .isEmpty();
        assertThat(event.query("EndpointName")).isNull();
    }

    @Test
    void an_http_apis_event_tells_its_route_and_method() throws IOException {
        GatewayEvent event = event(Event.http("{}"));

        assertThat(event.route()).isEqualTo("/invoke");
        assertThat(event.routeKey()).isEqualTo("POST /invoke");
        assertThat(event.method()).isEqualTo("POST");
    }

    private static GatewayEvent event(Event event) throws IOException {
        return GatewayEvent.read(event.bytes());
    }

    private static CallFailed refused(Event event) {
        return Objects.requireNonNull(
                catchThrowableOfType(CallFailed.class, () -> event(event).json()));
    }
}
