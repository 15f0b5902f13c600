package parkmeter.lambda.meter.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.gateway.CallFailed;
import parkmeter.lambda.gateway.Code;
import parkmeter.lambda.gateway.GatewayAnswer;
import parkmeter.lambda.gateway.GatewayEvent;
import parkmeter.lambda.meter.MeterView;
import parkmeter.lambda.meter.Meters;
import parkmeter.lambda.meter.NoSuchMeter;
import parkmeter.lambda.meter.Schedule;
import parkmeter.lambda.meter.Terms;
import parkmeter.lambda.meter.Unavailable;
import parkmeter.lambda.meter.UnreadableRecord;

/**
 * {@code /endpoint-expiry}. Its keys, with the trailing space in {@code EndpointExpiry }, its formats and its error texts
 * are those of the system that people's tools were written for; an endpoint that is registered here gets {@link
 * Terms#ADOPTED}.
 */
final class ExpiryApi {
    private static final String NO_ANSWER = "Error retrieving endpoint";

    private final Meters meters;
    private final Adoptable adoptable;

    ExpiryApi(Meters meters, Adoptable adoptable) {
        this.meters = meters;
        this.adoptable = adoptable;
    }

    /** One meter, or all of them. */
    GatewayAnswer read(GatewayEvent event) throws CallFailed {
        String endpoint = event.query("EndpointName");
        return answered(() -> {
            try {
                return GatewayAnswer.ok(
                        endpoint == null
                                ? meters.all().stream().map(MeterView::seedJson).toList()
                                : meters.find(endpoint).seedJson());
            } catch (NoSuchMeter e) {
                throw new CallFailed(Code.UNKNOWN_METER, "EndpointName not found");
            }
        });
    }

    /** Puts minutes on a meter, sets its schedule, or both; registers the endpoint where there is no meter of it. */
    GatewayAnswer change(GatewayEvent event) throws CallFailed {
        if (!event.hasBody()) {
            throw new CallFailed(Code.INVALID_REQUEST, "Body required");
        }
        Request request = new Request(event);
        if (!request.has("EndpointName") || "".equals(request.raw("EndpointName"))) {
            throw new CallFailed(Code.INVALID_REQUEST, "EndpointName required");
        }
        if (!request.has("minutes") && !request.has("schedule")) {
            throw new CallFailed(Code.INVALID_REQUEST, "minutes or schedule required");
        }
        Order order = new Order(
                request.name("EndpointName"),
                request.has("EndpointConfigName") ? request.name("EndpointConfigName") : null,
                // An endpoint may be registered without time on its meter.
                request.has("minutes") ? request.minutes("minutes", request.has("EndpointConfigName") ? 0 : 1) : 0,
                request.has("schedule") ? request.schedule("schedule") : null);
        request.check();
        return answered(() -> {
            Map<String, Object> body = changed(order);
            if (request.has("schedule")) {
                body.put("Schedule", request.raw("schedule"));
            }
            return GatewayAnswer.ok(body);
        });
    }

    /** What a caller wants: minutes are 0 where none were asked for. */
    private record Order(String endpoint, @Nullable String configuration, int minutes, @Nullable Schedule schedule) {}

    private Map<String, Object> changed(Order order) throws CallFailed {
        try {
            MeterView meter =
                    order.schedule() == null ? null : meters.schedule(order.endpoint(), order.schedule(), null);
            if (order.minutes() > 0) {
                Meters.TopUp topUp = meters.topUp(order.endpoint(), order.minutes());
                return told(topUp, topUp.meter().record().terms());
            }
            return meter == null ? meters.find(order.endpoint()).seedJson() : named(order.endpoint());
        } catch (NoSuchMeter e) {
            return registered(order);
        }
    }

    private Map<String, Object> registered(Order order) throws CallFailed {
        String configuration = order.configuration();
        if (configuration == null) {
            throw new CallFailed(Code.INVALID_REQUEST, "EndpointName not found/Endpoint config name required");
        }
        if (!adoptable.allows(order.endpoint())) {
            throw new CallFailed(
                    Code.NAME_NOT_ALLOWED,
                    "This stack may not register an endpoint of this name: allow it under adopt in parkmeter:meter, and"
                            + " deploy.");
        }
        if (!adoptable.allowsConfiguration(configuration)) {
            throw new CallFailed(
                    Code.NAME_NOT_ALLOWED,
                    "This stack may not use an EndpointConfiguration of this name: allow it under adopt in"
                            + " parkmeter:meter, and deploy.");
        }
        // SageMaker takes two names that differ in case for one.
        if (meters.all().stream().anyMatch(known -> known.record().endpoint().equalsIgnoreCase(order.endpoint()))) {
            throw new CallFailed(
                    Code.NAME_TAKEN, "There is a meter whose name differs from this one in upper and lower case only.");
        }
        try {
            Meters.TopUp topUp = meters.adopt(order.endpoint(), configuration, order.minutes(), order.schedule());
            Map<String, Object> body = told(topUp, Terms.ADOPTED);
            // The minutes, not a span: so it was for a new endpoint.
            body.put("TimeLeft", Integer.toString(Math.min(order.minutes(), Terms.ADOPTED.maxMinutes())));
            return body;
        } catch (NoSuchMeter e) {
            throw new CallFailed(
                    Code.NAME_TAKEN,
                    "The endpoint of this name is being taken off the meter: try again when it is gone.");
        }
    }

    private static Map<String, Object> told(Meters.TopUp topUp, Terms terms) {
        Map<String, Object> body = new LinkedHashMap<>(topUp.meter().seedJson());
        if (topUp.cut()) {
            body.put("Cut", "The meter takes at most " + terms.maxMinutes() + " minutes from now.");
        }
        return body;
    }

    private static Map<String, Object> named(String endpoint) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("EndpointName", endpoint);
        return body;
    }

    /** What makes an answer. */
    @FunctionalInterface
    private interface Answering {
        GatewayAnswer answer() throws CallFailed;
    }

    private static GatewayAnswer answered(Answering answering) throws CallFailed {
        try {
            return answering.answer();
        } catch (Unavailable e) {
            throw new CallFailed(Code.METER_UNAVAILABLE, NO_ANSWER, String.valueOf(e.getMessage()));
        } catch (UnreadableRecord e) {
            throw new CallFailed(Code.INTERNAL_ERROR, NO_ANSWER, "UnreadableRecord");
        }
    }
}
