package parkmeter.lambda.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
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
import parkmeter.lambda.sagemaker.Content;

/** Long routes from a call that is taken to its answer, over the wire formats of everything behind them. */
class JobsOverHttpTest {
    private static final String FALCON = "demo-Falcon40B-Endpoint";
    private static final String AWKWARD = "It's \"quoted\" \\ $input.path('$') #set($x=1) 🙂";
    private static final String TRY_AGAIN = "parkmeter.lambda.jobs.TryAgain";
    private static final String JOB_FAILED = "parkmeter.lambda.jobs.JobFailed";

    private final List<String> log = new ArrayList<>();
    private StubStates states;
    private StubSageMaker sagemaker;
    private JobsHandler jobs;
    private WorkHandler work;

    @BeforeEach
    void start() throws IOException {
        states = new StubStates();
        sagemaker = new StubSageMaker();
        jobs = new JobsHandler(environment());
        work = new WorkHandler(environment());
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
                "PARKMETER_STATE_MACHINE",
                StubStates.MACHINE,
                "PARKMETER_ANSWERS_BUCKET",
                "parkmeter-dev-answers",
                "PARKMETER_ROUTES",
                "{\"POST /jobs\":\"prompt\",\"POST /long/falcon\":\"passthrough\"}",
                "PARKMETER_ENDPOINTS",
                "{\"POST /jobs\":\"parkmeter-dev-tinyllama\",\"POST /long/falcon\":\"" + FALCON + "\"}");
    }

    @Test
    void startexecution_and_describeexecution_speak_as_they_always_did() throws IOException {
        String request =
                """
                {
                    "endpointname": "demo-Falcon40B-Endpoint",
                    "body": {"inputs": "Write a program to compute factorial in python:", "parameters": {"max_new_tokens": 200}}
                }""";
        String generated = "[{\"generated_text\":\"\\nYou can compute factorial. Here's an example:\"}]";
        sagemaker.modelAnswers(200, generated);

        Answer started = call("POST", "/startexecution", request);
        String arn = Objects.requireNonNull(started.textAt("executionArn"));
        Answer running = describe(arn);
        assertThat(run()).isEmpty();
        Answer done = describe(arn);

        assertThat(keys(started)).containsExactly("executionArn", "startDate");
        assertThat(arn).startsWith("arn:aws:states:eu-west-2:123456789012:execution:parkmeter-dev-jobs:");
        assertThat(started.body().get("startDate")).isInstanceOf(Number.class);
        assertThat(running.textAt("status")).isEqualTo("RUNNING");
        assertThat(keys(running))
                .containsExactly(
                        "executionArn", "input", "inputDetails", "name", "startDate", "stateMachineArn", "status");
        assertThat(keys(done))
                .containsExactly(
                        "executionArn",
                        "input",
                        "inputDetails",
                        "name",
                        "output",
                        "outputDetails",
                        "startDate",
                        "stateMachineArn",
                        "status",
                        "stopDate");
        assertThat(done.textAt("status")).isEqualTo("SUCCEEDED");
        assertThat(done.textAt("input"))
                .isEqualTo("{\"endpointname\":\"demo-Falcon40B-Endpoint\",\"body\":{\"inputs\":\"Write a program to"
                        + " compute factorial in python:\",\"parameters\":{\"max_new_tokens\":200}}}");
        Map<?, ?> output = Answer.read(Objects.requireNonNull(done.textAt("output")));
        assertThat(output.get("Body")).isEqualTo(generated);
        assertThat(output.get("ContentType")).isEqualTo("application/json");
        assertThat(sagemaker.requests().get(0).path()).isEqualTo("/endpoints/demo-Falcon40B-Endpoint/invocations");
        assertThat(sagemaker.lastBody())
                .isEqualTo("{\"inputs\":\"Write a program to compute factorial in python:\",\"parameters\":"
                        + "{\"max_new_tokens\":200}}");
    }

    @Test
    void a_prompt_is_taken_with_a_location_and_its_answer_is_there_later() throws IOException {
        sagemaker.modelAnswers(200, "{\"generated_text\":" + Quoted.string(AWKWARD) + "}");

        Answer taken = call("POST", "/jobs", Quoted.json("prompt", AWKWARD));
        String id = Objects.requireNonNull(taken.textAt("id"));

        assertThat(taken.status()).isEqualTo(202);
        assertThat(taken.text()).isEqualTo("{\"id\":\"" + id + "\",\"status\":\"running\"}");
        assertThat(taken.headers().get("Location")).isEqualTo("/prod/jobs/" + id);
        assertThat(taken.headers().get("Access-Control-Expose-Headers")).isEqualTo("Location");
        assertThat(get(id).text()).isEqualTo("{\"id\":\"" + id + "\",\"status\":\"running\"}");
        assertThat(run()).isEmpty();
        Answer done = get(id);
        assertThat(done.textAt("status")).isEqualTo("succeeded");
        assertThat(done.textAt("answer", "generated_text")).isEqualTo(AWKWARD);
        assertThat(done.textAt("answer", "prompt")).isEqualTo(AWKWARD);
        assertThat(sagemaker.lastBody()).contains(Quoted.string(AWKWARD));
    }

    @Test
    void a_job_is_put_to_its_endpoints_engine() throws IOException {
        Map<String, String> vllm = new HashMap<>(environment());
        vllm.put("PARKMETER_ENGINES", "{\"parkmeter-dev-tinyllama\":{\"type\":\"vllm\"}}");
        jobs = new JobsHandler(vllm);
        work = new WorkHandler(vllm);
        sagemaker.modelAnswers(200, "{\"choices\":[{\"message\":{\"content\":\"Paris\"}}]}");

        Answer taken = call("POST", "/jobs", "{\"prompt\":\"Hi\",\"parameters\":{\"top_k\":5}}");
        assertThat(run()).isEmpty();

        assertThat(sagemaker.lastBody()).endsWith("\"top_k\":5}");
        assertThat(get(Objects.requireNonNull(taken.textAt("id"))).textAt("answer", "generated_text"))
                .isEqualTo("Paris");
    }

    @Test
    void an_http_api_takes_jobs_too() throws IOException {
        Event event =
                Event.http("{\"prompt\":\"Hi\"}").with("routeKey", "POST /jobs").with("rawPath", "/prod/jobs");

        Answer taken = answer(event);

        assertThat(taken.status()).isEqualTo(202);
        assertThat(taken.headers().get("Location")).isEqualTo("/prod/jobs/" + taken.textAt("id"));
    }

    @Test
    void a_request_and_an_answer_of_a_megabyte_are_no_matter() throws IOException {
        String long_ = "x".repeat(1_000_000);
        sagemaker.modelAnswers(200, "{\"generated_text\":\"" + long_ + "\"}");

        Answer taken = call("POST", "/jobs", Quoted.json("prompt", long_));
        run();

        Answer done = get(Objects.requireNonNull(taken.textAt("id")));
        assertThat(Objects.requireNonNull(done.textAt("answer", "generated_text")))
                .hasSize(1_000_000);
        assertThat(states.inputs()).allMatch(input -> input.getBytes(UTF_8).length < 1_000);
    }

    @Test
    void a_passthrough_job_keeps_type_attributes_and_bytes() throws IOException {
        byte[] image = {(byte) 0x89, 'P', 'N', 'G', 0};
        sagemaker.modelAnswers(new Content(image, "image/png"), "");

        Answer taken = answer(Event.base64(image)
                .contentType("application/x-image")
                .header("X-Amzn-SageMaker-Custom-Attributes", "a=b")
                .with("resource", "/long/falcon"));
        run();

        assertThat(sagemaker.requests().get(0).content()).isEqualTo(new Content(image, "application/x-image"));
        assertThat(sagemaker.requests().get(0).header("X-Amzn-SageMaker-Custom-Attributes"))
                .isEqualTo("a=b");
        Answer done = answer(request("GET", "/long/falcon/{id}", null)
                .with("pathParameters", Map.of("id", Objects.requireNonNull(taken.textAt("id")))));
        assertThat(done.textAt("contentType")).isEqualTo("image/png");
        assertThat(done.textAt("base64")).isEqualTo("iVBORwA=");
    }

    @Test
    void an_answer_that_is_text_is_told_as_text() throws IOException {
        sagemaker.modelAnswers(new Content("It's text".getBytes(UTF_8), "text/plain"), "");
        Answer taken = answer(request("POST", "/long/falcon", "{}"));
        run();

        Answer done = answer(request("GET", "/long/falcon/{id}", null)
                .with("pathParameters", Map.of("id", Objects.requireNonNull(taken.textAt("id")))));

        assertThat(done.text()).endsWith("\"contentType\":\"text/plain\",\"text\":\"It's text\"}");
    }

    @Test
    void a_caller_sees_his_own_jobs_only_and_cannot_tell_others_from_none() throws IOException {
        Answer taken = call("POST", "/jobs", "{\"prompt\":\"Hi\"}");
        String id = Objects.requireNonNull(taken.textAt("id"));
        Answer started = call("POST", "/startexecution", "{\"endpointname\":\"" + FALCON + "\",\"body\":{}}");
        String arn = Objects.requireNonNull(started.textAt("executionArn"));
        Map<String, Object> other = Map.of("identity", Map.of("apiKeyId", "k2"), "path", "/prod/x");
        Map<String, Object> owner = Map.of(
                "identity", Map.of("apiKeyId", "k1"), "authorizer", Map.of("caller", "first/Ada"), "path", "/prod/x");

        for (Map<String, Object> context : List.of(other, owner)) {
            Answer hidden = answer(request("GET", "/jobs/{id}", null)
                    .with("pathParameters", Map.of("id", id))
                    .with("requestContext", context));
            Answer none = get("00000000-0000-0000-0000-000000000000");
            assertThat(hidden.status()).isEqualTo(404);
            assertThat(hidden.textAt("error")).isEqualTo(none.textAt("error"));
            assertThat(answer(request("POST", "/describeexecution", Quoted.json("executionArn", arn))
                                    .with("requestContext", context))
                            .textAt("code"))
                    .isEqualTo("unknown_job");
        }
        assertThat(get(id).status()).isEqualTo(200);
        assertThat(describe(arn).status()).isEqualTo(200);
    }

    @Test
    void a_job_is_known_under_the_route_that_took_it_only() throws IOException {
        String id = Objects.requireNonNull(
                call("POST", "/jobs", "{\"prompt\":\"Hi\"}").textAt("id"));

        assertThat(answer(request("GET", "/long/falcon/{id}", null).with("pathParameters", Map.of("id", id)))
                        .status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:states:eu-west-2:123456789012:execution:other:x",
                "arn:aws:states:eu-west-2:123456789012:execution:parkmeter-dev-jobs-2:x",
                "x",
                "",
                "It's",
            })
    void an_execution_of_another_machine_there_is_not(String arn) throws IOException {
        assertThat(describe(arn).textAt("code")).isEqualTo("unknown_job");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "../x", "00000000-0000-0000-0000-00000000000G", "*"})
    void a_text_that_is_no_id_names_no_job(String id) throws IOException {
        assertThat(get(id).textAt("code")).isEqualTo("unknown_job");
    }

    @Test
    void a_request_that_no_model_could_answer_is_refused_before_it_is_taken() throws IOException {
        assertThat(call("POST", "/jobs", "{\"prompt\":\"\"}").textAt("error"))
                .isEqualTo("Missing 'prompt' in request body");
        assertThat(call("POST", "/jobs", "{").textAt("code")).isEqualTo("invalid_json");
        assertThat(answer(request("POST", "/long/falcon", "")).problems())
                .containsExactly("body=null: is missing or empty");
        assertThat(call("POST", "/startexecution", "{\"body\":\"x\"}").problems())
                .containsExactly("endpointname=null: is missing", "body=(a string of 1 characters): must be an object");
        assertThat(call("POST", "/startexecution", "{\"endpointname\":\"other\",\"body\":{}}")
                        .problems())
                .containsExactly("endpointname=other: must be an endpoint of this API that takes long calls");
        assertThat(call("POST", "/describeexecution", "{}").problems())
                .containsExactly("executionArn=null: is missing");
        assertThat(states.inputs()).isEmpty();
        assertThat(states.objects()).isEmpty();
    }

    @Test
    void an_endpoints_name_has_any_case() throws IOException {
        assertThat(call("POST", "/startexecution", "{\"endpointname\":\"DEMO-falcon40b-endpoint\",\"body\":{}}")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /jobs",
        "PUT, /jobs",
        "POST, /jobs/{id}",
        "GET, /startexecution",
        "POST, /other",
        "GET, /other/{id}"
    })
    void other_routes_there_are_not(String method, String route) throws IOException {
        assertThat(call(method, route, "{}").textAt("code")).isEqualTo("unknown_route");
    }

    @ParameterizedTest
    @CsvSource({
        "400, ThrottlingException, throttled",
        "503, ServiceUnavailable, model_unavailable",
        "400, ValidationError, model_unavailable",
    })
    void what_time_mends_is_for_the_state_machine_to_try_again(int status, String type, String code)
            throws IOException {
        sagemaker.fails(status, type, "Endpoint x of account 123456789012 not found.");
        String id = Objects.requireNonNull(
                call("POST", "/jobs", "{\"prompt\":\"Hi\"}").textAt("id"));

        assertThat(run()).containsExactly(TRY_AGAIN);

        assertThat(get(id).textAt("code")).isEqualTo(code);
    }

    @Test
    void a_model_that_is_overloaded_is_tried_again_and_one_that_refuses_is_not() throws IOException {
        call("POST", "/jobs", "{\"prompt\":\"Hi\"}");
        sagemaker.modelAnswers(429, "{}");
        assertThat(run()).containsExactly(TRY_AGAIN);

        String id = Objects.requireNonNull(
                call("POST", "/jobs", "{\"prompt\":\"secret\"}").textAt("id"));
        sagemaker.modelAnswers(422, "{\"error\":\"Input validation error: `inputs` must be non empty: secret\"}");
        assertThat(run()).containsExactly(JOB_FAILED);

        Answer failed = get(id);
        assertThat(failed.text())
                .isEqualTo(
                        "{\"id\":\"" + id + "\",\"status\":\"failed\",\"error\":\"The model refused the request: check"
                                + " its parameters.\",\"code\":\"model_refused\"}");
    }

    @Test
    void a_failed_execution_tells_describeexecution_its_error_and_no_more() throws IOException {
        sagemaker.modelAnswers(424, "CUDA out of memory");
        String arn = Objects.requireNonNull(
                call("POST", "/startexecution", "{\"endpointname\":\"" + FALCON + "\",\"body\":{}}")
                        .textAt("executionArn"));
        run();

        Answer failed = describe(arn);

        assertThat(failed.textAt("status")).isEqualTo("FAILED");
        assertThat(failed.textAt("error")).isEqualTo("model_error");
        assertThat(failed.textAt("cause")).isEqualTo("The model failed to generate an answer.");
        assertThat(failed.text()).doesNotContain("CUDA", "stackTrace");
        assertThat(log).as("what the alarm of its endpoint counts").anySatisfy(line -> assertThat(line)
                .contains("\"endpoint\":\"" + FALCON + "\"", "\"code\":\"model_error\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TIMED_OUT | | timeout | The job took too long.",
                "ABORTED | | internal_error | The job was stopped.",
                "FAILED | | internal_error | The job failed: see its function's log.",
                "FAILED | arn:aws:lambda:x | internal_error | The job failed: see its function's log.",
                "FAILED | {\"errorMessage\":\"2026 Task timed out\"} | internal_error | The job failed: see its function's log.",
            })
    void an_execution_that_ended_otherwise_is_a_failed_job(
            String status, @Nullable String cause, String code, String error) throws IOException {
        String id = Objects.requireNonNull(
                call("POST", "/jobs", "{\"prompt\":\"Hi\"}").textAt("id"));
        states.end(status, cause);

        Answer failed = get(id);

        assertThat(failed.textAt("status")).isEqualTo("failed");
        assertThat(failed.textAt("code")).isEqualTo(code);
        assertThat(failed.textAt("error")).isEqualTo(error);
    }

    @Test
    void an_answer_that_is_no_longer_kept_makes_no_job() throws IOException {
        sagemaker.modelAnswers(200, "{\"generated_text\":\"\"}");
        String id = Objects.requireNonNull(
                call("POST", "/jobs", "{\"prompt\":\"Hi\"}").textAt("id"));
        run();
        states.expireObjects();

        assertThat(get(id).textAt("code")).isEqualTo("unknown_job");
    }

    @Test
    void a_job_whose_request_is_gone_fails() throws IOException {
        String id = Objects.requireNonNull(
                call("POST", "/jobs", "{\"prompt\":\"Hi\"}").textAt("id"));
        states.expireObjects();

        assertThat(run()).containsExactly(JOB_FAILED);
        assertThat(get(id).textAt("code")).isEqualTo("unknown_job");
        assertThat(sagemaker.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "StartExecution, AccessDeniedException, 503, jobs_unavailable",
        "StartExecution, ThrottlingException, 429, throttled",
        "StartExecution, ExecutionLimitExceeded, 429, throttled",
        "PutObject, AccessDenied, 503, jobs_unavailable",
    })
    void where_aws_gives_no_answer_the_caller_is_told_when_to_come_back(
            String operation, String type, int status, String code) throws IOException {
        states.refuses(operation, type);

        Answer answer = call("POST", "/jobs", "{\"prompt\":\"Hi\"}");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.textAt("code")).isEqualTo(code);
        assertThat(answer.headers().get("Retry-After")).isNotNull();
        assertThat(log.get(0)).contains("\"cause\":\"" + operation + ": ");
        assertThat(answer.text() + log).doesNotContain("arn:", "123456789012");
    }

    @Test
    void where_the_bucket_gives_no_answer_the_state_machine_tries_again() throws IOException {
        call("POST", "/jobs", "{\"prompt\":\"Hi\"}");
        states.refuses("GetObject", "SlowDown");

        assertThat(run()).containsExactly(TRY_AGAIN);
        assertThat(log.get(1)).contains("\"cause\":\"GetObject: SlowDown\"");
    }

    @Test
    void an_input_that_is_no_job_fails() {
        for (String input : List.of("{}", "[]", "{", "{\"job\":1}")) {
            assertThatThrownBy(() -> LambdaContext.call(work, input.getBytes(UTF_8), Duration.ofSeconds(75), log))
                    .isInstanceOf(JobFailed.class);
        }
    }

    @Test
    void nothing_that_the_caller_or_the_model_wrote_is_in_the_state_or_in_a_log() throws IOException {
        sagemaker.modelAnswers(200, "{\"generated_text\":\"ville lumière\"}");
        call("POST", "/jobs", "{\"prompt\":\"capital\"}");
        call("POST", "/startexecution", "{\"endpointname\":\"" + FALCON + "\",\"body\":{\"inputs\":\"capital\"}}");
        run();

        assertThat(states.inputs().toString() + log).doesNotContain("capital", "ville");
        assertThat(log).hasSize(4).allMatch(line -> line.contains("\"job\":\"") && line.endsWith("}\n"));
        assertThat(states.objects().keySet())
                .allMatch(key -> key.matches("parkmeter-dev-answers/[0-9a-f-]{36}/(request|answer)"));
    }

    @Test
    void any_text_in_a_body_reaches_the_model_and_comes_back_in_the_input_as_it_was() throws IOException {
        Random random = new Random(20_261_126);
        String awkward = "'\"\\\u0000\b\n\u2028{}[]$#%/<>é日🙂";
        List<String> bodies = new ArrayList<>();
        List<String> arns = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) {
                text.appendCodePoint(
                        awkward.codePoints().toArray()[random.nextInt(awkward.codePointCount(0, awkward.length()))]);
            }
            String body = Quoted.json("inputs", text.toString());
            bodies.add(body);
            arns.add(Objects.requireNonNull(
                    call("POST", "/startexecution", "{\"endpointname\":\"" + FALCON + "\",\"body\":" + body + "}")
                            .textAt("executionArn")));
        }
        run();

        for (int i = 0; i < bodies.size(); i++) {
            Map<?, ?> sent = Answer.read(bodies.get(i));
            assertThat(Answer.read(sagemaker.requests().get(i).body())).isEqualTo(sent);
            Map<?, ?> input =
                    Answer.read(Objects.requireNonNull(describe(arns.get(i)).textAt("input")));
            assertThat(input.get("body")).isEqualTo(sent);
        }
    }

    @Test
    void settings_that_make_no_sense_end_the_start() {
        assertThatThrownBy(() -> new JobsHandler(Map.of("PARKMETER_ROUTES", "{\"POST /jobs\":\"prompt\"}")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "The function's environment can't be read: AWS_REGION is missing. PARKMETER_STATE_MACHINE is"
                                + " missing. PARKMETER_ANSWERS_BUCKET is missing. PARKMETER_ENDPOINTS must be a JSON object with the"
                                + " keys of PARKMETER_ROUTES. The Pulumi program sets PARKMETER_*, and Lambda sets AWS_REGION.");
    }

    private static List<String> keys(Answer answer) {
        return answer.body().keySet().stream().map(String::valueOf).toList();
    }

    private List<String> run() throws IOException {
        return states.run(input -> LambdaContext.call(work, input.getBytes(UTF_8), Duration.ofSeconds(75), log));
    }

    private Answer get(String id) throws IOException {
        return answer(request("GET", "/jobs/{id}", null).with("pathParameters", Map.of("id", id)));
    }

    private Answer describe(String arn) throws IOException {
        return call("POST", "/describeexecution", Quoted.json("executionArn", arn));
    }

    private static Event request(String method, String route, @Nullable String body) {
        return Event.rest(body)
                .with("httpMethod", method)
                .with("resource", route)
                .with("requestContext", Map.of("path", "/prod" + route, "identity", Map.of("apiKeyId", "k1")));
    }

    private Answer call(String method, String route, @Nullable String body) throws IOException {
        return answer(request(method, route, body));
    }

    private Answer answer(Event event) throws IOException {
        return Answer.of(LambdaContext.call(jobs, event.bytes(), Duration.ofSeconds(29), log));
    }
}
