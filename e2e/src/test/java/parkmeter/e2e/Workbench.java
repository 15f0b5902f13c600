package parkmeter.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What every story starts from: the program as the repository's build left it, the Pulumi CLI, and an AWS endpoint on this machine.
 *
 * @param root the repository's folder
 * @param endpoint where the AWS calls go
 * @param environment for Pulumi's commands
 * @param calls what Pulumi's commands ask of AWS, on the way to the endpoint
 * @param onceAsked the folder of a {@code java} that asks the program but once which plugins it needs
 */
record Workbench(Path root, URI endpoint, Map<String, String> environment, AwsCalls calls, Path onceAsked)
        implements AutoCloseable {

    /** As .mvn/jvm.config has it: less to compile for seconds of work, and more threads than two cores give on JDK 25. */
    private static final String QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
            + " -Djava.util.concurrent.ForkJoinPool.common.parallelism=4"
            + " -XX:+IgnoreUnrecognizedVMOptions --sun-misc-unsafe-memory-access=allow";

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
        return new Workbench(Path.of("..").toAbsolutePath().normalize(), endpoint, environment, calls, withJava());
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
        for (String part : List.of("Pulumi.yaml", "pom.xml", ".mvn", "gates", "src", "lambda-handler")) {
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
                runtime: {name: java, options: {binary: program.jar}}
                """);
        program(project.resolve("program.jar"));
        Files.createDirectories(project.resolve("lambda-handler/target"));
        for (String code : List.of("lambda-handler/target/function.zip", "lambda-handler/target/meter.zip")) {
            Files.copy(root.resolve(code), project.resolve(code));
        }
        var quick = new TreeMap<>(environment);
        quick.put("JDK_JAVA_OPTIONS", QUICK);
        quick.put("PATH", onceAsked + File.pathSeparator + quick.get("PATH"));
        return stack(name, folder, quick, config);
    }

    /** Pulumi asks before each command which plugins the program needs: a JVM that reads every jar, for always the same answer. */
    private static Path withJava() {
        try {
            Path folder = empty("once-asked");
            Path java = folder.resolve("java");
            Files.writeString(
                    java,
                    """
                    #!/bin/sh
                    java='%s'
                    case "$*" in
                    *' com.pulumi.bootstrap.internal.Main packages')
                        [ -s "$0.packages" ] || { "$java" "$@" >"$0.$$" && mv "$0.$$" "$0.packages"; } || exit
                        exec cat "$0.packages"
                        ;;
                    esac
                    exec "$java" "$@"
                    """
                            .formatted(Path.of(System.getProperty("java.home"), "bin", "java")));
            Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        Files.createSymbolicLink(folder.resolve("target"), root.resolve("target"));
        Files.createSymbolicLink(folder.resolve("lambda-handler"), root.resolve("lambda-handler"));
        Files.writeString(folder.resolve("Pulumi." + name + ".yaml"), Stack.emulated(config));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        root.resolve("local/target/local.jar").toString(),
                        "plan")
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(Map.of("STACK", name, "PLAN", "json"));
        Process planning = builder.start();
        JsonNode plan = new ObjectMapper().readTree(planning.getInputStream());
        if (planning.onExit().join().exitValue() != 0) {
            throw new AssertionError("no plan of stack " + name + ": stderr says why");
        }
        return plan;
    }

    /** The model server behind the emulator's SageMaker; where nobody said where it is the test is skipped, and says so. */
    Model model() {
        return Model.serving(root, environment);
    }

    /** What steers the emulator; where it has no such thing the test is skipped, and says so. */
    Emulator emulator() {
        return Emulator.steered(endpoint);
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

    /** A jar of nothing but a class path. */
    private void program(Path jar) throws IOException {
        Path target = root.resolve("target");
        String libraries = Files.readString(target.resolve("classpath.txt")).strip();
        String classPath = Stream.concat(
                        Stream.of(target.resolve("classes")),
                        Stream.of(libraries.split(File.pathSeparator)).map(Path::of))
                .map(path -> path.toUri().toString())
                .collect(Collectors.joining(" "));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "parkmeter.App");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        try (OutputStream file = Files.newOutputStream(jar)) {
            new JarOutputStream(file, manifest).close();
        }
    }
}
