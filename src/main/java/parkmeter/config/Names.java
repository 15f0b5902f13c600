package parkmeter.config;

/**
 * The physical names of a stack's resources, {@code <project>-<stack>-<part>}: the same config gives the same names, and two
 * stacks of one account have different ones, unless a stack is named as another is begun ({@code dev} with a model {@code eu-x},
 * {@code dev-eu} with a model {@code x}): AWS refuses the second then.
 *
 * @param project the Pulumi project's name
 * @param stack the stack's name
 */
public record Names(String project, String stack) {

    /** The name of the stack's {@code part}. */
    public String of(String part) {
        return project + "-" + stack + "-" + part;
    }

    /** The name that the whole stack goes by. */
    public String stackWide() {
        return project + "-" + stack;
    }
}
