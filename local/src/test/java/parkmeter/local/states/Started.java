package parkmeter.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;
import parkmeter.local.edge.SetClock;

/** One state machine, written in YAML, whose task {@code do} does what a test says; waiting takes no time. */
final class Started implements AutoCloseable {
    static final String MACHINE = "arn:aws:states:eu-west-2:123456789012:stateMachine:jobs";
    static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
    final List<JsonNode> calls = Collections.synchronizedList(new ArrayList<>());
    final StepFunctions service;

    private Started(String definition, Map<String, TaskResource> resources) {
        service = StepFunctions.start(
                List.of(new StateMachine(MACHINE, yaml(definition))),
                resources,
                pauses::add,
                new SetClock("2026-03-04T22:00:00.575Z"));
    }

    static Started of(String definition) {
        return with(definition, parameters -> parameters);
    }

    /** The task {@code do} answers with what this makes of its parameters. */
    static Started with(String definition, TaskResource task) {
        List<Started> self = new ArrayList<>();
        Started started = new Started(definition, Map.of("do", parameters -> {
            self.get(0).calls.add(parameters);
            return task.run(parameters);
        }));
        self.add(started);
        return started;
    }

    static Started with(String definition, Map<String, TaskResource> resources) {
        return new Started(definition, resources);
    }

    static JsonNode yaml(String text) {
        return JSON.valueToTree(new Yaml().load(text));
    }

    HttpResponse<String> call(String action, JsonNode request) {
        return call(action, request.toString());
    }

    HttpResponse<String> call(String action, String request) {
        try {
            return CLIENT.send(
                    HttpRequest.newBuilder(service.url())
                            .header("X-Amz-Target", "AWSStepFunctions." + action)
                            .header("Content-Type", "application/x-amz-json-1.0")
                            .POST(HttpRequest.BodyPublishers.ofString(request))
                            .build(),
                    HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    static ObjectNode request(String member, String value) {
        return JsonNodeFactory.instance.objectNode().put(member, value);
    }

    /** Starts an execution; its ARN. */
    String start(String input) {
        return json(call("StartExecution", request("stateMachineArn", MACHINE).put("input", input)))
                .path("executionArn")
                .asText();
    }

    JsonNode describe(String arn) {
        return json(call("DescribeExecution", request("executionArn", arn)));
    }

    /** Runs an execution to its end; its description. */
    JsonNode run(String input) {
        String arn = start(input);
        for (int i = 0; i < 1000; i++) {
            JsonNode described = describe(arn);
            if (!described.path("status").asText().equals("RUNNING")) {
                return described;
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
        throw new AssertionError("the execution doesn't end");
    }

    /** The output of an execution that ends well. */
    JsonNode output(String input) {
        JsonNode described = run(input);
        if (!described.path("status").asText().equals("SUCCEEDED")) {
            throw new AssertionError(described.toString());
        }
        return parse(described.path("output").asText());
    }

    static JsonNode json(HttpResponse<String> response) {
        return parse(response.body());
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException notJson) {
            throw new UncheckedIOException(text, notJson);
        }
    }

    @Override
    public void close() {
        service.close();
    }
}
