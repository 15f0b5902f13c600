package parkmeter.lambda.invoke;

import org.jspecify.annotations.Nullable;

/** What a route takes and gives. */
sealed interface Body {

    /** {@code {"prompt", "parameters"}} for {@code {"generated_text", "prompt", "parameters"}}. */
    record Prompt(Template template) implements Body {}

    /** What the model's container reads and writes, as it is. */
    record Passthrough() implements Body {}

    /** By the name that the Pulumi program gives it; null when it is none. */
    static @Nullable Body named(String name) {
        return switch (name) {
            case "prompt" -> new Prompt(Template.CHAT);
            case "prompt/none" -> new Prompt(Template.NONE);
            case "passthrough" -> new Passthrough();
            default -> null;
        };
    }
}
