package parkmeter.local.states;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parkmeter.local.http.Loopback;

/**
 * Step Functions on loopback: StartExecution, DescribeExecution, ListExecutions and StopExecution in AWS's JSON protocol 1.0 (API reference;
 * signatures aren't checked). Each execution has a thread of its own. Executions live as long as this does.
 */
public final class StepFunctions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StepFunctions.class);
    private static final String TARGET = "AWSStepFunctions.";
    private static final String JSON_1_0 = "application/x-amz-json-1.0";
    private static final Pattern NAME = Pattern.compile("[^\\s<>{}\\[\\]?*\"#%\\\\^|~`$&,;:/\\p{Cntrl}]{1,80}");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Map<String, Machine> machines = new HashMap<>();
    private final Map<String, Execution> executions = new LinkedHashMap<>();
    private final ExecutorService workers = Executors.newCachedThreadPool(StepFunctions::daemon);
    private final ScheduledExecutorService deadlines =
            Executors.newSingleThreadScheduledExecutor(StepFunctions::daemon);
    private final Pause pause;
    private final Clock clock;
    private final Javalin server;

    private record Machine(StateMachine declared, Definition definition) {}

    private StepFunctions(
            Collection<StateMachine> declared, Map<String, TaskResource> resources, Pause pause, Clock clock) {
        this.pause = pause;
        this.clock = clock;
        declared.forEach(machine ->
                machines.put(machine.arn(), new Machine(machine, Definition.of(machine.definition(), resources))));
        server = Loopback.server(0, Duration.ofSeconds(30), config -> config.http.maxRequestSize = 4L * Run.MOST_BYTES)
                .post("/", this::answer)
                .start();
    }

    /**
     * Reads the machines and answers calls until {@link #close()}.
     *
     * @param resources what Task states may do, by their Resource
     * @param pause how waiting passes
     * @param clock what dates go by
     * @throws Unrunnable for a machine that can't be run here as it would run on AWS
     */
    public static StepFunctions start(
            Collection<StateMachine> machines, Map<String, TaskResource> resources, Pause pause, Clock clock) {
        return new StepFunctions(machines, resources, pause, clock);
    }

    /** Where it is, for AWS_ENDPOINT_URL_SFN and the gateway's service {@code states}. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** Ends all executions. */
    @Override
    public void close() {
        server.stop();
        deadlines.shutdownNow();
        workers.shutdownNow();
    }

    private void answer(Context http) {
        http.header("x-amzn-RequestId", UUID.randomUUID().toString()).contentType(JSON_1_0);
        String target = String.valueOf(http.header("X-Amz-Target"));
        try {
            JsonNode request = request(http.bodyAsBytes());
            JsonNode answer =
                    switch (target.startsWith(TARGET) ? target.substring(TARGET.length()) : "") {
                        case "StartExecution" -> start(request);
                        case "DescribeExecution" -> execution(request).describe();
                        case "ListExecutions" -> list(request);
                        case "StopExecution" -> stop(request);
                        default -> throw new Refusal("UnknownOperationException", "");
                    };
            http.result(answer.toString().getBytes(StandardCharsets.UTF_8));
        } catch (Refusal refusal) {
            http.status(400)
                    .result(JsonNodeFactory.instance
                            .objectNode()
                            .put("__type", refusal.type)
                            .put("message", refusal.getMessage())
                            .toString()
                            .getBytes(StandardCharsets.UTF_8));
        }
    }

    private static JsonNode request(byte[] body) {
        try {
            JsonNode request = JSON.readTree(body);
            if (request.isObject()) {
                return request;
            }
        } catch (IOException notJson) {
            // Refused below.
        }
        throw new Refusal("com.amazon.coral.service#SerializationException", "");
    }

    private JsonNode start(JsonNode request) {
        Machine machine = machines.get(required(request, "stateMachineArn"));
        if (machine == null) {
            throw Refusal.of(
                    "StateMachineDoesNotExist",
                    "State Machine Does Not Exist: '"
                            + request.path("stateMachineArn").asText() + "'");
        }
        String name = request.path("name").asText(UUID.randomUUID().toString());
        if (!NAME.matcher(name).matches()) {
            throw Refusal.of("InvalidName", "Invalid Name: '" + name + "'");
        }
        String input = request.path("input").asText("{}");
        if (input.getBytes(StandardCharsets.UTF_8).length > Run.MOST_BYTES) {
            throw Refusal.invalid(
                    "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have"
                            + " length less than or equal to " + Run.MOST_BYTES);
        }
        JsonNode data;
        try {
            data = JSON.readTree(input);
        } catch (JsonProcessingException notJson) {
            throw Refusal.of(
                    "InvalidExecutionInput",
                    "Invalid State Machine Execution Input: '" + notJson.getOriginalMessage() + "'");
        }
        Execution execution = new Execution(machine.declared(), name, input, clock.instant());
        Execution known;
        synchronized (executions) {
            known = executions.putIfAbsent(execution.arn(), execution);
        }
        if (known == null) {
            begin(machine, execution, data);
        } else if (!known.isRunning() || !known.input().equals(input)) {
            throw Refusal.of("ExecutionAlreadyExists", "Execution Already Exists: '" + known.arn() + "'");
        }
        Execution started = known == null ? execution : known;
        return JsonNodeFactory.instance
                .objectNode()
                .put("executionArn", started.arn())
                .put("startDate", Execution.seconds(started.start()));
    }

    private void begin(Machine machine, Execution execution, JsonNode data) {
        ObjectNode context = JsonNodeFactory.instance.objectNode();
        ObjectNode described = context.putObject("Execution");
        described.put("Id", execution.arn());
        described.set("Input", data);
        described.put("Name", execution.arn().substring(execution.arn().lastIndexOf(':') + 1));
        described.put("StartTime", execution.start().toString());
        context.putObject("StateMachine")
                .put("Id", machine.declared().arn())
                .put("Name", machine.declared().name());
        Run run = new Run(machine.definition(), context, workers, pause, clock);
        machine.definition().timeout().ifPresent(limit -> {
            ScheduledFuture<?> unused = deadlines.schedule(
                    () -> execution.ended("TIMED_OUT", "States.Timeout", null, clock.instant()),
                    limit.toMillis(),
                    TimeUnit.MILLISECONDS);
        });
        execution.runs(workers.submit(() -> {
            try {
                execution.succeeded(run.from(data).toString(), clock.instant());
            } catch (TaskFailed failed) {
                execution.ended("FAILED", failed.error(), failed.cause(), clock.instant());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException fault) {
                LOG.error("execution {}: the interpreter itself failed", execution.arn(), fault);
                execution.ended("FAILED", "States.Runtime", "An internal error occurred.", clock.instant());
            }
        }));
    }

    private JsonNode list(JsonNode request) {
        String machine = required(request, "stateMachineArn");
        String status = request.path("statusFilter").asText();
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode listed = answer.putArray("executions");
        synchronized (executions) {
            executions.values().stream()
                    .filter(one -> one.machine().arn().equals(machine)
                            && (status.isEmpty() || one.status().equals(status)))
                    .forEach(one -> listed.insert(0, one.summary())); // the newest first
        }
        return answer;
    }

    private JsonNode stop(JsonNode request) {
        Execution execution = execution(request);
        execution.ended(
                "ABORTED",
                request.has("error") ? request.path("error").asText() : null,
                request.has("cause") ? request.path("cause").asText() : null,
                clock.instant());
        return JsonNodeFactory.instance.objectNode().put("stopDate", Execution.seconds(clock.instant()));
    }

    private Execution execution(JsonNode request) {
        String arn = required(request, "executionArn");
        if (!arn.matches("arn:[^:]+:states:[^:]*:[^:]*:execution:[^:]+:[^:]+")) {
            throw Refusal.of("InvalidArn", "Invalid Arn: 'Invalid ARN prefix: " + arn + "'");
        }
        Execution execution;
        synchronized (executions) {
            execution = executions.get(arn);
        }
        if (execution == null) {
            throw Refusal.of("ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn + "'");
        }
        return execution;
    }

    private static String required(JsonNode request, String member) {
        if (!request.path(member).isTextual()) {
            throw Refusal.invalid("1 validation error detected: Value null at '" + member
                    + "' failed to satisfy constraint: Member must not be null");
        }
        return request.path(member).asText();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "state-machine");
        thread.setDaemon(true);
        return thread;
    }

    /** What AWS says to a call that it doesn't take: 400 with a type. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String type;

        Refusal(String type, String message) {
            super(message, null, false, false);
            this.type = type;
        }

        static Refusal of(String type, String message) {
            return new Refusal("com.amazonaws.swf.service.v2.model#" + type, message);
        }

        static Refusal invalid(String message) {
            return new Refusal("com.amazon.coral.validate#ValidationException", message);
        }
    }
}
