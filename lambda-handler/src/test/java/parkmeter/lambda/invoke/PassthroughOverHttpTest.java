package parkmeter.lambda.invoke;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.lambda.LambdaContext;
import parkmeter.lambda.StubSageMaker;
import parkmeter.lambda.gateway.Answer;
import parkmeter.lambda.gateway.Event;
import parkmeter.lambda.sagemaker.Content;
import parkmeter.lambda.sagemaker.Reply;
import parkmeter.lambda.sagemaker.SageMakerEndpoint;

/** A route whose body goes to the model and back as it is, from API Gateway's event to SageMaker's wire. */
class PassthroughOverHttpTest {
    private static final String ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes";
    private static final Settings SETTINGS = new Settings(
            "falcon",
            "demo-Falcon40B-Endpoint",
            "eu-west-2",
            Map.of("POST /falcon", new Body.Passthrough(), "POST /flan", new Body.Passthrough()),
            null,
            Engine.tgi());

    private final List<String> log = new ArrayList<>();
    private StubSageMaker sagemaker;
    private SageMakerEndpoint endpoint;
    private InvokeHandler handler;

    @BeforeEach
    void start() throws IOException {
        sagemaker = new StubSageMaker();
        endpoint = SageMakerEndpoint.named("demo-Falcon40B-Endpoint", "eu-west-2");
        handler = new InvokeHandler(SETTINGS, endpoint, ModelMeter.NONE, Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        endpoint.close();
        sagemaker.close();
    }

    @Test
    void the_falcon_call_reaches_the_model_as_it_was_written_and_so_does_its_answer_the_caller() throws IOException {
        String request =
                """
                {
                    "inputs": "Write a program to compute factorial in python:",
                    "parameters": {"max_new_tokens": 200}
                }""";
        String generated =
                """
                [
                    {
                        "generated_text": "\\nYou can compute factorial in Python using the built-in function `math.factorial()`. Here's an example:\\n"
                    }
                ]""";
        sagemaker.modelAnswers(200, generated);

        Answer answer = invoke(Event.rest(request).to("/falcon"));

        assertThat(sagemaker.lastBody()).isEqualTo(request);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo(generated);
        assertThat(answer.headers().get("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void the_flan_call_reaches_the_model_as_it_was_written_and_so_does_its_answer_the_caller() throws IOException {
        String request =
                """
                {
                    "text_inputs":"write a story about beautiful weather on a topical island.",\s
                    "max_length": 50,\s
                    "temperature": 0.0,
                    "seed": 321
                }""";
        sagemaker.modelAnswers(200, "{\"generated_texts\": [\"a beautiful day\"]}");

        Answer answer = invoke(Event.rest(request).to("/flan"));

        assertThat(sagemaker.lastBody()).isEqualTo(request);
        assertThat(answer.text()).isEqualTo("{\"generated_texts\": [\"a beautiful day\"]}");
    }

    @Test
    void an_http_api_gets_the_same_answer_as_a_rest_api() throws IOException {
        sagemaker.modelAnswers(new Content(new byte[] {(byte) 0x89, 'P', 'N', 'G'}, "image/png"), "a");

        assertThat(invoke(Event.http("{}").to("/falcon")))
                .isEqualTo(invoke(Event.rest("{}").to("/falcon")));
    }

    @Test
    void every_byte_goes_to_the_model_and_comes_back() throws IOException {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        sagemaker.modelAnswers(new Content(all, "image/x-all"), "");

        Answer answer =
                invoke(Event.base64(all).contentType("application/x-image").to("/falcon"));

        assertThat(sagemaker.requests().get(0).content()).isEqualTo(new Content(all, "application/x-image"));
        assertThat(answer.encoded()).isTrue();
        assertThat(answer.bytes()).isEqualTo(all);
        assertThat(answer.headers().get("Content-Type")).isEqualTo("image/x-all");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"a\":", "[", "\"", "{}{"})
    void what_begins_as_json_and_is_none_goes_and_comes_back_too(String text) throws IOException {
        sagemaker.modelAnswers(200, text);

        Answer answer = invoke(Event.rest(text).to("/falcon"));

        assertThat(sagemaker.lastBody()).isEqualTo(text);
        assertThat(answer.text()).isEqualTo(text);
    }

    /** A REST API decodes base64 only where the caller asks for a binary type: text must not need it. */
    @Test
    void text_of_any_kind_comes_back_as_text() throws IOException {
        String text = "It's \"quoted\" \\ $input.path('$') #set($x=1) 🙂\u0000\ufeff\r\n";
        sagemaker.modelAnswers(new Content(text.getBytes(UTF_8), "text/plain; charset=utf-8"), "");

        Answer answer = invoke(Event.rest(text).contentType("text/plain").to("/falcon"));

        assertThat(sagemaker.requests().get(0).content()).isEqualTo(new Content(text.getBytes(UTF_8), "text/plain"));
        assertThat(answer.encoded()).isFalse();
        assertThat(answer.text()).isEqualTo(text);
    }

    @Test
    void custom_attributes_and_what_is_accepted_go_to_the_model_and_custom_attributes_come_back() throws IOException {
        sagemaker.modelAnswers(Content.json("{}"), "trace=out; a=b");

        Answer answer = invoke(Event.rest("{}")
                .to("/falcon")
                .header(ATTRIBUTES.toLowerCase(Locale.ROOT), "accept_eula=true; trace=in")
                .header("accept", "application/json;verbose"));

        StubSageMaker.Request request = sagemaker.requests().get(0);
        assertThat(request.header(ATTRIBUTES)).isEqualTo("accept_eula=true; trace=in");
        assertThat(request.header("Accept")).isEqualTo("application/json;verbose");
        assertThat(answer.headers().get(ATTRIBUTES)).isEqualTo("trace=out; a=b");
        assertThat(answer.headers().get("Access-Control-Expose-Headers")).isEqualTo(ATTRIBUTES);
    }

    @Test
    void a_body_of_no_type_goes_as_json_and_nothing_is_said_of_attributes_that_nobody_sent() throws IOException {
        Answer answer = invoke(Event.rest("{}").with("headers", null).to("/falcon"));

        StubSageMaker.Request request = sagemaker.requests().get(0);
        assertThat(request.header("Content-Type")).isEqualTo("application/json");
        assertThat(request.header(ATTRIBUTES)).isEmpty();
        assertThat(answer.headers().keySet().stream().map(String::valueOf).toList())
                .containsExactly("Content-Type", "Access-Control-Allow-Origin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Type", "Accept", ATTRIBUTES})
    void a_header_that_sagemaker_would_refuse_is_told_at_once_with_its_name(String name) throws IOException {
        Event event = Event.rest("").with("headers", Map.of(name, "é")).to("/falcon");

        Answer answer = invoke(event);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problems())
                .containsExactly(
                        "body=null: is missing or empty",
                        name + "=(a string of 1 characters): must be at most 1024 characters of ASCII");
        assertThat(invoke(Event.rest("{}").header(ATTRIBUTES, "a".repeat(1025)).to("/falcon"))
                        .status())
                .isEqualTo(400);
        assertThat(sagemaker.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | Failed to parse the request body as JSON | 422 | model_refused | The model refused the request: check its parameters.",
                "404 | no | 422 | model_refused | The model refused the request: check its parameters.",
                "422 | {\"error\":\"Input validation error: `temperature` must be strictly positive\",\"error_type\":\"validation\"} | 422 | model_refused | The model refused the request: `temperature` must be strictly positive",
                "413 | length limit exceeded | 413 | payload_too_large | The request is too large for the model. Send a smaller body.",
                "415 | Expected request with `Content-Type: application/json` | 415 | unsupported_media_type | The model does not take this Content-Type.",
                "424 | CUDA out of memory | 502 | model_error | The model failed to generate an answer.",
                "429 | {} | 429 | model_overloaded | The model is overloaded: try again in a moment.",
                "500 | Traceback | 502 | model_error | The model failed to generate an answer.",
                "503 | no | 503 | model_unavailable | The model is not ready: try again after the time in Retry-After.",
                "504 | no | 504 | timeout | The model took too long: ask for less.",
            })
    void an_error_of_the_models_becomes_one_of_this_api(int model, String words, int status, String code, String error)
            throws IOException {
        sagemaker.modelAnswers(model, words);

        Answer answer = invoke(Event.rest("{\"inputs\":\"secret\"}").to("/falcon"));

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.textAt("code")).isEqualTo(code);
        assertThat(answer.textAt("error")).isEqualTo(error);
        assertThat(log.get(0)).contains("\"cause\":\"ModelError" + model + "\"");
        assertThat(answer.text() + log).doesNotContain("secret", "CUDA", "Traceback", "arn:");
    }

    @Test
    void an_answer_longer_than_lambda_hands_on_is_a_502() throws IOException {
        sagemaker.modelAnswers(new Content(new byte[6_300_000], "application/x-image"), "");

        Answer answer = invoke(Event.rest("{}").to("/falcon"));

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.textAt("error")).isEqualTo("The answer is too long to be sent: ask for less.");
        assertThat(log.get(0)).contains("\"cause\":\"AnswerTooLarge\"");
    }

    @Test
    void one_line_is_logged_with_nothing_of_the_body_or_the_attributes_in_it() throws IOException {
        sagemaker.modelAnswers(Content.json("{\"secret\":1}"), "secret");

        invoke(Event.rest("{\"inputs\":\"secret\"}")
                .header(ATTRIBUTES, "secret")
                .to("/falcon"));

        assertThat(log).hasSize(1);
        assertThat(log.get(0))
                .matches(
                        "\\{\"requestId\":\"gateway-request-id\",\"route\":\"/falcon\",\"model\":\"falcon\",\"endpoint\":\"demo-Falcon40B-Endpoint\","
                                + "\"status\":200,\"latencyMs\":\\d+}\n");
    }

    @Test
    void a_primed_function_of_such_routes_has_called_nobody() {
        assertThat(new InvokeHandler(SETTINGS, () -> endpoint)).isNotNull();
        assertThat(sagemaker.requests()).isEmpty();
    }

    @Property(tries = 1_000)
    void any_bytes_of_any_type_come_back_as_they_went(
            @ForAll byte[] bytes, @ForAll("types") String type, @ForAll("types") String attributes) throws IOException {
        List<String> lines = new ArrayList<>();
        InvokeHandler echo = new InvokeHandler(
                SETTINGS,
                (ask, atMost) -> new Reply.Answered(ask.content(), ask.customAttributes()),
                ModelMeter.NONE,
                Clock.systemUTC());

        Answer answer = Answer.of(echo.answer(
                Event.base64(bytes)
                        .contentType(type)
                        .header(ATTRIBUTES, attributes)
                        .to("/flan")
                        .bytes(),
                Duration.ofSeconds(29),
                "id",
                lines::add));

        assertThat(lines).hasSize(1);
        if (bytes.length == 0 || !ascii(type) || !ascii(attributes)) {
            assertThat(answer.textAt("code")).isEqualTo("invalid_request");
        } else {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.bytes()).isEqualTo(bytes);
            assertThat(answer.headers().get("Content-Type")).isEqualTo(type.isEmpty() ? "application/json" : type);
            assertThat(answer.headers().get(ATTRIBUTES)).isEqualTo(attributes.isEmpty() ? null : attributes);
        }
    }

    private static boolean ascii(String text) {
        return text.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 127));
    }

    @Provide
    Arbitrary<String> types() {
        return Arbitraries.oneOf(
                Arbitraries.of("", "application/json", "image/png", "text/plain; charset=\"utf-8\"", "a\r\nB: c", "é"),
                Arbitraries.strings().ascii().ofMaxLength(8),
                Arbitraries.strings().ofMaxLength(4).map(text -> new String(text.getBytes(ISO_8859_1), ISO_8859_1)));
    }

    private Answer invoke(Event event) throws IOException {
        return Answer.of(LambdaContext.call(handler, event.bytes(), Duration.ofSeconds(29), log));
    }
}
