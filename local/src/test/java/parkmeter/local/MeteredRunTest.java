package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.local.llm.TinyModel;

/** A metered stack on one machine: the real program and functions, DynamoDB Local, and a model server that comes and goes. */
class MeteredRunTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String PROMPT = "{\"prompt\": \"Say something\", \"parameters\": {\"max_new_tokens\": 8}}";
    private static final String ENDPOINT = "parkmeter-metered-tiny";

    /** A run with what it tells. */
    private static class Run implements AutoCloseable {
        final List<String> news = new CopyOnWriteArrayList<>();
        final Deployment deployment = TestStacks.deployment("metered");
        final LocalRun run;

        Run(Path folder, int speed) throws Exception {
            Path weights = folder.resolve("tiny.gguf");
            TinyModel.write(weights);
            Order order = TestStacks.order(Optional.of(weights), Optional.empty(), 0, speed);
            run = new LocalRun(order, news::add, news::add);
            run.start(deployment, run.findModel());
        }

        HttpResponse<String> send(String client, String method, String path, String body) throws Exception {
            return HTTP.send(request(client, method, path, body).build(), HttpResponse.BodyHandlers.ofString());
        }

        HttpRequest.Builder request(String client, String method, String path, String body) {
            return HttpRequest.newBuilder(URI.create(run.url() + path))
                    .timeout(Duration.ofSeconds(60))
                    .header("content-type", "application/json")
                    .header(
                            "x-api-key",
                            Objects.requireNonNull(deployment.clients().get(client)))
                    .method(
                            method,
                            body.isEmpty()
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(body));
        }

        HttpResponse<String> ask() throws Exception {
            return send("first", "POST", "/invoke", PROMPT);
        }

        JsonNode meter() throws Exception {
            HttpResponse<String> answer = send("first", "GET", "/meters/" + ENDPOINT, "");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return JSON.readTree(answer.body());
        }

        boolean told(String... parts) {
            return news.stream().anyMatch(line -> List.of(parts).stream().allMatch(line::contains));
        }

        boolean modelRuns() {
            return Optional.ofNullable(run.modelProcesses().get(ENDPOINT))
                    .flatMap(process -> ProcessHandle.of(process.pid()))
                    .isPresent();
        }

        @Override
        public void close() {
            run.close();
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void waitFor(String what, Duration atMost, Condition condition) throws Exception {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("in time: " + what).isLessThan(end);
            Thread.sleep(100);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    @Test
    void an_hour_in_a_minute(@TempDir Path folder) throws Exception {
        try (Run it = new Run(folder, 60)) {
            // It was started at deployment, and answers.
            HttpResponse<String> first = it.ask();
            assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
            assertThat(it.told(ENDPOINT + ": started. Paid until ")).isTrue();
            assertThat(it.modelRuns()).isTrue();

            // Its time runs out: the call that meets that is refused, and wakes it.
            List<HttpResponse<String>> refused = new ArrayList<>();
            waitFor("a refusal", Duration.ofSeconds(90), () -> {
                HttpResponse<String> answer = it.ask();
                if (answer.statusCode() != 200) {
                    refused.add(answer);
                }
                return !refused.isEmpty();
            });
            HttpResponse<String> refusal = refused.get(0);
            assertThat(refusal.statusCode()).isEqualTo(503);
            assertThat(json(refusal).path("code").asText()).isEqualTo("model_stopped");
            assertThat(json(refusal).path("error").asText()).contains("going to start");
            assertThat(refusal.headers().firstValueAsLong("retry-after").orElse(0))
                    .isBetween(1L, 60L);
            waitFor("the reason", Duration.ofSeconds(10), () -> it.told(ENDPOINT + ": stopped. Its time was up at "));

            // Until it serves again every call is refused with the time to come back, and puts nothing more on the
            // meter.
            Instant paidUntil = Instant.parse(it.meter().path("paidUntil").asText());
            waitFor("an answer", Duration.ofSeconds(60), () -> {
                HttpResponse<String> answer = it.ask();
                if (answer.statusCode() == 503) {
                    assertThat(json(answer).path("code").asText()).isIn("model_stopped", "model_starting");
                    assertThat(answer.headers().firstValueAsLong("retry-after")).isPresent();
                }
                return answer.statusCode() == 200;
            });
            assertThat(it.meter().path("paidUntil").asText()).isEqualTo(paidUntil.toString());
            assertThat(it.modelRuns()).isTrue();

            // Nobody calls it: it stops, though there is time left.
            waitFor(
                    "the idle stop",
                    Duration.ofSeconds(60),
                    () -> it.meter().path("status").asText().equals("Stopped"));
            JsonNode idle = it.meter();
            assertThat(idle.path("reason").asText()).isEqualTo("idle");
            assertThat(idle.path("paidUntil").asText()).isEqualTo(paidUntil.toString());
            assertThat(it.told(ENDPOINT + ": stopped. Stopped at ", "nobody called it"))
                    .isTrue();
            assertThat(it.modelRuns()).isFalse();

            // A start that fails on demand: the reason is told and kept, and after ten minutes there is another start.
            URI failNext = URI.create(it.run.awsUrl() + "/sagemaker/fail-next");
            HTTP.send(
                    HttpRequest.newBuilder(failNext)
                            .POST(HttpRequest.BodyPublishers.ofString("CapacityError: no GPU is left"))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            assertThat(it.ask().statusCode()).isEqualTo(503);
            waitFor(
                    "the failure",
                    Duration.ofSeconds(30),
                    () -> it.told(ENDPOINT + ": failed. ", "CapacityError: no GPU is left"));
            assertThat(it.meter().at("/lastFailure/reason").asText()).isEqualTo("CapacityError: no GPU is left");
            waitFor(
                    "the start after the pause",
                    Duration.ofSeconds(60),
                    () -> it.ask().statusCode() == 200);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Its_api {
        private final Run it;

        Its_api(@TempDir Path folder) throws Exception {
            it = new Run(folder, 1);
        }

        @AfterAll
        void stop() {
            it.close();
        }

        @Test
        void two_hundred_top_ups_of_a_minute_at_once_are_two_hundred_minutes() throws Exception {
            Instant before = Instant.parse(it.meter().path("paidUntil").asText());
            HttpRequest topUp = it.request("first", "POST", "/meters/" + ENDPOINT + "/top-up", "{\"minutes\": 1}")
                    .build();
            List<CompletableFuture<HttpResponse<String>>> all = IntStream.range(0, 200)
                    .mapToObj(i -> HTTP.sendAsync(topUp, HttpResponse.BodyHandlers.ofString()))
                    .toList();
            for (CompletableFuture<HttpResponse<String>> each : all) {
                assertThat(each.join().statusCode()).as(each.join().body()).isEqualTo(200);
            }
            assertThat(Instant.parse(it.meter().path("paidUntil").asText()))
                    .isEqualTo(before.plus(Duration.ofMinutes(200)));
            assertThat(it.told(ENDPOINT + ": paid until ")).isTrue();
        }

        @Test
        void the_name_in_the_path_is_the_endpoints() throws Exception {
            assertThat(it.meter().path("endpoint").asText()).isEqualTo(ENDPOINT);
            HttpResponse<String> unknown = it.send("first", "GET", "/meters/other", "");
            assertThat(unknown.statusCode()).isEqualTo(404);
            assertThat(json(unknown).path("code").asText()).isEqualTo("unknown_meter");
        }

        @Test
        void a_schedule_is_put_under_the_tag_that_it_was_read_with() throws Exception {
            String path = "/meters/" + ENDPOINT + "/schedule";
            String tag = it.send("first", "GET", "/meters/" + ENDPOINT, "")
                    .headers()
                    .firstValue("etag")
                    .orElseThrow();
            HttpResponse<String> first = HTTP.send(
                    it.request("first", "PUT", path, office("09:00"))
                            .header("if-match", tag)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
            assertThat(json(first).at("/schedule/0/name").asText()).isEqualTo("office");
            HttpResponse<String> late = HTTP.send(
                    it.request("first", "PUT", path, office("10:00"))
                            .header("if-match", tag)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(late.statusCode()).as(late.body()).isEqualTo(412);
            waitFor("the news", Duration.ofSeconds(5), () -> it.told(ENDPOINT + ": 1 window in its schedule"));
        }

        private static String office(String start) {
            return ("{\"schedule\": [{\"name\": \"office\", \"days\": [\"mon\"], \"start\": \"%s\", \"stop\": \"17:00\","
                            + " \"timezone\": \"Europe/Berlin\"}]}")
                    .formatted(start);
        }

        @Test
        void a_client_that_is_no_operator_may_call_the_model_and_not_the_meter() throws Exception {
            assertThat(it.send("guest", "POST", "/invoke", PROMPT).statusCode()).isEqualTo(200);
            HttpResponse<String> answer = it.send("guest", "GET", "/meters", "");
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(json(answer).path("code").asText()).isEqualTo("forbidden");
        }

        /** The lines of the system that this API's older half comes from, with the key in this API's header. */
        @Test
        void the_older_systems_curl_lines_work_to_the_letter() throws Exception {
            String url = it.run.url() + "/endpoint-expiry";
            String one = curl("--location", url + "?EndpointName=" + ENDPOINT);
            assertThat(one).matches(answer(ENDPOINT, "\\d:[0-5]\\d:[0-5]\\d\\.\\d{6}"));
            assertThat(curl("--location", url))
                    .startsWith("[{\"EndpointName\":\"")
                    .endsWith("\"}]");

            String extended = curl(
                    "--location",
                    url,
                    "--header",
                    "Content-Type: application/json",
                    "--data",
                    "{\n    \"EndpointName\": \"" + ENDPOINT + "\",\n    \"minutes\": 10\n}");
            assertThat(extended).matches(answer(ENDPOINT, "\\d:[0-5]\\d:[0-5]\\d\\.\\d{6}"));
            assertThat(Duration.between(expiry(one), expiry(extended))).isGreaterThanOrEqualTo(Duration.ofMinutes(10));

            String name = "demo-Falcon40B-Endpoint";
            String configuration = it.deployment.configurations().get(0).name();
            String registered = curl(
                    "--location",
                    url,
                    "--header",
                    "Content-Type: application/json",
                    "--data",
                    "{\n    \"EndpointName\": \"" + name + "\",\n    \"EndpointConfigName\": \"" + configuration
                            + "\",\n    \"minutes\": 30\n}");
            assertThat(registered).matches(answer(name, "30"));
            waitFor("its start", Duration.ofSeconds(30), () -> it.run
                    .modelProcesses()
                    .containsKey(name));
            assertThat(curl("--location", url + "?EndpointName=" + name))
                    .matches(answer(name, "0:[0-5]\\d:[0-5]\\d\\.\\d{6}"));
            assertThat(curl("--location", url)).contains(name, ENDPOINT);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "POST | | 400 | EndpointName required",
                    "POST | {} | 400 | EndpointName required",
                    "POST | {\"EndpointName\": \"nobody\", \"minutes\": 5} | 400 | EndpointName not found/Endpoint config name required",
                    "PUT | {} | 405 | Method not allowed",
                })
        void the_older_systems_errors_keep_their_words(String method, @Nullable String body, int status, String error)
                throws Exception {
            HttpResponse<String> answer =
                    it.send("first", method, "/endpoint-expiry", Objects.requireNonNullElse(body, ""));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
            String expected = body == null ? "Body required" : error;
            assertThat(json(answer).path("error").asText()).isEqualTo(expected);
        }

        private static String answer(String endpoint, String timeLeft) {
            return "\\{\"EndpointName\":\"" + endpoint
                    + "\",\"EndpointExpiry \":\"\\d\\d-\\d\\d-\\d{4}-\\d\\d-\\d\\d-\\d\\d\",\"TimeLeft\":\"" + timeLeft
                    + "\"}";
        }

        private static Instant expiry(String answer) throws IOException {
            String text = JSON.readTree(answer).path("EndpointExpiry ").asText();
            return LocalDateTime.parse(text, DateTimeFormatter.ofPattern("dd-MM-uuuu-HH-mm-ss"))
                    .toInstant(ZoneOffset.UTC);
        }

        private String curl(String... arguments) throws Exception {
            List<String> command = new ArrayList<>(List.of("curl", "--silent", "--show-error"));
            command.addAll(List.of(arguments));
            command.addAll(
                    List.of("--header", "x-api-key: " + it.deployment.clients().get("first")));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(answer).isZero();
            return answer;
        }
    }
}
