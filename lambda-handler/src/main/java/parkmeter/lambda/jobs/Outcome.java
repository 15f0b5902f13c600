package parkmeter.lambda.jobs;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.gateway.CallFailed;
import parkmeter.lambda.gateway.Code;
import parkmeter.lambda.jobs.store.Execution;
import parkmeter.lambda.json.Json;

/**
 * Why a job failed, in this API's words.
 *
 * @param code a stable code
 * @param sentence for people
 */
record Outcome(String code, String sentence) {
    static final Outcome TOO_LATE = new Outcome(Code.TIMEOUT.toString(), "The job took too long.");

    static Outcome of(CallFailed failed) {
        return new Outcome(failed.code().toString(), failed.sentence());
    }

    /** What a failed task says, and Step Functions keeps. */
    String json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("code", code);
        json.put("error", sentence);
        return Json.text(json);
    }

    /** Of an execution that ended without an answer. */
    static Outcome of(Execution execution) {
        return switch (execution.status()) {
            case "TIMED_OUT" -> TOO_LATE;
            case "ABORTED" -> new Outcome(Code.INTERNAL_ERROR.toString(), "The job was stopped.");
            default -> told(execution.cause());
        };
    }

    /** A function's failure comes as JSON around its message; anything else is not for callers. */
    private static Outcome told(@Nullable String cause) {
        Object message = read(Json.textAt(read(cause), "errorMessage"));
        String code = Json.textAt(message, "code");
        String sentence = Json.textAt(message, "error");
        return code == null || sentence == null
                ? new Outcome(Code.INTERNAL_ERROR.toString(), "The job failed: see its function's log.")
                : new Outcome(code, sentence);
    }

    private static @Nullable Object read(@Nullable String json) {
        return json == null ? null : Json.readOrNull(json);
    }
}
