package parkmeter.lambda.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import parkmeter.lambda.json.Json;
import parkmeter.lambda.sagemaker.SageMakerEndpoint;

/** Whatever runs behind the prompt API, it is the same: each way in which the engines differ, by engine, over SageMaker's wire. */
class EngineDifferencesTest {
    private static final String TGI = "{\"type\":\"tgi\"}";
    private static final String OLD_TGI = "{\"type\":\"tgi\",\"inputs\":\"[INST] {prompt} [/INST]\\n\"}";
    private static final String VLLM = "{\"type\":\"vllm\"}";
    private static final String LLAMACPP = "{\"type\":\"llamacpp\"}";

    /** A chat completion as vLLM and llama.cpp write it: with an id, and with more than anybody asked for. */
    private static final String CHAT =
            """
            {"id":"chatcmpl-7f6","object":"chat.completion","created":1767225600,"model":"/opt/ml/model","choices":[{"index":0,
             "message":{"role":"assistant","content":"Paris.","refusal":null,"tool_calls":[],"reasoning":null},"logprobs":null,
             "finish_reason":"stop","stop_reason":null}],"usage":{"prompt_tokens":23,"total_tokens":26,"completion_tokens":3,
             "prompt_tokens_details":null},"prompt_logprobs":null,"timings":{"prompt_n":23}}""";

    private static final String TGI_CHAT =
            """
            {"id":"","object":"chat.completion","created":1,"model":"m","system_fingerprint":"3.3.6-sha","choices":[{"index":0,
             "message":{"role":"assistant","content":"Paris."},"logprobs":null,"finish_reason":"stop"}],
             "usage":{"prompt_tokens":23,"completion_tokens":3,"total_tokens":26}}""";

    private static final String COMPLETION =
            """
            {"id":"cmpl-7f6","object":"text_completion","created":1767225600,"model":"/opt/ml/model","choices":[{"index":0,
             "text":"Paris.","logprobs":null,"finish_reason":"length","stop_reason":null}],
             "usage":{"prompt_tokens":23,"total_tokens":26,"completion_tokens":3}}""";

    private static final String GENERATED =
            "[{\"generated_text\":\"Paris.\",\"details\":{\"finish_reason\":\"eos_token\",\"generated_tokens\":3}}]";

    private final List<String> log = new ArrayList<>();
    private StubSageMaker sagemaker;
    private SageMakerEndpoint endpoint;

    @BeforeEach
    void start() throws IOException {
        sagemaker = new StubSageMaker();
        endpoint = SageMakerEndpoint.named("parkmeter-dev-model", "eu-west-2");
    }

    @AfterEach
    void stop() {
        endpoint.close();
        sagemaker.close();
    }

    @Test
    void inputs_go_to_tgi_alone_and_to_an_old_one_with_the_stack_files_template() throws IOException {
        assertThat(sent(TGI, "/invoke", "")).startsWith("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]");
        assertThat(sent(TGI, "/complete", "")).startsWith("{\"inputs\":\"Hi\",");
        assertThat(sent(OLD_TGI, "/invoke", ""))
                .isEqualTo(
                        "{\"inputs\":\"[INST] Hi [/INST]\\n\",\"parameters\":{\"return_full_text\":false,"
                                + "\"details\":true,\"max_new_tokens\":512,\"temperature\":0.7,\"top_p\":0.9,\"do_sample\":true}}");
        assertThat(sent(OLD_TGI, "/complete", "")).startsWith("{\"inputs\":\"Hi\",");
        assertThat(sent(VLLM, "/invoke", ""))
                .isEqualTo("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":512,"
                        + "\"temperature\":0.7,\"top_p\":0.9}");
        assertThat(sent(VLLM, "/complete", ""))
                .isEqualTo("{\"prompt\":\"Hi\",\"max_tokens\":512,\"temperature\":0.7,\"top_p\":0.9}");
        assertThat(sent(LLAMACPP, "/invoke", ""))
                .isEqualTo("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":512,"
                        + "\"temperature\":0.7,\"top_p\":0.9}");
    }

    @ParameterizedTest
    @ValueSource(strings = {TGI, OLD_TGI, VLLM, LLAMACPP})
    void stop_is_an_array_to_every_engine(String engine) throws IOException {
        assertThat(sent(engine, "/invoke", "\"stop\":\"###\"")).contains("\"stop\":[\"###\"]");
        assertThat(sent(engine, "/invoke", "\"stop\":[\"a\",\"b\"]")).contains("\"stop\":[\"a\",\"b\"]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                TGI + " | /invoke | ~\"temperature\":0}~ | ~\"temperature\":0.7}~",
                OLD_TGI + " | /invoke | ~\"do_sample\":false}}~ | ~\"temperature\":0.7,\"do_sample\":true}}~",
                VLLM + " | /invoke | ~\"temperature\":0}~ | ~\"temperature\":0.7,\"top_p\":1}~",
                VLLM + " | /complete | ~\"temperature\":0}~ | ~\"temperature\":0.7,\"top_p\":1}~",
                LLAMACPP + " | /invoke | ~\"temperature\":0}~ | ~\"temperature\":0.7,\"top_p\":1}~",
            })
    void a_temperature_of_0_and_a_top_p_of_1_are_said_as_each_engine_takes_them(
            String engine, String route, String greedy, String all) throws IOException {
        assertThat(sent(engine, route, "\"temperature\":0"))
                .endsWith("512," + greedy)
                .doesNotContain("top_p");
        assertThat(sent(engine, route, "\"do_sample\":false")).endsWith("512," + greedy);
        assertThat(sent(engine, route, "\"top_p\":1")).endsWith(all);
    }

    @ParameterizedTest
    @ValueSource(strings = {TGI, OLD_TGI, VLLM, LLAMACPP})
    void no_engine_is_told_a_model_since_vllm_knows_its_own_name_alone(String engine) throws IOException {
        assertThat(Json.at(Json.readOrNull(sent(engine, "/invoke", "")), "model"))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"404, NotFoundError, The model `gpt-4` does not exist."})
    void a_model_of_another_name_is_no_fault_of_the_callers(int status, String type, String words) throws IOException {
        assertFailed(error(VLLM, status, vllm(words, type, "model", status)), 502, "model_error", null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                TGI + " | /invoke | chat",
                OLD_TGI + " | /invoke | generated",
                VLLM + " | /invoke | vllm",
                VLLM + " | /complete | completion",
                LLAMACPP + " | /invoke | vllm",
            })
    void tokens_are_counted_from_usage_and_nobody_asks_for_a_stream(String engine, String route, String answer)
            throws IOException {
        sagemaker.modelAnswers(
                200,
                switch (answer) {
                    case "chat" -> TGI_CHAT;
                    case "generated" -> GENERATED;
                    case "vllm" -> CHAT;
                    default -> COMPLETION;
                });

        Answer told = invoke(engine, route, "{\"prompt\":\"Hi\"}");

        assertThat(told.text())
                .isEqualTo("{\"generated_text\":\"Paris.\",\"prompt\":\"Hi\",\"parameters\":{\"max_new_tokens\":512,"
                        + "\"temperature\":0.7,\"top_p\":0.9,\"do_sample\":true}}");
        assertThat(log.get(0)).contains("\"completionTokens\":3");
        if (!answer.equals("generated")) {
            assertThat(log.get(0)).contains("\"promptTokens\":23");
        }
        assertThat(sagemaker.lastBody()).doesNotContain("stream");
    }

    @ParameterizedTest
    @ValueSource(strings = {TGI, VLLM, LLAMACPP})
    void an_id_of_the_engines_is_not_needed_and_not_told(String engine) throws IOException {
        sagemaker.modelAnswers(200, engine.equals(TGI) ? TGI_CHAT : CHAT);

        assertThat(invoke(engine, "/invoke", "{\"prompt\":\"Hi\"}").body().keySet())
                .hasToString("[generated_text, prompt, parameters]");
    }

    @ParameterizedTest
    @ValueSource(strings = {VLLM, LLAMACPP})
    void a_model_that_thought_until_its_tokens_were_used_up_said_nothing(String engine) throws IOException {
        sagemaker.modelAnswers(
                200, CHAT.replace("\"content\":\"Paris.\"", "\"content\":null,\"reasoning_content\":\"Hm\""));

        assertThat(invoke(engine, "/invoke", "{\"prompt\":\"Hi\"}").textAt("generated_text"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "This model's maximum context length is 2048 tokens. However, you requested 2560 tokens (2048 in the messages, 512 in the completion). Please reduce the length of the messages or completion.",
                "This model's maximum context length is 2048 tokens. However, your request has 2049 input tokens. Please reduce the length of the input messages.",
                "'max_tokens' or 'max_completion_tokens' is too large: 512. This model's maximum context length is 2048 tokens and your request has 2000 input tokens (512 > 2048 - 2000).",
                "This model's maximum context length is 2048 tokens. However, you requested 512 output tokens and your prompt contains at least 1537 input tokens, for a total of at least 2049 tokens. Please reduce the length of the input prompt or the number of requested output tokens.",
                "You passed 1537 input tokens and requested 512 output tokens. However, the model's context length is only 2048 tokens, resulting in a maximum input length of 1536 tokens. Please reduce the length of the input prompt.",
                "You passed 99999 input characters and requested 512 output tokens. However, the model's context length is only 2048 tokens, resulting in a maximum input length of 1536 tokens (at most 6144 characters). Please reduce the length of the input prompt.",
            })
    void too_long_a_prompt_is_refused_by_vllm_as_it_is_by_tgi(String words) throws IOException {
        String sentence = "The model refused the request: " + words;
        assertFailed(error(VLLM, 400, vllm(words, "BadRequestError", null, 400)), 422, "model_refused", sentence);
        assertFailed(
                error(VLLM, 400, vllm(words + " None", "BadRequestError", null, 400)), 422, "model_refused", sentence);
        assertFailed(
                error(
                        VLLM,
                        400,
                        vllm(words + " (parameter=input_tokens, value=1537)", "BadRequestError", "input_tokens", 400)),
                422,
                "model_refused",
                sentence);
        assertFailed(
                error(
                        VLLM,
                        400,
                        "{\"object\":\"error\",\"message\":" + Quoted.string(words)
                                + ",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}"),
                422,
                "model_refused",
                sentence);
    }

    @Test
    void too_long_a_prompt_is_refused_by_tgi() throws IOException {
        String words =
                "`inputs` tokens + `max_new_tokens` must be <= 2048. Given: 1800 `inputs` tokens and 512 `max_new_tokens`";
        for (String engine : List.of(TGI, OLD_TGI)) {
            assertFailed(
                    error(engine, 422, tgi("Input validation error: " + words, "validation")),
                    422,
                    "model_refused",
                    "The model refused the request: " + words);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "the request exceeds the available context size, try increasing it | the request exceeds the available context size, try increasing it",
                "request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it | request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it",
                "The prompt 'Hi' is too long | the prompt is longer than the model's context.",
            })
    void too_long_a_prompt_is_refused_by_llama_cpp(String words, String told) throws IOException {
        assertFailed(
                error(
                        LLAMACPP,
                        400,
                        "{\"error\":{\"code\":400,\"message\":" + Quoted.string(words)
                                + ",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":5000,\"n_ctx\":4096}}"),
                422,
                "model_refused",
                "The model refused the request: " + told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                VLLM
                        + " | 400 | {\"error\":{\"message\":\"As of transformers v4.44, default chat template is no longer allowed, so you must provide a chat template if the tokenizer does not define one.\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}} | 422 | model_refused | The model refused the request: its chat template can't be applied to the prompt.",
                VLLM
                        + " | 400 | {\"error\":{\"message\":\"The prompt Hi at arn:aws:x: This model's maximum context length is 2048 tokens\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}} | 422 | model_refused | The model refused the request: check its parameters.",
                VLLM
                        + " | 400 | {\"error\":{\"message\":\"Cannot find suitable handler for request\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}} | 502 | model_error | The model failed to generate an answer.",
                VLLM
                        + " | 415 | {\"error\":{\"message\":\"Unsupported Media Type: Only 'application/json' is allowed\",\"type\":\"UnsupportedMediaType\",\"param\":null,\"code\":415}} | 502 | model_error | The model failed to generate an answer.",
                VLLM
                        + " | 500 | {\"error\":{\"message\":\"EngineCore encountered an issue.\",\"type\":\"InternalServerError\",\"param\":null,\"code\":500}} | 502 | model_error | The model failed to generate an answer.",
                VLLM
                        + " | 503 | {\"error\":{\"message\":\"no\",\"type\":\"ServiceUnavailableError\",\"param\":null,\"code\":503}} | 503 | model_unavailable | The model is not ready: try again after the time in Retry-After.",
                VLLM
                        + " | 413 | too large | 413 | payload_too_large | The request is too large for the model. Send a shorter prompt.",
                VLLM + " | 502 | <html>CUDA</html> | 502 | model_error | The model failed to generate an answer.",
                LLAMACPP
                        + " | 503 | {\"error\":{\"code\":503,\"message\":\"Loading model\",\"type\":\"unavailable_error\"}} | 503 | model_unavailable | The model is not ready: try again after the time in Retry-After.",
                LLAMACPP
                        + " | 400 | {\"error\":{\"code\":400,\"message\":\"failed to parse grammar: CUDA\",\"type\":\"invalid_request_error\"}} | 422 | model_refused | The model refused the request: check its parameters.",
                LLAMACPP
                        + " | 500 | {\"error\":{\"code\":500,\"message\":\"Jinja Exception: CUDA\",\"type\":\"server_error\"}} | 502 | model_error | The model failed to generate an answer.",
                LLAMACPP
                        + " | 501 | {\"error\":{\"code\":501,\"message\":\"no\",\"type\":\"not_supported_error\"}} | 502 | model_error | The model failed to generate an answer.",
                LLAMACPP
                        + " | 404 | {\"error\":{\"code\":404,\"message\":\"File Not Found\",\"type\":\"not_found_error\"}} | 502 | model_error | The model failed to generate an answer.",
                LLAMACPP
                        + " | 413 | <html>nginx</html> | 413 | payload_too_large | The request is too large for the model. Send a shorter prompt.",
                OLD_TGI
                        + " | 429 | {\"error\":\"Model is overloaded\",\"error_type\":\"overloaded\"} | 429 | model_overloaded | The model is overloaded: try again in a moment.",
            })
    void an_error_in_an_engines_shape_becomes_one_of_this_api(
            String engine, int wire, String words, int status, String code, String sentence) throws IOException {
        assertFailed(error(engine, wire, words), status, code, sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {TGI, OLD_TGI, VLLM, LLAMACPP})
    void how_long_an_answer_may_be_is_said_to_every_engine_since_their_defaults_differ(String engine)
            throws IOException {
        String tokens = engine.equals(OLD_TGI) ? "\"max_new_tokens\":" : "\"max_tokens\":";
        assertThat(sent(engine, "/invoke", "")).contains(tokens + "512");
        assertThat(sent(engine, "/invoke", "\"max_new_tokens\":7")).contains(tokens + "7");
    }

    @Test
    void a_request_of_more_than_tgi_takes_goes_to_an_engine_that_takes_it() throws IOException {
        sagemaker.modelAnswers(200, CHAT);
        String body = Quoted.json("prompt", "x".repeat(Tgi.LONGEST_REQUEST));

        assertThat(invoke(TGI, "/invoke", body).status()).isEqualTo(413);
        assertThat(invoke(OLD_TGI, "/invoke", body).status()).isEqualTo(413);
        assertThat(invoke(VLLM, "/invoke", body).status()).isEqualTo(200);
        assertThat(invoke(LLAMACPP, "/invoke", body).status()).isEqualTo(200);
    }

    private String sent(String engine, String route, String parameters) throws IOException {
        sagemaker.modelAnswers(200, COMPLETION);
        Answer answer = invoke(engine, route, "{\"prompt\":\"Hi\",\"parameters\":{" + parameters + "}}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return sagemaker.lastBody();
    }

    private Answer error(String engine, int status, String body) throws IOException {
        sagemaker.modelAnswers(status, body);
        return invoke(engine, "/invoke", "{\"prompt\":\"Hi\"}");
    }

    private static void assertFailed(Answer answer, int status, String code, @Nullable String sentence) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.textAt("code")).isEqualTo(code);
        if (sentence != null) {
            assertThat(answer.textAt("error")).isEqualTo(sentence);
        }
        assertThat(answer.text()).doesNotContain("arn:aws", "CUDA", "gpt-4", "Hi", "123456789012");
    }

    private static String tgi(String words, String type) {
        return "{\"error\":" + Quoted.string(words) + ",\"error_type\":\"" + type + "\"}";
    }

    private static String vllm(String words, String type, @Nullable String param, int code) {
        return "{\"error\":{\"message\":" + Quoted.string(words) + ",\"type\":\"" + type + "\",\"param\":"
                + (param == null ? "null" : Quoted.string(param)) + ",\"code\":" + code + "}}";
    }

    private Answer invoke(String engine, String route, String body) throws IOException {
        Map<String, Body> routes = engine.equals(LLAMACPP)
                ? Map.of("POST /invoke", new Body.Prompt(Template.CHAT))
                : Map.of(
                        "POST /invoke",
                        new Body.Prompt(Template.CHAT),
                        "POST /complete",
                        new Body.Prompt(Template.NONE));
        InvokeHandler handler = new InvokeHandler(
                new Settings(
                        "model",
                        "parkmeter-dev-model",
                        "eu-west-2",
                        routes,
                        null,
                        Objects.requireNonNull(Engine.read(Json.readOrNull(engine)))),
                endpoint,
                ModelMeter.NONE,
                Clock.systemUTC());
        log.clear();
        return Answer.of(LambdaContext.call(
                handler, Event.rest(body).with("resource", route).bytes(), Duration.ofSeconds(29), log));
    }
}
