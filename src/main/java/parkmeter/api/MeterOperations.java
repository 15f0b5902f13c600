package parkmeter.api;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The meters' operations. The gateway checks no body: the function does, whose answers on {@code /endpoint-expiry} are those of an
 * older API to the letter, also to what is no JSON.
 */
final class MeterOperations {

    private static final String EXPIRY = "/endpoint-expiry";
    private static final String METER = RestFront.METERS + "/{name}";

    /** What each status of a failed request means, but for those that one operation alone answers. */
    private static final Map<String, String> STATUSES = new TreeMap<>(Map.of(
            "400", "The request is not as the meter wants it",
            "403", "The key is missing or wrong, or its client is no operator",
            "404", "There is no such meter",
            "415", "The content type is not JSON",
            "429", "Too many requests, or the quota is used up",
            "500", "The meter itself is at fault",
            "503", "The meter got no answer from AWS; 'Retry-After' says when to try again",
            "504", "The meter did not answer in time"));

    private MeterOperations() {}

    private static Contract contract(String summary) {
        return new Contract(summary, STATUSES, Map.of("name", "The endpoint's name"));
    }

    static List<Operation> of(FrontRoute.Meters route) {
        return List.of(
                contract("Until when endpoints run: one of them, or all")
                        .parameter("EndpointName", "query", "The endpoint; without it all of them")
                        .answers("EndpointExpiries")
                        .on("GET", EXPIRY, route),
                contract("Put minutes on a meter, or another's endpoint on one")
                        .takes("EndpointExpiryRequest")
                        .answers("EndpointExpiry")
                        .fails("409", "There is a meter of that name already, but for upper and lower case")
                        .on("POST", EXPIRY, route),
                contract("Any other method")
                        .fails("405", "The method is not allowed")
                        .on(Operation.ANY, EXPIRY, route),
                contract("All meters").answers("Meters").on("GET", RestFront.METERS, route),
                contract("One meter").answersWithTag("Meter").on("GET", METER, route),
                contract("Put minutes on a meter")
                        .takes("TopUp")
                        .answersWithTag("ToppedUp")
                        .on("POST", METER + "/top-up", route),
                contract("Take the time off a meter, and end the windows that are open")
                        .answersWithTag("Meter")
                        .on("POST", METER + "/stop", route),
                contract("Give a meter another schedule")
                        .parameter("If-Match", "header", "The ETag under which the schedule was read")
                        .takes("Schedule")
                        .answersWithTag("Meter")
                        .fails("412", "The schedule is another by now: read it again")
                        .on("PUT", METER + "/schedule", route));
    }
}
