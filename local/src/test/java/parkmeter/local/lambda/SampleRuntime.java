package parkmeter.local.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import parkmeter.local.lambda.InvokeResult.Answer;
import parkmeter.local.lambda.InvokeResult.Failed;

/** A running {@link SampleFunction}, with the settings that a test is about. */
final class SampleRuntime implements AutoCloseable {
    static final String ARN = "arn:aws:lambda:eu-west-2:123456789012:function:sample";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final FunctionRuntime runtime;

    private SampleRuntime(Path folder, FunctionSpec spec, int processes) throws IOException {
        this.folder = folder;
        Host host = new Host(
                Path.of("target/ric"),
                Map.of("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", "http://127.0.0.1:1"),
                processes,
                log());
        runtime = FunctionRuntime.start(List.of(spec), host);
    }

    static SampleRuntime start(Path folder) throws IOException {
        return start(folder, 1, spec -> spec);
    }

    static SampleRuntime start(Path folder, int processes, UnaryOperator<FunctionSpec> change) throws IOException {
        FunctionSpec usual = new FunctionSpec(
                "sample",
                ARN,
                handler(SampleFunction.class),
                "java21",
                SampleFunction.zip(folder),
                128,
                Duration.ofSeconds(20),
                Map.of("DECLARED", "yes"),
                OptionalInt.empty());
        return new SampleRuntime(folder, change.apply(usual), processes);
    }

    static String handler(Class<?> type) {
        return type.getName() + "::handle";
    }

    static UnaryOperator<FunctionSpec> withTimeout(Duration timeout) {
        return s -> new FunctionSpec(
                s.name(),
                s.arn(),
                s.handler(),
                s.runtime(),
                s.zip(),
                s.memoryMegabytes(),
                timeout,
                s.environment(),
                s.reservedConcurrency());
    }

    static UnaryOperator<FunctionSpec> withReserved(int concurrency) {
        return s -> new FunctionSpec(
                s.name(),
                s.arn(),
                s.handler(),
                s.runtime(),
                s.zip(),
                s.memoryMegabytes(),
                s.timeout(),
                s.environment(),
                OptionalInt.of(concurrency));
    }

    static UnaryOperator<FunctionSpec> withHandler(String handler, Map<String, String> environment) {
        return s -> new FunctionSpec(
                s.name(),
                s.arn(),
                handler,
                s.runtime(),
                s.zip(),
                s.memoryMegabytes(),
                s.timeout(),
                environment,
                s.reservedConcurrency());
    }

    FunctionRuntime runtime() {
        return runtime;
    }

    Path log() {
        return folder.resolve("function.log");
    }

    CompletableFuture<InvokeResult> begin(String action, String value) {
        try {
            return runtime.invoke(ARN, JSON.writeValueAsBytes(Map.of("do", action, "value", value)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What became of a call, failures as {@code REASON: message}, answers as the JSON they are. */
    String call(String action, String value) {
        return text(begin(action, value));
    }

    static String text(CompletableFuture<InvokeResult> result) {
        InvokeResult end = result.orTimeout(30, TimeUnit.SECONDS).join();
        if (end instanceof Answer answer) {
            return json(answer).toString();
        }
        return end instanceof Failed failed ? failed.reason() + ": " + failed.message() : "throttled";
    }

    static JsonNode json(Answer answer) {
        try {
            return JSON.readTree(answer.payload());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    ProcessHandle onlyProcess() {
        List<ProcessHandle> all = runtime.processes();
        if (all.size() != 1) {
            throw new AssertionError("processes: " + all);
        }
        return all.get(0);
    }

    @Override
    public void close() {
        runtime.close();
    }
}
