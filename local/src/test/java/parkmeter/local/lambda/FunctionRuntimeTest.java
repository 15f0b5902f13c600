package parkmeter.local.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionRuntimeTest {
    private static SampleRuntime sample;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        sample = SampleRuntime.start(folder);
    }

    @AfterAll
    static void stop() {
        sample.close();
    }

    @Test
    void a_call_gets_what_the_handler_returns() {
        assertThat(sample.call("echo", "grüß 🅿")).isEqualTo("\"grüß 🅿\"");
    }

    @Test
    void one_process_answers_one_call_after_the_other() {
        assertThat(sample.call("pid", "")).isEqualTo(sample.call("pid", ""));
        assertThat(sample.onlyProcess().pid()).hasToString(sample.call("pid", ""));
    }

    @Test
    void an_exception_fails_the_call_with_its_text_and_the_process_goes_on() {
        String before = sample.call("pid", "");
        assertThat(sample.call("throw", "out of coins")).isEqualTo("HANDLER_ERROR: out of coins");
        assertThat(sample.call("pid", "")).isEqualTo(before);
    }

    @Test
    void what_was_thrown_is_known_by_its_class() throws Exception {
        assertThat(sample.begin("throw", "out of coins").join())
                .isEqualTo(new InvokeResult.Failed(
                        InvokeResult.Reason.HANDLER_ERROR, "java.lang.IllegalStateException", "out of coins"));
        assertThat(sample.begin("exit", "3").join())
                .isInstanceOfSatisfying(InvokeResult.Failed.class, failed -> assertThat(failed.type())
                        .isEqualTo("Runtime.ExitError"));
    }

    @Test
    void an_exit_in_a_call_fails_it_and_the_next_call_gets_a_new_process() {
        assertThat(sample.call("exit", "3"))
                .matches("RUNTIME_EXITED: RequestId: \\S+ Error: Runtime exited with error: exit status 3");
        assertThat(sample.call("echo", "again")).isEqualTo("\"again\"");
    }

    @Test
    void a_halt_with_success_is_still_a_crash() {
        assertThat(sample.call("halt", "0")).endsWith("Error: Runtime exited without providing a reason");
    }

    @Test
    void a_process_killed_while_idle_costs_no_call() {
        for (int i = 0; i < 3; i++) {
            String before = sample.call("pid", "");
            sample.onlyProcess().destroyForcibly();
            assertThat(sample.call("pid", "")).isNotEqualTo(before).matches("\\d+");
        }
    }

    @Test
    void a_process_killed_in_a_call_loses_that_call_only() throws InterruptedException {
        sample.call("echo", "up");
        CompletableFuture<InvokeResult> lost = sample.begin("sleep", "10000");
        CompletableFuture<InvokeResult> next = sample.begin("echo", "kept");
        Thread.sleep(200);
        sample.onlyProcess().destroyForcibly();
        assertThat(SampleRuntime.text(lost)).endsWith("Error: Runtime exited with error: signal: killed");
        assertThat(SampleRuntime.text(next)).isEqualTo("\"kept\"");
    }

    @Test
    void memory_that_runs_out_fails_the_call_only() {
        assertThat(sample.call("fill the heap", ""))
                .startsWith("HANDLER_ERROR: ")
                .contains("Java heap space");
        assertThat(sample.call("echo", "again")).isEqualTo("\"again\"");
    }

    @Test
    void the_heap_is_what_lambda_gives_of_the_declared_memory() {
        int of128 = 128 * 85 / 100;
        assertThat(Integer.parseInt(sample.call("heap", ""))).isBetween(of128 - 5, of128);
    }

    @Test
    void the_environment_is_lambdas_and_the_declared_one_and_nothing_else() throws IOException {
        InvokeResult.Answer answer =
                (InvokeResult.Answer) sample.begin("environment", "").join();
        Map<String, String> environment = new TreeMap<>();
        SampleRuntime.json(answer)
                .properties()
                .forEach(e -> environment.put(e.getKey(), e.getValue().asText()));
        assertThat(environment)
                .containsEntry("DECLARED", "yes")
                .containsEntry("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", "http://127.0.0.1:1")
                .containsEntry("AWS_LAMBDA_FUNCTION_NAME", "sample")
                .containsEntry("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
                .containsEntry("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
                .containsEntry("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/sample")
                .containsEntry("AWS_EXECUTION_ENV", "AWS_Lambda_java21")
                .containsEntry("AWS_REGION", "eu-west-2")
                .containsEntry("AWS_ACCESS_KEY_ID", "local")
                .containsEntry("_HANDLER", SampleRuntime.handler(SampleFunction.class))
                .containsEntry("TZ", ":UTC");
        assertThat(environment.keySet())
                .containsExactlyInAnyOrder(
                        "DECLARED",
                        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME",
                        "PATH",
                        "LANG",
                        "TZ",
                        "HOME",
                        "_HANDLER",
                        "LAMBDA_TASK_ROOT",
                        "AWS_REGION",
                        "AWS_DEFAULT_REGION",
                        "AWS_ACCESS_KEY_ID",
                        "AWS_SECRET_ACCESS_KEY",
                        "AWS_SESSION_TOKEN",
                        "AWS_EXECUTION_ENV",
                        "AWS_LAMBDA_RUNTIME_API",
                        "AWS_LAMBDA_INITIALIZATION_TYPE",
                        "AWS_LAMBDA_FUNCTION_NAME",
                        "AWS_LAMBDA_FUNCTION_VERSION",
                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                        "AWS_LAMBDA_LOG_GROUP_NAME",
                        "AWS_LAMBDA_LOG_STREAM_NAME");
        assertThat(environment.get("HOME")).isNotEqualTo(System.getenv("HOME"));
    }

    @Test
    void the_function_sees_none_of_our_libraries() {
        assertThat(sample.call("libraries", "")).isEqualTo("false");
    }

    @Test
    void what_the_function_prints_is_in_the_log() throws IOException {
        sample.call("print", "a line of the function");
        assertThat(sample.log()).content().contains("a line of the function");
    }

    @Test
    void an_answer_of_six_megabytes_is_whole_and_a_longer_one_fails_the_call() {
        int most = 6 * 1024 * 1024;
        assertThat(sample.call("long answer", Integer.toString(most))).hasSize(most + 2);
        assertThat(sample.call("long answer", Integer.toString(most + 100)))
                .isEqualTo("RESPONSE_TOO_LARGE: Response payload size exceeded maximum allowed payload size"
                        + " (6291556 bytes).");
        assertThat(sample.call("echo", "again")).isEqualTo("\"again\"");
    }

    @Test
    void an_event_over_six_megabytes_is_refused() {
        assertThat(sample.call("echo", "x".repeat(6 * 1024 * 1024))).startsWith("REQUEST_TOO_LARGE: ");
        int most = 5 * 1024 * 1024;
        assertThat(sample.call("echo", "x".repeat(most))).hasSize(most + 2);
    }

    @Test
    void an_unknown_function_is_not_found() {
        assertThat(SampleRuntime.text(sample.runtime().invoke(SampleRuntime.ARN + "-other", "{}".getBytes(UTF_8))))
                .startsWith("NO_SUCH_FUNCTION: ");
    }

    @Test
    void a_hung_call_is_ended_at_its_timeout_and_the_next_gets_a_new_process(@TempDir Path own) throws IOException {
        try (SampleRuntime hung = SampleRuntime.start(own, 1, SampleRuntime.withTimeout(Duration.ofMillis(300)))) {
            hung.call("echo", "up");
            ProcessHandle old = hung.onlyProcess();
            assertThat(hung.call("sleep", "60000")).matches("TIMED_OUT: .* Task timed out after 0.30 seconds");
            assertThat(hung.call("echo", "again")).isEqualTo("\"again\"");
            assertThat(old.isAlive()).isFalse();
        }
    }

    @Test
    void further_calls_wait_when_all_processes_are_busy(@TempDir Path own) throws IOException {
        try (SampleRuntime two = SampleRuntime.start(own, 2, spec -> spec)) {
            List<CompletableFuture<InvokeResult>> calls = IntStream.range(0, 6)
                    .mapToObj(i -> two.begin("sleep", "100"))
                    .toList();
            assertThat(calls).allSatisfy(c -> assertThat(SampleRuntime.text(c)).isEqualTo("\"100\""));
            assertThat(two.runtime().processes()).hasSize(2);
        }
    }

    @Test
    void a_call_over_the_reserved_concurrency_is_throttled(@TempDir Path own) throws IOException {
        try (SampleRuntime one = SampleRuntime.start(own, 2, SampleRuntime.withReserved(1))) {
            CompletableFuture<InvokeResult> first = one.begin("sleep", "100");
            assertThat(one.call("echo", "second")).isEqualTo("throttled");
            assertThat(SampleRuntime.text(first)).isEqualTo("\"100\"");
            assertThat(one.call("echo", "third")).isEqualTo("\"third\"");
        }
    }

    @Test
    void reserved_concurrency_zero_throttles_every_call_and_starts_nothing(@TempDir Path own) throws IOException {
        try (SampleRuntime none = SampleRuntime.start(own, 2, SampleRuntime.withReserved(0))) {
            assertThat(none.call("echo", "")).isEqualTo("throttled");
            assertThat(none.runtime().processes()).isEmpty();
        }
    }

    @Test
    void a_warm_function_has_a_process_before_its_first_call(@TempDir Path own) throws IOException {
        try (SampleRuntime warm = SampleRuntime.start(own)) {
            warm.runtime().warm(SampleRuntime.ARN).join();
            assertThat(warm.call("pid", ""))
                    .isEqualTo(Long.toString(warm.onlyProcess().pid()));
        }
    }

    @Test
    void a_constructor_that_throws_is_told_and_tried_twice_not_for_ever(@TempDir Path own) throws IOException {
        Path tries = own.resolve("tries");
        try (SampleRuntime bad = SampleRuntime.start(
                own,
                2,
                SampleRuntime.withHandler(
                        SampleRuntime.handler(SampleFunction.Throwing.class), Map.of("TRIES", tries.toString())))) {
            assertThatThrownBy(() -> bad.runtime().warm(SampleRuntime.ARN).join())
                    .hasMessageContaining("function sample doesn't come up")
                    .hasMessageContaining("no settings");
            for (int i = 0; i < 20; i++) {
                assertThat(bad.call("echo", "")).startsWith("INIT_FAILED: ").contains("no settings");
            }
            assertThat(Files.readAllLines(tries)).hasSize(2);
            assertThat(bad.runtime().processes()).isEmpty();
        }
    }

    @Test
    void an_exit_before_the_process_is_up_is_an_init_failure(@TempDir Path own) throws IOException {
        String handler = SampleRuntime.handler(SampleFunction.Exiting.class);
        try (SampleRuntime bad = SampleRuntime.start(own, 1, SampleRuntime.withHandler(handler, Map.of()))) {
            assertThat(bad.call("echo", "")).isEqualTo("INIT_FAILED: Error: Runtime exited with error: exit status 7");
        }
    }

    @Test
    void a_handler_class_that_is_not_in_the_zip_is_an_init_failure(@TempDir Path own) throws IOException {
        try (SampleRuntime bad = SampleRuntime.start(own, 1, SampleRuntime.withHandler("no.Such::handle", Map.of()))) {
            assertThat(bad.call("echo", "")).isEqualTo("INIT_FAILED: Class not found: no.Such");
        }
    }

    @Test
    void each_function_runs_its_own_zip_with_its_own_timeout_and_concurrency(@TempDir Path own) throws Exception {
        Path other = Files.copy(SampleFunction.zip(own), own.resolve("other.zip"));
        FunctionSpec first = named("first", own.resolve("function.zip"), Duration.ofSeconds(20), 1);
        FunctionSpec same = named("same", own.resolve("function.zip"), Duration.ofSeconds(1), 5);
        FunctionSpec second = named("second", other, Duration.ofSeconds(20), 5);
        Host host = new Host(Path.of("target/ric"), Map.of(), 2, own.resolve("functions.log"));
        try (FunctionRuntime runtime = FunctionRuntime.start(List.of(first, same, second), host)) {
            String code = folder(runtime, first);
            assertThat(folder(runtime, same)).isEqualTo(code);
            try (Stream<Path> files = Files.walk(Path.of(code))) {
                assertThat(files.filter(Files::isRegularFile))
                        .as("its classes stay packed")
                        .noneMatch(file -> file.toString().endsWith(".class"));
            }
            assertThat(folder(runtime, second)).isNotEqualTo(code);

            CompletableFuture<InvokeResult> slow = invoke(runtime, first, "sleep", "2000");
            assertThat(SampleRuntime.text(invoke(runtime, first, "echo", ""))).isEqualTo("throttled");
            assertThat(SampleRuntime.text(invoke(runtime, same, "sleep", "2000")))
                    .startsWith("TIMED_OUT");
            assertThat(SampleRuntime.text(invoke(runtime, second, "echo", "a"))).isEqualTo("\"a\"");
            assertThat(SampleRuntime.text(slow)).isEqualTo("\"2000\"");
        }
    }

    private static FunctionSpec named(String name, Path zip, Duration timeout, int concurrency) {
        return new FunctionSpec(
                name,
                SampleRuntime.ARN + name,
                SampleRuntime.handler(SampleFunction.class),
                "java21",
                zip,
                128,
                timeout,
                Map.of(),
                OptionalInt.of(concurrency));
    }

    private static String folder(FunctionRuntime runtime, FunctionSpec function) {
        if (invoke(runtime, function, "environment", "").join() instanceof InvokeResult.Answer answer) {
            return SampleRuntime.json(answer).path("LAMBDA_TASK_ROOT").asText();
        }
        throw new AssertionError(function.name() + " gave no answer");
    }

    private static CompletableFuture<InvokeResult> invoke(
            FunctionRuntime runtime, FunctionSpec function, String action, String value) {
        String event = "{\"do\": \"%s\", \"value\": \"%s\"}".formatted(action, value);
        return runtime.invoke(function.arn(), event.getBytes(UTF_8));
    }

    @Test
    void closing_ends_every_process_and_fails_what_is_under_way(@TempDir Path own) throws IOException {
        SampleRuntime closing = SampleRuntime.start(own);
        closing.call("echo", "up");
        CompletableFuture<InvokeResult> running = closing.begin("sleep", "60000");
        CompletableFuture<InvokeResult> waiting = closing.begin("echo", "");
        ProcessHandle process = closing.onlyProcess();
        closing.close();
        assertThat(process.isAlive()).isFalse();
        assertThat(SampleRuntime.text(running)).startsWith("CLOSED: ");
        assertThat(SampleRuntime.text(waiting)).startsWith("CLOSED: ");
        assertThat(closing.call("echo", "")).startsWith("CLOSED: ");
    }

    @Test
    void a_process_ends_when_the_one_that_started_it_is_killed_even_in_a_hung_call(@TempDir Path own) throws Exception {
        Process starter = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Starter.class.getName(),
                        own.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<ProcessHandle> functions = starter.inputReader()
                .readLine()
                .lines()
                .flatMap(line -> Arrays.stream(line.split(" ")))
                .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
                .toList();
        assertThat(functions).hasSize(2).allMatch(ProcessHandle::isAlive);
        starter.destroyForcibly().waitFor();
        assertThat(functions).allSatisfy(f -> assertThat(f.onExit()).succeedsWithin(Duration.ofSeconds(3)));
    }

    /** Runs two processes, one of them hung in a call and one idle, and says their ids. */
    static final class Starter {
        public static void main(String[] arguments) throws Exception {
            SampleRuntime two = SampleRuntime.start(Path.of(arguments[0]), 2, spec -> spec);
            CompletableFuture<InvokeResult> hung = two.begin("sleep", "60000");
            two.call("echo", "up");
            System.out.println(two.runtime().processes().stream()
                    .map(p -> Long.toString(p.pid()))
                    .reduce((a, b) -> a + " " + b)
                    .orElseThrow());
            hung.join();
        }
    }
}
