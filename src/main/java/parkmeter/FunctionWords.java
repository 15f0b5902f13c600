package parkmeter;

import parkmeter.config.Route;

/** What the functions of {@code lambda-handler} call things. */
final class FunctionWords {

    private FunctionWords() {}

    /** A route's body. */
    static String of(Route.Body body) {
        if (body instanceof Route.Body.Prompt prompt) {
            return prompt.template() == Route.Template.CHAT ? "prompt" : "prompt/none";
        }
        return "passthrough";
    }
}
