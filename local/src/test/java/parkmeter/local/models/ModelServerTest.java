package parkmeter.local.models;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parkmeter.local.llm.Llm;
import parkmeter.local.llm.TinyModel;

/** The process: how it starts, what it refuses to start with, how it ends. */
class ModelServerTest {
    private Path folder;

    private Path weights;

    @BeforeEach
    void write(@TempDir Path fresh) throws Exception {
        folder = fresh;
        weights = folder.resolve("tiny.gguf");
        TinyModel.write(weights);
    }

    @Test
    void it_says_ready_with_its_port_answers_and_ends_at_once_when_told_to() throws Exception {
        Process process = start(weights, 0, Map.of());
        String line = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine();

        assertThat(line).matches("ready \\d+");
        HttpRequest ping = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + line.substring(6) + "/ping"))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(ping, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
        process.toHandle().destroy();
        assertThat(process.waitFor(2, TimeUnit.SECONDS)).isTrue();
        assertThat(errors(process)).isEmpty();
        try (var left = Files.list(folder)) {
            assertThat(left).as("the unpacked library is gone").containsExactly(weights);
        }
    }

    @Test
    void it_ends_when_the_process_that_started_it_is_gone() throws Exception {
        Process parent = new ProcessBuilder("sleep", "60").start();
        List<String> command = new ArrayList<>(command(weights, 0));
        command.add("--parent");
        command.add(String.valueOf(parent.pid()));
        Process process = start(command, Map.of());
        String line = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine();
        assertThat(line).startsWith("ready ");

        parent.destroyForcibly();

        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void broken_weights_are_one_line_and_a_code() throws Exception {
        byte[] whole = Files.readAllBytes(weights);
        Path cut = Files.write(folder.resolve("cut.gguf"), Arrays.copyOf(whole, whole.length - 1000));
        Path shorter = Files.write(folder.resolve("shorter.gguf"), Arrays.copyOf(whole, 3000));
        Path text = Files.writeString(folder.resolve("text.gguf"), "<html>this is no model, it is a login page</html>");
        byte[] strange = new String(whole, ISO_8859_1)
                .replace(
                        "general.architecture\b\0\0\0\u0005\0\0\0\0\0\0\0llama",
                        "general.architecture\b\0\0\0\u0005\0\0\0\0\0\0\0lIama")
                .getBytes(ISO_8859_1);
        Path unknown = Files.write(folder.resolve("unknown.gguf"), strange);

        refused(folder.resolve("missing.gguf"), "missing.gguf: there is no such file");
        refused(unknown, "unknown.gguf: llama.cpp can't load them");
        assertThatThrownBy(() -> Llm.load(folder, 10)).hasMessageContaining("this is no file");
        assertThatThrownBy(() -> Llm.load(text, 10)).hasMessageContaining("text.gguf: it is no GGUF file");
        assertThatThrownBy(() -> Llm.load(cut, 10))
                .hasMessageContaining("cut.gguf: it has " + (whole.length - 1000) + " bytes of the " + whole.length);
        assertThatThrownBy(() -> Llm.load(shorter, 10))
                .hasMessageContaining("shorter.gguf: it is cut off in its header");
    }

    @Test
    void what_tgis_launcher_refuses_is_one_line_and_a_code() throws Exception {
        Process process = start(weights, 0, Map.of("MAX_INPUT_TOKENS", "2048", "MAX_TOTAL_TOKENS", "2048"));

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(errors(process))
                .containsExactly(
                        "model server: `max_input_tokens` must be < `max_total_tokens`. Given: MAX_INPUT_TOKENS 2048 and MAX_TOTAL_TOKENS 2048");
    }

    @Test
    void a_port_in_use_is_one_line_and_a_code() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process process = start(weights, taken.getLocalPort(), Map.of());

            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(errors(process))
                    .singleElement()
                    .asString()
                    .isEqualTo(
                            "model server: the port is in use: stop what listens there, or let --port choose another");
        }
    }

    private void refused(Path file, String fault) throws Exception {
        Process process = start(file, 0, Map.of());

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(errors(process))
                .as(fault)
                .singleElement()
                .asString()
                .startsWith("model server: weights ")
                .contains(fault);
        assertThat(process.exitValue()).isEqualTo(1);
    }

    private static List<String> errors(Process process) {
        return new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8))
                .lines()
                .toList();
    }

    private Process start(Path file, int port, Map<String, String> environment) throws Exception {
        return start(command(file, port), environment);
    }

    private Process start(List<String> command, Map<String, String> environment) throws Exception {
        List<String> here = new ArrayList<>(command);
        here.add(1, "-Djava.io.tmpdir=" + folder);
        ProcessBuilder builder = new ProcessBuilder(here);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static List<String> command(Path file, int port) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ModelServer.class.getName(),
                "--model",
                file.toString(),
                "--model-id",
                "tiny",
                "--port",
                String.valueOf(port));
    }
}
