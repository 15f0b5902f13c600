package parkmeter.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A command that has ended.
 *
 * @param line what was typed
 * @param exit its exit code
 * @param out the file with what it wrote to stdout
 * @param err the file with what it wrote to stderr
 * @param events the engine's events, one JSON object a line; there is no such file where the command has no engine
 */
record Run(String line, int exit, Path out, Path err, Path events) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** This run, of which nothing but success was expected. */
    Run succeeded() {
        if (exit != 0) {
            throw new AssertionError(line + " ended with exit code " + exit + ":\n" + console());
        }
        return this;
    }

    /** What a person saw. */
    String console() {
        return text(out) + text(err);
    }

    /** What stdout holds, as JSON. */
    JsonNode json() {
        try {
            return JSON.readTree(out.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(line + ": its output is no JSON", e);
        }
    }

    /** What the engine finished, in its order, the untouched resources included; what it has so far, while it is at work. */
    List<Step> steps() {
        try {
            String whole = Files.readString(events);
            return whole.substring(0, whole.lastIndexOf('\n') + 1)
                    .lines()
                    .map(Run::parsed)
                    .map(event -> event.at("/resOutputsEvent/metadata"))
                    .filter(JsonNode::isObject)
                    .map(Step::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(line + ": no events", e);
        }
    }

    /** What was done to AWS's resources, in the engine's order: {@code create first-key}, {@code update default-plan}. */
    List<String> moves() {
        return steps().stream()
                .filter(Step::real)
                .filter(Step::moved)
                .map(Step::toString)
                .toList();
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException("no JSON: " + line, e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
