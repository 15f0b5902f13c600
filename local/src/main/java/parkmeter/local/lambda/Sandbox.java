package parkmeter.local.lambda;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** How a function's process is started: Lambda's folder, command, memory and environment, and nothing of this process's. */
final class Sandbox {
    private static final String JNI = "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

    private final FunctionSpec spec;
    private final Host host;
    private final Path code;
    private final Path home;
    private final List<String> command;

    /**
     * Makes the function's home.
     *
     * @param client the runtime client, ready to run
     * @param code the folder with the function's code; never written to
     * @param folder an empty folder of this function's own
     */
    Sandbox(FunctionSpec spec, Host host, RuntimeClient client, Path code, Path folder) throws IOException {
        this.spec = spec;
        this.host = host;
        this.code = code;
        this.home = Files.createDirectory(folder.resolve("home"));
        this.command = command(client);
    }

    /**
     * Starts a process; its standard input stays open for as long as this process lives.
     *
     * @param runtimeApi host, port and path of the Runtime API, as in AWS_LAMBDA_RUNTIME_API
     */
    Process start(String runtimeApi) throws IOException {
        Path temporary = Files.createDirectory(home.resolveSibling("tmp-" + UUID.randomUUID()));
        List<String> withFolder = new ArrayList<>(command);
        withFolder.add(1, "-Djava.io.tmpdir=" + temporary);
        ProcessBuilder builder = new ProcessBuilder(withFolder)
                .directory(code.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(host.log().toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment(runtimeApi));
        Process process = builder.start();
        var unused = process.onExit().thenRun(() -> Folders.delete(temporary));
        return process;
    }

    private List<String> command(RuntimeClient client) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // As Lambda's Java runtime starts it; the small heap to begin with is for one machine that runs it all.
                "-Xmx" + spec.memoryMegabytes() * 85 / 100 + "m",
                "-Xms8m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Duser.home=" + home,
                "--enable-native-access=ALL-UNNAMED",
                "-D" + JNI + "=" + client.library(),
                "-cp",
                client.classPath(),
                Launcher.class.getName(),
                spec.handler());
    }

    /** Lambda's own variables win over the host's, these over the declared ones, and nothing is inherited. */
    private Map<String, String> environment(String runtimeApi) {
        String region = spec.arn().split(":", -1)[3];
        Map<String, String> all = new HashMap<>();
        all.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        all.put("LANG", "en_US.UTF-8");
        all.put("TZ", ":UTC");
        all.putAll(spec.environment());
        all.putAll(host.variables());
        all.putAll(Map.of(
                "HOME",
                home.toString(),
                "AWS_REGION",
                region,
                "AWS_DEFAULT_REGION",
                region,
                "AWS_ACCESS_KEY_ID",
                "local",
                "AWS_SECRET_ACCESS_KEY",
                "local",
                "AWS_SESSION_TOKEN",
                "local"));
        all.putAll(Map.of(
                "_HANDLER",
                spec.handler(),
                "LAMBDA_TASK_ROOT",
                code.toString(),
                "AWS_EXECUTION_ENV",
                "AWS_Lambda_" + spec.runtime(),
                "AWS_LAMBDA_RUNTIME_API",
                runtimeApi,
                "AWS_LAMBDA_INITIALIZATION_TYPE",
                "on-demand",
                "AWS_LAMBDA_FUNCTION_NAME",
                spec.name(),
                "AWS_LAMBDA_FUNCTION_VERSION",
                "$LATEST",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                Integer.toString(spec.memoryMegabytes()),
                "AWS_LAMBDA_LOG_GROUP_NAME",
                "/aws/lambda/" + spec.name(),
                "AWS_LAMBDA_LOG_STREAM_NAME",
                "local"));
        return all;
    }
}
