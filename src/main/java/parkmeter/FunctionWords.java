package parkmeter;

import java.util.LinkedHashMap;
import parkmeter.config.Engine;
import parkmeter.config.Route;
import parkmeter.function.JsonVariable;

/** What the functions of {@code lambda-handler} call things. */
final class FunctionWords {

    private FunctionWords() {}

    /** What serves a model, as a JSON object. */
    static String of(Engine engine) {
        var words = new LinkedHashMap<String, String>();
        words.put("type", engine.type().word());
        if (engine instanceof Engine.Tgi tgi && !tgi.chats()) {
            words.put("inputs", tgi.chatTemplate().orElse("{prompt}"));
        }
        return JsonVariable.object(words);
    }

    /** A route's body. */
    static String of(Route.Body body) {
        if (body instanceof Route.Body.Prompt prompt) {
            return prompt.template() == Route.Template.CHAT ? "prompt" : "prompt/none";
        }
        return "passthrough";
    }
}
