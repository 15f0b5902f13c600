package parkmeter.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The problems found so far, each with the line that mends it. */
final class Report {

    private static final int LONGEST_FUNCTION_NAME = 64;

    private final String stack;
    private final List<ConfigProblems.Problem> problems = new ArrayList<>();

    Report(String stack) {
        this.stack = stack;
    }

    void missing(String path, Key<?> key) {
        add(path, "", "is missing: it must be " + key.type().rule(), set(path, key));
    }

    void unfit(String path, String value, Key<?> key) {
        add(path, value, "must be " + key.type().rule(), set(path, key));
    }

    void notYet(String path, String value, Key<?> key) {
        add(path, value, "is not available yet; it must be " + key.type().rule(), set(path, key));
    }

    void unknown(String path, String name, List<String> known, boolean top) {
        String what = path.startsWith("aws:") ? "is no key that is handed on to AWS" : "is no key that exists here";
        String nearest = known.stream()
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .map(candidate -> "; the nearest key is '" + candidate + "'")
                .orElse("");
        // An unknown key's value may be anything, a misspelt key's secret too: it is never shown.
        add(path, "", what + nearest, top ? removeKey(path) : remove(path));
    }

    /**
     * Reports a name that stands elsewhere already.
     *
     * @param form the name, in the form that must differ
     * @param first where each form was first seen
     */
    void unique(Section section, Key<String> key, String form, Map<String, String> first) {
        String place = section.pathOf(key);
        String other = first.putIfAbsent(form, place);
        if (other != null) {
            String name = section.given(key).orElse(form);
            add(
                    place,
                    section.shown(key),
                    "must be a name of its own: " + other + " has the same",
                    set(place, name + "-2"));
        }
    }

    void add(String path, String value, String rule, String mend) {
        problems.add(new ConfigProblems.Problem(printable(path), printable(value), rule, printable(mend)));
    }

    /** The command, or the YAML, that sets the key at {@code path} to a value that fits. */
    String set(String path, Key<?> key) {
        if (key.secret()) {
            return "pulumi config set --secret " + path + " --stack " + stack;
        }
        var example = key.exampleNode();
        return example.isContainerNode() ? inFile(path, key.example()) : set(path, example.asText());
    }

    /** The command that sets the key at {@code path} to {@code value}. */
    String set(String path, String value) {
        return command("set", path) + " " + quoted(value) + " --stack " + stack;
    }

    /** The command that takes the key at {@code path} away. */
    String remove(String path) {
        return command("rm", path) + " --stack " + stack;
    }

    /** As {@link #remove}, of a key at the top, whatever its name: Pulumi would take a dot in a path for a step. */
    private String removeKey(String key) {
        return "pulumi config rm " + quoted(key) + " --stack " + stack;
    }

    /** What is to stand in the stack file. */
    String inFile(String path, String json) {
        return "in Pulumi." + stack + ".yaml: " + path + ": " + json;
    }

    /** Refuses a function's name that is too long for Lambda (Lambda API reference, CreateFunction). */
    void checkFunctionName(Key<?> key, String name) {
        if (name.length() > LONGEST_FUNCTION_NAME) {
            add(
                    key.path(),
                    "",
                    "makes the function's name '" + name + "', which must have at most " + LONGEST_FUNCTION_NAME
                            + " characters",
                    "take a shorter name for the stack: pulumi stack rename <name>");
        }
    }

    void throwIfAny() throws ConfigProblems {
        if (!problems.isEmpty()) {
            throw new ConfigProblems(stack, problems);
        }
    }

    static int distance(String one, String other) {
        return LevenshteinDistance.getDefaultInstance()
                .apply(one.toLowerCase(Locale.ROOT), other.toLowerCase(Locale.ROOT));
    }

    /** Pulumi takes a key at the top as it is, and one in a list or a section by its path. */
    private static String command(String verb, String path) {
        boolean top = path.matches("\\w+:\\w+");
        return "pulumi config " + verb + (top ? " " + quoted(path) : " --path '" + path.replace("'", "'\\''") + "'");
    }

    private static String quoted(String text) {
        return text.matches("[\\w:./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** A stack file may hold what would steer a terminal. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
