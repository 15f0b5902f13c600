package parkmeter.local.engine;

import java.util.List;
import java.util.OptionalInt;

/** The program gave no plan. */
public final class ProgramFailed extends Exception {
    private static final long serialVersionUID = 1;

    /** The exit code of a program that has told the person what to mend (Pulumi's {@code Pulumi.java}). */
    public static final int TOLD_WHAT_TO_MEND = 32;

    private final transient OptionalInt exitCode;
    private final transient List<String> messages;
    private final transient List<String> declared;

    /** A program that never ran. */
    ProgramFailed(String message) {
        this(OptionalInt.empty(), List.of(message), List.of());
    }

    ProgramFailed(OptionalInt exitCode, List<String> messages, List<String> declared) {
        super(String.join("\n", messages));
        this.exitCode = exitCode;
        this.messages = List.copyOf(messages);
        this.declared = List.copyOf(declared);
    }

    /** The program's exit code; empty when it never started or was stopped. */
    public OptionalInt exitCode() {
        return exitCode;
    }

    /** What to show, in the order it happened: what the engine refused, what the program logged as an error. */
    public List<String> messages() {
        return messages;
    }

    /** The URNs of what it had declared until then, sorted. */
    public List<String> declared() {
        return declared;
    }
}
