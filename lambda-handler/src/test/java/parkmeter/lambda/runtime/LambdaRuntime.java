package parkmeter.lambda.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Functions in processes of their own, from their zips, as Lambda's java21 runtime starts them. */
public final class LambdaRuntime {
    private LambdaRuntime() {}

    /**
     * How a function of 512 MB is started.
     *
     * @param function its zip, unpacked
     * @param ownFolder a folder that no other process uses
     */
    public static List<String> command(Path function, String ownFolder, String handler) {
        // The runtime client is on this program's own class path; the function's libraries come from the zip.
        String client = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(jar -> jar.matches(".*/(aws-lambda-java-[^/]*|test-classes)"))
                .collect(Collectors.joining(File.pathSeparator));
        return List.of(
                System.getenv().getOrDefault("JAVA", System.getProperty("java.home") + "/bin/java"),
                "-Xmx435m",
                // The runtime client unpacks its native library to a fixed name, also under one that is in use.
                "-Djava.io.tmpdir=" + ownFolder,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                client + File.pathSeparator + function,
                "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                handler);
    }

    /** The environment that Lambda gives a function. */
    public static Map<String, String> environment(RuntimeApi api) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "LANG", "C.UTF-8",
                "AWS_LAMBDA_RUNTIME_API", api.address(),
                "AWS_REGION", "eu-west-2",
                "AWS_DEFAULT_REGION", "eu-west-2",
                "AWS_ACCESS_KEY_ID", "bench",
                "AWS_SECRET_ACCESS_KEY", "bench"));
        environment.putAll(Map.of(
                "AWS_EXECUTION_ENV", "AWS_Lambda_java21",
                "AWS_LAMBDA_FUNCTION_NAME", "bench",
                "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512",
                "AWS_LAMBDA_LOG_GROUP_NAME", "bench",
                "AWS_LAMBDA_LOG_STREAM_NAME", "bench"));
        return environment;
    }

    /**
     * What a function in a process of its own answers to one event.
     *
     * @param function its zip, unpacked
     * @param variables its environment beside Lambda's own
     */
    public static String answer(Path function, String handler, Map<String, String> variables, String event)
            throws IOException, InterruptedException {
        try (RuntimeApi api = new RuntimeApi()) {
            Path own = Files.createTempDirectory(Objects.requireNonNull(function.getParent()), "own");
            ProcessBuilder builder = new ProcessBuilder(command(function, own.toString(), handler))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().putAll(environment(api));
            builder.environment().putAll(variables);
            Process process = builder.start();
            try {
                api.offer(event);
                return api.answer().body();
            } finally {
                process.destroyForcibly().onExit().join();
            }
        }
    }

    /** Unpacks a zip into a folder that there is not yet. */
    public static void unpack(Path from, Path folder) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(from), UTF_8)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(Objects.requireNonNull(file.getParent()));
                    Files.copy(zip, file);
                }
            }
        }
    }
}
