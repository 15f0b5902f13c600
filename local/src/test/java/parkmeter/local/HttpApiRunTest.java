package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import parkmeter.local.llm.TinyModel;

/** A run of a stack whose API is an HTTP API. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpApiRunTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Path ACCESS_LOG = TestStacks.PROJECT.resolve("target/local-logs/access.log");

    private final LocalRun run;

    HttpApiRunTest(@TempDir Path folder) throws Exception {
        Path weights = folder.resolve("tiny.gguf");
        TinyModel.write(weights);
        Files.deleteIfExists(ACCESS_LOG);
        run = new LocalRun(TestStacks.order(Optional.of(weights), Optional.empty(), 0), line -> {}, line -> {});
        run.start(TestStacks.deployment("http"), run.findModel());
    }

    @AfterAll
    void stop() {
        run.close();
    }

    @Test
    void anybody_is_answered_on_the_exported_url() throws Exception {
        assertThat(run.invokeUrl().getPath()).isEqualTo("/prod/inference");
        HttpResponse<String> answer = post("/inference", prompt("Say something"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).path("prompt").asText()).isEqualTo("Say something");
        assertThat(JSON.readTree(answer.body()).path("generated_text").asText()).isNotBlank();
    }

    @Test
    void a_prompt_with_everything_that_needs_care_comes_back_as_it_was() throws Exception {
        String careful = "It's \"quoted\" \\ $input.path('$') #set($x=1) \uD83D\uDE42";
        HttpResponse<String> answer = post("/inference", prompt(careful));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).path("prompt").asText()).isEqualTo(careful);
    }

    @Test
    void a_body_that_goes_through_reaches_the_model_as_it_is_and_its_answer_the_caller() throws Exception {
        HttpResponse<String> answer =
                post("/through", "{\"inputs\":\"Say something\",\"parameters\":{\"max_new_tokens\":4}}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).at("/0/generated_text").isTextual())
                .as(answer.body())
                .isTrue();
    }

    @Test
    void what_is_wrong_with_a_body_is_said_by_the_function_since_the_api_checks_none() throws Exception {
        HttpResponse<String> answer = post("/inference", "{");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).path("code").asText()).isEqualTo("invalid_json");
    }

    @Test
    void a_route_that_is_called_too_fast_gets_429_and_the_other_does_not() throws Exception {
        assertThat(post("/slow", prompt("a")).statusCode()).isEqualTo(200);
        assertThat(post("/slow", prompt("b")).statusCode()).isEqualTo(200);
        HttpResponse<String> answer = post("/slow", prompt("c"));
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.body()).isEqualTo("{\"message\":\"Too Many Requests\"}");
        assertThat(post("/inference", prompt("d")).statusCode()).isEqualTo(200);
    }

    @Test
    void another_path_method_or_stage_gets_404() throws Exception {
        assertThat(post("/nowhere", "{}").statusCode()).isEqualTo(404);
        assertThat(send(HttpRequest.newBuilder(run.invokeUrl()).GET()).statusCode())
                .isEqualTo(404);
        URI other = URI.create(run.invokeUrl().toString().replace("/prod/", "/dev/"));
        assertThat(send(HttpRequest.newBuilder(other).POST(HttpRequest.BodyPublishers.ofString("{}")))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void a_browser_may_ask_before_it_sends() throws Exception {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(run.invokeUrl())
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("origin", "https://example.com")
                .header("access-control-request-method", "POST"));
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("access-control-allow-origin")).contains("*");
        assertThat(answer.headers().firstValue("access-control-allow-headers"))
                .contains("content-type,x-amzn-sagemaker-custom-attributes");
    }

    @Test
    void each_request_leaves_a_line_in_the_access_log_without_a_word_of_its_body() throws Exception {
        post("/inference", prompt("a-word-that-must-not-be-logged"));
        List<String> lines = Files.readAllLines(ACCESS_LOG);
        JsonNode last = JSON.readTree(lines.get(lines.size() - 1));
        assertThat(last.path("routeKey").asText()).isEqualTo("POST /inference");
        assertThat(last.path("status").asText()).isEqualTo("200");
        assertThat(last.path("requestId").asText()).isNotBlank();
        assertThat(String.join("\n", lines)).doesNotContain("a-word-that-must-not-be-logged");
    }

    @Test
    void the_first_caller_needs_no_key() throws Exception {
        assertThat(run.caller().ask("Say something").statusCode()).isEqualTo(200);
    }

    private static String prompt(String text) throws Exception {
        var body = JSON.createObjectNode().put("prompt", text);
        body.putObject("parameters").put("max_new_tokens", 4);
        return JSON.writeValueAsString(body);
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(run.url() + path))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
