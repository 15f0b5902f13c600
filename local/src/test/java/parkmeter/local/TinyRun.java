package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static parkmeter.local.Api.CAREFUL;
import static parkmeter.local.Api.prompt;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import parkmeter.local.llm.TinyModel;
import parkmeter.local.models.WireFormat;

/** A run of a stack of {@code src/test/resources/stacks} on a tiny model, whose tests call its API. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TinyRun {

    final Deployment deployment;
    final LocalRun run;
    final Api api;

    /**
     * Starts it.
     *
     * @param stack the stack's name
     * @param speed how much faster than others its clock goes
     * @param folder where the model's weights are written
     */
    TinyRun(String stack, int speed, Path folder) throws Exception {
        Path weights = folder.resolve("tiny.gguf");
        TinyModel.write(weights);
        deployment = TestStacks.deployment(stack);
        run = new LocalRun(TestStacks.order(Optional.of(weights), Optional.empty(), 0, speed), line -> {}, line -> {});
        run.start(deployment, run.findModel());
        api = new Api(run);
    }

    @AfterAll
    void stop() {
        run.close();
    }

    final String key(String client) {
        return Objects.requireNonNull(deployment.clients().get(client));
    }

    final HttpResponse<String> post(String path, String body, String client) {
        return api.post(path, body, "x-api-key", key(client));
    }

    /** The answer to a GET of a location that an answer names, which has the stage in it. */
    final HttpResponse<String> get(String location, String client) {
        return api.call("GET", location.substring("/prod".length()), "", "x-api-key", key(client));
    }

    final Deployment.Model model(String name) {
        return deployment.models().stream()
                .filter(each -> each.endpoint().endsWith("-" + name))
                .findFirst()
                .orElseThrow();
    }

    final WireFormat format(Deployment.Model model) {
        return deployment
                .containers()
                .container(model.endpoint(), model.configuration(), "AllTraffic")
                .format();
    }

    /** The model's answer, once it is up: a metered one may still be starting. */
    final HttpResponse<String> served(String path) throws InterruptedException {
        HttpResponse<String> answer = post(path, prompt(CAREFUL), "first");
        for (int i = 0; i < 100 && answer.statusCode() == 503; i++) {
            Thread.sleep(200);
            answer = post(path, prompt(CAREFUL), "first");
        }
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer;
    }
}
