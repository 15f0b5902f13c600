package parkmeter.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One execution on its way from state to state. */
final class Run {
    /** The most bytes of a state's input or result (Step Functions quotas, "Maximum input or output size"). */
    static final int MOST_BYTES = 256 * 1024;

    /** A machine that goes in a circle ends, as AWS's does after 25 000 events. */
    private static final int MOST_STATES = 5_000;

    private final Definition definition;
    private final ObjectNode context;
    private final ExecutorService workers;
    private final Pause pause;
    private final Clock clock;

    /**
     * A run that hasn't begun.
     *
     * @param context the context object, without a state
     * @param workers what tasks with a timeout run on
     */
    Run(Definition definition, ObjectNode context, ExecutorService workers, Pause pause, Clock clock) {
        this.definition = definition;
        this.context = context;
        this.workers = workers;
        this.pause = pause;
        this.clock = clock;
    }

    /**
     * Runs to the end.
     *
     * @return the execution's output
     * @throws TaskFailed where it fails
     */
    JsonNode from(JsonNode input) throws InterruptedException {
        JsonNode data = input;
        String name = definition.startAt();
        for (int i = 0; i < MOST_STATES; i++) {
            Step step = step(name, data);
            if (step.next().isEmpty()) {
                return step.output();
            }
            data = step.output();
            name = step.next().get();
        }
        throw new TaskFailed("States.Runtime", "The execution reached the maximum number of history events (25000).");
    }

    private record Step(JsonNode output, Optional<String> next) {}

    private Step step(String name, JsonNode data) throws InterruptedException {
        State state = definition.states().get(name);
        context.putObject("State")
                .put("Name", name)
                .put("EnteredTime", clock.instant().toString());
        if (state instanceof State.Task task) {
            return step(name, task, data);
        }
        if (state instanceof State.Pass pass) {
            JsonNode input = input(name, pass.flow(), data);
            JsonNode result = pass.result().orElse(input);
            return new Step(output(name, pass.flow(), data, result), pass.next());
        }
        if (state instanceof State.Wait wait) {
            JsonNode input = select(wait.flow().inputPath(), data);
            double seconds = wait.secondsPath()
                    .map(path -> found(path, input).asDouble())
                    .orElse(wait.seconds());
            pause.during(Duration.ofMillis(Math.round(seconds * 1000)));
            return new Step(select(wait.flow().outputPath(), input), wait.next());
        }
        if (state instanceof State.Choice choice) {
            JsonNode input = select(choice.flow().inputPath(), data);
            String next = choice.ways().stream()
                    .filter(way -> way.condition().holds(input, context))
                    .map(State.Way::next)
                    .findFirst()
                    .or(choice::otherwise)
                    .orElseThrow(
                            () -> new TaskFailed("States.NoChoiceMatched", "No choice of '" + name + "' matched."));
            return new Step(select(choice.flow().outputPath(), input), Optional.of(next));
        }
        if (state instanceof State.Succeed succeed) {
            return new Step(
                    select(succeed.flow().outputPath(), select(succeed.flow().inputPath(), data)), Optional.empty());
        }
        State.Fail fail = (State.Fail) Objects.requireNonNull(state);
        throw new TaskFailed(text(fail.error(), data), text(fail.cause(), data));
    }

    private Step step(String name, State.Task task, JsonNode data) throws InterruptedException {
        Map<ErrorRules.Retrier, Integer> tried = new HashMap<>();
        while (true) {
            try {
                JsonNode parameters = input(name, task.flow(), data);
                JsonNode result = call(task, parameters);
                requireFits(result, "The task '" + name + "' returned a result");
                return new Step(output(name, task.flow(), data, result), task.next());
            } catch (TaskFailed failed) {
                Optional<ErrorRules.Retrier> retrier = task.errors().retrier(failed.error());
                int done = retrier.map(rule -> tried.getOrDefault(rule, 0)).orElse(0);
                if (retrier.isPresent() && done < retrier.get().attempts()) {
                    tried.put(retrier.get(), done + 1);
                    pause.during(retrier.get().pause(done));
                    continue;
                }
                ErrorRules.Catcher catcher =
                        task.errors().catcher(failed.error()).orElseThrow(() -> failed);
                JsonNode error = JsonNodeFactory.instance
                        .objectNode()
                        .put("Error", failed.error())
                        .put("Cause", failed.cause());
                return new Step(Paths.put(catcher.resultPath(), data, error), Optional.of(catcher.next()));
            }
        }
    }

    private JsonNode call(State.Task task, JsonNode parameters) throws InterruptedException {
        if (task.timeout().isEmpty()) {
            return task.resource().run(parameters);
        }
        Future<JsonNode> call = workers.submit(() -> task.resource().run(parameters));
        try {
            return call.get(task.timeout().get().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new TaskFailed("States.Timeout", "The task took longer than its TimeoutSeconds.");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof TaskFailed failed ? failed : new IllegalStateException(e.getCause());
        } finally {
            call.cancel(true);
        }
    }

    private JsonNode input(String name, State.Flow flow, JsonNode data) {
        JsonNode selected = select(flow.inputPath(), data);
        JsonNode input = flow.parameters()
                .map(template -> template.fill(selected, context))
                .orElse(selected);
        requireFits(input, "The state '" + name + "' has an input");
        return input;
    }

    private JsonNode output(String name, State.Flow flow, JsonNode data, JsonNode result) {
        JsonNode selected = flow.resultSelector()
                .map(template -> template.fill(result, context))
                .orElse(result);
        JsonNode whole =
                flow.resultPath().map(path -> Paths.put(path, data, selected)).orElse(data);
        JsonNode output = select(flow.outputPath(), whole);
        requireFits(output, "The state '" + name + "' returned an output");
        return output;
    }

    private JsonNode select(Optional<String> path, JsonNode data) {
        return path.map(one -> found(one, data)).orElseGet(JsonNodeFactory.instance::objectNode);
    }

    private JsonNode found(String path, JsonNode data) {
        return Paths.find(path, data, context)
                .orElseThrow(() -> new TaskFailed("States.Runtime", "The JSONPath '" + path + "' could not be found."));
    }

    private String text(Optional<Expression> expression, JsonNode data) {
        return expression
                .map(one -> one.evaluate(data, context))
                .orElse(TextNode.valueOf(""))
                .asText();
    }

    private static void requireFits(JsonNode data, String what) {
        if (data.toString().getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw new TaskFailed(
                    "States.DataLimitExceeded",
                    what + " with a size exceeding the maximum number of bytes service limit.");
        }
    }
}
