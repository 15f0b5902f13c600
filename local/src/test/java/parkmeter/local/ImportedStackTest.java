package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.local.engine.Plan;
import parkmeter.local.engine.Registration;
import parkmeter.local.engine.Stack;
import parkmeter.local.llm.TinyModel;
import parkmeter.local.migrate.Configurations;
import parkmeter.local.migrate.Importer;

/** What {@code make import} prints: read by the real program, and run on this machine. */
class ImportedStackTest {

    /** What an hour of a meter takes a minute in. */
    private static final int SPEED = 60;

    private static Stack stack(String name, Path folder) throws Exception {
        Importer.Imported imported = Importer.read(Configurations.text(name), Configurations.VERSIONS);
        Files.writeString(folder.resolve("Pulumi.demo.yaml"), imported.yaml());
        return Stack.read(TestStacks.PROJECT, folder, "demo");
    }

    @ParameterizedTest
    @CsvSource({
        "falcon-public, Falcon40BPublic-model",
        "flan-lambda, FlanT5-model",
        "flan-api, FlanT5-model",
        "flan-async, FlanT5Async-model",
        "everything, Bare-model",
    })
    void an_imported_stack_is_one_that_the_program_declares(String name, String model, @TempDir Path folder)
            throws Exception {
        Plan plan = TestStacks.plan(stack(name, folder));

        Set<String> declared = plan.resources().stream().map(Registration::name).collect(Collectors.toSet());
        assertThat(declared).contains(model);
    }

    @ParameterizedTest
    @CsvSource({"falcon-public", "flan-lambda", "flan-api", "flan-async"})
    void the_managers_own_examples_answer_once_there_is_time_on_their_meters(String name, @TempDir Path folder)
            throws Exception {
        Path weights = folder.resolve("tiny.gguf");
        TinyModel.write(weights);
        Deployment deployment = TestStacks.deployment(stack(name, folder));
        Order order = TestStacks.order(Optional.of(weights), Optional.empty(), 0, SPEED);
        try (LocalRun run = new LocalRun(order, line -> {}, line -> {})) {
            run.start(deployment, run.findModel());
            var api = new Api(run);
            if (name.equals("flan-lambda") || name.equals("flan-api")) {
                assertThat(run.caller().ask("Hello").statusCode()).isEqualTo(503);
                String key = api.facts(folder).path("clients").path("first").asText();
                answered(() -> api.post("/meters/parkmeter-demo-FlanT5/top-up", "{\"minutes\": 60}", "x-api-key", key));
            }
            assertThat(answered(() -> run.caller().ask("Hello"))).contains("generated_text");
        }
    }

    /** Asks again for as long as the answer says to come later: a start takes its time, and at this speed so may a top-up. */
    private static String answered(Callable<HttpResponse<String>> call) throws Exception {
        HttpResponse<String> answer = call.call();
        for (int tries = 0; answer.statusCode() == 503 && tries < 60; tries++) {
            Thread.sleep(500);
            answer = call.call();
        }
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
