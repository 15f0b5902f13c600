package parkmeter.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets browsers call the API from any origin (Fetch standard, "CORS protocol"). The key travels in a header that a page must send
 * itself, so an open origin gives nobody else's rights away.
 */
final class Cors {

    /** On every answer. */
    static final Map<String, String> HEADERS = ordered(
            "Access-Control-Allow-Origin", "*", "Access-Control-Expose-Headers", "Retry-After,x-amzn-RequestId");

    /** On the answer to a preflight; browsers keep it for the age, in seconds. */
    static final Map<String, String> PREFLIGHT_HEADERS = ordered(
            "Access-Control-Allow-Origin", "*",
            "Access-Control-Allow-Methods", "POST,OPTIONS",
            "Access-Control-Allow-Headers", "Content-Type,X-Api-Key",
            "Access-Control-Max-Age", "3600");

    private Cors() {}

    /** A constant, as API Gateway's mappings write one. */
    static String quoted(String value) {
        return "'" + value + "'";
    }

    private static Map<String, String> ordered(String... namesAndValues) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Collections.unmodifiableMap(map);
    }
}
