package parkmeter.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that can't be deployed, with everything that is wrong with it. */
public final class ConfigProblems extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    ConfigProblems(String stack, List<Problem> problems) {
        super(problems.stream()
                .map(Problem::text)
                .collect(Collectors.joining(
                        "\n\n",
                        "The configuration of stack '" + stack + "' has "
                                + (problems.size() == 1 ? "a problem" : problems.size() + " problems")
                                + "; nothing was declared.\n\n",
                        "\n\nEvery key is described in docs/configuration.md.")));
        this.problems = List.copyOf(problems);
    }

    /** The problems, in the order of the reading. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * One thing that is wrong.
     *
     * @param key where: the whole key with its namespace, {@code parkmeter:models[0].hosting.instances}
     * @param value what stands there, as JSON; empty where nothing does, or where it may be a secret
     * @param rule what is wrong, as the rule that the value breaks
     * @param mend the command or the YAML that mends it
     */
    public record Problem(String key, String value, String rule, String mend) {

        String text() {
            return "  " + key + (value.isEmpty() ? "" : " = " + value) + "\n    " + rule + "\n    "
                    + mend.replace("\n", "\n    ");
        }
    }
}
