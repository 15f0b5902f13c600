package parkmeter.lambda.invoke;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** TGI before 2.4: it takes no chat, so a prompt stands in a text of the stack file's. */
final class TgiInputs extends Engine {
    private final String text;

    /**
     * With a chat template.
     *
     * @param text with {@code {prompt}} in it once
     */
    TgiInputs(String text) {
        super("TGI");
        this.text = text;
    }

    @Override
    int longestRequest() {
        return Tgi.LONGEST_REQUEST;
    }

    /** Its grammars are {@code json} and {@code regex} only. */
    @Override
    Said said(Parameter parameter, Object value, Template template) {
        if (parameter != Parameter.GRAMMAR || Parameter.regex(value) != null) {
            return Tgi.saidBesideInputs(parameter, value);
        }
        Map<String, Object> grammar = new LinkedHashMap<>();
        grammar.put("type", "json");
        grammar.put("value", Parameter.schema(value));
        return new Said.At(parameter.key(), grammar);
    }

    @Override
    String request(PromptRequest request, Template template) {
        return Tgi.inputs(
                this,
                request,
                template,
                template == Template.CHAT ? text.replace("{prompt}", request.prompt()) : request.prompt());
    }

    @Override
    Fault fault(int status, @Nullable Object body) {
        return Tgi.faultOf(status, body);
    }
}
