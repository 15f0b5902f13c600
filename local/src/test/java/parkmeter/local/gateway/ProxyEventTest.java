package parkmeter.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProxyEventTest {
    private final Served api = Served.document();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void an_event_has_every_member_that_aws_sends() {
        api.post("/prod/invoke", "{\"prompt\":\"Grüße 😀\"}", "x-api-key", Served.KEY, "User-Agent", "test/1");
        JsonNode event = api.event();
        assertThat(event.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "resource",
                        "path",
                        "httpMethod",
                        "headers",
                        "multiValueHeaders",
                        "queryStringParameters",
                        "multiValueQueryStringParameters",
                        "pathParameters",
                        "stageVariables",
                        "requestContext",
                        "body",
                        "isBase64Encoded");
        assertThat(event.path("body").asText()).isEqualTo("{\"prompt\":\"Grüße 😀\"}");
        assertThat(event.path("isBase64Encoded").asBoolean(true)).isFalse();
        for (String none : List.of(
                "queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables")) {
            assertThat(event.get(none).isNull()).as(none).isTrue();
        }
        JsonNode context = event.path("requestContext");
        assertThat(context.path("accountId").asText()).isEqualTo("123456789012");
        assertThat(context.path("apiId").asText()).isEqualTo("a1b2c3d4e5");
        assertThat(context.path("domainName").asText()).isEqualTo("a1b2c3d4e5.execute-api.eu-west-2.amazonaws.com");
        assertThat(context.path("domainPrefix").asText()).isEqualTo("a1b2c3d4e5");
        assertThat(context.path("httpMethod").asText()).isEqualTo("POST");
        assertThat(context.path("path").asText()).isEqualTo("/prod/invoke");
        assertThat(context.path("protocol").asText()).isEqualTo("HTTP/1.1");
        assertThat(context.path("requestId").asText()).hasSize(36);
        assertThat(context.path("extendedRequestId").asText()).hasSize(16);
        assertThat(context.path("requestTime").asText()).isEqualTo("04/Mar/2026:22:00:00 +0000");
        assertThat(context.path("requestTimeEpoch").asLong()).isEqualTo(1_772_661_600_000L);
        assertThat(context.path("resourceId").asText()).hasSize(6);
        assertThat(context.path("deploymentId").asText()).hasSize(6);
        assertThat(context.path("resourcePath").asText()).isEqualTo("/invoke");
        assertThat(context.path("stage").asText()).isEqualTo("prod");
        JsonNode identity = context.path("identity");
        assertThat(identity.path("sourceIp").asText()).isEqualTo("127.0.0.1");
        assertThat(identity.path("userAgent").asText()).isEqualTo("test/1");
        assertThat(identity.path("apiKey").asText()).isEqualTo(Served.KEY);
        assertThat(identity.path("apiKeyId").asText()).isEqualTo("key-1");
        assertThat(identity.get("userArn").isNull()).isTrue();
        assertThat(identity).hasSize(14);
    }

    @Test
    void a_route_without_a_key_says_nothing_of_one() {
        api.post("/prod/open", "", "x-api-key", Served.KEY);
        assertThat(api.event().path("requestContext").path("identity").has("apiKey"))
                .isFalse();
        assertThat(api.event().get("body").isNull()).isTrue();
    }

    @Test
    void header_names_keep_the_case_that_was_sent() {
        api.post("/prod/open", "{}", "content-TYPE", "application/json", "tEsT-HEADeR", "aValUE");
        assertThat(api.event().path("headers").path("tEsT-HEADeR").asText()).isEqualTo("aValUE");
        assertThat(api.event().path("headers").path("content-TYPE").asText()).isEqualTo("application/json");
    }

    @Test
    void a_header_that_comes_twice_has_its_last_value_and_all_of_them() {
        api.post("/prod/open", "{}", "X-Twice", "one", "x-twice", "two");
        assertThat(api.event().path("headers").path("X-Twice").asText()).isEqualTo("two");
        assertThat(api.event().path("multiValueHeaders").path("X-Twice")).isEqualTo(Served.parse("[\"one\",\"two\"]"));
    }

    @Test
    void the_gateway_adds_its_own_headers_and_keeps_the_connections_to_itself() {
        api.post("/prod/open", "{}", "x-forwarded-for", "203.0.113.9");
        JsonNode headers = api.event().path("headers");
        assertThat(headers.path("x-forwarded-for").asText()).isEqualTo("203.0.113.9, 127.0.0.1");
        assertThat(headers.path("X-Forwarded-Proto").asText()).isEqualTo("http");
        assertThat(headers.path("X-Forwarded-Port").asText()).isEqualTo(String.valueOf(api.port()));
        assertThat(headers.path("X-Amzn-Trace-Id").asText()).matches("Root=1-[0-9a-f]{8}-[0-9a-f]{24}");
        assertThat(headers.path("Host").asText()).isEqualTo("127.0.0.1:" + api.port());
        assertThat(headers.has("Content-Length")).isFalse();
        assertThat(headers.has("Connection")).isFalse();
    }

    @Test
    void query_parameters_come_decoded_the_last_of_each_and_all() {
        api.get("/prod/open?a=1&b=x%20y+z&a=2&empty=&bare&c=%C3%BC");
        assertThat(api.event().path("queryStringParameters"))
                .isEqualTo(Served.parse("{\"a\":\"2\",\"b\":\"x y z\",\"empty\":\"\",\"bare\":\"\",\"c\":\"ü\"}"));
        assertThat(api.event().path("multiValueQueryStringParameters").path("a"))
                .isEqualTo(Served.parse("[\"1\",\"2\"]"));
    }

    @Test
    void slashes_at_the_ends_are_in_the_paths_as_aws_has_them() {
        api.get("/prod//open/");
        assertThat(api.event().path("path").asText()).isEqualTo("/open/");
        assertThat(api.event().path("requestContext").path("path").asText()).isEqualTo("/prod//open/");
    }

    @Test
    void bytes_that_are_no_text_are_lost_where_no_binary_media_type_is_declared() {
        send(api, new byte[] {'a', (byte) 0xff, 'b'}, "application/octet-stream");
        assertThat(api.event().path("body").asText()).isEqualTo("a\ufffdb");
        assertThat(api.event().path("isBase64Encoded").asBoolean(true)).isFalse();
    }

    @Test
    void a_body_of_a_binary_media_type_comes_as_base64() {
        try (Served binary = Served.with(document -> {
            document.putArray("x-amazon-apigateway-binary-media-types").add("image/*");
            return document;
        })) {
            byte[] bytes = {1, (byte) 0xff};
            send(binary, bytes, "image/png");
            assertThat(binary.event().path("body").asText())
                    .isEqualTo(Base64.getEncoder().encodeToString(bytes));
            assertThat(binary.event().path("isBase64Encoded").asBoolean()).isTrue();
            send(binary, "text".getBytes(StandardCharsets.UTF_8), "text/plain");
            assertThat(binary.event().path("body").asText()).isEqualTo("text");
        }
    }

    private static void send(Served api, byte[] body, String contentType) {
        assertThat(api.send(api.to("/prod/open")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .header("Content-Type", contentType))
                        .statusCode())
                .isEqualTo(200);
    }
}
