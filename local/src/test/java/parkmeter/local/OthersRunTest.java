package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static parkmeter.local.Api.CAREFUL;
import static parkmeter.local.Api.json;
import static parkmeter.local.Api.prompt;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.local.llm.TinyModel;

/** A run of models of which the stack declares no container: what functions expect of them is what answers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OthersRunTest {

    private final Deployment deployment;
    private final LocalRun run;
    private final Api api;

    OthersRunTest(@TempDir Path folder) throws Exception {
        Path weights = folder.resolve("tiny.gguf");
        TinyModel.write(weights);
        deployment = TestStacks.deployment("others");
        run = new LocalRun(TestStacks.order(Optional.of(weights), Optional.empty(), 0, 20), line -> {}, line -> {});
        run.start(deployment, run.findModel());
        api = new Api(run);
    }

    @AfterAll
    void stop() {
        run.close();
    }

    @ParameterizedTest
    @CsvSource({"theirs,their-configuration,vllm", "bought,bought-v1,llamacpp"})
    void each_is_known_by_what_there_is_and_answers_as_its_function_expects(String name, String id, String format)
            throws Exception {
        Deployment.Model model = deployment.models().stream()
                .filter(each -> each.endpoint().endsWith("-" + name))
                .findFirst()
                .orElseThrow();
        assertThat(model.id()).isEqualTo(id);
        assertThat(deployment
                        .containers()
                        .container(model.endpoint(), model.configuration(), "AllTraffic")
                        .format()
                        .text())
                .isEqualTo(format);
        HttpResponse<String> answer = ask("/" + name);
        for (int i = 0; i < 100 && answer.statusCode() == 503; i++) { // the metered one may still be starting
            Thread.sleep(200);
            answer = ask("/" + name);
        }
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer).path("generated_text").asText()).isNotEmpty();
    }

    private HttpResponse<String> ask(String path) {
        return api.post(
                path,
                prompt(CAREFUL),
                "x-api-key",
                Objects.requireNonNull(deployment.clients().get("first")));
    }
}
