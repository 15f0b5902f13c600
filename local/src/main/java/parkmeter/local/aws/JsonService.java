package parkmeter.local.aws;

import com.fasterxml.jackson.databind.JsonNode;

/** A service that speaks AWS's JSON protocol: its operations are named in {@code X-Amz-Target}, requests and answers are JSON. */
interface JsonService {
    /** What stands before the dot in {@code X-Amz-Target}. */
    String target();

    /**
     * Answers a call.
     *
     * @throws Refused where AWS would refuse it, or the operation is none of those that are served here
     */
    JsonNode answer(String operation, JsonNode request);
}
