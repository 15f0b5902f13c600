package parkmeter.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What every story starts from: the program as the repository's build left it, the Pulumi CLI, and an AWS endpoint on this machine.
 *
 * @param root the repository's folder
 * @param endpoint where the AWS calls go
 * @param environment for Pulumi's commands
 * @param calls what Pulumi's commands ask of AWS, on the way to the endpoint
 * @param program the compiled program, quick to start
 */
record Workbench(Path root, URI endpoint, Map<String, String> environment, AwsCalls calls, QuickProgram program)
        implements AutoCloseable {

    /** What a program reads beside its stack file. */
    private static final String LOCK = "parkmeter.lock.json";

    /**
     * Finds all of it.
     *
     * @param machine the environment; {@code AWS_ENDPOINT_URL} in it is a loopback address, else nothing is started
     */
    static Workbench of(Map<String, String> machine) {
        URI endpoint = URI.create(machine.getOrDefault("AWS_ENDPOINT_URL", ""));
        if (!List.of("127.0.0.1", "localhost", "[::1]").contains(String.valueOf(endpoint.getHost()))) {
            throw new IllegalStateException(
                    "AWS_ENDPOINT_URL has to be an emulator on this machine, such as http://127.0.0.1:5555 (it is '"
                            + endpoint + "'): these tests never touch an AWS account. See docs/testing.md.");
        }
        var environment = new TreeMap<>(machine);
        // Nothing of a person's account, of a backend of theirs, or of a story that runs beside.
        environment.keySet().removeIf(name -> name.startsWith("AWS_") || name.equals("PULUMI_ACCESS_TOKEN"));
        AwsCalls calls = AwsCalls.to(endpoint);
        environment.put("AWS_ENDPOINT_URL", calls.address().toString());
        environment.put("AWS_ACCESS_KEY_ID", "test");
        environment.put("AWS_SECRET_ACCESS_KEY", "test");
        environment.put("AWS_CONFIG_FILE", "/dev/null");
        environment.put("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        environment.put("PULUMI_SKIP_UPDATE_CHECK", "true");
        environment.put("PULUMI_DEBUG_COMMANDS", "true"); // --event-log
        Path root = Path.of("..").toAbsolutePath().normalize();
        try {
            return new Workbench(
                    root, endpoint, environment, calls, QuickProgram.in(empty("program"), root.resolve("target")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        calls.close();
    }

    /** A file of the repository. */
    String file(String path) throws IOException {
        return Files.readString(root.resolve(path));
    }

    /** A stack of a copy of the repository, which Pulumi builds and runs with Maven as it does for a person. */
    Stack cloned(String name, String config) throws IOException {
        Path folder = empty(name);
        copyProject(folder);
        return stack(name, folder, environment, config);
    }

    /** The folder of a copy of the repository, as far as Pulumi builds and runs it. */
    Path clone(String name) throws IOException {
        return copyProject(empty(name));
    }

    private Path copyProject(Path folder) throws IOException {
        Path project = Files.createDirectories(folder.resolve("project"));
        for (String part : List.of("Pulumi.yaml", LOCK, "pom.xml", ".mvn", "gates", "src", "lambda-handler")) {
            copy(root.resolve(part), project.resolve(part));
        }
        return project;
    }

    /** A stack of the compiled program, which Pulumi runs as a jar: that starts in half the time that Maven takes. */
    Stack stack(String name, String config) throws IOException {
        Path folder = empty(name);
        Path project = Files.createDirectories(folder.resolve("project"));
        Files.writeString(
                project.resolve("Pulumi.yaml"),
                """
                name: parkmeter
                runtime: {name: java, options: {binary: %s}}
                """
                        .formatted(program.jar()));
        Files.copy(root.resolve(LOCK), project.resolve(LOCK));
        Files.createDirectories(project.resolve("lambda-handler/target"));
        for (String part : List.of("function", "meter", "access", "jobs")) {
            String code = "lambda-handler/target/" + part + ".zip";
            Files.copy(root.resolve(code), project.resolve(code));
        }
        var quick = new TreeMap<>(environment);
        program.quicken(quick);
        return stack(name, folder, quick, config);
    }

    private Stack stack(String name, Path folder, Map<String, String> environment, String config) throws IOException {
        Wire wire = Wire.to(calls.address());
        var wired = new TreeMap<>(environment);
        wired.put("AWS_ENDPOINT_URL", wire.address().toString());
        return new Stack(name, folder, wired, wire, region -> Account.in(endpoint, region), config);
    }

    /**
     * What {@code make plan PLAN=json} prints for a stack.
     *
     * @param name the stack's name
     * @param config its file; for what is encrypted in it stands the plan's placeholder
     */
    JsonNode plan(String name, String config) throws IOException {
        Path folder = empty(name + "-plan");
        Files.copy(root.resolve("Pulumi.yaml"), folder.resolve("Pulumi.yaml"));
        Files.copy(root.resolve(LOCK), folder.resolve(LOCK));
        Files.createSymbolicLink(folder.resolve("target"), root.resolve("target"));
        Files.createSymbolicLink(folder.resolve("lambda-handler"), root.resolve("lambda-handler"));
        Files.writeString(folder.resolve("Pulumi." + name + ".yaml"), Stack.emulated(config));
        return new ObjectMapper().readTree(printed("plan", folder, Map.of("STACK", name, "PLAN", "json")));
    }

    /**
     * The stack file that {@code make import} prints.
     *
     * @param configurations configurations of SageMaker Endpoint Manager, files of the repository: the first with the others' models
     *     behind its own
     */
    String imported(List<String> configurations) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode all = (ObjectNode) mapper.readTree(file(configurations.get(0)));
        for (String other : configurations.subList(1, configurations.size())) {
            all.withArray("/jumpstart_models")
                    .addAll((ArrayNode) mapper.readTree(file(other)).path("jumpstart_models"));
        }
        Path config = Files.createTempFile("configs", ".json");
        try {
            Files.writeString(config, all.toString());
            return printed("import", root, Map.of("CONFIG", config.toString()));
        } finally {
            Files.delete(config);
        }
    }

    /** What one of the tools prints, successful. */
    private String printed(String task, Path folder, Map<String, String> asked) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        root.resolve("local/target/local.jar").toString(),
                        task)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(asked);
        Process running = builder.start();
        String text = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (running.onExit().join().exitValue() != 0) {
            throw new AssertionError(task + " of " + asked + " failed: stderr says why");
        }
        return text;
    }

    /** The model server behind the emulator's SageMaker; where nobody said where it is the test is skipped, and says so. */
    Model model() {
        return Model.serving(root, environment);
    }

    /** What steers the emulator; where it has no such thing the test is skipped, and says so. */
    Emulator emulator() {
        return Emulator.steered(endpoint);
    }

    /** Where the emulator serves what AWS serves at a URL of an API's. */
    URI served(URI aws) {
        String host = aws.getHost();
        String api = host.substring(0, host.indexOf('.')).replaceFirst("-vpce-.*", "");
        return endpoint.resolve("/_aws/execute-api/" + api + aws.getRawPath()
                + (aws.getRawQuery() == null ? "" : "?" + aws.getRawQuery()));
    }

    /** Copies a file or a folder, with the times: what is built stays newer than its sources. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static Path empty(String name) throws IOException {
        Path folder = Path.of("target/stories").toAbsolutePath().resolve(name);
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        return Files.createDirectories(folder);
    }
}
