package parkmeter.lambda.invoke;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/**
 * What runs in a model's container: how a prompt is put to it, and its answers and errors are read. The prompt API is the
 * same whichever it is. Immutable.
 */
public abstract sealed class Engine permits Tgi, TgiInputs, Vllm, LlamaCpp {
    /** What {@link #read} takes, as the end of a sentence. */
    public static final String FORM =
            "{\"type\": \"tgi\", \"vllm\" or \"llamacpp\"}, with \"tgi\" also \"inputs\": a text"
                    + " with {prompt} in it once";

    private static final String PROMPT = "{prompt}";

    private final String product;

    Engine(String product) {
        this.product = product;
    }

    /** TGI (text-generation-inference) from 2.4 on: what runs where nobody says otherwise. */
    public static Engine tgi() {
        return new Tgi();
    }

    /**
     * Reads how the Pulumi program names one.
     *
     * @param json {@code {"type", "inputs"?}}
     * @return null for anything else
     */
    public static @Nullable Engine read(@Nullable Object json) {
        if (!(json instanceof Map<?, ?> engine)
                || !engine.keySet().stream().allMatch(List.of("type", "inputs")::contains)) {
            return null;
        }
        Object inputs = engine.get("inputs");
        if (inputs != null) {
            return "tgi".equals(engine.get("type")) && inputs instanceof String text && holdsPromptOnce(text)
                    ? new TgiInputs(text)
                    : null;
        }
        return engine.get("type") instanceof String type
                ? switch (type) {
                    case "tgi" -> tgi();
                    case "vllm" -> new Vllm();
                    case "llamacpp" -> new LlamaCpp();
                    default -> null;
                }
                : null;
    }

    private static boolean holdsPromptOnce(String text) {
        int at = text.indexOf(PROMPT);
        return at >= 0 && at == text.lastIndexOf(PROMPT);
    }

    /** The name that people know it by. */
    final String product() {
        return product;
    }

    /** Whether its container has a way to put a prompt so. */
    boolean takes(Template template) {
        return true;
    }

    /**
     * Says of routes that they can't be.
     *
     * @param variable where the engine stands
     */
    public final String unfit(List<String> routes, String variable) {
        return "The routes " + String.join(", ", routes) + " can't be \"prompt/none\": " + product
                + "'s container takes chats alone (" + variable + "); the Pulumi program sets both.";
    }

    /** The longest request that it reads, in bytes. */
    int longestRequest() {
        return Integer.MAX_VALUE;
    }

    /** How it says a parameter that keeps the parameter's own rule. */
    abstract Said said(Parameter parameter, Object value, Template template);

    /** The body of a request: JSON. */
    abstract String request(PromptRequest request, Template template);

    /** What a container's error means. */
    abstract Fault fault(int status, @Nullable Object body);

    /**
     * What a container's error means.
     *
     * @param status its HTTP status; 0 where nobody knows
     * @param body whatever it holds: often JSON, sometimes plain text, sometimes nothing
     */
    final Fault fault(int status, String body) {
        return fault(status, Json.readOrNull(body));
    }

    /** Reads an answer; empty when it is none of its. */
    final Optional<Completion> completion(String answer) {
        return Completion.read(Json.readOrNull(answer));
    }

    /** Writes the parameters in effect. */
    final Map<String, Object> parameters(PromptRequest request, Template template, Map<String, Object> into) {
        for (Parameter parameter : Parameter.values()) {
            Object value = request.parameters().get(parameter.key());
            if (value != null
                    && !(request.greedy() && parameter.samples())
                    && said(parameter, value, template) instanceof Said.At at) {
                into.put(at.key(), at.value());
            }
        }
        return into;
    }

    /** A chat of one message. */
    static Map<String, Object> chat(PromptRequest request) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role", "user");
        message.put("content", request.prompt());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("messages", List.of(message));
        return body;
    }

    /** A JSON Schema that the answer must fit, in OpenAI's words. */
    static Map<String, Object> responseFormat(Object schema) {
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("name", "answer");
        named.put("schema", schema);
        Map<String, Object> format = new LinkedHashMap<>();
        format.put("type", "json_schema");
        format.put("json_schema", named);
        return format;
    }

    static boolean exceeds(Object value, String most) {
        return new BigDecimal(value.toString()).compareTo(new BigDecimal(most)) > 0;
    }

    /** For a parameter that the engine has no place for. */
    final Said without(Parameter parameter, Object value) {
        return parameter.isOff(value)
                ? Said.NOTHING
                : new Said.Refused("can't be given to this model: " + product + " has no place for it");
    }
}
