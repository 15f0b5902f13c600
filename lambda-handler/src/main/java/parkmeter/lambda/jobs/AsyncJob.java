package parkmeter.lambda.jobs;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/**
 * A call that an asynchronous endpoint has taken. Nothing that the caller wrote is in it.
 *
 * @param job the call
 * @param takenAt when it was taken
 * @param outputKey where in the bucket its answer comes to
 * @param failureKey where in the bucket the container's error comes to; empty where there is no such place
 */
record AsyncJob(Job job, Instant takenAt, String outputKey, String failureKey) {

    /** Where it is kept. */
    static String key(String id) {
        return id + "/job";
    }

    byte[] json() {
        Map<String, Object> json = new LinkedHashMap<>(job.fields());
        json.put("takenAt", takenAt.toString());
        json.put("output", outputKey);
        json.put("failure", failureKey);
        return Json.bytes(json);
    }

    /** Reads what {@link #json} wrote; null for anything else. */
    static @Nullable AsyncJob read(String json) {
        Object read = Json.readOrNull(json);
        Job job = Job.of(read);
        String output = Json.textAt(read, "output");
        String failure = Json.textAt(read, "failure");
        if (job == null || output == null || failure == null) {
            return null;
        }
        try {
            return new AsyncJob(
                    job, Instant.parse(Objects.requireNonNullElse(Json.textAt(read, "takenAt"), "")), output, failure);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
