package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.apigateway.model.ApiKey;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** A sample stack, from nothing to nothing. What a story tells of its own comes between, with orders from 10 to 89. */
abstract class LifeCycle {

    private static final ObjectMapper JSON = new ObjectMapper();
    static final String PROMPT = "The capital of France is";
    static final int TOKENS = 16;

    /** A key that no client has. */
    static final String NOBODY = "nobodys-key-nobodys-key";

    /** The stack, standing from the second test to the last but one. */
    final Stack stack;

    private final Workbench workbench;
    private final Sample sample;
    private final JsonNode plan;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> secrets = new ArrayList<>();

    /**
     * A stack that people start from, or one that shows what an option does.
     *
     * @param name the stack's
     * @param file its file
     * @param secrets what its encrypted keys hold
     * @param model the first model's name
     * @param route the first model's first route
     * @param asked the route on which the model is asked, which takes a prompt and a key
     * @param template how the prompt gets to the model from there
     */
    record Sample(
            String name,
            String file,
            Map<String, String> secrets,
            String model,
            String route,
            String asked,
            Model.Template template) {

        /** One whose model is asked on its first route, as a chat. */
        Sample(String name, String file, Map<String, String> secrets, String model, String route) {
            this(name, file, secrets, model, route, route, Model.Template.CHAT);
        }

        /** The file without what is encrypted: its passphrase is not the story's. */
        String open() {
            return file.replaceAll("(?m)^ +\\S+:\\R +secure: .*\\R?", "");
        }
    }

    LifeCycle(Workbench workbench, Sample sample) throws IOException {
        this.workbench = workbench;
        this.sample = sample;
        this.stack = workbench.stack(sample.name(), sample.open());
        for (Map.Entry<String, String> secret : sample.secrets().entrySet()) {
            stack.secret(secret.getKey(), secret.getValue());
            secrets.add(secret.getValue());
        }
        this.plan = workbench.plan(sample.name(), sample.file());
    }

    @AfterAll
    void end() {
        stack.close();
    }

    @Test
    @Order(1)
    void a_preview_shows_what_the_plan_says() {
        JsonNode preview = stack.preview("--json").json();
        assertThat(Agreement.differences(plan, preview))
                .filteredOn(difference -> !unplanned(difference))
                .isEmpty();
    }

    @Test
    @Order(2)
    void up_creates_all_of_it() {
        Run up = stack.up();
        assertThat(up.moves()).isNotEmpty().allMatch(move -> move.startsWith("create "));
        assertThat(stack.account().of(sample.name())).isNotEmpty();
        JsonNode outputs = stack.outputs();
        secrets.add(outputs.path("apiKey").asText());
    }

    @Test
    @Order(3)
    void a_second_preview_changes_nothing_and_agrees_with_the_plan_input_by_input() {
        JsonNode preview =
                stack.preview("--json", "--show-sames", "--expect-no-changes").json();
        assertThat(Agreement.differences(plan, preview))
                .filteredOn(difference -> !unplanned(difference))
                .isEmpty();
    }

    @Test
    @Order(4)
    void a_refresh_changes_nothing() {
        stack.refresh("--expect-no-changes");
    }

    @Test
    @Order(5)
    void the_outputs_are_what_the_account_knows() {
        JsonNode outputs = stack.outputs();
        Account account = stack.account();
        String prefix = "parkmeter-" + sample.name() + "-";
        List<ApiKey> keys = account.gateway().getApiKeys(request -> request.includeValues(true)).items().stream()
                .filter(key -> key.name().startsWith(prefix))
                .toList();
        keys.forEach(key -> secrets.add(key.value()));
        String api = account.gateway().getRestApisPaginator().items().stream()
                .filter(each -> each.name().equals("parkmeter-" + sample.name()))
                .findFirst()
                .orElseThrow()
                .id();

        assertThat(outputs.path("invokeUrl").asText())
                .isEqualTo("https://%s.execute-api.%s.%s/prod%s"
                        .formatted(label(api), outputs.path("region").asText(), suffix(outputs), sample.route()));
        ObjectNode clients = JSON.createObjectNode();
        keys.forEach(key -> clients.put(key.name().substring(prefix.length()), key.id()));
        assertThat(outputs.path("clients")).isEqualTo(clients);
        assertThat(keys)
                .filteredOn(key -> key.id().equals(outputs.path("apiKeyId").asText()))
                .singleElement()
                .satisfies(key -> assertThat(
                                key.value().equals(outputs.path("apiKey").asText()))
                        .as("the first client's key")
                        .isTrue());
    }

    @Test
    @Order(6)
    void the_function_answers_an_event_of_api_gateway_with_the_models_text() throws Exception {
        Model model = workbench.model();
        awaken();
        ObjectNode event = (ObjectNode) JSON.readTree(workbench
                .root()
                .resolve("lambda-handler/src/test/resources/parkmeter/lambda/gateway/rest-event.json")
                .toFile());
        event.put("resource", sample.asked()).put("path", sample.asked()).put("body", request());
        ((ObjectNode) event.path("requestContext")).put("resourcePath", sample.asked());

        InvokeResponse called = stack.account().functions().invoke(call -> call.functionName(
                        "parkmeter-" + sample.name() + "-" + sample.model() + "-invoke")
                .payload(SdkBytes.fromUtf8String(event.toString())));

        JsonNode answer = JSON.readTree(called.payload().asUtf8String());
        assertThat(answer.path("statusCode").asInt()).as(answer.toString()).isEqualTo(200);
        assertThat(JSON.readTree(answer.path("body").asText())
                        .path("generated_text")
                        .asText())
                .isNotBlank()
                .isEqualTo(model.answer(sample.template(), PROMPT, TOKENS));
    }

    @Test
    @Order(7)
    void the_gateway_answers_who_has_a_key_and_nobody_else() throws Exception {
        workbench.emulator();
        Model model = workbench.model();
        HttpResponse<String> answer = post(sample.asked(), key(), request());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).path("generated_text").asText())
                .isEqualTo(model.answer(sample.template(), PROMPT, TOKENS));
        assertThat(post(sample.asked(), NOBODY, request()).statusCode()).isEqualTo(403);
    }

    @Test
    @Order(8)
    void neither_a_secret_nor_a_prompt_stands_in_the_logs() {
        workbench.model();
        Account account = stack.account();
        List<String> messages = account.of(sample.name()).stream()
                .filter(each -> each.startsWith("log group "))
                .map(each -> each.substring("log group ".length()))
                .flatMap(group ->
                        account.logs().filterLogEvents(request -> request.logGroupName(group)).events().stream())
                .map(FilteredLogEvent::message)
                .toList();
        assertThat(messages).isNotEmpty().noneMatch(message -> message.contains(PROMPT) || showsSecret(message));
    }

    @Test
    @Order(90)
    void destroy_leaves_nothing_in_any_service() throws Exception {
        destroy();
        assertThat(stack.account().of(sample.name())).isEmpty();
    }

    @Test
    @Order(91)
    void no_secret_ever_stood_in_the_state_or_on_the_console() throws IOException {
        assertThat(secrets).hasSizeGreaterThan(sample.secrets().size()).noneMatch(String::isBlank);
        for (String part : List.of("state", "console")) {
            try (Stream<Path> files = Files.walk(stack.folder().resolve(part))) {
                assertThat(files.filter(Files::isRegularFile).filter(this::showsSecret))
                        .as("files with a secret in clear")
                        .isEmpty();
            }
        }
    }

    /** Whether a difference comes from what no plan can know. */
    boolean unplanned(String difference) {
        return false;
    }

    /** What the host's name begins with, by the API's id. */
    String label(String api) {
        return api;
    }

    /** What has to happen before the model answers, once the stack stands. */
    void awaken() throws Exception {}

    /** Takes the stack down. */
    void destroy() throws Exception {
        stack.destroy();
    }

    private boolean showsSecret(Path file) {
        // Pulumi's Java SDK writes what it sends and gets as debug messages, secrets too. Only --debug shows them, and
        // an event log.
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> !line.contains("\"severity\":\"debug\""))
                    .anyMatch(this::showsSecret);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean showsSecret(String text) {
        return secrets.stream().anyMatch(text::contains);
    }

    private static String suffix(JsonNode outputs) {
        return outputs.path("region").asText().startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    }

    /** A prompt, and as much of an answer as a test can wait for. */
    static String request() {
        ObjectNode request = JSON.createObjectNode().put("prompt", PROMPT);
        request.putObject("parameters").put("max_new_tokens", TOKENS).put("temperature", 0);
        return request.toString();
    }

    /** The same in the words of TGI, for a route that passes bodies through. */
    static String inputs() {
        return Model.inputs(PROMPT, TOKENS);
    }

    /** The first client's key. */
    final String key() {
        return stack.outputs().path("apiKey").asText();
    }

    /** What the gateway answers; a key's value is nowhere written down. */
    final HttpResponse<String> post(String path, String key, String body) throws IOException, InterruptedException {
        URI api = URI.create(stack.outputs().path("invokeUrl").asText());
        return http.send(
                HttpRequest.newBuilder(workbench.served(api.resolve("/prod" + path)))
                        .header("content-type", "application/json")
                        .header("x-api-key", key)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
