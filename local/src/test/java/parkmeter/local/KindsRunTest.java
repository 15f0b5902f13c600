package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static parkmeter.local.Api.CAREFUL;
import static parkmeter.local.Api.json;
import static parkmeter.local.Api.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.local.llm.TinyModel;
import parkmeter.local.models.ModelProcess;
import parkmeter.local.models.WireFormat;

/** A run of a stack with four models at once, each of another source, engine and hosting. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KindsRunTest {

    private final Deployment deployment;
    private final LocalRun run;
    private final Api api;

    KindsRunTest(@TempDir Path folder) throws Exception {
        Path weights = folder.resolve("tiny.gguf");
        TinyModel.write(weights);
        deployment = TestStacks.deployment("kinds");
        run = new LocalRun(TestStacks.order(Optional.of(weights), Optional.empty(), 0, 20), line -> {}, line -> {});
        run.start(deployment, run.findModel());
        api = new Api(run);
    }

    @AfterAll
    void stop() {
        run.close();
    }

    @ParameterizedTest
    @CsvSource({"chat,tgi3.3.6", "help,vllm", "small,llamacpp", "story,tgi1.4.0"})
    void each_has_the_wire_format_of_its_image(String name, String format) {
        Deployment.Model model = deployment.models().stream()
                .filter(each -> each.endpoint().endsWith("-" + name))
                .findFirst()
                .orElseThrow();
        WireFormat served = deployment
                .containers()
                .container(model.endpoint(), model.configuration(), "AllTraffic")
                .format();
        assertThat(served.text()).isEqualTo(format);
    }

    @ParameterizedTest
    @CsvSource({"/chat", "/help", "/small"})
    void those_that_answer_at_once_answer_the_prompt_api(String path) throws Exception {
        JsonNode answer = json(served(path));
        assertThat(answer.path("prompt").asText()).isEqualTo(CAREFUL);
        assertThat(answer.path("generated_text").asText()).isNotEmpty();
    }

    @Test
    void the_asynchronous_one_takes_a_job_and_tells_its_answer() {
        HttpResponse<String> taken = post("/story", prompt(CAREFUL));
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
        String location = taken.headers().firstValue("location").orElseThrow();
        JsonNode told = api.until("running", () -> get(location));
        assertThat(told.path("status").asText()).as(told.toString()).isEqualTo("succeeded");
        assertThat(told.at("/answer/prompt").asText()).isEqualTo(CAREFUL);
        assertThat(told.at("/answer/generated_text").asText()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/chat", "/help"})
    void a_prompt_that_is_too_long_is_the_callers_mistake_whatever_the_engine(String path) throws Exception {
        served(path);
        HttpResponse<String> answer = post(path, prompt("word ".repeat(400)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(json(answer).path("code").asText()).isEqualTo("model_refused");
    }

    @Test
    void one_process_has_the_model_for_all_of_them() throws Exception {
        served("/chat");
        Set<Long> processes = new HashSet<>();
        run.modelProcesses().values().stream().map(ModelProcess::pid).forEach(processes::add);
        assertThat(run.modelProcesses()).hasSize(4);
        assertThat(processes).hasSize(1);
    }

    /** The answer, once the model is up: the metered one may still be starting. */
    private HttpResponse<String> served(String path) throws InterruptedException {
        HttpResponse<String> answer = post(path, prompt(CAREFUL));
        for (int i = 0; i < 100 && answer.statusCode() == 503; i++) {
            Thread.sleep(200);
            answer = post(path, prompt(CAREFUL));
        }
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private HttpResponse<String> post(String path, String body) {
        return api.post(path, body, "x-api-key", key());
    }

    private HttpResponse<String> get(String location) {
        return api.call("GET", location.substring("/prod".length()), "", "x-api-key", key());
    }

    private String key() {
        return Objects.requireNonNull(deployment.clients().get("first"));
    }
}
