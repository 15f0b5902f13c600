package parkmeter.local.edge;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with variables, taken apart once: a gateway response's template, which API Gateway doesn't give to Velocity, or an access
 * log's format. {@code $context.…} and <code>${context.…}</code> are filled in; directives ({@code #if} …) and {@code $input} are
 * not run, but refused when the document is read.
 */
public final class Substitution {
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:context\\.([\\w.]*\\w)|\\{context\\.([\\w.]*\\w)})");
    private static final Pattern NOT_RUN = Pattern.compile(
            "#(?:set|if|else|elseif|end|foreach|macro|define)\\b|\\$!?\\{?(?:input|util|stageVariables)\\b");

    /** Text and names of variables in turn, text first. */
    private final List<String> parts;

    private Substitution(List<String> parts) {
        this.parts = parts;
    }

    /**
     * Takes a text apart.
     *
     * @throws Undeployable for one that needs more than is done here
     */
    public static Substitution of(String text, String where) {
        Matcher notRun = NOT_RUN.matcher(text);
        if (notRun.find()) {
            throw new Undeployable(
                    where, "the text uses " + notRun.group() + ", and API Gateway fills in $context.… only here");
        }
        List<String> parts = new ArrayList<>();
        Matcher variable = VARIABLE.matcher(text);
        int from = 0;
        while (variable.find()) {
            parts.add(text.substring(from, variable.start()));
            parts.add(variable.group(1) != null ? variable.group(1) : variable.group(2));
            from = variable.end();
        }
        parts.add(text.substring(from));
        return new Substitution(parts);
    }

    /** The text with each variable's value. */
    public String fill(UnaryOperator<String> variables) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            text.append(i % 2 == 0 ? parts.get(i) : variables.apply(parts.get(i)));
        }
        return text.toString();
    }
}
