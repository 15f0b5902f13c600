package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static parkmeter.local.Api.CAREFUL;
import static parkmeter.local.Api.json;
import static parkmeter.local.Api.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.local.models.ModelProcess;

/** A run of a stack with four models at once, each of another source, engine and hosting. */
class KindsRunTest extends TinyRun {

    KindsRunTest(@TempDir Path folder) throws Exception {
        super("kinds", 20, folder);
    }

    @ParameterizedTest
    @CsvSource({"chat,tgi3.3.6", "help,vllm", "small,llamacpp", "story,tgi1.4.0"})
    void each_has_the_wire_format_of_its_image(String name, String format) {
        assertThat(format(model(name)).text()).isEqualTo(format);
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
        HttpResponse<String> taken = post("/story", prompt(CAREFUL), "first");
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
        String location = taken.headers().firstValue("location").orElseThrow();
        JsonNode told = api.until("running", () -> get(location, "first"));
        assertThat(told.path("status").asText()).as(told.toString()).isEqualTo("succeeded");
        assertThat(told.at("/answer/prompt").asText()).isEqualTo(CAREFUL);
        assertThat(told.at("/answer/generated_text").asText()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/chat", "/help"})
    void a_prompt_that_is_too_long_is_the_callers_mistake_whatever_the_engine(String path) throws Exception {
        served(path);
        HttpResponse<String> answer = post(path, prompt("word ".repeat(400)), "first");
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
}
