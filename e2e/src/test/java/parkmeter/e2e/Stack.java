package parkmeter.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A stack of one story, with a project folder, a backend and a passphrase of its own. Each command's output and events are kept in
 * {@code e2e/target/stories/<stack>/console}.
 */
final class Stack implements AutoCloseable {

    private static final long MINUTES = 10;
    private static final Pattern REGION = Pattern.compile("aws:region: *([a-z0-9-]+)");

    /**
     * What the provider needs where an emulator answers for AWS: two tries, or an unknown call takes minutes, and buckets in paths, since
     * no host has their names.
     */
    private static final String EMULATED =
            """
              aws:maxRetries: "2"
              aws:s3UsePathStyle: "true"
            """;

    private final String name;
    private final Path folder;
    private final Map<String, String> environment;
    private final Wire wire;
    private final AccountFactory accounts;
    private int commands;
    private boolean standing;
    private @Nullable Lookups lookups;

    /** Connects to a region of the account. */
    interface AccountFactory {
        Account in(String region);
    }

    /**
     * Makes the stack; it has no resources yet.
     *
     * @param name its name
     * @param folder the story's own folder, with the project in {@code project}
     * @param environment for the commands, without the backend and the passphrase
     * @param wire the line on which the commands reach AWS
     * @param accounts connects to the region that the stack's file names
     * @param config the stack's file, which ends with a key of {@code config:}
     */
    Stack(String name, Path folder, Map<String, String> environment, Wire wire, AccountFactory accounts, String config)
            throws IOException {
        this.name = name;
        this.folder = folder;
        this.wire = wire;
        this.accounts = accounts;
        this.environment = new TreeMap<>(environment);
        this.environment.put("PULUMI_BACKEND_URL", "file://" + Files.createDirectories(folder.resolve("state")));
        this.environment.put("PULUMI_CONFIG_PASSPHRASE", "of " + name);
        Files.createDirectories(folder.resolve("console"));
        configure(config);
        run("stack", "init", name).succeeded();
    }

    String name() {
        return name;
    }

    /** The story's folder: {@code project}, {@code state}, {@code console}. */
    Path folder() {
        return folder;
    }

    /** The project's folder, where Pulumi runs. */
    Path project() {
        return folder.resolve("project");
    }

    /** The stack's file in the project's folder. */
    Path file() {
        return project().resolve("Pulumi." + name + ".yaml");
    }

    /** The line between the stack's commands and AWS. */
    Wire wire() {
        return wire;
    }

    /** Writes the stack's file; what an emulator needs is added. */
    void configure(String config) throws IOException {
        String salt = "";
        if (Files.exists(file())) {
            salt = Files.readAllLines(file()).stream()
                    .filter(line -> line.startsWith("encryptionsalt:"))
                    .map(line -> line + "\n")
                    .findFirst()
                    .orElse("");
        }
        Files.writeString(file(), salt + emulated(config));
    }

    /** A stack's file with what an emulator needs behind it. */
    static String emulated(String config) {
        return config.stripTrailing() + "\n" + EMULATED;
    }

    /** {@code pulumi config set --secret}; the value goes in by stdin, as no command line should hold it. */
    void secret(String key, String value) throws IOException {
        Running set = begin("config", "set", "--secret", key);
        try (OutputStream input = set.process().getOutputStream()) {
            input.write(value.getBytes(StandardCharsets.UTF_8));
        }
        set.end().succeeded();
    }

    /** Changes the stack's file in one place, which must be there. */
    void change(String from, String to) throws IOException {
        String config = Files.readString(file());
        if (!config.contains(from)) {
            throw new IllegalArgumentException(file() + " has no " + from);
        }
        Files.writeString(file(), config.replace(from, to));
    }

    /** {@code pulumi preview}, successful. */
    Run preview(String... flags) {
        return run("preview", flags).succeeded();
    }

    /** {@code pulumi up}, successful. */
    Run up(String... flags) {
        return tryUp(flags).succeeded();
    }

    /** {@code pulumi up}, which may fail. */
    Run tryUp(String... flags) {
        return run("up", confirmed(flags));
    }

    /** {@code pulumi refresh}, successful. */
    Run refresh(String... flags) {
        return run("refresh", confirmed(flags)).succeeded();
    }

    /** {@code pulumi destroy}, successful. */
    Run destroy(String... flags) {
        Run run = run("destroy", confirmed(flags)).succeeded();
        standing = false;
        return run;
    }

    /** The stack's outputs, secrets in clear. */
    JsonNode outputs() {
        // Into the story's folder a secret must not go.
        return unrecorded("stack", "output", "--json", "--show-secrets");
    }

    /** The stack's state as {@code pulumi stack export} gives it, secrets encrypted. */
    JsonNode state() {
        return unrecorded("stack", "export");
    }

    /**
     * The operations that Pulumi has begun and not ended, as it has noted them: {@code creating small-endpoint}. Unlike {@link
     * #state()} this can be asked while a command is under way.
     */
    List<String> pending() {
        Path checkpoint = folder.resolve("state/.pulumi/stacks/parkmeter/" + name + ".json");
        try {
            return new ObjectMapper()
                    .readTree(checkpoint.toFile())
                    .at("/checkpoint/latest/pending_operations")
                    .valueStream()
                    .map(operation -> operation.path("type").asText() + " "
                            + operation.at("/resource/urn").asText().replaceFirst(".*::", ""))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The account, in the stack's region. */
    Account account() {
        return accounts.in(region());
    }

    private String region() {
        try {
            Matcher region = REGION.matcher(Files.readString(file()));
            if (!region.find()) {
                throw new IllegalStateException(file() + " names no region");
            }
            return region.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs {@code pulumi <command> <flags>} for this stack to its end, however it ends. Where the AWS plugin can't look something up it
     * runs again, and from then on AWS is asked in the plugin's place.
     */
    Run run(String command, String... flags) {
        Run run = begin(command, flags).end();
        if (lookups != null || !Lookups.missing(run)) {
            return run;
        }
        Path engine = folder.resolve("engine");
        try {
            lookups = new Lookups(Account.in(wire.address(), region()), engine);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        environment.put("ENGINE_LINE", lookups.address());
        environment.put("ENGINE_FILE", engine.toString());
        return begin(command, flags).end();
    }

    /** Starts {@code pulumi <command> <flags>} for this stack. */
    Running begin(String command, String... flags) {
        List<String> line = new ArrayList<>(List.of("pulumi", command));
        line.addAll(List.of(flags));
        boolean engine = List.of("preview", "up", "refresh", "destroy").contains(command);
        Path console = folder.resolve("console");
        String number = "%02d-%s".formatted(++commands, command);
        Path events = console.resolve(number + ".events");
        if (engine) {
            line.addAll(List.of("--event-log", events.toString()));
            standing = true;
        }
        if (!command.equals("stack")) {
            line.addAll(List.of("--stack", name));
        }
        line.addAll(List.of("--non-interactive", "--color", "never"));
        Path out = console.resolve(number + ".out");
        Path err = console.resolve(number + ".err");
        ProcessBuilder builder = builder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
        try {
            return new Running(builder.start(), new Run(String.join(" ", line), -1, out, err, events));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Destroys what a failed story left standing. */
    @Override
    public void close() {
        if (standing) {
            run("cancel", "--yes");
            run("destroy", confirmed("--refresh"));
        }
        if (lookups != null) {
            lookups.close();
        }
        wire.close();
    }

    private ProcessBuilder builder(List<String> line) {
        ProcessBuilder builder = new ProcessBuilder(line).directory(project().toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }

    private JsonNode unrecorded(String... command) {
        List<String> line = new ArrayList<>(List.of("pulumi"));
        line.addAll(List.of(command));
        line.addAll(List.of("--stack", name));
        try {
            Process process =
                    builder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            byte[] answer = process.getInputStream().readAllBytes();
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", line) + " failed");
            }
            return new ObjectMapper().readTree(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String[] confirmed(String... flags) {
        List<String> all = new ArrayList<>(List.of("--yes", "--skip-preview"));
        all.addAll(List.of(flags));
        return all.toArray(String[]::new);
    }

    /**
     * A command under way.
     *
     * @param process the CLI's own process
     * @param begun the run as far as it is known; the exit code is not
     */
    record Running(Process process, Run begun) {

        /**
         * Kills the CLI alone, with SIGKILL.
         *
         * @return what it had started, orphans now: the language host, the program, the provider
         */
        List<ProcessHandle> kill() throws InterruptedException {
            List<ProcessHandle> orphans = process.descendants().toList();
            process.destroyForcibly().waitFor();
            return orphans;
        }

        /** Waits for its end; a command that hangs is killed, with all that it started. */
        Run end() {
            try {
                if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly().waitFor();
                    throw new AssertionError(
                            begun.line() + " took more than " + MINUTES + " minutes:\n" + begun.console());
                }
                return new Run(begun.line(), process.exitValue(), begun.out(), begun.err(), begun.events());
            } catch (InterruptedException e) {
                process.destroyForcibly();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
