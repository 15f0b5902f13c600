package parkmeter.lambda.meter;

import java.util.List;

/** What somebody sent breaks rules. */
public final class Invalid extends Exception {
    private final transient List<String> problems;

    /** With one sentence for each broken rule: where, and which. */
    public Invalid(List<String> problems) {
        super(String.join(" ", problems), null, false, false);
        this.problems = List.copyOf(problems);
    }

    /** All broken rules, one sentence each. */
    public List<String> problems() {
        return problems;
    }
}
