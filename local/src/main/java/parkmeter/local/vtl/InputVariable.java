package parkmeter.local.vtl;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code $input}. Public because templates call it. */
public final class InputVariable {
    private final Variables variables;

    InputVariable(Variables variables) {
        this.variables = variables;
    }

    /** {@code $input.body}: the payload as it came. */
    public String getBody() {
        return variables.body().text();
    }

    /** {@code $input.json(x)}: what stands at a JSONPath, as JSON. */
    public String json(String path) {
        return variables.body().json(path);
    }

    /** {@code $input.path(x)}: what stands at a JSONPath, as an object. */
    public @Nullable Object path(String path) {
        return variables.body().path(path);
    }

    /** {@code $input.params()}: the parameters of each kind. */
    public Map<String, Map<String, String>> params() {
        Map<String, Map<String, String>> kinds = new LinkedHashMap<>();
        kinds.put("path", variables.parameters().path());
        kinds.put("querystring", variables.parameters().query());
        kinds.put("header", variables.parameters().header());
        return kinds;
    }

    /** {@code $input.params(x)}: a parameter of the path, the query or a header, looked for in this order; empty for none. */
    public String params(String name) {
        return params().values().stream()
                .filter(parameters -> parameters.containsKey(name))
                .map(parameters -> parameters.getOrDefault(name, ""))
                .findFirst()
                .orElse("");
    }
}
