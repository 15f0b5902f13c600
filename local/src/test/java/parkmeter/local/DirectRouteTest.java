package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.local.http.Loopback;
import parkmeter.local.lambda.InvokeResult;

/** The very templates of the declared document, with a test in SageMaker's place. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DirectRouteTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String CUSTOM = "X-Amzn-SageMaker-Custom-Attributes";
    private static final String CHAT = "{\"choices\":[{\"message\":{\"content\":\"Fine\"}}]}";

    private final Javalin sageMaker = Loopback.server(0, Duration.ofSeconds(30), config -> {})
            .post("/endpoints/{name}/invocations", this::invoked)
            .start();
    private final ServedApi.Open gateway;
    private final String key;
    private volatile int status = 200;
    private volatile String answer = CHAT;
    private volatile String sent = "";
    private volatile Map<String, String> sentHeaders = Map.of();

    DirectRouteTest() throws Exception {
        Deployment deployment = TestStacks.deployment("direct");
        key = deployment.clients().values().iterator().next();
        var surroundings = new ServedApi.Surroundings(
                (arn, event) -> CompletableFuture.completedFuture(
                        new InvokeResult.Failed(InvokeResult.Reason.NO_SUCH_FUNCTION, "no function is wanted here")),
                issuer -> Optional.empty(),
                Map.of("runtime.sagemaker", URI.create("http://127.0.0.1:" + sageMaker.port())),
                line -> {});
        gateway = deployment.api().open(surroundings, Clock.systemUTC(), 0);
    }

    @AfterAll
    void stop() {
        gateway.close();
        sageMaker.stop();
    }

    private void invoked(Context http) {
        sent = http.body();
        sentHeaders = http.headerMap();
        http.status(status)
                .contentType("application/json")
                .header(CUSTOM, "from-the-model")
                .result(answer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | {'max_tokens':512,'temperature':0.7,'top_p':0.9}",
                "{'temperature':0,'top_p':0.5} | {'max_tokens':512,'temperature':0}",
                "{'temperature':0.0} | {'max_tokens':512,'temperature':0}",
                "{'do_sample':false,'max_new_tokens':3} | {'max_tokens':3,'temperature':0}",
                "{'top_p':1} | {'max_tokens':512,'temperature':0.7}",
                "{'top_p':1.0} | {'max_tokens':512,'temperature':0.7}",
                "{'temperature':0,'stop':'x'} | {'max_tokens':512,'temperature':0,'stop':['x']}",
                "{'temperature':0,'stop':['x','y']} | {'max_tokens':512,'temperature':0,'stop':['x','y']}",
                "{'temperature':0,'seed':7,'frequency_penalty':-1.5} | {'max_tokens':512,'temperature':0,'seed':7,'frequency_penalty':-1.5}",
                "{'temperature':0,'repetition_penalty':1} | {'max_tokens':512,'temperature':0}",
                "{'temperature':0,'repetition_penalty':3} | {'max_tokens':512,'temperature':0,'presence_penalty':1}",
                "{'temperature':0,'grammar':{'type':'regex','value':'a'}} | {'max_tokens':512,'temperature':0,'response_format':{'type':'regex','value':'a'}}",
            })
    void a_prompt_becomes_a_chat_as_the_function_makes_one(String parameters, String expected) throws Exception {
        answers(200, CHAT);
        HttpResponse<String> got = post("/chat", prompt("Hello", parameters));
        assertThat(got.statusCode()).as(got.body()).isEqualTo(200);
        ObjectNode chat = (ObjectNode) JSON.readTree(sent);
        assertThat(chat.remove("messages")).isEqualTo(JSON.readTree("[{\"role\":\"user\",\"content\":\"Hello\"}]"));
        assertThat(chat).isEqualTo(JSON.readTree(json(expected)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | {'do_sample':true,'max_new_tokens':512,'temperature':0.7,'top_p':0.9}",
                "{'temperature':0,'top_k':5} | {'do_sample':false,'max_new_tokens':512}",
                "{'top_k':5,'typical_p':0.5,'top_p':1} | {'do_sample':true,'max_new_tokens':512,'temperature':0.7,'top_k':5,'typical_p':0.5}",
                "{'do_sample':false,'top_k':0,'typical_p':1,'best_of':1,'watermark':false,'repetition_penalty':1} | {'do_sample':false,'max_new_tokens':512}",
                "{'do_sample':false,'best_of':2,'watermark':true,'truncate':9,'repetition_penalty':1.5,'stop':'x'} | {'do_sample':false,'max_new_tokens':512,'best_of':2,'watermark':true,'truncate':9,'repetition_penalty':1.5,'stop':['x']}",
            })
    void a_prompt_without_a_template_goes_in_as_the_function_sends_it(String parameters, String expected)
            throws Exception {
        answers(200, "[{\"generated_text\":\"Fine\"}]");
        HttpResponse<String> got = post("/raw", prompt("Hello", parameters));
        assertThat(got.statusCode()).as(got.body()).isEqualTo(200);
        assertThat(JSON.readTree(got.body()).path("generated_text").asText()).isEqualTo("Fine");
        assertThat(JSON.readTree(sent).path("inputs").asText()).isEqualTo("Hello");
        ObjectNode given = (ObjectNode) JSON.readTree(sent).path("parameters");
        assertThat(given.remove("details").asBoolean()).isTrue();
        assertThat(given.remove("return_full_text").asBoolean()).isFalse();
        assertThat(given).isEqualTo(JSON.readTree(json(expected)));
    }

    @Test
    void the_answer_has_the_prompt_and_the_parameters_in_effect() throws Exception {
        answers(200, CHAT);
        HttpResponse<String> got = post("/chat", prompt("Hello", "{'seed':7,'temperature':0.5}"));
        assertThat(JSON.readTree(got.body()))
                .isEqualTo(JSON.readTree(json(
                        "{'generated_text':'Fine','prompt':'Hello','parameters':{'max_new_tokens':512,'temperature':0.5,"
                                + "'top_p':0.9,'seed':7,'do_sample':true}}")));
        assertThat(got.headers().firstValue("access-control-allow-origin")).contains("*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'prompt':''}",
                "{'prompt':7}",
                "{'prompt':'a','more':1}",
                "{'prompt':'a','parameters':[]}",
                "{'prompt':'a','parameters':{'max_new_tokens':0}}",
                "{'prompt':'a','parameters':{'temperature':'hot'}}",
                "{'prompt':'a','parameters':{'top_k':5}}",
                "{'prompt':'a','parameters':{'colour':1}}",
                "[]",
                "{"
            })
    void what_does_not_fit_the_schema_never_reaches_the_model(String body) throws Exception {
        sent = "nothing";
        assertError(post("/chat", json(body)), 400, "invalid_json");
        assertThat(sent).isEqualTo("nothing");
    }

    @Test
    void a_body_that_goes_through_keeps_its_bytes_its_types_and_its_attributes() throws Exception {
        answers(200, "[1, 2]");
        HttpResponse<String> got = HTTP.send(
                HttpRequest.newBuilder(uri("/through"))
                        .header("x-api-key", key)
                        .header("content-type", "text/csv")
                        .header("accept", "application/jsonlines")
                        .header(CUSTOM, "from-the-caller")
                        .POST(HttpRequest.BodyPublishers.ofString("a,'b',\"c\",$x"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(got.statusCode()).as(got.body()).isEqualTo(200);
        assertThat(got.body()).isEqualTo("[1, 2]");
        assertThat(got.headers().firstValue("content-type")).contains("application/json");
        assertThat(got.headers().firstValue(CUSTOM)).contains("from-the-model");
        assertThat(sent).isEqualTo("a,'b',\"c\",$x");
        assertThat(sentHeaders).containsEntry("Content-Type", "text/csv").containsEntry(CUSTOM, "from-the-caller");
        assertThat(sentHeaders).containsEntry("Accept", "application/jsonlines");
    }

    @Test
    void bytes_that_are_no_text_go_through_as_they_are() throws Exception {
        byte[] bytes = {(byte) 0xff, 0, (byte) 0x80, 'a'};
        byte[][] seen = new byte[1][];
        try (var model = new AutoCloseable() {
            private final Javalin server = Loopback.server(0, Duration.ofSeconds(30), config -> {})
                    .post("/endpoints/{name}/invocations", http -> {
                        seen[0] = http.bodyAsBytes();
                        http.contentType("application/octet-stream").result(bytes);
                    })
                    .start();

            @Override
            public void close() {
                server.stop();
            }
        }) {
            Deployment deployment = TestStacks.deployment("direct");
            var surroundings = new ServedApi.Surroundings(
                    (arn, event) -> CompletableFuture.failedFuture(new IllegalStateException()),
                    issuer -> Optional.empty(),
                    Map.of("runtime.sagemaker", URI.create("http://127.0.0.1:" + model.server.port())),
                    line -> {});
            try (ServedApi.Open other = deployment.api().open(surroundings, Clock.systemUTC(), 0)) {
                HttpResponse<byte[]> got = HTTP.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + other.port() + "/prod/through"))
                                .header(
                                        "x-api-key",
                                        deployment.clients().values().iterator().next())
                                .header("content-type", "application/octet-stream")
                                .header("accept", "application/octet-stream")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
                assertThat(seen[0]).isEqualTo(bytes);
                assertThat(got.body()).isEqualTo(bytes);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/chat | 400 | {'Message':'Endpoint x of account 1 not found.'} | 503 | model_unavailable | 30",
                "/metered | 400 | {'Message':'Endpoint x of account 1 not found.'} | 503 | model_stopped | 300",
                "/through | 400 | {'Message':'Endpoint x of account 1 not found.'} | 503 | model_unavailable | 30",
                "/chat | 400 | {'message':'Rate exceeded'} | 429 | throttled | 1",
                "/chat | 400 | {'Message':'it\\'s \"this\"'} | 502 | model_error | ''",
                "/through | 400 | {'Message':'1 validation error detected'} | 400 | invalid_request | ''",
                "/through | 413 | {'Message':'HTTP content length exceeded'} | 413 | payload_too_large | ''",
                "/chat | 424 | {'OriginalStatusCode':422,'OriginalMessage':'a \"prompt\"'} | 422 | model_refused | ''",
                "/through | 424 | {'OriginalStatusCode':400} | 422 | model_refused | ''",
                "/chat | 424 | {'OriginalStatusCode':400} | 502 | model_error | ''",
                "/through | 424 | {'OriginalStatusCode':415} | 415 | unsupported_media_type | ''",
                "/chat | 424 | {'OriginalStatusCode':413} | 413 | payload_too_large | ''",
                "/chat | 424 | {'OriginalStatusCode':429} | 429 | model_overloaded | 1",
                "/chat | 424 | {'OriginalStatusCode':503} | 503 | model_unavailable | 30",
                "/chat | 424 | {'OriginalStatusCode':0} | 504 | timeout | ''",
                "/chat | 424 | {'OriginalStatusCode':500} | 502 | model_error | ''",
                "/chat | 424 | {} | 502 | model_error | ''",
                "/chat | 429 | {'Message':'Model not ready'} | 503 | model_unavailable | 30",
                "/chat | 503 | {'Message':'x'} | 503 | model_unavailable | 30",
                "/chat | 500 | {'Message':'x'} | 502 | model_error | ''",
                "/chat | 403 | {'Message':'arn:aws:iam::123456789012:role/x'} | 502 | model_error | ''",
                "/through | 530 | {'Message':'x'} | 502 | model_error | ''",
            })
    void sagemakers_refusals_have_the_apis_shape(
            String path, int refused, String body, int expected, String code, String retryAfter) throws Exception {
        answers(refused, json(body));
        HttpResponse<String> got = post(path, prompt("Hello", "{}"));
        assertError(got, expected, code);
        assertThat(got.headers().firstValue("retry-after").orElse("")).isEqualTo(retryAfter);
    }

    @ParameterizedTest
    @CsvSource({"/chat, /messages/0/content, /max_tokens", "/raw, /inputs, /parameters/max_new_tokens"})
    void a_prompt_alone_will_do(String path, String prompt, String longest) throws Exception {
        answers(200, path.equals("/chat") ? CHAT : "[{\"generated_text\":\"Fine\"}]");
        HttpResponse<String> got = post(path, "{\"prompt\":\"Hello\"}");
        assertThat(got.statusCode()).as(got.body()).isEqualTo(200);
        assertThat(JSON.readTree(sent).at(prompt).asText()).isEqualTo("Hello");
        assertThat(JSON.readTree(sent).at(longest).asInt()).isEqualTo(512);
        assertThat(JSON.readTree(sent).has("seed")).isFalse();
        assertThat(JSON.readTree(got.body()).at("/parameters/top_p").asDouble()).isEqualTo(0.9);
    }

    @Test
    void no_text_of_a_prompt_or_an_answer_breaks_the_json_around_it() throws Exception {
        var random = new Random(20260926);
        for (int i = 0; i < 2000; i++) {
            String prompt = text(random);
            String said = text(random);
            boolean chat = random.nextBoolean();
            ObjectNode body = JSON.createObjectNode().put("prompt", prompt);
            ObjectNode parameters = body.putObject("parameters").put("seed", random.nextInt(9));
            parameters.put("stop", text(random));
            answers(
                    200,
                    chat
                            ? JSON.writeValueAsString(
                                    Map.of("choices", new Object[] {Map.of("message", Map.of("content", said))}))
                            : JSON.writeValueAsString(new Object[] {Map.of("generated_text", said)}));
            HttpResponse<String> got = post(chat ? "/chat" : "/raw", JSON.writeValueAsString(body));
            assertThat(got.statusCode()).as(body + ": " + got.body()).isEqualTo(200);
            JsonNode read = JSON.readTree(got.body());
            assertThat(read.path("prompt").asText()).isEqualTo(prompt);
            assertThat(read.path("generated_text").asText()).isEqualTo(said);
            assertThat(read.at("/parameters/stop")).isEqualTo(parameters.path("stop"));
            JsonNode model = JSON.readTree(sent);
            assertThat(
                            chat
                                    ? model.at("/messages/0/content").asText()
                                    : model.path("inputs").asText())
                    .isEqualTo(prompt);
        }
    }

    private static String text(Random random) {
        String alphabet = "\"'\\$#{}[](),:!|&/\n\r\t\u0000\u0001\u001f\u007f\u2028aZ0 \u00e9\u20ac";
        var text = new StringBuilder("x");
        for (int length = random.nextInt(30); length > 0; length--) {
            switch (random.nextInt(12)) {
                case 0 -> text.append("\uD83D\uDE42");
                case 1 -> text.append("$input.path('$')");
                case 2 -> text.append("#set($x=1)#end#if(true)");
                case 3 -> text.append("$context.requestId").append("#*");
                default -> text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
        }
        return text.toString();
    }

    private void answers(int with, String body) {
        status = with;
        answer = body;
    }

    private static String prompt(String text, String parameters) {
        return "{\"prompt\":\"" + text + "\",\"parameters\":" + json(parameters) + "}";
    }

    /** Quotes as they are easier to write; a quote behind a backslash stays. */
    private static String json(String text) {
        return text.replaceAll("(?<!\\\\)\"", "\\\\\"")
                .replaceAll("(?<!\\\\)'", "\"")
                .replace("\\'", "'");
    }

    private static void assertError(HttpResponse<String> got, int expected, String code) throws Exception {
        assertThat(got.statusCode()).as(got.body()).isEqualTo(expected);
        JsonNode body = JSON.readTree(got.body());
        assertThat(body.path("code").asText()).isEqualTo(code);
        assertThat(body.path("error").asText()).isNotBlank();
        assertThat(body.path("requestId").asText()).isNotBlank();
        assertThat(got.headers().firstValue("access-control-allow-origin")).contains("*");
        assertThat(got.body()).doesNotContain("arn:", "123456789012", "prompt\\\"");
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + gateway.port() + "/prod" + path);
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(uri(path))
                        .header("x-api-key", key)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                        .build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }
}
