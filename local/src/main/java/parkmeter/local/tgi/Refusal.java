package parkmeter.local.tgi;

import parkmeter.local.llm.CannotGenerate;

/** A request that TGI's router answers with an error: its status, its {@code error_type}, its sentence. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;

    private Refusal(int status, String type, String sentence) {
        super(sentence);
        this.status = status;
        this.type = type;
    }

    /** A parameter breaks one of TGI's rules. */
    static Refusal validation(String rule) {
        return new Refusal(422, "validation", "Input validation error: " + rule);
    }

    /** The model has no chat template, the template refuses the messages, or the model failed while it generated. */
    static Refusal of(CannotGenerate cannot) {
        return switch (cannot.reason()) {
            case NO_TEMPLATE -> new Refusal(422, "template_error", "Template error: " + cannot.fault());
            case REFUSED_BY_TEMPLATE ->
                new Refusal(422, "template_error", "Template error: invalid operation: " + cannot.fault());
            case GENERATION -> new Refusal(424, "generation", "Request failed during generation: " + cannot.fault());
        };
    }

    /** Tools that contradict the rest of the request. */
    static Refusal tool(String fault) {
        return new Refusal(422, "tool_error", "Tool error: " + fault);
    }

    /** A rule of the completions route, which has words and types of its own. */
    static Refusal completion(String type, String sentence) {
        return new Refusal(422, type, sentence);
    }

    /** As many requests are running as may run at once. */
    static Refusal overloaded() {
        return new Refusal(429, "overloaded", "Model is overloaded");
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }

    /** The whole sentence, as TGI's {@code error} field holds it. */
    String sentence() {
        return String.valueOf(getMessage());
    }
}
