package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import parkmeter.local.engine.ProgramFailed;
import parkmeter.local.engine.Stack;
import parkmeter.local.http.Loopback;
import parkmeter.local.llm.TinyModel;

/** The examples: each one's stack on this machine, and its own script against it. */
class ExamplesTest {

    private static final Path EXAMPLES = TestStacks.PROJECT.resolve("examples");

    /** What an hour of a meter takes a minute in. */
    private static final int SPEED = 60;

    static List<String> examples() throws IOException {
        try (Stream<Path> folders = Files.list(EXAMPLES)) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void an_examples_script_gets_what_it_expects(String example, @TempDir Path folder) throws Exception {
        Path weights = folder.resolve("tiny.gguf");
        TinyModel.write(weights);
        Deployment deployment = TestStacks.deployment(Stack.read(TestStacks.PROJECT, example));
        Order order = TestStacks.order(Optional.of(weights), Optional.empty(), 0, SPEED);
        try (LocalRun run = new LocalRun(order, line -> {}, line -> {})) {
            run.start(deployment, run.findModel());
            Ended script = call(example, given(run, folder));
            assertThat(script.code()).as(script.output()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void no_script_is_content_with_just_any_answer(String example) throws Exception {
        var server = Loopback.server(0, Duration.ofSeconds(30), config -> {})
                .before(http -> http.status(200).result("{}").skipRemainingHandlers())
                .start();
        try {
            Ended script =
                    call(example, Map.of("URL", "http://127.0.0.1:" + server.port() + "/prod/route", "KEY", "key"));
            assertThat(script.code()).as(script.output()).isEqualTo(1);
            assertThat(script.output()).containsPattern("Expected|The answer has no");
        } finally {
            server.stop();
        }
    }

    @Test
    void what_a_serverless_endpoint_can_not_do_is_refused_with_its_reason() throws Exception {
        Stack stack = Stack.read(TestStacks.PROJECT, "seed-003-serverless");
        assertThatThrownBy(() -> TestStacks.deployment(stack))
                .isInstanceOf(ProgramFailed.class)
                .hasMessageContaining("a serverless endpoint has no GPU");
    }

    private record Ended(int code, String output) {}

    /** What a person takes from the run's file, and where users sign in what one of them gets. */
    private static Map<String, String> given(LocalRun run, Path folder) throws IOException {
        Api api = new Api(run);
        JsonNode facts = api.facts(folder);
        Map<String, String> given = new HashMap<>();
        given.put("URL", facts.path("invokeUrl").asText());
        given.put("KEY", facts.path("clients").path("first").asText());
        facts.path("users")
                .properties()
                .forEach(user -> given.put(
                        "USER_TOKEN",
                        api.signIn(
                                facts.path("userPoolClientId").asText(),
                                user.getKey(),
                                user.getValue().asText())));
        return given;
    }

    private static Ended call(String example, Map<String, String> given) throws Exception {
        ProcessBuilder script =
                new ProcessBuilder(EXAMPLES.resolve(example).resolve("call.sh").toString()).redirectErrorStream(true);
        script.environment().putAll(given);
        Process running = script.start();
        String output = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(running.waitFor(), output);
    }
}
