package parkmeter.lambda.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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

/** Jobs of asynchronous endpoints from a call that is taken to its answer, over the wire formats of everything behind them. */
class AsyncJobsOverHttpTest {
    private static final String QWEN = "parkmeter-dev-qwen";
    private static final String BUCKET = "parkmeter-dev-answers/";
    private static final String OUTPUT = "async/qwen/out/6f0a.out";
    private static final String FAILURE = "async/qwen/failed/6f0a-error.out";
    private static final String CHAT =
            "{\"choices\":[{\"message\":{\"content\":\"Paris\"}}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}";

    private final List<String> log = new ArrayList<>();
    private StubStates states;
    private StubSageMaker sagemaker;

    @BeforeEach
    void start() throws IOException {
        states = new StubStates();
        sagemaker = new StubSageMaker();
        sagemaker.takes("s3://" + BUCKET + OUTPUT, "s3://" + BUCKET + FAILURE);
    }

    @AfterEach
    void stop() {
        sagemaker.close();
        states.close();
    }

    private static Map<String, String> environment() {
        return Map.of(
                "AWS_REGION",
                "eu-west-2",
                "PARKMETER_ANSWERS_BUCKET",
                "parkmeter-dev-answers",
                "PARKMETER_ROUTES",
                "{\"POST /qwen\":\"prompt\",\"POST /raw\":\"passthrough\"}",
                "PARKMETER_ENDPOINTS",
                "{\"POST /qwen\":\"" + QWEN + "\",\"POST /raw\":\"" + QWEN + "\"}",
                "PARKMETER_ENGINES",
                "{\"" + QWEN + "\":{\"type\":\"vllm\"}}",
                "PARKMETER_ASYNC",
                "{\"" + QWEN + "\":\"async/qwen/\"}");
    }

    private static Map<String, String> with(String name, @Nullable String value) {
        Map<String, String> environment = new HashMap<>(environment());
        if (value == null) {
            environment.remove(name);
        } else {
            environment.put(name, value);
        }
        return environment;
    }

    @Test
    void a_prompt_goes_to_the_endpoint_in_the_call_and_its_answer_is_there_later() throws IOException {
        Answer taken = call("POST", "/qwen", "{\"prompt\":\"Hi\",\"parameters\":{\"top_k\":5}}");
        String id = id(taken);

        assertThat(taken.status()).isEqualTo(202);
        assertThat(taken.text()).isEqualTo("{\"id\":\"" + id + "\",\"status\":\"running\"}");
        assertThat(taken.headers().get("Location")).isEqualTo("/prod/qwen/" + id);
        StubSageMaker.Request request = sagemaker.requests().get(0);
        assertThat(request.path()).isEqualTo("/endpoints/" + QWEN + "/async-invocations");
        assertThat(request.body())
                .isEqualTo("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":512,"
                        + "\"temperature\":0.7,\"top_p\":0.9,\"top_k\":5}");
        assertThat(request.header("X-Amzn-SageMaker-Content-Type")).isEqualTo("application/json");
        assertThat(request.header("X-Amzn-SageMaker-Accept")).isEqualTo("application/json");
        assertThat(request.header("X-Amzn-SageMaker-InputLocation")).isEmpty();
        assertThat(request.header("X-Amzn-SageMaker-RequestTTLSeconds")).isEqualTo("21600");
        assertThat(request.header("X-Amzn-SageMaker-InvocationTimeoutSeconds")).isEqualTo("3600");
        assertThat(request.header("authorization")).contains("/eu-west-2/sagemaker/aws4_request");
        assertThat(get("/qwen", id).text()).isEqualTo("{\"id\":\"" + id + "\",\"status\":\"running\"}");

        states.write(BUCKET + OUTPUT, CHAT.getBytes(UTF_8), "application/json");

        assertThat(get("/qwen", id).text())
                .isEqualTo("{\"id\":\"" + id + "\",\"status\":\"succeeded\",\"answer\":{\"generated_text\":\"Paris\","
                        + "\"prompt\":\"Hi\",\"parameters\":{\"max_new_tokens\":512,\"temperature\":0.7,\"top_p\":0.9,"
                        + "\"do_sample\":true,\"top_k\":5}}}");
        assertThat(states.inputs()).isEmpty();
        assertThat(sagemaker.requests()).hasSize(1);
    }

    @Test
    void a_body_of_more_than_128_000_bytes_goes_through_the_bucket() throws IOException {
        int around = "{\"a\":\"\"}".length();
        String most = "{\"a\":\"" + "x".repeat(128_000 - around) + "\"}";
        String more = "{\"a\":\"" + "x".repeat(128_001 - around) + "\"}";

        call("POST", "/raw", most);
        String id = id(call("POST", "/raw", more));

        assertThat(sagemaker.requests().get(0).body()).isEqualTo(most);
        StubSageMaker.Request request = sagemaker.requests().get(1);
        assertThat(request.body()).isEmpty();
        assertThat(request.header("X-Amzn-SageMaker-InputLocation"))
                .isEqualTo("s3://parkmeter-dev-answers/async/qwen/in/" + id);
        assertThat(states.objects().get(BUCKET + "async/qwen/in/" + id)).isEqualTo(more.getBytes(UTF_8));
    }

    @Test
    void a_body_as_it_is_keeps_its_type_its_attributes_and_its_bytes() throws IOException {
        byte[] image = {(byte) 0x89, 'P', 'N', 'G', 0};
        String id = id(answer(
                environment(),
                Event.base64(image)
                        .contentType("application/x-image")
                        .header("X-Amzn-SageMaker-Custom-Attributes", "a=b")
                        .with("resource", "/raw")));
        states.write(BUCKET + OUTPUT, image, "image/png");

        StubSageMaker.Request request = sagemaker.requests().get(0);
        assertThat(request.content().bytes()).isEqualTo(image);
        assertThat(request.header("X-Amzn-SageMaker-Content-Type")).isEqualTo("application/x-image");
        assertThat(request.header("X-Amzn-SageMaker-Accept")).isEqualTo("*/*");
        assertThat(request.header("X-Amzn-SageMaker-Custom-Attributes")).isEqualTo("a=b");
        Answer done = answer(
                environment(),
                Event.rest(null)
                        .with("httpMethod", "GET")
                        .with("resource", "/raw/{id}")
                        .with("pathParameters", Map.of("id", id)));
        assertThat(done.text())
                .isEqualTo("{\"id\":\"" + id + "\",\"status\":\"succeeded\",\"contentType\":\"image/png\","
                        + "\"base64\":\"iVBORwA=\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"error\":{\"message\":\"This model's maximum context length is 2048 tokens. However, your request has 2049 input tokens. Please reduce the length of the input messages.\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}} | model_refused | The model refused the request: This model's maximum context length is 2048 tokens. However, your request has 2049 input tokens. Please reduce the length of the input messages.",
                "{\"error\":{\"message\":\"secret\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}} | model_refused | The model refused the request: check its parameters.",
                "Received client error (400) from primary with message \"{\"error\":{\"message\":\"secret\",\"code\":400}}\". See https://eu-west-2.console.aws.amazon.com/x in account 123456789012 for more information. | model_refused | The model refused the request: check its parameters.",
                "Received server error (503) from primary with message \"secret\" | model_unavailable | The model is not ready: try again after the time in Retry-After.",
                "Received client error (404) from primary with message \"{\"error\":{\"message\":\"The model `secret` does not exist.\",\"code\":404}}\" | model_error | The model failed to generate an answer.",
                "ClientError: arn:aws:s3:::secret | model_error | The model failed to generate an answer.",
                "~~ | model_error | The model failed to generate an answer.",
            })
    void what_a_container_said_of_its_failure_is_told_in_this_apis_words(String text, String code, String sentence)
            throws IOException {
        String id = id(call("POST", "/qwen", "{\"prompt\":\"Hi\"}"));
        states.write(BUCKET + FAILURE, text.getBytes(UTF_8), "text/plain");

        Answer failed = get("/qwen", id);

        assertThat(failed.status()).isEqualTo(200);
        assertThat(failed.text())
                .isEqualTo("{\"id\":\"" + id + "\",\"status\":\"failed\",\"error\":" + Quoted.string(sentence)
                        + ",\"code\":\"" + code + "\"}");
        assertThat(log.toString()).doesNotContain("secret", "arn:", "123456789012");
    }

    @Test
    void an_answer_that_is_none_of_the_engines_is_a_failed_job() throws IOException {
        String id = id(call("POST", "/qwen", "{\"prompt\":\"Hi\"}"));
        states.write(BUCKET + OUTPUT, "{\"outputs\":[]}".getBytes(UTF_8), "application/json");

        assertThat(get("/qwen", id).textAt("code")).isEqualTo("model_error");
        assertThat(get("/qwen", id).textAt("error"))
                .isEqualTo("The model's answer can't be understood: is its container vLLM's?");
    }

    @Test
    void a_job_whose_answer_never_comes_took_too_long() throws IOException, InterruptedException {
        String fast = System.currentTimeMillis() + "@10000";
        JobsHandler jobs = new JobsHandler(with("PARKMETER_CLOCK", fast));
        String id = id(answer(jobs, request("POST", "/qwen", "{\"prompt\":\"Hi\"}")));

        assertThat(answer(jobs, getting("/qwen", id)).textAt("status")).isEqualTo("running");

        Instant end = Instant.now().plusSeconds(60);
        Answer later = answer(jobs, getting("/qwen", id));
        while ("running".equals(later.textAt("status")) && Instant.now().isBefore(end)) {
            TimeUnit.MILLISECONDS.sleep(100);
            later = answer(jobs, getting("/qwen", id));
        }
        assertThat(later.textAt("code")).isEqualTo("timeout");
        assertThat(later.textAt("error")).isEqualTo("The job took too long.");
        states.write(BUCKET + OUTPUT, CHAT.getBytes(UTF_8), "application/json");
        assertThat(answer(jobs, getting("/qwen", id)).textAt("status")).isEqualTo("succeeded");
    }

    @Test
    void a_caller_sees_his_own_jobs_only_under_the_route_that_took_them() throws IOException {
        String id = id(call("POST", "/qwen", "{\"prompt\":\"Hi\"}"));
        Answer none = get("/qwen", "00000000-0000-0000-0000-000000000000");
        Answer other = answer(
                environment(),
                getting("/qwen", id)
                        .with("requestContext", Map.of("identity", Map.of("apiKeyId", "k2"), "path", "/prod/x")));

        assertThat(none.status()).isEqualTo(404);
        assertThat(other.status()).isEqualTo(404);
        assertThat(other.textAt("error")).isEqualTo(none.textAt("error"));
        assertThat(get("/raw", id).status()).isEqualTo(404);
        assertThat(get("/qwen", id).status()).isEqualTo(200);
    }

    @Test
    void a_request_that_no_model_could_answer_is_refused_before_it_is_taken() throws IOException {
        assertThat(call("POST", "/qwen", "{\"prompt\":\"Hi\",\"parameters\":{\"typical_p\":0.5}}")
                        .problems())
                .containsExactly("parameters.typical_p=0.5: can't be given to this model: vLLM has no place for it");
        assertThat(sagemaker.requests()).isEmpty();
        assertThat(states.objects()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "400, ValidationError, 503, model_unavailable",
        "503, ServiceUnavailable, 503, model_unavailable",
        "500, InternalFailure, 502, model_error",
        "403, AccessDeniedException, 502, model_error",
        "413, UnknownError, 413, payload_too_large",
    })
    void a_call_that_sagemaker_does_not_take_is_no_job_and_not_sent_twice(
            int wire, String type, int status, String code) throws IOException {
        sagemaker.fails(wire, type, "arn:aws:sagemaker:eu-west-2:123456789012:endpoint/x");

        Answer answer = call("POST", "/qwen", "{\"prompt\":\"Hi\"}");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.textAt("code")).isEqualTo(code);
        assertThat(answer.text() + log).doesNotContain("arn:", "123456789012");
        assertThat(log.get(0)).contains("\"cause\":\"" + type + "\"");
        assertThat(sagemaker.requests()).hasSize(1);
        assertThat(states.objects().keySet()).noneMatch(key -> key.endsWith("/job"));
    }

    @Test
    void a_bucket_that_gives_no_answer_costs_no_generation() throws IOException {
        states.refuses("PutObject", "AccessDenied");

        Answer answer = call("POST", "/qwen", "{\"prompt\":\"Hi\"}");

        assertThat(answer.textAt("code")).isEqualTo("jobs_unavailable");
        assertThat(sagemaker.requests()).isEmpty();
    }

    @Test
    void answers_that_go_to_another_bucket_are_a_fault_of_the_stacks() throws IOException {
        sagemaker.takes("s3://other/6f0a.out", "");

        assertThat(call("POST", "/qwen", "{\"prompt\":\"Hi\"}").textAt("code")).isEqualTo("internal_error");
    }

    @Test
    void nothing_that_the_caller_or_the_model_wrote_is_in_the_job_or_in_a_log() throws IOException {
        String id = id(call("POST", "/qwen", "{\"prompt\":\"capital\"}"));
        states.write(BUCKET + OUTPUT, CHAT.getBytes(UTF_8), "application/json");
        get("/qwen", id);

        String job = new String(Objects.requireNonNull(states.objects().get(BUCKET + id + "/job")), UTF_8);
        assertThat(job)
                .matches("\\{\"job\":\"" + id + "\",\"caller\":\"k1\",\"route\":\"POST /qwen\",\"endpoint\":\"" + QWEN
                        + "\",\"takenAt\":\"[0-9TZ:.-]+\",\"output\":\"" + OUTPUT + "\",\"failure\":\"" + FAILURE
                        + "\"}");
        assertThat(log).hasSize(2).allMatch(line -> line.contains("\"job\":\"" + id + "\""));
        assertThat(log.toString()).doesNotContain("capital", "Paris");
    }

    @Test
    void without_a_state_machine_there_are_no_executions() throws IOException {
        for (String route : List.of("/startexecution", "/describeexecution")) {
            assertThat(call("POST", route, "{\"endpointname\":\"" + QWEN + "\",\"body\":{}}")
                            .textAt("code"))
                    .isEqualTo("unknown_route");
        }
    }

    @Test
    void beside_endpoints_that_answer_at_once_each_takes_its_own() throws IOException {
        Map<String, String> mixed = with("PARKMETER_STATE_MACHINE", StubStates.MACHINE);
        mixed.put("PARKMETER_ENDPOINTS", "{\"POST /qwen\":\"" + QWEN + "\",\"POST /raw\":\"parkmeter-dev-falcon\"}");

        answer(mixed, request("POST", "/raw", "{}"));
        assertThat(states.inputs()).hasSize(1);
        assertThat(sagemaker.requests()).isEmpty();
        answer(mixed, request("POST", "/qwen", "{\"prompt\":\"Hi\"}"));
        assertThat(states.inputs()).hasSize(1);
        assertThat(sagemaker.requests()).hasSize(1);
        assertThat(answer(mixed, request("POST", "/startexecution", "{\"endpointname\":\"" + QWEN + "\",\"body\":{}}"))
                        .problems())
                .containsExactly("endpointname=" + QWEN + ": must be an endpoint of this API that takes long calls");
    }

    @ParameterizedTest
    @ValueSource(strings = {"async/qwen", "/async/qwen/", "", "async//qwen/", "[]"})
    void a_prefix_that_is_none_ends_the_start(String prefix) {
        assertThatThrownBy(() -> new JobsHandler(with(
                        "PARKMETER_ASYNC", prefix.equals("[]") ? prefix : "{\"" + QWEN + "\":\"" + prefix + "\"}")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PARKMETER_ASYNC must be a JSON object");
    }

    @Test
    void an_endpoint_that_answers_at_once_needs_a_state_machine() {
        assertThatThrownBy(() -> new JobsHandler(with("PARKMETER_ASYNC", null)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PARKMETER_STATE_MACHINE is missing.");
    }

    @Test
    void engines_that_make_no_sense_end_the_start() {
        assertThatThrownBy(() -> new JobsHandler(with("PARKMETER_ENGINES", "{\"x\":\"vllm\"}")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PARKMETER_ENGINES must be a JSON object from endpoints' names to {\"type\":");
        Map<String, String> none = with("PARKMETER_ENGINES", "{\"" + QWEN + "\":{\"type\":\"llamacpp\"}}");
        none.put("PARKMETER_ROUTES", "{\"POST /qwen\":\"prompt/none\",\"POST /raw\":\"passthrough\"}");
        assertThatThrownBy(() -> new JobsHandler(none))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The routes POST /qwen can't be \"prompt/none\": llama.cpp's container takes chats alone"
                        + " (PARKMETER_ENGINES); the Pulumi program sets both.");
    }

    private static String id(Answer taken) {
        assertThat(taken.status()).as(taken.text()).isEqualTo(202);
        return Objects.requireNonNull(taken.textAt("id"));
    }

    private Answer get(String path, String id) throws IOException {
        return answer(environment(), getting(path, id));
    }

    private static Event getting(String path, String id) {
        return request("GET", path + "/{id}", null).with("pathParameters", Map.of("id", id));
    }

    private static Event request(String method, String route, @Nullable String body) {
        return Event.rest(body)
                .with("httpMethod", method)
                .with("resource", route)
                .with("requestContext", Map.of("path", "/prod" + route, "identity", Map.of("apiKeyId", "k1")));
    }

    private Answer call(String method, String route, @Nullable String body) throws IOException {
        return answer(environment(), request(method, route, body));
    }

    private Answer answer(Map<String, String> environment, Event event) throws IOException {
        return answer(new JobsHandler(environment), event);
    }

    private Answer answer(JobsHandler jobs, Event event) throws IOException {
        return Answer.of(LambdaContext.call(jobs, event.bytes(), Duration.ofSeconds(29), log));
    }
}
