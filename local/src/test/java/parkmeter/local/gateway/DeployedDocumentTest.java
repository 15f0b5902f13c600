package parkmeter.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents that the sample stacks would deploy, from their golden plans. */
class DeployedDocumentTest {
    @ParameterizedTest
    @ValueSource(strings = {"dev", "prod", "gated", "metered"})
    void what_a_sample_stack_deploys_can_be_served(String stack) throws IOException {
        ObjectNode deployed = document(stack);
        try (Served api = Served.with(document -> deployed)) {
            for (String path : (Iterable<String>) () -> deployed.path("paths").fieldNames()) {
                if (path.matches("/endpoint-expiry|/meters.*")) {
                    continue;
                }
                String url = "/prod" + path;
                assertThat(api.post(url, "{\"prompt\":\"Hi\"}", "x-api-key", Served.KEY)
                                .statusCode())
                        .isEqualTo(200);
                assertThat(api.calls.getLast().functionArn()).contains(":function:parkmeter-");
                assertThat(code(api.post(url, "{}"), 403)).isEqualTo("forbidden");
                // A body that goes through is the model's, whatever it is.
                if (deployed.path("paths").path(path).path("post").has("requestBody")) {
                    assertThat(code(api.post(url, "[]", "x-api-key", Served.KEY), 400))
                            .isEqualTo("invalid_json");
                }
                assertThat(code(api.get(url), 404)).isEqualTo("unknown_route");
                HttpResponse<String> preflight =
                        api.send(api.to(url).method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
                assertThat(preflight.statusCode()).isEqualTo(204);
                assertThat(preflight
                                .headers()
                                .firstValue("Access-Control-Allow-Headers")
                                .orElse(""))
                        .containsIgnoringCase("x-api-key");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /endpoint-expiry?EndpointName=x",
                "POST /endpoint-expiry",
                "DELETE /endpoint-expiry",
                "GET /meters",
                "GET /meters/x",
                "POST /meters/x/top-up",
                "POST /meters/x/stop",
                "PUT /meters/x/schedule",
            })
    void what_is_asked_of_the_meters_reaches_their_function_whatever_its_body(String request) throws IOException {
        ObjectNode deployed = document("dev");
        String method = request.split(" ", 2)[0];
        try (Served api = Served.with(document -> deployed)) {
            HttpRequest.Builder call = api.to("/prod" + request.split(" ", 2)[1])
                    .method(method, HttpRequest.BodyPublishers.ofString("no JSON"));
            assertThat(code(api.send(call), 403)).isEqualTo("forbidden");
            assertThat(api.send(call.header("x-api-key", Served.KEY)).statusCode())
                    .isEqualTo(200);
            assertThat(api.calls.getLast().functionArn()).endsWith(":function:parkmeter-dev-meter-api");
        }
    }

    private static String code(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
        assertThat(Served.json(response).path("requestId").asText()).hasSize(36);
        return Served.json(response).path("code").asText();
    }

    private static ObjectNode document(String stack) throws IOException {
        JsonNode plan =
                Served.JSON.readTree(Path.of("src/test/golden", stack + ".json").toFile());
        for (JsonNode resource : plan.path("resources")) {
            if (resource.path("type").asText().equals("aws:apigateway/restApi:RestApi")) {
                return (ObjectNode)
                        Served.parse(asDeployed(resource.at("/inputs/body")).asText());
            }
        }
        throw new IllegalStateException("no REST API in the plan of " + stack);
    }

    /** Golden plans show JSON in a text as {@code {"json": …}}: makes it a text again. */
    private static JsonNode asDeployed(JsonNode shown) {
        if (shown instanceof ObjectNode object) {
            object.properties().forEach(member -> member.setValue(asDeployed(member.getValue())));
            return object.size() == 1 && object.has("json")
                    ? TextNode.valueOf(object.get("json").toString())
                    : object;
        }
        return shown;
    }
}
