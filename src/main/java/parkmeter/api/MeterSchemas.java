package parkmeter.api;

import static parkmeter.api.ObjectSchema.UTC_TIME;
import static parkmeter.api.ObjectSchema.flag;
import static parkmeter.api.ObjectSchema.integer;
import static parkmeter.api.ObjectSchema.list;
import static parkmeter.api.ObjectSchema.number;
import static parkmeter.api.ObjectSchema.object;
import static parkmeter.api.ObjectSchema.property;
import static parkmeter.api.ObjectSchema.text;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The schemas of the meters' operations, in what API Gateway's models know of JSON Schema draft 4. */
final class MeterSchemas {

    private MeterSchemas() {}

    static void addTo(ObjectNode schemas) {
        ObjectNode meter = meter();
        schemas.set("Meter", meter);
        ObjectNode meters = object("meters");
        property(meters, "meters").setAll(list("Meter"));
        schemas.set("Meters", meters);
        schemas.set("Window", window());
        ObjectNode topUp = object("minutes");
        minutes(topUp, 1);
        schemas.set("TopUp", topUp);
        ObjectNode toppedUp = meter.deepCopy();
        flag(toppedUp, "cut", "Whether the meter held less than was put on it");
        schemas.set("ToppedUp", toppedUp);
        ObjectNode schedule = object("schedule");
        property(schedule, "schedule").setAll(list("Window"));
        schemas.set("Schedule", schedule);
        schemas.set("EndpointExpiry", expiry());
        ObjectNode expiries = OpenApiDocument.object();
        expiries.putArray("oneOf").add(Schemas.reference("EndpointExpiry")).add(list("EndpointExpiry"));
        schemas.set("EndpointExpiries", expiries);
        schemas.set("EndpointExpiryRequest", expiryRequest());
    }

    private static ObjectNode meter() {
        ObjectNode meter = object("endpoint", "configuration", "status", "runs", "reason", "why", "schedule", "terms");
        text(meter, "endpoint", "The endpoint's name");
        text(meter, "model", "The model's name in the stack");
        text(meter, "configuration", "The EndpointConfiguration with which the endpoint is created");
        text(meter, "status", "SageMaker's word for the endpoint's status; Stopped where there is none");
        flag(meter, "runs", "Whether it is to run");
        text(meter, "reason", "Why it is to run, or not: a word");
        text(meter, "why", "The same as a sentence");
        text(meter, "paidUntil", "When the time on the meter is up; " + UTC_TIME);
        integer(meter, "secondsLeft", "How long it is to run yet");
        ObjectNode next = property(meter, "nextWindow").put("description", "The window that begins next");
        next.setAll(object("from", "until"));
        text(next, "name", "What people call it");
        text(next, "from", "When it begins; " + UTC_TIME);
        text(next, "until", "When it ends; " + UTC_TIME);
        property(meter, "schedule").setAll(list("Window"));
        ObjectNode failure = property(meter, "lastFailure").put("description", "What went wrong last");
        failure.setAll(object("at", "reason"));
        text(failure, "at", "When; " + UTC_TIME);
        text(failure, "reason", "What SageMaker said");
        text(failure, "retryAt", "When it is tried again; " + UTC_TIME);
        text(meter, "lastActivity", "When the endpoint was last called; " + UTC_TIME);
        text(meter, "startedAt", "When the endpoint was created; " + UTC_TIME);
        text(meter, "readyAt", "When it came into service; " + UTC_TIME);
        integer(meter, "startSeconds", "How long a start takes, by the last ones");
        ObjectNode terms = property(meter, "terms").put("description", "What the stack file says of it");
        terms.setAll(object("maxMinutes", "onChange", "beforeStopMinutes"));
        integer(terms, "maxMinutes", "How much the meter holds");
        integer(terms, "idleMinutes", "After how long without a call it stops");
        integer(terms, "wakeMinutes", "What a call to the stopped model puts on the meter");
        text(terms, "onChange", "How another configuration reaches it: update or recreate");
        integer(terms, "beforeStopMinutes", "How long before it stops it is said");
        number(terms, "hourlyCost", "What an hour costs");
        number(meter, "hourlyCost", "What an hour costs");
        number(meter, "costSinceStart", "What it has cost since it was created");
        return meter;
    }

    private static ObjectNode expiryRequest() {
        ObjectNode request = object("EndpointName");
        text(request, "EndpointName", "The endpoint");
        text(request, "EndpointConfigName", "The EndpointConfiguration with which an endpoint of others is created");
        minutes(request, 0);
        property(request, "schedule").setAll(list("Window"));
        return request;
    }

    private static ObjectNode window() {
        ObjectNode window = object("start", "stop");
        text(window, "name", "What people call it");
        property(window, "days")
                .put(
                        "description",
                        "The days of the week on which it begins: mon, tue, wed, thu, fri, sat, sun; or 'date'")
                .put("type", "array")
                .putObject("items")
                .put("type", "string");
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
        text(expiry, "TimeLeft", "How much time is on the meter, [days, ]H:mm:ss; a new endpoint's minutes");
        text(expiry, "Cut", "That the meter held less than was put on it");
        property(expiry, "Schedule").setAll(list("Window"));
        return expiry;
    }

    private static void minutes(ObjectNode object, int least) {
        integer(object, "minutes", "What to put on the meter; cut where the meter holds less")
                .put("minimum", least);
    }
}
