package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.local.jumpstart.StubHub;
import parkmeter.local.llm.TinyModel;
import parkmeter.local.migrate.Configurations;
import parkmeter.local.migrate.Importer;

/** The command as a person runs it: a process with arguments, variables, output, an exit code, and signals. */
class MainTest {

    /** In seconds: a metered stack is deployed, its endpoint started and its first call answered, beside another such run. */
    private static final long PATIENCE = 180;

    private static final Path FACTS = TestStacks.PROJECT.resolve("target/local.json");

    private final Path folder;

    MainTest(@TempDir Path folder) throws Exception {
        this.folder = folder;
        TinyModel.write(folder.resolve("tiny.gguf"));
        Files.deleteIfExists(FACTS);
    }

    @Test
    void try_prints_the_answer_alone() throws Exception {
        Process process =
                start("try", Map.of("MODEL", folder.resolve("tiny.gguf").toString(), "PROMPT", "Hello"));
        assertThat(process.waitFor(PATIENCE, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(out()).isEqualTo(TinyModel.SENTENCE + "\n");
    }

    @Test
    void local_says_how_it_is_called_and_leaves_nothing_when_it_is_ended() throws Exception {
        Map<String, String> tiny = Map.of("MODEL", folder.resolve("tiny.gguf").toString());
        Process process = start("local", tiny);
        while (!Files.exists(FACTS)) {
            assertThat(process.isAlive())
                    .as(Files.readString(folder.resolve("err")))
                    .isTrue();
            Thread.sleep(50);
        }
        JsonNode facts = new ObjectMapper().readTree(FACTS.toFile());
        String key = facts.path("clients").path("first").asText();
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create(facts.path("invokeUrl").asText()))
                                .header("x-api-key", key)
                                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\": \"Hello\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);

        String outOfLocal = out();
        Process other = start("try", tiny);
        assertThat(other.waitFor(PATIENCE, TimeUnit.SECONDS)).isTrue();
        assertThat(FACTS).as("another run leaves this one's facts").exists();

        List<ProcessHandle> children = process.descendants().toList();
        assertThat(children).hasSizeGreaterThanOrEqualTo(2);
        process.destroy();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(children).allSatisfy(child -> assertThat(child.onExit().get(5, TimeUnit.SECONDS))
                .isNotNull());
        assertThat(FACTS).doesNotExist();
        assertThat(outOfLocal).contains("curl " + facts.path("invokeUrl").asText() + " -H 'x-api-key: " + key + "'");
    }

    @Test
    void a_run_that_is_ended_while_it_starts_leaves_no_process() throws Exception {
        Process process =
                start("local", Map.of("MODEL", folder.resolve("tiny.gguf").toString()));
        List<ProcessHandle> children = new ArrayList<>();
        while (children.isEmpty() && process.isAlive()) {
            process.descendants().forEach(children::add);
            Thread.sleep(10);
        }
        process.destroy();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(children).isNotEmpty().allSatisfy(child -> assertThat(
                        child.onExit().get(5, TimeUnit.SECONDS))
                .isNotNull());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | '' | '' | Say what to do: make local, try, plan, lock, import or prices.",
                "local | PORT | 99999 | PORT=99999: must be a number from 1 to 65535, or left out for any free port.",
                "local | PORT | http | PORT=http: must be a number from 1 to 65535, or left out for any free port.",
                "local | SPEED | 0 | SPEED=0: must be a whole number from 1 to 120.",
                "local | SPEED | 1.5 | SPEED=1.5: must be a whole number from 1 to 120.",
                "local | START_SECONDS | -1 | START_SECONDS=-1: must be a number of seconds from 0 to 3600.",
                "try | MODEL | /nowhere.gguf | MODEL=/nowhere.gguf: there is no file of that name; name a .gguf file, or leave MODEL out.",
                "try | MODEL_URL | banana | MODEL_URL=banana: must be a URL, like http://127.0.0.1:8080.",
                "local | FUNCTIONS | Mine | FUNCTIONS=Mine: must be <name>=<url> for each function, like Mine=http://127.0.0.1:9000/2015-03-31/functions/function/invocations.",
                "local | FUNCTIONS | a=http://127.0.0.1:1 b=banana | FUNCTIONS=a=http://127.0.0.1:1 b=banana: must be <name>=<url> for each function, like Mine=http://127.0.0.1:9000/2015-03-31/functions/function/invocations.",
                "import | '' | '' | Say which configuration: make import CONFIG=config/configs.json.",
                "import | CONFIG | /nowhere.json | CONFIG=/nowhere.json: there is no file of that name; name a config/configs.json.",
                "import | VERSIONS | flan | VERSIONS=flan: must be <id>=<version> for each model, like huggingface-text2text-flan-t5-xxl=2.2.16.",
                "plan | PLAN | yaml | PLAN=yaml: must be json, or left out for a plan to read.",
            })
    void an_order_that_does_not_fit_is_one_line_and_exit_code_1(String task, String variable, String value, String line)
            throws Exception {
        Process process = start(task, variable.isEmpty() ? Map.of() : Map.of(variable, value));
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("err"))).isEqualTo(line + "\n");
        assertThat(out()).isEmpty();
    }

    @Test
    void a_stack_that_does_not_exist_is_one_line_with_those_that_do() throws Exception {
        Process process = start("plan", Map.of("STACK", "nowhere"));
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("err")))
                .contains("There is no stack 'nowhere'")
                .contains("Stacks that do: dev, ")
                .contains("prod");
    }

    @Test
    void lock_asks_the_hub_by_the_environments_credentials_and_writes_the_lock() throws Exception {
        Files.writeString(folder.resolve("Pulumi.yaml"), "name: parkmeter\nruntime: java\n");
        Files.writeString(
                folder.resolve("Pulumi.falcon.yaml"),
                """
                config:
                  aws:region: us-east-1
                  parkmeter:models:
                    - name: falcon
                      source: {jumpStart: {id: huggingface-llm-falcon-40b-instruct-bf16, version: 2.3.22}}
                      hosting: {instanceType: ml.g5.12xlarge}
                """);
        try (StubHub hub = StubHub.withSamples()) {
            Process process = start(
                    "lock",
                    Map.of(
                            "STACK",
                            "falcon",
                            "AWS_ENDPOINT_URL",
                            hub.url().toString(),
                            "AWS_ACCESS_KEY_ID",
                            "a",
                            "AWS_SECRET_ACCESS_KEY",
                            "b"),
                    folder);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as(Files.readString(folder.resolve("err")))
                    .isZero();
        }
        assertThat(out())
                .endsWith("\nWritten to parkmeter.lock.json: commit it.\n")
                .hasLineCount(2);
        assertThat(Files.readString(folder.resolve("err"))).isEmpty();
        assertThat(new ObjectMapper()
                        .readTree(folder.resolve("parkmeter.lock.json").toFile())
                        .path("models"))
                .hasSize(1);
    }

    @Test
    void import_prints_the_stack_file_alone_and_says_beside_it_what_to_do_next() throws Exception {
        Path config = Files.writeString(folder.resolve("configs.json"), Configurations.text("flan-async"));
        Process process = start("import", Map.of("CONFIG", config.toString()));
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(out())
                .as("with the newest version that is locked here")
                .isEqualTo(Importer.read(Configurations.text("flan-async"), Configurations.VERSIONS)
                        .yaml());
        assertThat(Files.readString(folder.resolve("err")))
                .startsWith("FlanT5Async: it had no route there")
                .contains("make lock STACK=demo");
    }

    @Test
    void a_configuration_that_cannot_be_imported_prints_nothing() throws Exception {
        Path config = Files.writeString(folder.resolve("configs.json"), "{}");
        Process process = start("import", Map.of("CONFIG", config.toString()));
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(out()).isEmpty();
        assertThat(Files.readString(folder.resolve("err"))).startsWith("The configuration has 3 problems");
    }

    @Test
    void a_port_in_use_is_one_line() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = String.valueOf(taken.getLocalPort());
            Process process = start(
                    "local",
                    Map.of("PORT", port, "MODEL", folder.resolve("tiny.gguf").toString()));
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(Files.readString(folder.resolve("err")))
                    .startsWith("port " + port + " is in use")
                    .hasLineCount(1);
        }
    }

    private Process start(String task, Map<String, String> variables) throws Exception {
        return start(task, variables, TestStacks.PROJECT);
    }

    private Process start(String task, Map<String, String> variables, Path project) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--sun-misc-unsafe-memory-access=allow",
                // As the jar's manifest says.
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        if (!task.isEmpty()) {
            command.add(task);
        }
        var builder = new ProcessBuilder(command)
                .directory(project.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().putAll(variables);
        return builder.start();
    }

    private String out() throws Exception {
        return Files.readString(folder.resolve("out"));
    }
}
