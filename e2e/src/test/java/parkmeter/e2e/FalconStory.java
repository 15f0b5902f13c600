package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A model of JumpStart on two instances, which anybody may ask in its container's own words. */
@Story
final class FalconStory extends LifeCycle {

    private final Workbench workbench;

    FalconStory(Workbench workbench) throws IOException {
        super(
                workbench,
                new Sample(
                        "falcon",
                        workbench.file("Pulumi.falcon.yaml"),
                        Map.of(),
                        "Falcon40BPublic",
                        "/falcon",
                        "/falcon/prompt",
                        Model.Template.NONE));
        this.workbench = workbench;
    }

    @Test
    @Order(10)
    void anybody_gets_the_containers_own_answer() throws Exception {
        workbench.emulator();
        Model model = workbench.model();
        HttpResponse<String> answer = post("/falcon", NOBODY, inputs());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(Model.generated(new ObjectMapper().readTree(answer.body())))
                .isNotBlank()
                .isEqualTo(model.answer(Model.Template.NONE, PROMPT, TOKENS));
    }
}
