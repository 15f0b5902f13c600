package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.local.llm.TinyModel;
import parkmeter.local.models.ModelProcess;

/** The whole run: the real program, gateway, function's zip, SageMaker's API, and a model that is tiny and generated. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalRunTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String PROMPT = "{\"prompt\": \"Say something\", \"parameters\": {\"max_new_tokens\": 8}}";

    private final Deployment deployment;
    private final LocalRun run;
    private final Path weights;

    LocalRunTest(@TempDir Path folder) throws Exception {
        weights = folder.resolve("tiny.gguf");
        TinyModel.write(weights);
        deployment = TestStacks.deployment("tight");
        run = started(TestStacks.order(Optional.of(weights), Optional.empty(), 0));
    }

    @AfterAll
    void stop() {
        run.close();
    }

    @Test
    void a_prompt_is_answered_by_the_model_in_the_contracts_shape() throws Exception {
        HttpResponse<String> answer = post(run, "first", PROMPT);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.path("generated_text").asText()).isNotBlank();
        assertThat(body.path("prompt").asText()).isEqualTo("Say something");
        assertThat(body.path("parameters").path("max_new_tokens").asInt()).isEqualTo(8);
        assertThat(body.path("parameters").path("top_p").asDouble()).isEqualTo(0.9);
        assertThat(answer.headers().firstValue("access-control-allow-origin")).contains("*");
    }

    @Test
    void curls_own_content_type_will_do() throws Exception {
        HttpResponse<String> answer = send(request(run, "first", PROMPT)
                .setHeader("content-type", "application/x-www-form-urlencoded")
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void a_route_without_a_chat_template_gives_the_model_the_prompt_as_it_is() throws Exception {
        HttpResponse<String> answer = send(request(run, "first", PROMPT)
                .uri(URI.create(run.url() + "/raw"))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/through", "/direct-through"})
    void a_body_that_goes_through_reaches_the_model_as_it_is_and_its_answer_the_caller(String path) throws Exception {
        HttpResponse<String> answer = send(
                request(run, "first", "{\"inputs\":\"It's \\\"quoted\\\" $x\",\"parameters\":{\"max_new_tokens\":4}}")
                        .uri(URI.create(run.url() + "/through"))
                        .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).at("/0/generated_text").isTextual())
                .as(answer.body())
                .isTrue();
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/through", "/direct-through"})
    void what_the_model_says_of_a_body_that_goes_through_is_told_in_the_apis_shape(String path) throws Exception {
        assertError(
                send(request(run, "first", "{\"inputs\":\"\"}")
                        .uri(URI.create(run.url() + path))
                        .build()),
                422,
                "model_refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/invoke", "/raw", "/direct", "/direct-raw"})
    void a_prompt_with_everything_that_needs_care_comes_back_as_it_was(String path) throws Exception {
        String careful = "It's \"quoted\" \\ $input.path('$') #set($x=1) \uD83D\uDE42";
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("prompt", careful);
        body.putObject("parameters").put("max_new_tokens", 4).put("temperature", 0);
        HttpResponse<String> answer = send(request(run, "first", body.toString())
                .uri(URI.create(run.url() + path))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode read = JSON.readTree(answer.body());
        assertThat(read.path("prompt").asText()).isEqualTo(careful);
        assertThat(read.path("generated_text").isTextual()).isTrue();
        assertThat(read.path("parameters"))
                .isEqualTo(JSON.readTree("{\"max_new_tokens\":4,\"temperature\":0,\"top_p\":0.9,\"do_sample\":false}"));
    }

    @Test
    void a_wrong_key_gets_403_in_the_apis_shape() throws Exception {
        HttpResponse<String> answer = send(request(run, "first", PROMPT)
                .setHeader("x-api-key", "wrong-wrong-wrong-wrong-wrong")
                .build());
        assertError(answer, 403, "forbidden");
        assertThat(JSON.readTree(answer.body()).path("message").asText()).isEqualTo("Forbidden");
    }

    @Test
    void an_unknown_route_gets_404() throws Exception {
        assertError(
                send(request(run, "first", PROMPT)
                        .uri(URI.create(run.url() + "/nowhere"))
                        .build()),
                404,
                "unknown_route");
    }

    @Test
    void anybody_may_call_a_public_route_within_its_own_limit() throws Exception {
        for (int status : new int[] {200, 200, 429}) {
            HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(run.url() + "/open"))
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(PROMPT))
                    .build());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        }
        assertThat(post(run, "first", PROMPT).statusCode()).isEqualTo(200);
    }

    @Test
    void a_client_that_is_too_fast_gets_429() throws Exception {
        post(run, "slow", PROMPT);
        post(run, "slow", PROMPT);
        HttpResponse<String> answer = post(run, "slow", PROMPT);
        assertError(answer, 429, "throttled");
        assertThat(answer.headers().firstValue("retry-after")).contains("1");
    }

    @Test
    void a_client_whose_quota_is_used_up_gets_429_and_the_others_go_on() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(post(run, "small", PROMPT).statusCode()).isEqualTo(200);
        }
        assertError(post(run, "small", PROMPT), 429, "quota_exceeded");
        assertThat(post(run, "first", PROMPT).statusCode()).isEqualTo(200);
    }

    @Test
    void a_bad_body_gets_400_that_names_each_problem() throws Exception {
        HttpResponse<String> answer =
                post(run, "first", "{\"parameters\": {\"temperature\": \"hot\", \"top_p\": 2, \"colour\": 1}}");
        assertError(answer, 400, "invalid_request");
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.path("error").asText()).isEqualTo("Missing 'prompt' in request body");
        assertThat(body.path("problems").findValuesAsText("field"))
                .containsExactlyInAnyOrder("prompt", "parameters.temperature", "parameters.top_p", "parameters.colour");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "\"text\"", "7", "{", "{\"prompt\": \"a\"} x"})
    void what_is_no_json_object_gets_400(String body) throws Exception {
        HttpResponse<String> answer = post(run, "first", body);
        assertError(answer, 400, "invalid_json");
        assertThat(JSON.readTree(answer.body()).path("error").asText()).startsWith("Invalid JSON in request body: ");
    }

    @Test
    void another_content_type_gets_415() throws Exception {
        assertError(
                send(request(run, "first", PROMPT)
                        .setHeader("content-type", "image/png")
                        .build()),
                415,
                "unsupported_media_type");
    }

    @Test
    void a_prompt_that_is_longer_than_the_container_allows_gets_422_in_the_models_words() throws Exception {
        HttpResponse<String> answer = post(run, "first", "{\"prompt\": \"" + "word ".repeat(400) + "\"}");
        assertError(answer, 422, "model_refused");
        assertThat(answer.body()).doesNotContain("word word");
    }

    @Test
    void a_browser_may_ask_before_it_sends() throws Exception {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(run.invokeUrl())
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("origin", "https://example.com")
                .header("access-control-request-method", "POST")
                .build());
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("access-control-allow-headers")).contains("Content-Type,X-Api-Key");
    }

    /** What the document says of a parameter, the function does: one value at each bound, one beyond it. */
    @Test
    void the_documents_schema_and_the_functions_rules_agree() throws Exception {
        JsonNode parameters = document().at("/components/schemas/InvokeRequest/properties/parameters/properties");
        assertThat(parameters.size()).isGreaterThan(10);
        for (var parameter : parameters.properties()) {
            JsonNode schema = parameter.getValue();
            String type = schema.path("type").asText("stop");
            if (type.equals("integer") || type.equals("number")) {
                double least = schema.path("minimum").asDouble();
                assertRefused(parameter.getKey(), JsonNodeFactory.instance.numberNode(least - 1));
                if (schema.has("maximum")) {
                    assertRefused(
                            parameter.getKey(),
                            JsonNodeFactory.instance.numberNode(
                                    schema.path("maximum").asDouble() + 1));
                    assertAccepted(parameter.getKey(), schema.path("maximum"));
                } else {
                    assertAccepted(parameter.getKey(), JsonNodeFactory.instance.numberNode((int) least + 1));
                }
            }
            if (type.equals("integer")) {
                assertRefused(parameter.getKey(), JsonNodeFactory.instance.numberNode(1.5));
            }
            assertRefused(
                    parameter.getKey(),
                    type.equals("boolean")
                            ? JsonNodeFactory.instance.textNode("true")
                            : JsonNodeFactory.instance.booleanNode(true));
            if (schema.has("default")) {
                assertThat(JSON.readTree(post(run, "first", PROMPT.replace(": 8", ": 8, \"seed\": 1"))
                                        .body())
                                .path("parameters")
                                .has(parameter.getKey()))
                        .isTrue();
            }
        }
    }

    @Test
    void the_documents_defaults_are_the_functions() throws Exception {
        JsonNode parameters = document().at("/components/schemas/InvokeRequest/properties/parameters/properties");
        var declared = JsonNodeFactory.instance.objectNode();
        parameters.properties().forEach(parameter -> {
            if (parameter.getValue().has("default")) {
                declared.set(parameter.getKey(), parameter.getValue().get("default"));
            }
        });
        HttpResponse<String> answer =
                post(run, "first", "{\"prompt\": \"Say\", \"parameters\": {\"max_new_tokens\": null}}");
        JsonNode body = JSON.readTree(answer.body());
        assertThat(declared.size()).isEqualTo(4);
        // The tiny stack has no room for 512 new tokens: the model says so, and the function has asked for them.
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(body.path("error").asText())
                .contains(declared.path("max_new_tokens").asText());
        JsonNode given = JSON.readTree(post(run, "first", PROMPT).body()).path("parameters");
        declared.remove("max_new_tokens");
        declared.properties()
                .forEach(each -> assertThat(given.path(each.getKey())).isEqualTo(each.getValue()));
    }

    @Test
    void a_model_server_that_dies_is_started_again() throws Exception {
        try (LocalRun other = started(TestStacks.order(Optional.of(weights), Optional.empty(), 0))) {
            assertThat(post(other, "first", PROMPT).statusCode()).isEqualTo(200);
            ModelProcess before = other.modelProcesses().values().iterator().next();
            ProcessHandle.of(before.pid()).orElseThrow().destroyForcibly();
            int status = 0;
            for (int i = 0; i < 100 && status != 200; i++) {
                Thread.sleep(100);
                status = post(other, "first", PROMPT).statusCode();
            }
            assertThat(status).isEqualTo(200);
        }
    }

    @Test
    void a_function_that_is_killed_between_two_requests_costs_none() throws Exception {
        assertThat(post(run, "first", PROMPT).statusCode()).isEqualTo(200);
        run.functionProcesses().forEach(ProcessHandle::destroyForcibly);
        HttpResponse<String> next = post(run, "first", PROMPT);
        assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
    }

    @Test
    void a_function_that_is_killed_in_flight_loses_that_request_alone() throws Exception {
        try (StubModel slow = new StubModel(Duration.ofSeconds(5));
                LocalRun other = started(TestStacks.order(Optional.empty(), Optional.of(slow.url()), 0))) {
            CompletableFuture<HttpResponse<String>> inFlight =
                    HTTP.sendAsync(request(other, "first", PROMPT).build(), HttpResponse.BodyHandlers.ofString());
            slow.awaitCall();
            // In its first moments a call that dies with its process counts as not begun, and goes to another one.
            Thread.sleep(300);
            other.functionProcesses().forEach(ProcessHandle::destroyForcibly);
            assertThat(inFlight.get().statusCode()).isEqualTo(502);
            assertThat(post(other, "first", PROMPT).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_model_that_is_down_gets_503_with_a_time_to_come_back() throws Exception {
        try (LocalRun other = started(TestStacks.order(Optional.of(weights), Optional.empty(), 0))) {
            assertThat(post(other, "first", PROMPT).statusCode()).isEqualTo(200);
            other.modelProcesses().values().forEach(ModelProcess::close);
            HttpResponse<String> answer = post(other, "first", PROMPT);
            assertError(answer, 503, "model_unavailable");
            assertThat(answer.headers().firstValue("retry-after")).isPresent();
        }
    }

    @Test
    void what_scripts_need_is_written_to_a_file(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("local.json");
        run.describe(file);
        JsonNode facts = JSON.readTree(file.toFile());
        assertThat(facts.path("invokeUrl").asText()).isEqualTo(run.invokeUrl().toString());
        assertThat(facts.path("url").asText()).isEqualTo(run.url().toString());
        assertThat(facts.path("clients").path("first").asText())
                .isEqualTo(deployment.clients().get("first"));
        assertThat(facts.at("/models/parkmeter-tight-tiny/declared").asText()).isEqualTo("tiny/model");
    }

    @Test
    void a_port_in_use_is_one_clear_sentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThatThrownBy(() ->
                            started(TestStacks.order(Optional.of(weights), Optional.empty(), taken.getLocalPort())))
                    .isInstanceOf(CannotRun.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " is in use");
        }
    }

    @Test
    void weights_that_are_none_are_one_clear_sentence(@TempDir Path folder) throws Exception {
        Path broken = Files.writeString(folder.resolve("broken.gguf"), "GGUF, they said");
        assertThatThrownBy(() -> started(TestStacks.order(Optional.of(broken), Optional.empty(), 0)))
                .isInstanceOf(CannotRun.class)
                .hasMessageContaining("broken.gguf")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void a_model_server_that_is_not_there_is_one_clear_sentence() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        URI nowhere = URI.create("http://127.0.0.1:" + free);
        assertThatThrownBy(() -> started(TestStacks.order(Optional.empty(), Optional.of(nowhere), 0)))
                .isInstanceOf(CannotRun.class)
                .hasMessage("MODEL_URL=" + nowhere + ": nothing answers there; start the server first.");
    }

    private JsonNode document() {
        return ((RestServed) deployment.api()).api().openApi();
    }

    private LocalRun started(Order order) throws CannotRun {
        var starting = new LocalRun(order, line -> {}, line -> {});
        starting.start(deployment, starting.findModel());
        return starting;
    }

    private void assertRefused(String parameter, JsonNode value) throws Exception {
        HttpResponse<String> answer = postRaw(parameter, value);
        assertThat(answer.statusCode())
                .as(parameter + " " + value + ": " + answer.body())
                .isEqualTo(400);
    }

    private void assertAccepted(String parameter, JsonNode value) throws Exception {
        HttpResponse<String> answer = postRaw(parameter, value);
        assertThat(answer.statusCode())
                .as(parameter + " " + value + ": " + answer.body())
                .isIn(200, 422);
    }

    /** On the route that takes every parameter. */
    private HttpResponse<String> postRaw(String parameter, JsonNode value) throws Exception {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("prompt", "Say something");
        body.putObject("parameters").put("max_new_tokens", 4).set(parameter, value);
        return send(request(run, "first", body.toString())
                .uri(URI.create(run.url() + "/raw"))
                .build());
    }

    private static void assertError(HttpResponse<String> answer, int status, String code) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.path("code").asText()).isEqualTo(code);
        assertThat(body.path("error").asText()).isNotBlank();
        assertThat(body.path("requestId").asText()).isNotBlank();
        assertThat(answer.headers().firstValue("access-control-allow-origin")).contains("*");
        assertThat(answer.body())
                .doesNotContain("arn:")
                .doesNotContain("123456789012")
                .doesNotContain("Exception");
    }

    private HttpResponse<String> post(LocalRun to, String client, String body) throws Exception {
        return send(request(to, client, body).build());
    }

    private HttpRequest.Builder request(LocalRun to, String client, String body) {
        return HttpRequest.newBuilder(to.invokeUrl())
                .timeout(Duration.ofSeconds(30))
                .header("content-type", "application/json")
                .header("x-api-key", Objects.requireNonNull(deployment.clients().get(client)))
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
