package parkmeter.lambda.meter.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import parkmeter.lambda.gateway.CallFailed;
import parkmeter.lambda.gateway.Code;
import parkmeter.lambda.gateway.GatewayAnswer;
import parkmeter.lambda.gateway.GatewayCall;
import parkmeter.lambda.gateway.GatewayEvent;
import parkmeter.lambda.gateway.LogLine;
import parkmeter.lambda.meter.MeterView;
import parkmeter.lambda.meter.Meters;
import parkmeter.lambda.meter.NoSuchMeter;
import parkmeter.lambda.meter.Schedule;
import parkmeter.lambda.meter.Unavailable;
import parkmeter.lambda.meter.UnreadableRecord;

/** The meter's routes. */
final class MeterApi implements GatewayCall.Route {
    private final Meters meters;
    private final Set<String> operators;
    private final Map<String, Map<String, Operation>> routes;

    /** What a route does under one method. */
    @FunctionalInterface
    private interface Operation {
        GatewayAnswer answer(GatewayEvent event) throws CallFailed;
    }

    /**
     * Over the meters.
     *
     * @param operators ids of the API keys that may; empty where every one may
     */
    MeterApi(Meters meters, Adoptable adoptable, List<String> operators) {
        this.meters = meters;
        this.operators = Set.copyOf(operators);
        ExpiryApi expiry = new ExpiryApi(meters, adoptable);
        this.routes = Map.of(
                "/endpoint-expiry", Map.of("GET", expiry::read, "POST", expiry::change),
                "/meters", Map.of("GET", event -> all()),
                "/meters/{name}", Map.of("GET", event -> one(meters.find(name(event)))),
                "/meters/{name}/top-up", Map.of("POST", this::topUp),
                "/meters/{name}/stop", Map.of("POST", event -> one(meters.stop(name(event)))),
                "/meters/{name}/schedule", Map.of("PUT", this::schedule));
    }

    @Override
    public GatewayAnswer answer(GatewayEvent event, LogLine line) throws CallFailed {
        line.about("client", event.apiKeyId());
        line.about("method", event.method());
        if (!operators.isEmpty() && !operators.contains(event.apiKeyId())) {
            throw new CallFailed(
                    Code.FORBIDDEN, "This client's key may not use the meter: its client is not an operator.");
        }
        Map<String, Operation> methods = routes.get(event.route());
        if (methods == null) {
            throw new CallFailed(Code.UNKNOWN_ROUTE, "There is no such route.");
        }
        Operation operation = methods.get(event.method());
        if (operation == null) {
            throw new CallFailed(Code.METHOD_NOT_ALLOWED, "Method not allowed");
        }
        try {
            return operation.answer(event);
        } catch (NoSuchMeter e) {
            throw new CallFailed(
                    Code.UNKNOWN_METER, "There is no meter of this name: GET /meters lists those there are.");
        } catch (Meters.Changed e) {
            throw new CallFailed(
                    Code.SCHEDULE_CHANGED,
                    "Somebody changed the schedule meanwhile: read it again, and send its new ETag as If-Match.");
        } catch (Meters.Uncounted e) {
            throw new CallFailed(
                    Code.INVALID_REQUEST,
                    "Invalid request: 'schedule' can't say instances here, since nobody knows how many there are outside its"
                            + " windows: give a window of the model's schedule in the stack file instances, and deploy.");
        } catch (UnreadableRecord e) {
            throw new CallFailed(
                    Code.INTERNAL_ERROR,
                    "The meter's record can't be read: see docs/operations.md.",
                    "UnreadableRecord");
        } catch (Unavailable e) {
            throw new CallFailed(
                    Code.METER_UNAVAILABLE,
                    "The meter got no answer from AWS: try again after the time in Retry-After.",
                    String.valueOf(e.getMessage()));
        }
    }

    private GatewayAnswer all() {
        return GatewayAnswer.ok(
                Map.of("meters", meters.all().stream().map(MeterView::json).toList()));
    }

    private GatewayAnswer topUp(GatewayEvent event) throws CallFailed {
        Request request = new Request(event);
        int minutes = request.minutes("minutes", 1);
        request.onlyKnown(Set.of("minutes"));
        request.check();
        Meters.TopUp topUp = meters.topUp(name(event), minutes);
        Map<String, Object> body = new LinkedHashMap<>(topUp.meter().json());
        body.put("cut", topUp.cut());
        return GatewayAnswer.ok(body, etag(topUp.meter()));
    }

    private GatewayAnswer schedule(GatewayEvent event) throws CallFailed {
        Request request = new Request(event);
        Schedule schedule = request.schedule("schedule");
        request.onlyKnown(Set.of("schedule"));
        request.check();
        String ifMatch = event.header("If-Match").strip();
        return one(meters.schedule(name(event), schedule, ifMatch.isEmpty() || ifMatch.equals("*") ? null : ifMatch));
    }

    private static GatewayAnswer one(MeterView meter) {
        return GatewayAnswer.ok(meter.json(), etag(meter));
    }

    /** The schedule's: it is what is replaced as a whole. */
    private static Map<String, String> etag(MeterView meter) {
        return Map.of("ETag", meter.record().schedule().etag());
    }

    private static String name(GatewayEvent event) {
        return event.pathParameter("name");
    }
}
