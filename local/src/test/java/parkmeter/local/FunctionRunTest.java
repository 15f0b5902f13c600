package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.local.llm.TinyModel;

/** A run of a stack that has nothing but routes to functions of others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FunctionRunTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String CAREFUL = "It's \"quoted\" \\ $input.path('$') #set($x=1) \uD83D\uDE42";

    private final List<String> progress = new CopyOnWriteArrayList<>();
    private final Deployment deployment;
    private final LocalRun run;

    FunctionRunTest(@TempDir Path folder) throws Exception {
        deployment = TestStacks.deployment("function");
        Path weights = folder.resolve("tiny.gguf");
        TinyModel.write(weights);
        run = new LocalRun(TestStacks.order(Optional.of(weights), Optional.empty(), 0), progress::add, line -> {});
        run.start(deployment, run.findModel());
    }

    @AfterAll
    void stop() {
        run.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
    void every_method_reaches_the_function_with_a_key(String method) throws Exception {
        assertThat(run.invokeUrl().getPath()).isEqualTo("/v1/model");
        HttpResponse<String> answer = send(method, "/model", key());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(CAREFUL);
        assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
        assertThat(progress)
                .filteredOn(line -> line.contains("LanguageModelLambda"))
                .hasSize(1);
    }

    @Test
    void without_a_key_nobody_reaches_it_but_on_the_public_route() throws Exception {
        assertThat(send("POST", "/model", Optional.empty()).statusCode()).isEqualTo(403);
        assertThat(send("POST", "/v2/model", Optional.empty()).statusCode()).isEqualTo(403);
        assertThat(send("GET", "/open", Optional.empty()).statusCode()).isEqualTo(200);
    }

    @Test
    void a_route_of_one_method_has_no_other() throws Exception {
        assertThat(send("POST", "/v2/model", key()).statusCode()).isEqualTo(200);
        assertThat(send("GET", "/v2/model", key()).statusCode()).isEqualTo(404);
    }

    @Test
    void there_is_no_model_to_ask() {
        assertThat(run.serves()).isFalse();
        assertThatThrownBy(run::caller).isInstanceOf(CannotRun.class).hasMessageContaining("leads to no model");
    }

    private Optional<String> key() {
        return Optional.of(Objects.requireNonNull(deployment.clients().get("first")));
    }

    private HttpResponse<String> send(String method, String path, Optional<String> key) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(run.url() + path))
                .header("content-type", "text/plain;charset=utf-8")
                .method(method, HttpRequest.BodyPublishers.ofString(CAREFUL));
        key.ifPresent(value -> request.header("x-api-key", value));
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
