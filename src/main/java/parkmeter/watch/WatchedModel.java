package parkmeter.watch;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import parkmeter.config.Fleet;

/**
 * A model of the stack's.
 *
 * @param name its name in the stack
 * @param endpoint its endpoint's name
 * @param fleet what it runs on
 * @param metered whether the meter creates and deletes the endpoint
 * @param function the part of the function that calls it, where there is one
 * @param instanceHour what an hour of one of its instances costs, by variant; a variant that is not there: unknown
 * @param currency {@code USD}, or nothing where the stack file says what an hour costs
 */
public record WatchedModel(
        String name,
        String endpoint,
        Fleet fleet,
        boolean metered,
        Optional<String> function,
        Map<String, BigDecimal> instanceHour,
        String currency) {

    public WatchedModel {
        instanceHour = Map.copyOf(instanceHour);
    }

    /** What metrics of the endpoint as a whole are told apart by. */
    Map<String, String> byEndpoint() {
        return Map.of("EndpointName", endpoint);
    }

    /** What metrics of one of its variants are told apart by. */
    Map<String, String> byVariant(Fleet.Group group) {
        return Map.of("EndpointName", endpoint, "VariantName", group.variant());
    }

    /** What the tick's metrics are told apart by. */
    Map<String, String> byMeter() {
        return Map.of("Endpoint", endpoint);
    }

    /** What the filters' metrics are told apart by. */
    Map<String, String> byModel() {
        return Map.of("Model", name);
    }
}
