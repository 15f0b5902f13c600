package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sagemaker.model.AsyncInferenceConfig;

/** A model of JumpStart that is off until somebody puts minutes on its meter; and once more for jobs, at an asynchronous endpoint. */
@Story
final class FlanStory extends LifeCycle {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JOBS = "parkmeter-flan-FlanT5Async";

    private final Workbench workbench;

    FlanStory(Workbench workbench) throws IOException {
        super(
                workbench,
                new Sample(
                        "flan",
                        workbench.file("Pulumi.flan.yaml"),
                        Map.of(),
                        "FlanT5",
                        "/flan",
                        "/flan",
                        Model.Template.NONE));
        this.workbench = workbench;
    }

    /** No minute was on the meter: nothing runs, and a top-up starts it. */
    @Override
    void awaken() throws Exception {
        workbench.emulator();
        HttpResponse<String> off = post("/flan", key(), request());
        assertThat(off.statusCode()).as(off.body()).isEqualTo(503);
        HttpResponse<String> topUp = post("/meters/parkmeter-flan-FlanT5/top-up", key(), "{\"minutes\": 30}");
        assertThat(topUp.statusCode()).as(topUp.body()).isEqualTo(200);
    }

    @Test
    @Order(10)
    void the_route_without_a_function_gives_the_containers_own_answer_to_who_has_a_key() throws Exception {
        workbench.emulator();
        Model model = workbench.model();
        HttpResponse<String> answer = post("/flan/direct", key(), inputs());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(Model.generated(JSON.readTree(answer.body())))
                .isNotBlank()
                .isEqualTo(model.answer(Model.Template.NONE, PROMPT, TOKENS));
        assertThat(post("/flan/direct", NOBODY, inputs()).statusCode()).isEqualTo(403);
    }

    @Test
    @Order(11)
    void the_route_of_jobs_is_the_jobs_functions() throws Exception {
        workbench.emulator();
        HttpResponse<String> refused = post("/flan/jobs", key(), "{}");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(JSON.readTree(refused.body()).path("code").asText()).isEqualTo("invalid_request");
        assertThat(post("/flan/jobs", NOBODY, request()).statusCode()).isEqualTo(403);
    }

    @Test
    @Order(12)
    void a_job_is_taken_and_its_answer_comes_from_the_stacks_bucket() throws Exception {
        workbench.emulator();
        Account account = stack.account();
        String configuration = account.models()
                .describeEndpoint(request -> request.endpointName(JOBS))
                .endpointConfigName();
        AsyncInferenceConfig jobs = account.models()
                .describeEndpointConfig(request -> request.endpointConfigName(configuration))
                .asyncInferenceConfig();
        String answers = jobs.outputConfig().s3OutputPath();
        assertThat(answers).matches("s3://parkmeter-flan-answers-[^/]+/async/FlanT5Async/out/");
        String written = account.invocations()
                .invokeEndpointAsync(request -> request.endpointName(JOBS).inputLocation(answers + "asked"))
                .outputLocation();
        Assumptions.assumeTrue(
                written.startsWith(answers),
                "skipped: the emulator's InvokeEndpointAsync answers in a bucket of its own, not in the configuration's");

        HttpResponse<String> taken = post("/flan/jobs", key(), request());

        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
        assertThat(JSON.readTree(taken.body()).path("status").asText()).isEqualTo("running");
    }
}
