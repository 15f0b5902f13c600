package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static parkmeter.local.Api.json;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run of models of which the stack declares no container: what functions expect of them is what answers. */
class OthersRunTest extends TinyRun {

    OthersRunTest(@TempDir Path folder) throws Exception {
        super("others", 20, folder);
    }

    @ParameterizedTest
    @CsvSource({"theirs,their-configuration,vllm", "bought,bought-v1,llamacpp"})
    void each_is_known_by_what_there_is_and_answers_as_its_function_expects(String name, String id, String format)
            throws Exception {
        Deployment.Model model = model(name);
        assertThat(model.id()).isEqualTo(id);
        assertThat(format(model).text()).isEqualTo(format);
        assertThat(json(served("/" + name)).path("generated_text").asText()).isNotEmpty();
    }
}
