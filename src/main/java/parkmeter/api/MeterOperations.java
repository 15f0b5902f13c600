package parkmeter.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
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

    static List<Operation> of(FrontRoute.Meters route) {
        return List.of(
                new Contract("Until when endpoints run: one of them, or all")
                        .parameter("EndpointName", "query", "The endpoint; without it all of them")
                        .answers("EndpointExpiries")
                        .on("GET", EXPIRY, route),
                new Contract("Put minutes on a meter, or another's endpoint on one")
                        .takes("EndpointExpiryRequest")
                        .answers("EndpointExpiry")
                        .fails("409", "There is a meter of that name already, but for upper and lower case")
                        .on("POST", EXPIRY, route),
                new Contract("Any other method")
                        .fails("405", "The method is not allowed")
                        .on(Operation.ANY, EXPIRY, route),
                new Contract("All meters").answers("Meters").on("GET", RestFront.METERS, route),
                new Contract("One meter").answersWithTag("Meter").on("GET", METER, route),
                new Contract("Put minutes on a meter")
                        .takes("TopUp")
                        .answersWithTag("ToppedUp")
                        .on("POST", METER + "/top-up", route),
                new Contract("Take the time off a meter, and end the windows that are open")
                        .answersWithTag("Meter")
                        .on("POST", METER + "/stop", route),
                new Contract("Give a meter another schedule")
                        .parameter("If-Match", "header", "The ETag under which the schedule was read")
                        .takes("Schedule")
                        .answersWithTag("Meter")
                        .fails("412", "The schedule is another by now: read it again")
                        .on("PUT", METER + "/schedule", route));
    }

    /** An Operation Object in the making. */
    private static final class Contract {

        private final ObjectNode json = OpenApiDocument.object();

        Contract(String summary) {
            json.put("summary", summary);
            json.putArray("security").addObject().putArray("api_key");
        }

        Contract parameter(String name, String in, String meaning) {
            json.withArrayProperty("parameters")
                    .addObject()
                    .put("name", name)
                    .put("in", in)
                    .put("required", in.equals("path"))
                    .put("description", meaning)
                    .putObject("schema")
                    .put("type", "string");
            return this;
        }

        Contract takes(String schema) {
            json.putObject("requestBody").put("required", true).set("content", Schemas.json(schema));
            return this;
        }

        Contract answers(String schema) {
            responses().putObject("200").put("description", "As it is now").set("content", Schemas.json(schema));
            STATUSES.forEach(this::fails);
            return this;
        }

        Contract answersWithTag(String schema) {
            answers(schema);
            responses()
                    .withObjectProperty("200")
                    .putObject("headers")
                    .putObject("ETag")
                    .put("description", "Another with each change of the schedule")
                    .putObject("schema")
                    .put("type", "string");
            return this;
        }

        Contract fails(String status, String meaning) {
            responses().putObject(status).put("description", meaning).set("content", Schemas.json("Error"));
            return this;
        }

        Operation on(String method, String path, FrontRoute.Meters route) {
            if (path.contains("{name}")) {
                parameter("name", "path", "The endpoint's name");
            }
            return new Operation(method, path, json, route);
        }

        private ObjectNode responses() {
            return json.withObjectProperty("responses");
        }
    }
}
