package parkmeter.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A state's {@code Retry} and {@code Catch} (states-language.net, "Errors"; Step Functions developer guide, "Handling errors in Step
 * Functions workflows"). {@code JitterStrategy} changes nothing: the longest wait that it allows is taken.
 */
record ErrorRules(List<Retrier> retriers, List<Catcher> catchers) {
    private static final String ALL = "States.ALL";

    /** What neither wildcard means. */
    private static final Set<String> TERMINAL = Set.of("States.DataLimitExceeded", "States.Runtime");

    private static final Set<String> RETRIER = Set.of(
            "ErrorEquals",
            "IntervalSeconds",
            "MaxAttempts",
            "BackoffRate",
            "MaxDelaySeconds",
            "JitterStrategy",
            "Comment");
    private static final Set<String> CATCHER = Set.of("ErrorEquals", "ResultPath", "Next", "Comment");

    /**
     * When and how often a state is tried again.
     *
     * @param most waits no longer than this
     */
    record Retrier(List<String> errors, double intervalSeconds, int attempts, double backoff, Optional<Double> most) {
        /**
         * How long to wait.
         *
         * @param done how often it was tried again by this rule
         */
        Duration pause(int done) {
            double seconds = intervalSeconds * Math.pow(backoff, done);
            return Duration.ofMillis(Math.round(
                    1000 * most.map(limit -> Math.min(limit, seconds)).orElse(seconds)));
        }
    }

    /** Where an error leads. */
    record Catcher(List<String> errors, String resultPath, String next) {}

    static ErrorRules of(JsonNode state, String where) {
        List<Retrier> retriers = new ArrayList<>();
        state.path("Retry").forEach(one -> {
            Fields.only(one, RETRIER, where + ".Retry");
            retriers.add(new Retrier(
                    errors(one, where + ".Retry"),
                    one.path("IntervalSeconds").asDouble(1),
                    one.path("MaxAttempts").asInt(3),
                    one.path("BackoffRate").asDouble(2),
                    one.has("MaxDelaySeconds")
                            ? Optional.of(one.path("MaxDelaySeconds").asDouble())
                            : Optional.empty()));
        });
        List<Catcher> catchers = new ArrayList<>();
        state.path("Catch").forEach(one -> {
            Fields.only(one, CATCHER, where + ".Catch");
            String resultPath = one.path("ResultPath").asText("$");
            if (!Paths.isReference(resultPath)) {
                throw new Unrunnable(where + ".Catch", "ResultPath '" + resultPath + "' is no reference path");
            }
            catchers.add(new Catcher(
                    errors(one, where + ".Catch"), resultPath, one.path("Next").asText()));
        });
        return new ErrorRules(retriers, catchers);
    }

    private static List<String> errors(JsonNode rule, String where) {
        List<String> errors = new ArrayList<>();
        rule.path("ErrorEquals").forEach(error -> errors.add(error.asText()));
        if (errors.isEmpty() || (errors.contains(ALL) && errors.size() > 1)) {
            throw new Unrunnable(where, "ErrorEquals names errors, or States.ALL alone");
        }
        return errors;
    }

    Optional<Retrier> retrier(String error) {
        return retriers.stream().filter(rule -> names(rule.errors(), error)).findFirst();
    }

    Optional<Catcher> catcher(String error) {
        return catchers.stream().filter(rule -> names(rule.errors(), error)).findFirst();
    }

    private static boolean names(List<String> errors, String error) {
        return errors.contains(error)
                || (errors.contains(ALL) && !TERMINAL.contains(error))
                || (errors.contains("States.TaskFailed")
                        && !error.equals("States.Timeout")
                        && !TERMINAL.contains(error));
    }
}
