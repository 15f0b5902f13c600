package parkmeter.lambda.meter;

import java.util.LinkedHashMap;
import java.util.Map;
import parkmeter.lambda.json.Json;

/** The copy of each record for tools that read the SSM parameter {@code /sagemaker/endpoint/expiry/<endpoint>}. */
public interface Mirror {

    /**
     * Writes the parameter (String, overwrite).
     *
     * @param json {@code {"expiry", "endpoint_name", "endpoint_config_name", "schedule"?}}
     * @throws Unavailable when there is no answer
     */
    void put(String endpoint, String json);

    /**
     * Deletes the parameter; that there is none is no failure.
     *
     * @throws Unavailable when there is no answer
     */
    void delete(String endpoint);

    /** What the mirror is to hold of a record. */
    static String json(MeterRecord record) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("expiry", SeedFormat.expiry(record.paidUntil()));
        json.put("endpoint_name", record.endpoint());
        json.put("endpoint_config_name", record.configuration());
        if (!record.schedule().windows().isEmpty()) {
            json.put("schedule", record.schedule().seedJson());
        }
        return Json.text(json);
    }
}
