package parkmeter.lambda.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/** The one line that the log gets of a request: JSON, with nothing in it that a caller or a model wrote. */
public final class LogLine {
    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final Map<String, Object> outcome = new LinkedHashMap<>();

    /** Begins a line; what an event does not tell is left out. */
    LogLine(String requestId, String route) {
        put(fields, "requestId", requestId);
        put(fields, "route", route);
    }

    /** Says what the request was about; null and an empty text are left out. */
    public void about(String name, @Nullable Object value) {
        put(fields, name, value);
    }

    /** Says what came of it; null and an empty text are left out. */
    public void outcome(String name, @Nullable Object value) {
        put(outcome, name, value);
    }

    String answered(int status, long latencyMillis) {
        put(fields, "status", status);
        put(fields, "latencyMs", latencyMillis);
        fields.putAll(outcome);
        return Json.text(fields) + "\n";
    }

    String failed(CallFailed failed, long latencyMillis) {
        outcome("code", failed.code().toString());
        outcome("cause", failed.cause());
        return answered(failed.code().status(), latencyMillis);
    }

    private static void put(Map<String, Object> into, String name, @Nullable Object value) {
        if (value != null && !value.equals("")) {
            into.put(name, value);
        }
    }
}
