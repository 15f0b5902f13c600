package parkmeter.lambda.invoke;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.lambda.LambdaContext;
import parkmeter.lambda.Quoted;
import parkmeter.lambda.StubSageMaker;
import parkmeter.lambda.gateway.Answer;
import parkmeter.lambda.gateway.Event;
import parkmeter.lambda.sagemaker.SageMakerEndpoint;

/** The whole function, from API Gateway's event to SageMaker's wire and back, on the real SDK. */
class InvokeOverHttpTest {
    private static final String PROMPT = "What is the capital of France?";
    private static final String BODY = Quoted.json("prompt", PROMPT);
    private static final String CHAT =
            """
            {"id":"","object":"chat.completion","created":1767225600,"model":"TinyLlama/TinyLlama-1.1B-Chat-v1.0",
             "system_fingerprint":"3.3.6-sha","choices":[{"index":0,"message":{"role":"assistant",
             "content":"Paris, \\"la ville lumière\\" 🗼."},"logprobs":null,"finish_reason":"stop"}],
             "usage":{"prompt_tokens":23,"completion_tokens":8,"total_tokens":31}}""";
    private static final String GENERATED =
            """
            [{"generated_text":" Paris.","details":{"finish_reason":"eos_token","generated_tokens":3,"seed":null,
              "prefill":[],"tokens":[]}}]""";

    private final List<String> log = new ArrayList<>();
    private StubSageMaker sagemaker;
    private SageMakerEndpoint endpoint;
    private InvokeHandler handler;

    @BeforeEach
    void start() throws IOException {
        sagemaker = new StubSageMaker();
        sagemaker.modelAnswers(200, CHAT);
        endpoint = SageMakerEndpoint.named("parkmeter-dev-tinyllama", "eu-west-2");
        handler = new InvokeHandler(
                new Settings(
                        "tinyllama",
                        "parkmeter-dev-tinyllama",
                        "eu-west-2",
                        Map.of(
                                "POST /invoke",
                                new Body.Prompt(Template.CHAT),
                                "POST /complete",
                                new Body.Prompt(Template.NONE)),
                        null,
                        Engine.tgi()),
                endpoint,
                ModelMeter.NONE,
                Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        endpoint.close();
        sagemaker.close();
    }

    @Test
    void a_prompt_goes_to_the_model_as_a_chat_and_its_answer_comes_back() throws IOException {
        Answer answer = invoke(Event.rest(BODY));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text())
                .isEqualTo("{\"generated_text\":\"Paris, \\\"la ville lumière\\\" 🗼.\",\"prompt\":\"" + PROMPT
                        + "\",\"parameters\":{\"max_new_tokens\":512,\"temperature\":0.7,\"top_p\":0.9,"
                        + "\"do_sample\":true}}");
        assertThat(sagemaker.lastBody())
                .isEqualTo("{\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT
                        + "\"}],\"max_tokens\":512,\"temperature\":0.7,\"top_p\":0.9}");
    }

    @Test
    void a_model_without_a_chat_template_gets_inputs() throws IOException {
        sagemaker.modelAnswers(200, GENERATED);

        Answer answer = invoke(Event.rest(BODY).with("resource", "/complete"));

        assertThat(answer.textAt("generated_text")).isEqualTo(" Paris.");
        assertThat(sagemaker.lastBody())
                .isEqualTo("{\"inputs\":\"" + PROMPT + "\",\"parameters\":{\"return_full_text\":false,\"details\":true,"
                        + "\"max_new_tokens\":512,\"temperature\":0.7,\"top_p\":0.9,\"do_sample\":true}}");
        assertThat(log.get(0)).contains("\"completionTokens\":3").doesNotContain("promptTokens");
    }

    @Test
    void an_http_api_gets_the_same_answer_as_a_rest_api() throws IOException {
        assertThat(invoke(Event.http(BODY))).isEqualTo(invoke(Event.rest(BODY)));
    }

    @Test
    void an_encoded_body_is_decoded() throws IOException {
        Answer answer = invoke(Event.base64("{\"prompt\":\"grüße 日本 🙂\"}".getBytes(UTF_8)));

        assertThat(answer.textAt("prompt")).isEqualTo("grüße 日本 🙂");
        assertThat(sagemaker.lastBody()).contains("grüße 日本 🙂");
    }

    @Test
    void every_answer_may_be_read_by_a_page_of_any_origin() throws IOException {
        assertThat(invoke(Event.rest(BODY)).headers().get("Access-Control-Allow-Origin"))
                .isEqualTo("*");
        assertThat(invoke(Event.rest("")).headers().get("Access-Control-Allow-Origin"))
                .isEqualTo("*");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "422 | {\"error\":\"Input validation error: `temperature` must be strictly positive\",\"error_type\":\"validation\"} | 422 | model_refused | The model refused the request: `temperature` must be strictly positive",
                "422 | {\"error\":\"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 2048. Given: 1800 `inputs` tokens and 512 `max_new_tokens`\",\"error_type\":\"validation\"} | 422 | model_refused | The model refused the request: `inputs` tokens + `max_new_tokens` must be <= 2048. Given: 1800 `inputs` tokens and 512 `max_new_tokens`",
                "422 | {\"error\":\"Template error: template not found\",\"error_type\":\"template_error\"} | 422 | model_refused | The model refused the request: its chat template can't be applied to the prompt.",
                "422 | Failed to deserialize the JSON body into the target type: messages: data did not match | 422 | model_refused | The model refused the request: check its parameters.",
                "422 | {\"error\":\"Input validation error: grammar is not valid: arn:aws:iam::123456789012:role/x\",\"error_type\":\"validation\"} | 422 | model_refused | The model refused the request: `grammar` is not valid.",
                "413 | length limit exceeded | 413 | payload_too_large | The request is too large for the model. Send a shorter prompt.",
                "424 | {\"error\":\"Request failed during generation: CUDA out of memory\",\"error_type\":\"generation\"} | 502 | model_error | The model failed to generate an answer.",
                "429 | {\"error\":\"Model is overloaded\",\"error_type\":\"overloaded\"} | 429 | model_overloaded | The model is overloaded: try again in a moment.",
                "500 | {\"error\":\"Incomplete generation\",\"error_type\":\"incomplete_generation\"} | 502 | model_error | The model failed to generate an answer.",
                "503 | {\"error\":\"unhealthy\",\"error_type\":\"healthcheck\"} | 503 | model_unavailable | The model is not ready: try again after the time in Retry-After.",
                "400 | Failed to parse the request body as JSON | 502 | model_error | The model failed to generate an answer.",
                "0 | | 502 | model_error | The model failed to generate an answer.",
            })
    void an_error_of_tgi_becomes_one_of_this_api(int tgi, String words, int status, String code, String sentence)
            throws IOException {
        sagemaker.modelAnswers(tgi, words == null ? "" : words);

        assertFailed(invoke(Event.rest(BODY)), status, code, sentence);
    }

    @ParameterizedTest
    @CsvSource({
        "400, ValidationError, 503, model_unavailable",
        "413, UnknownError, 413, payload_too_large",
        "429, ModelNotReadyException, 503, model_unavailable",
        "503, ServiceUnavailable, 503, model_unavailable",
        "400, ThrottlingException, 429, throttled",
        "500, InternalFailure, 502, model_error",
        "530, InternalDependencyException, 502, model_error",
        "403, AccessDeniedException, 502, model_error",
    })
    void an_error_of_sagemaker_becomes_one_of_this_api_and_tells_nothing_of_aws(
            int wire, String type, int status, String code) throws IOException {
        sagemaker.fails(
                wire,
                type,
                "User: arn:aws:sts::123456789012:assumed-role/x is not authorized; Endpoint parkmeter-dev-tinyllama of"
                        + " account 123456789012 not found.");

        Answer answer = invoke(Event.rest(BODY));

        assertFailed(answer, status, code, null);
        assertThat(log.get(0)).contains("\"cause\":\"" + type + "\"");
        assertThat(answer.text()).doesNotContain("arn:", "123456789012", "parkmeter-dev-tinyllama");
        assertThat(log.toString()).doesNotContain("arn:", "123456789012", "not found");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "413 | UnknownError | HTTP content length exceeded 5246976 bytes.",
                "400 | ValidationError | Request 5d1ba3e2-7d27-4ac6-a6c3-0e3e3a0a4e4e has oversize body.",
                "400 | ValidationError | 1 validation error detected: Value at 'body' failed to satisfy constraint: Member must have length less than or equal to 26214400",
            })
    void a_request_that_is_too_large_for_sagemaker_is_a_413(int wire, String type, String words) throws IOException {
        sagemaker.fails(wire, type, words);

        assertFailed(
                invoke(Event.rest(BODY)),
                413,
                "payload_too_large",
                "The request is too large for the model. Send a shorter prompt.");
    }

    @ParameterizedTest
    @CsvSource({"503, ServiceUnavailable, 30", "400, ThrottlingException, 1"})
    void what_time_will_mend_says_when_to_try_again(int wire, String type, String seconds) throws IOException {
        sagemaker.fails(wire, type, "no");

        Map<?, ?> headers = invoke(Event.rest(BODY)).headers();

        assertThat(headers.get("Retry-After")).isEqualTo(seconds);
        assertThat(headers.get("Access-Control-Expose-Headers")).isEqualTo("Retry-After");
    }

    @Test
    void a_model_that_takes_too_long_is_a_504_before_lambda_gives_up() throws IOException {
        sagemaker.modelAnswersAfter(5_000, CHAT);
        long start = System.nanoTime();

        Answer answer = invoke(Event.rest(BODY), Duration.ofMillis(1_400));

        assertFailed(answer, 504, "timeout", "The model took too long: ask for fewer tokens with max_new_tokens.");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1_400));
    }

    @Test
    void a_function_with_no_time_left_does_not_call_the_model() throws IOException {
        assertFailed(invoke(Event.rest(BODY), Duration.ofMillis(900)), 504, "timeout", null);
        assertThat(sagemaker.requests()).isEmpty();
    }

    @Test
    void an_endpoint_that_hangs_up_is_a_503() throws IOException {
        sagemaker.hangsUp();

        assertFailed(invoke(Event.rest(BODY)), 503, "model_unavailable", null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"not JSON", "{}", "[]", "{\"choices\":[]}", "{\"choices\":[{\"message\":{\"content\":null}}]}"})
    void an_answer_that_is_none_of_tgis_is_a_502(String answer) throws IOException {
        sagemaker.modelAnswers(200, answer);

        assertFailed(invoke(Event.rest(BODY)), 502, "model_error", null);
    }

    @Test
    void a_completed_request_leaves_one_line_in_the_log() throws IOException {
        invoke(Event.rest(BODY));

        assertThat(log).hasSize(1);
        assertThat(log.get(0))
                .matches(
                        "\\{\"requestId\":\"gateway-request-id\",\"route\":\"/invoke\",\"model\":\"tinyllama\",\"endpoint\":\"parkmeter-dev-tinyllama\","
                                + "\"status\":200,\"latencyMs\":\\d+,\"promptTokens\":23,\"completionTokens\":8}\n");
    }

    @Test
    void a_failed_request_leaves_one_line_in_the_log() throws IOException {
        sagemaker.modelAnswers(429, "{\"error\":\"Model is overloaded\",\"error_type\":\"overloaded\"}");

        invoke(Event.rest(BODY));

        assertThat(log).hasSize(1);
        assertThat(log.get(0))
                .matches(
                        "\\{\"requestId\":\"gateway-request-id\",\"route\":\"/invoke\",\"model\":\"tinyllama\",\"endpoint\":\"parkmeter-dev-tinyllama\","
                                + "\"status\":429,\"latencyMs\":\\d+,\"code\":\"model_overloaded\",\"cause\":\"ModelError429\"}\n");
    }

    @Test
    void a_generation_that_failed_has_in_its_line_what_the_alarm_of_its_endpoint_counts() throws IOException {
        sagemaker.modelAnswers(
                424,
                "{\"error\":\"Request failed during generation: CUDA out of memory\",\"error_type\":\"generation\"}");

        invoke(Event.rest(BODY));

        assertThat(log.get(0)).contains("\"endpoint\":\"parkmeter-dev-tinyllama\"", "\"code\":\"model_error\"");
    }

    @Test
    void neither_prompt_nor_completion_is_ever_logged() throws IOException {
        invoke(Event.rest(BODY));
        sagemaker.modelAnswers(422, Quoted.json("error", "Input validation error: " + PROMPT));
        invoke(Event.rest(BODY));
        invoke(Event.rest(BODY + "x"));
        invoke(Event.rest("{\"prompt\":[" + Quoted.string(PROMPT) + "]}"));

        assertThat(String.join("", log)).doesNotContain("capital", "ville");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bad: " + PROMPT,
                "tokenizer error at 'the capital of'",
                "the capital of",
                "arn:aws:sagemaker:eu-west-2:123456789012:endpoint/parkmeter-dev-tinyllama is misconfigured",
                "`temperature` must be strictly positive, says arn:aws:iam::123456789012:role/x",
                "arn:aws:iam::123456789012:role/x: `temperature` must be strictly positive",
                "`inputs` must have less than 1024 tokens. Given: the capital of",
                "`temperature` must be strictly positive\nthe capital of",
            })
    void a_refusal_that_may_quote_the_prompt_or_name_what_is_behind_the_api_is_not_passed_on(String words)
            throws IOException {
        sagemaker.modelAnswers(
                422,
                "{\"error\":" + Quoted.string("Input validation error: " + words) + ",\"error_type\":\"validation\"}");

        assertFailed(
                invoke(Event.rest(BODY)), 422, "model_refused", "The model refused the request: check its parameters.");
    }

    private void assertFailed(Answer answer, int status, String code, @Nullable String sentence) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.textAt("code")).isEqualTo(code);
        assertThat(answer.textAt("requestId")).isEqualTo("gateway-request-id");
        assertThat(answer.textAt("error")).isNotBlank();
        if (sentence != null) {
            assertThat(answer.textAt("error")).isEqualTo(sentence);
        }
        assertThat(answer.text()).doesNotContain(PROMPT, "arn:aws", "123456789012", "CUDA");
    }

    private Answer invoke(Event event) throws IOException {
        return invoke(event, Duration.ofSeconds(29));
    }

    private Answer invoke(Event event, Duration left) throws IOException {
        return Answer.of(LambdaContext.call(handler, event.bytes(), left, log));
    }
}
