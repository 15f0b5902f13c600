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
 * @param function the part of the function that calls it while callers wait, where there is one
 * @param calls who waits for its answers
 * @param instanceHour what an hour of one of its instances costs, by variant; a variant that is not there: unknown
 * @param currency {@code USD}, or nothing where the stack file says what an hour costs
 */
public record WatchedModel(
        String name,
        String endpoint,
        Fleet fleet,
        boolean metered,
        Optional<String> function,
        Calls calls,
        Map<String, BigDecimal> instanceHour,
        String currency) {

    /** Who waits for a model's answers, and so for how long at most. */
    public enum Calls {
        /** Callers, at the gateway, all of them. */
        WAITED_FOR,
        /** The function that does jobs, for some calls or all: as long as SageMaker lets it. */
        JOBS,
        /** Nobody: SageMaker has the calls in a queue of its own. */
        QUEUED
    }

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

    /** Whether a function of the stack's writes a line of each answer. */
    boolean logged() {
        return function.isPresent() || calls == Calls.JOBS;
    }

    /** What metrics of the stack's own that are of an endpoint are told apart by. */
    Map<String, String> byOwn() {
        return Map.of("Endpoint", endpoint);
    }

    /** What the counts of tokens are told apart by. */
    Map<String, String> byModel() {
        return Map.of("Model", name);
    }
}
