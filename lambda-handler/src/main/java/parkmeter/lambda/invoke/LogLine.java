package parkmeter.lambda.invoke;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/** The one line that the log gets of a request: JSON, with nothing in it that a caller or a model wrote. */
final class LogLine {
    private final Map<String, Object> fields = new LinkedHashMap<>();

    /**
     * Begins a line; what an event does not tell is left out.
     *
     * @param requestId API Gateway's id of the request, or Lambda's
     * @param route the path of the route
     * @param model the model's name
     */
    LogLine(String requestId, String route, String model) {
        with("requestId", requestId);
        with("route", route);
        with("model", model);
    }

    /** Ends the line of a request that was completed. */
    String completed(Completion completion, long latencyMillis) {
        ended(200, latencyMillis);
        with("promptTokens", completion.promptTokens());
        with("completionTokens", completion.completionTokens());
        return Json.text(fields) + "\n";
    }

    /** Ends the line of a request that failed. */
    String failed(CallFailed failed, long latencyMillis) {
        ended(failed.code().status(), latencyMillis);
        with("code", failed.code().toString());
        with("cause", failed.cause());
        return Json.text(fields) + "\n";
    }

    private void ended(int status, long latencyMillis) {
        with("status", status);
        with("latencyMs", latencyMillis);
    }

    private void with(String name, @Nullable Object value) {
        if (value != null && !value.equals("")) {
            fields.put(name, value);
        }
    }
}
