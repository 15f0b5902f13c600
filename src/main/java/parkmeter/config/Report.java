package parkmeter.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The problems found so far, each with the line that mends it. */
final class Report {

    private final String stack;
    private final List<ConfigProblems.Problem> problems = new ArrayList<>();

    Report(String stack) {
        this.stack = stack;
    }

    void missing(String path, Key<?> key) {
        add(path, "", "is missing: it " + key.type().rule(), set(path, key));
    }

    void unfit(String path, String value, Key<?> key) {
        boolean notYet = key.type().rule().startsWith("is not available yet");
        add(path, value, key.type().rule(), notYet ? remove(path) : set(path, key));
    }

    void notYet(String path, String value, Key<?> key) {
        add(path, value, "is not available yet; " + available(key), set(path, key));
    }

    void unknown(String path, String name, List<String> known) {
        var distance = LevenshteinDistance.getDefaultInstance();
        String nearest = known.stream()
                .min(Comparator.comparingInt(
                        candidate -> distance.apply(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT))))
                .map(candidate -> "; the nearest key is '" + candidate + "'")
                .orElse("");
        // An unknown key's value may be anything, a misspelt key's secret too: it is never shown.
        add(path, "", "is no key that exists here" + nearest, remove(path));
    }

    void add(String path, String value, String rule, String mend) {
        problems.add(new ConfigProblems.Problem(path, value, rule, mend));
    }

    /** The command that sets the key at {@code path} to a value that fits. */
    String set(String path, Key<?> key) {
        var example = key.exampleNode();
        if (example.isContainerNode()) {
            return "in Pulumi." + stack + ".yaml: " + path + ": " + key.example();
        }
        return set(path, example.asText());
    }

    /** The command that sets the key at {@code path} to {@code value}. */
    String set(String path, String value) {
        String quoted = value.matches("[\\w./-]+") ? value : "'" + value + "'";
        return command("set", path, " " + quoted);
    }

    /** The command that takes the key at {@code path} away. */
    String remove(String path) {
        return command("rm", path, "");
    }

    void throwIfAny() throws ConfigProblems {
        if (!problems.isEmpty()) {
            throw new ConfigProblems(stack, problems);
        }
    }

    private String command(String verb, String path, String value) {
        boolean top = path.matches("\\w+:\\w+");
        return "pulumi config " + verb + (top ? " " + path : " --path '" + path + "'") + value + " --stack " + stack;
    }

    private static String available(Key<?> key) {
        String rule = key.type().rule();
        return rule.startsWith("must be one of ")
                ? rule.substring("must be one of ".length()) + " are"
                : rule.substring("must be ".length()) + " is";
    }
}
