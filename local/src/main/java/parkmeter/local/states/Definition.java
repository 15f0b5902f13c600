package parkmeter.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A machine, read once. What isn't run here is refused: a field that were passed over would make it run otherwise than on AWS.
 *
 * @param timeout the longest time that an execution may take
 */
record Definition(String startAt, Map<String, State> states, Optional<Duration> timeout) {
    private static final Set<String> MACHINE =
            Set.of("Comment", "StartAt", "States", "TimeoutSeconds", "Version", "QueryLanguage");
    private static final Set<String> COMMON = Set.of("Type", "Comment", "QueryLanguage");
    private static final Set<String> ONWARD = Set.of("Next", "End");
    private static final Set<String> PATHS = Set.of("InputPath", "OutputPath");
    private static final Set<String> RESULT = Set.of("Parameters", "ResultSelector", "ResultPath");

    /**
     * Reads a machine.
     *
     * @param resources what its Task states may do, by their Resource
     */
    static Definition of(JsonNode definition, Map<String, TaskResource> resources) {
        Fields.only(definition, MACHINE, "definition");
        jsonPathOnly(definition, "definition");
        Map<String, State> states = new HashMap<>();
        definition.path("States").properties().forEach(state -> {
            String where = "state '" + state.getKey() + "'";
            jsonPathOnly(state.getValue(), where);
            states.put(state.getKey(), state(state.getValue(), resources, where));
        });
        String startAt = definition.path("StartAt").asText();
        Set<String> targets = new HashSet<>(Set.of(startAt));
        states.values().forEach(state -> targets.addAll(targets(state)));
        targets.stream()
                .filter(target -> !states.containsKey(target))
                .findFirst()
                .ifPresent(target -> {
                    throw new Unrunnable("definition", "there is no state '" + target + "'");
                });
        return new Definition(startAt, states, seconds(definition, "TimeoutSeconds"));
    }

    private static void jsonPathOnly(JsonNode object, String where) {
        if (!object.path("QueryLanguage").asText("JSONPath").equals("JSONPath")) {
            throw new Unrunnable(
                    where,
                    "the query language is JSONPath locally, not "
                            + object.path("QueryLanguage").asText());
        }
    }

    private static List<String> targets(State state) {
        List<String> targets = new ArrayList<>();
        state.next().ifPresent(targets::add);
        if (state instanceof State.Choice choice) {
            choice.ways().forEach(way -> targets.add(way.next()));
            choice.otherwise().ifPresent(targets::add);
        }
        if (state instanceof State.Task task) {
            task.errors().catchers().forEach(catcher -> targets.add(catcher.next()));
        }
        return targets;
    }

    private static State state(JsonNode state, Map<String, TaskResource> resources, String where) {
        String type = state.path("Type").asText();
        return switch (type) {
            case "Task" -> {
                only(
                        state,
                        where,
                        COMMON,
                        ONWARD,
                        PATHS,
                        RESULT,
                        Set.of("Resource", "TimeoutSeconds", "Retry", "Catch"));
                String resource = state.path("Resource").asText();
                if (!resources.containsKey(resource)) {
                    throw new Unrunnable(
                            where,
                            "the resource " + resource + " is not run locally; there are "
                                    + resources.keySet().stream().sorted().collect(Collectors.joining(", ")));
                }
                yield new State.Task(
                        next(state, where),
                        flow(state, where),
                        Objects.requireNonNull(resources.get(resource)),
                        seconds(state, "TimeoutSeconds"),
                        ErrorRules.of(state, where));
            }
            case "Pass" -> {
                only(state, where, COMMON, ONWARD, PATHS, Set.of("Parameters", "ResultPath", "Result"));
                yield new State.Pass(next(state, where), flow(state, where), Optional.ofNullable(state.get("Result")));
            }
            case "Wait" -> {
                only(state, where, COMMON, ONWARD, PATHS, Set.of("Seconds", "SecondsPath"));
                if (state.has("Seconds") == state.has("SecondsPath")) {
                    throw new Unrunnable(where, "a Wait has Seconds or SecondsPath");
                }
                yield new State.Wait(
                        next(state, where),
                        flow(state, where),
                        state.path("Seconds").asDouble(),
                        path(state, "SecondsPath", where));
            }
            case "Choice" -> {
                only(state, where, COMMON, PATHS, Set.of("Choices", "Default"));
                List<State.Way> ways = new ArrayList<>();
                state.path("Choices")
                        .forEach(rule -> ways.add(new State.Way(
                                Condition.of(rule, where), rule.path("Next").asText())));
                yield new State.Choice(
                        flow(state, where),
                        ways,
                        Optional.ofNullable(state.get("Default")).map(JsonNode::asText));
            }
            case "Succeed" -> {
                only(state, where, COMMON, PATHS);
                yield new State.Succeed(flow(state, where));
            }
            case "Fail" -> {
                only(state, where, COMMON, Set.of("Error", "Cause", "ErrorPath", "CausePath"));
                yield new State.Fail(text(state, "Error", where), text(state, "Cause", where));
            }
            default -> throw new Unrunnable(where, "the type '" + type + "' is not run locally");
        };
    }

    @SafeVarargs
    private static void only(JsonNode state, String where, Set<String>... fields) {
        Set<String> known = new HashSet<>();
        for (Set<String> some : fields) {
            known.addAll(some);
        }
        Fields.only(state, known, where);
    }

    private static Optional<String> next(JsonNode state, String where) {
        if (state.path("End").asBoolean() == state.has("Next")) {
            throw new Unrunnable(where, "a state has Next, or End");
        }
        return Optional.ofNullable(state.get("Next")).map(JsonNode::asText);
    }

    private static State.Flow flow(JsonNode state, String where) {
        Optional<String> resultPath = orNull(state, "ResultPath", where);
        resultPath.filter(path -> !Paths.isReference(path)).ifPresent(path -> {
            throw new Unrunnable(where, "ResultPath '" + path + "' is no reference path");
        });
        return new State.Flow(
                orNull(state, "InputPath", where),
                Optional.ofNullable(state.get("Parameters")).map(one -> Template.of(one, where + ".Parameters")),
                Optional.ofNullable(state.get("ResultSelector"))
                        .map(one -> Template.of(one, where + ".ResultSelector")),
                resultPath,
                orNull(state, "OutputPath", where));
    }

    /** A path; {@code $} where none is declared, empty for {@code null}. */
    private static Optional<String> orNull(JsonNode state, String name, String where) {
        if (state.path(name).isNull()) {
            return Optional.empty();
        }
        String path = state.path(name).asText("$");
        Paths.read(path, where + "." + name);
        return Optional.of(path);
    }

    private static Optional<String> path(JsonNode state, String name, String where) {
        Optional<String> path = Optional.ofNullable(state.get(name)).map(JsonNode::asText);
        path.ifPresent(one -> Paths.read(one, where + "." + name));
        return path;
    }

    private static Optional<Expression> text(JsonNode state, String name, String where) {
        if (state.has(name)) {
            JsonNode text = TextNode.valueOf(state.path(name).asText());
            return Optional.of((data, context) -> text);
        }
        return Optional.ofNullable(state.get(name + "Path")).map(path -> Expression.of(path.asText(), where));
    }

    private static Optional<Duration> seconds(JsonNode object, String name) {
        return Optional.ofNullable(object.get(name)).map(value -> Duration.ofSeconds(value.asLong()));
    }
}
