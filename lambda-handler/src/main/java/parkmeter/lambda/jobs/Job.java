package parkmeter.lambda.jobs;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/**
 * A call that was taken: the state machine's input. Nothing that the caller wrote is in it.
 *
 * @param id names it; nobody can guess it
 * @param caller whose it is; empty where anybody may call
 * @param route the method and the path that it was sent to
 * @param endpoint the name of the SageMaker endpoint that is to answer it
 */
record Job(String id, String caller, String route, String endpoint) {

    /** As the state machine gets it. */
    String json() {
        return Json.text(fields());
    }

    Map<String, Object> fields() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("job", id);
        json.put("caller", caller);
        json.put("route", route);
        json.put("endpoint", endpoint);
        return json;
    }

    /** Reads what {@link #json} wrote; null for anything else. */
    static @Nullable Job read(String json) {
        return of(Json.readOrNull(json));
    }

    /** Reads its {@link #fields}, among others; null where one is missing. */
    static @Nullable Job of(@Nullable Object read) {
        String id = Json.textAt(read, "job");
        String caller = Json.textAt(read, "caller");
        String route = Json.textAt(read, "route");
        String endpoint = Json.textAt(read, "endpoint");
        return id == null || caller == null || route == null || endpoint == null
                ? null
                : new Job(id, caller, route, endpoint);
    }

    /** Where its request is kept. */
    String requestKey() {
        return id + "/request";
    }

    /** Where its answer is kept. */
    String answerKey() {
        return id + "/answer";
    }
}
