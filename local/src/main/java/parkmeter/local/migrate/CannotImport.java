package parkmeter.local.migrate;

import java.util.List;

/** A configuration that can't be taken over, with everything that is wrong with it. */
public final class CannotImport extends Exception {

    private static final long serialVersionUID = 1;

    CannotImport(List<String> problems) {
        super("The configuration has "
                + (problems.size() == 1 ? "a problem" : problems.size() + " problems")
                + "; nothing was printed.\n\n" + String.join("\n\n", problems)
                + "\n\nEvery field is described in docs/migrating.md.");
    }
}
