package parkmeter.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A state of a machine. */
sealed interface State {
    /** Where it leads; empty for an end, and for a Choice. */
    Optional<String> next();

    /**
     * What goes into a state and out of it (states-language.net, "Input and Output Processing").
     *
     * @param inputPath empty: {@code null} is declared, and an empty object goes in
     * @param parameters empty: the input as it is
     * @param resultSelector empty: the result as it is
     * @param resultPath empty: {@code null} is declared, and the input goes on
     * @param outputPath empty: {@code null} is declared, and an empty object goes out
     */
    record Flow(
            Optional<String> inputPath,
            Optional<Template> parameters,
            Optional<Template> resultSelector,
            Optional<String> resultPath,
            Optional<String> outputPath) {}

    /**
     * Does something.
     *
     * @param timeout the longest wait for its result
     */
    record Task(Optional<String> next, Flow flow, TaskResource resource, Optional<Duration> timeout, ErrorRules errors)
            implements State {}

    /**
     * Hands on.
     *
     * @param result in place of its input
     */
    record Pass(Optional<String> next, Flow flow, Optional<JsonNode> result) implements State {}

    /**
     * Waits.
     *
     * @param secondsPath where the time stands; otherwise {@code seconds} is it
     */
    record Wait(Optional<String> next, Flow flow, double seconds, Optional<String> secondsPath) implements State {}

    /** Goes the first way whose condition holds. */
    record Choice(Flow flow, List<Way> ways, Optional<String> otherwise) implements State {
        @Override
        public Optional<String> next() {
            return Optional.empty();
        }
    }

    /** A way of a Choice. */
    record Way(Condition condition, String next) {}

    /** Ends well. */
    record Succeed(Flow flow) implements State {
        @Override
        public Optional<String> next() {
            return Optional.empty();
        }
    }

    /** Ends badly; each text may be missing. */
    record Fail(Optional<Expression> error, Optional<Expression> cause) implements State {
        @Override
        public Optional<String> next() {
            return Optional.empty();
        }
    }
}
