package parkmeter.lambda.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.gateway.CallFailed;
import parkmeter.lambda.gateway.Code;
import parkmeter.lambda.gateway.GatewayAnswer;
import parkmeter.lambda.gateway.GatewayCall;
import parkmeter.lambda.gateway.GatewayEvent;
import parkmeter.lambda.gateway.LogLine;
import parkmeter.lambda.gateway.Problem;
import parkmeter.lambda.jobs.store.Bucket;
import parkmeter.lambda.jobs.store.Execution;
import parkmeter.lambda.jobs.store.Executions;
import parkmeter.lambda.jobs.store.NoAnswer;
import parkmeter.lambda.json.Json;
import parkmeter.lambda.sagemaker.Ask;
import parkmeter.lambda.sagemaker.Content;

/**
 * Long routes: take a call, tell what became of it. {@code /startexecution} and {@code /describeexecution} have the keys and
 * the formats of the system that people's tools were written for.
 */
final class JobsApi implements GatewayCall.Route {
    private static final String DESCRIBE = "POST /describeexecution";

    /** What of a request's headers the model's routes read. */
    private static final List<String> HEADERS = List.of("Content-Type", "Accept", "X-Amzn-SageMaker-Custom-Attributes");

    private final JobsSettings settings;
    private final @Nullable Executions executions;
    private final @Nullable AsyncJobs async;
    private final Bucket bucket;

    /**
     * Over what runs the jobs.
     *
     * @param executions null where no endpoint answers at once
     * @param async null where no endpoint is asynchronous
     */
    JobsApi(JobsSettings settings, @Nullable Executions executions, @Nullable AsyncJobs async, Bucket bucket) {
        this.settings = settings;
        this.executions = executions;
        this.async = async;
        this.bucket = bucket;
    }

    @Override
    public GatewayAnswer answer(GatewayEvent event, LogLine line) throws CallFailed {
        line.about("method", event.method());
        try {
            String route = event.routeKey();
            if (executions != null && route.equals(Work.START)) {
                return started(event, executions, line);
            }
            if (executions != null && route.equals(DESCRIBE)) {
                return described(event, executions, line);
            }
            if (settings.endpoints().containsKey(route)) {
                return accepted(event, route, line);
            }
            String path = event.route();
            String taken = "POST " + path.replaceFirst("/\\{id}$", "");
            if (event.method().equals("GET")
                    && path.endsWith("/{id}")
                    && settings.endpoints().containsKey(taken)) {
                return told(event, taken, line);
            }
            throw new CallFailed(Code.UNKNOWN_ROUTE, "There is no such route.");
        } catch (NoAnswer e) {
            throw e.throttled()
                    ? new CallFailed(
                            Code.THROTTLED,
                            "Too many jobs at once: try again in a moment.",
                            String.valueOf(e.getMessage()))
                    : new CallFailed(
                            Code.JOBS_UNAVAILABLE,
                            "AWS gave no answer about jobs: try again after the time in Retry-After.",
                            String.valueOf(e.getMessage()));
        }
    }

    private GatewayAnswer accepted(GatewayEvent event, String route, LogLine line) throws CallFailed {
        String endpoint = settings.endpoints().getOrDefault(route, "");
        Ask ask = settings.routes().ask(event, settings.engines().of(endpoint));
        Map<String, String> headers = new LinkedHashMap<>();
        HEADERS.stream()
                .filter(name -> !event.header(name).isEmpty())
                .forEach(name -> headers.put(name, event.header(name)));
        Job job = new Job(UUID.randomUUID().toString(), event.caller(), route, endpoint);
        keep(job, headers, event.bytes(), event, line);
        if (async != null && settings.async().containsKey(endpoint)) {
            async.take(job, ask);
        } else {
            requireNonNull(executions).start(job.id(), job.json());
        }
        return GatewayAnswer.accepted(status(job, "running"), Map.of("Location", event.path() + "/" + job.id()));
    }

    private GatewayAnswer started(GatewayEvent event, Executions machine, LogLine line) throws CallFailed {
        Map<?, ?> request = GatewayEvent.object(event.json());
        List<Problem> problems = new ArrayList<>();
        Object endpoint = request.get("endpointname");
        // SageMaker takes two names that differ in case for one.
        String known = settings.endpoints().values().stream()
                .filter(name -> endpoint instanceof String text && name.equalsIgnoreCase(text))
                // The state machine's task waits for an answer, which an asynchronous endpoint does not give.
                .filter(name -> !settings.async().containsKey(name))
                .findFirst()
                .orElse("");
        if (known.isEmpty()) {
            problems.add(Problem.with(
                    "endpointname",
                    endpoint,
                    endpoint == null ? "is missing" : "must be an endpoint of this API that takes long calls"));
        }
        Object asked = request.get("body");
        if (!(asked instanceof Map)) {
            problems.add(Problem.withText("body", asked, "must be an object"));
        }
        if (asked == null || !problems.isEmpty()) {
            throw CallFailed.invalid(problems);
        }
        Job job = new Job(UUID.randomUUID().toString(), event.caller(), Work.START, known);
        keep(job, Map.of("Content-Type", "application/json"), Json.bytes(asked), event, line);
        Executions.Started started = machine.start(job.id(), job.json());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("executionArn", started.arn());
        body.put("startDate", seconds(started.startedAt()));
        return GatewayAnswer.ok(body);
    }

    private void keep(Job job, Map<String, String> headers, byte[] body, GatewayEvent event, LogLine line) {
        line.about("job", job.id());
        bucket.put(
                job.requestKey(),
                Content.json(GatewayEvent.of(job.route(), headers, body, event.requestId())
                        .written()));
    }

    private GatewayAnswer told(GatewayEvent event, String route, LogLine line) throws CallFailed {
        String id = event.pathParameter("id");
        if (!isId(id)) {
            throw unknown();
        }
        if (async != null && settings.async().containsKey(settings.endpoints().getOrDefault(route, ""))) {
            return told(async, async.named(id).orElseThrow(JobsApi::unknown), event, route, line);
        }
        Execution execution = requireNonNull(executions).named(id).orElseThrow(JobsApi::unknown);
        Job job = ofCaller(Job.read(execution.input()), event);
        if (!job.route().equals(route)) {
            throw unknown();
        }
        line.about("job", job.id());
        if (execution.status().equals("SUCCEEDED")) {
            return succeeded(job, kept(job.answerKey()));
        }
        return isRunning(execution) ? GatewayAnswer.ok(status(job, "running")) : failed(job, Outcome.of(execution));
    }

    private GatewayAnswer told(AsyncJobs jobs, AsyncJob taken, GatewayEvent event, String route, LogLine line)
            throws CallFailed {
        Job job = ofCaller(taken.job(), event);
        if (!job.route().equals(route)) {
            throw unknown();
        }
        line.about("job", job.id());
        AsyncJobs.State state = jobs.state(taken, request(job));
        if (state instanceof AsyncJobs.State.Succeeded succeeded) {
            return succeeded(job, Json.readOrNull(new String(succeeded.answer().bytes(), UTF_8)));
        }
        return state instanceof AsyncJobs.State.Failed failed
                ? failed(job, failed.outcome())
                : GatewayAnswer.ok(status(job, "running"));
    }

    private static GatewayAnswer succeeded(Job job, @Nullable Object answer) {
        Map<String, Object> body = status(job, "succeeded");
        answer(answer, body);
        return GatewayAnswer.ok(body);
    }

    private static GatewayAnswer failed(Job job, Outcome outcome) {
        Map<String, Object> body = status(job, "failed");
        body.put("error", outcome.sentence());
        body.put("code", outcome.code());
        return GatewayAnswer.ok(body);
    }

    /** What the route would have answered: JSON as it is, anything else beside its type. */
    private static void answer(@Nullable Object answer, Map<String, Object> into) {
        String text = orEmpty(Json.textAt(answer, "body"));
        if (Boolean.TRUE.equals(Json.at(answer, "isBase64Encoded"))) {
            into.put("contentType", orEmpty(Json.textAt(answer, "headers", "Content-Type")));
            into.put("base64", text);
            return;
        }
        try {
            into.put("answer", Json.read(text));
        } catch (IOException e) {
            into.put("contentType", orEmpty(Json.textAt(answer, "headers", "Content-Type")));
            into.put("text", text);
        }
    }

    private GatewayAnswer described(GatewayEvent event, Executions machine, LogLine line) throws CallFailed {
        Object arn = GatewayEvent.object(event.json()).get("executionArn");
        if (!(arn instanceof String text)) {
            throw CallFailed.invalid(
                    List.of(Problem.with("executionArn", null, arn == null ? "is missing" : "must be a string")));
        }
        Execution execution = machine.at(text).orElseThrow(JobsApi::unknown);
        Job job = ofCaller(Job.read(execution.input()), event);
        line.about("job", job.id());
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("endpointname", job.endpoint());
        input.put("body", asked(job));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("executionArn", execution.arn());
        body.put("input", Json.text(input));
        body.put("inputDetails", Map.of("included", true));
        body.put("name", execution.name());
        if (execution.status().equals("SUCCEEDED")) {
            Object answer = kept(job.answerKey());
            Map<String, Object> output = new LinkedHashMap<>();
            output.put("Body", orEmpty(Json.textAt(answer, "body")));
            output.put("ContentType", orEmpty(Json.textAt(answer, "headers", "Content-Type")));
            body.put("output", Json.text(output));
            body.put("outputDetails", Map.of("included", true));
        }
        body.put("startDate", seconds(execution.startedAt()));
        body.put("stateMachineArn", execution.machineArn());
        body.put("status", execution.status());
        Instant stopped = execution.stoppedAt();
        if (stopped != null) {
            body.put("stopDate", seconds(stopped));
        }
        if (!execution.status().equals("SUCCEEDED") && !isRunning(execution)) {
            Outcome outcome = Outcome.of(execution);
            body.put("error", outcome.code());
            body.put("cause", outcome.sentence());
        }
        return GatewayAnswer.ok(body);
    }

    /** Somebody else's job is told from none by nobody. */
    private static Job ofCaller(@Nullable Job job, GatewayEvent event) throws CallFailed {
        if (job == null || !job.caller().equals(event.caller())) {
            throw unknown();
        }
        return job;
    }

    private @Nullable Object asked(Job job) throws CallFailed {
        try {
            return Json.read(request(job).json());
        } catch (IOException e) {
            throw unreadable();
        }
    }

    private GatewayEvent request(Job job) throws CallFailed {
        try {
            return GatewayEvent.read(
                    bucket.get(job.requestKey()).orElseThrow(JobsApi::unknown).bytes());
        } catch (IOException e) {
            throw unreadable();
        }
    }

    private @Nullable Object kept(String key) throws CallFailed {
        try {
            return Json.read(bucket.get(key).orElseThrow(JobsApi::unknown).text());
        } catch (IOException e) {
            throw unreadable();
        }
    }

    private static CallFailed unreadable() {
        return new CallFailed(Code.INTERNAL_ERROR, "What is kept of the job can't be read.", "UnreadableJob");
    }

    private static boolean isRunning(Execution execution) {
        return execution.status().equals("RUNNING") || execution.status().equals("PENDING_REDRIVE");
    }

    private static boolean isId(String id) {
        return id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    }

    private static Map<String, Object> status(Job job, String status) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", job.id());
        body.put("status", status);
        return body;
    }

    private static CallFailed unknown() {
        return new CallFailed(Code.UNKNOWN_JOB, "There is no such job, or it is no longer kept.");
    }

    /** Seconds since 1970, as AWS's JSON has them. */
    private static BigDecimal seconds(Instant time) {
        return BigDecimal.valueOf(time.toEpochMilli(), 3);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
