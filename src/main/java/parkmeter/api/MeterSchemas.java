package parkmeter.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The schemas of the meters' operations, in what API Gateway's models know of JSON Schema draft 4. */
final class MeterSchemas {

    private static final String UTC_TIME = "ISO 8601, UTC";

    private MeterSchemas() {}

    static void addTo(ObjectNode schemas) {
        schemas.set("Meter", meter());
        schemas.set("Meters", list(Schemas.reference("Meter")));
        schemas.set("Window", window());
        ObjectNode schedule = object("schedule");
        property(schedule, "schedule").setAll(list(Schemas.reference("Window")));
        schemas.set("Schedule", schedule);
        ObjectNode topUp = object("minutes");
        minutes(topUp);
        schemas.set("TopUp", topUp);
        schemas.set("EndpointExpiry", expiry());
        ObjectNode expiries = OpenApiDocument.object();
        expiries.putArray("oneOf")
                .add(Schemas.reference("EndpointExpiry"))
                .add(list(Schemas.reference("EndpointExpiry")));
        schemas.set("EndpointExpiries", expiries);
        ObjectNode request = object("EndpointName");
        text(request, "EndpointName", "The endpoint");
        text(request, "EndpointConfigName", "The EndpointConfiguration with which an endpoint of another is created");
        minutes(request);
        property(request, "schedule").setAll(list(Schemas.reference("Window")));
        schemas.set("EndpointExpiryRequest", request);
    }

    private static ObjectNode meter() {
        ObjectNode meter = object("endpoint", "status", "running", "reason");
        text(meter, "endpoint", "The endpoint's name");
        text(meter, "model", "The model's name in the stack");
        text(meter, "status", "What SageMaker says of the endpoint, or that there is none");
        flag(meter, "running", "Whether it is to run");
        text(meter, "reason", "Why it is to run, or not");
        text(meter, "paidUntil", "When the time on the meter is up; " + UTC_TIME);
        property(meter, "secondsLeft").put("type", "integer").put("description", "How much time is on the meter");
        property(meter, "schedule").setAll(list(Schemas.reference("Window")));
        property(meter, "nextWindow")
                .put("type", "object")
                .put("description", "The window that begins next, from and to");
        property(meter, "lastFailure").put("type", "object").put("description", "When a start failed last, and why");
        text(meter, "lastActivity", "When the endpoint was last called; " + UTC_TIME);
        number(meter, "hourlyCost", "What an hour costs");
        number(meter, "cost", "What it has cost since it started");
        return meter;
    }

    private static ObjectNode window() {
        ObjectNode window = object("start", "stop");
        text(window, "name", "What people call it");
        property(window, "days")
                .put(
                        "description",
                        "The days of the week on which it begins: mon, tue, wed, thu, fri, sat, sun; or 'date'")
                .setAll(list(OpenApiDocument.object().put("type", "string")));
        text(window, "date", "The one day on which it begins, yyyy-MM-dd; or 'days'");
        text(window, "start", "When it begins, HH:mm");
        text(window, "stop", "When it ends, HH:mm; not after 'start', it is the next day's");
        text(window, "timezone", "By whose clock, IANA's name; UTC where it is missing");
        flag(window, "idle", "Whether the model may stop for idleness inside it");
        return window;
    }

    private static ObjectNode expiry() {
        ObjectNode expiry = object("EndpointName");
        text(expiry, "EndpointName", "The endpoint");
        // The key ends with a space: it did in the API that this one takes the place of.
        text(expiry, "EndpointExpiry ", "When the time on the meter is up; dd-MM-yyyy-HH-mm-ss, UTC");
        text(expiry, "TimeLeft", "How much time is on the meter");
        return expiry;
    }

    private static ObjectNode object(String... required) {
        ObjectNode object = OpenApiDocument.object().put("type", "object");
        var names = object.putArray("required");
        for (String name : required) {
            names.add(name);
        }
        object.putObject("properties");
        return object;
    }

    private static ObjectNode list(ObjectNode entry) {
        return OpenApiDocument.object().put("type", "array").set("items", entry);
    }

    private static ObjectNode property(ObjectNode object, String name) {
        return object.withObjectProperty("properties").putObject(name);
    }

    private static void minutes(ObjectNode object) {
        property(object, "minutes")
                .put("type", "integer")
                .put("minimum", 1)
                .put("description", "What to put on the meter; cut where the meter holds no more");
    }

    private static void text(ObjectNode object, String name, String meaning) {
        property(object, name).put("type", "string").put("description", meaning);
    }

    private static void number(ObjectNode object, String name, String meaning) {
        property(object, name).put("type", "number").put("description", meaning);
    }

    private static void flag(ObjectNode object, String name, String meaning) {
        property(object, name).put("type", "boolean").put("description", meaning);
    }
}
