package parkmeter.local.aws;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/**
 * An endpoint at one moment of its life.
 *
 * @param configuration the one that it runs, or is to run first
 * @param next the one that it is moving to; empty when it isn't
 * @param failure why it failed, or why its last update did
 * @param fleet what answers; empty while nothing does
 */
record Endpoint(
        String name,
        String arn,
        EndpointConfig configuration,
        Optional<EndpointConfig> next,
        Status status,
        Optional<String> failure,
        Instant created,
        Instant modified,
        Optional<Fleet> fleet) {

    /** The statuses that there are here; AWS has four more, for what only AWS does. */
    enum Status {
        CREATING("Creating"),
        IN_SERVICE("InService"),
        UPDATING("Updating"),
        DELETING("Deleting"),
        FAILED("Failed");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        /** AWS's word for it. */
        String text() {
            return text;
        }
    }

    static Endpoint creating(String name, String arn, EndpointConfig configuration, Instant now) {
        return new Endpoint(
                name,
                arn,
                configuration,
                Optional.empty(),
                Status.CREATING,
                Optional.empty(),
                now,
                now,
                Optional.empty());
    }

    Endpoint updating(EndpointConfig to, Instant now) {
        return new Endpoint(
                name, arn, configuration, Optional.of(to), Status.UPDATING, Optional.empty(), created, now, fleet);
    }

    /** The instances, or their shares, are to be others; the configuration stays. */
    Endpoint changing(Fleet to, Instant now) {
        return new Endpoint(
                name,
                arn,
                configuration,
                Optional.empty(),
                Status.UPDATING,
                Optional.empty(),
                created,
                now,
                Optional.of(to));
    }

    /** The start or the update has succeeded. */
    Endpoint inService(Fleet answering, Instant now) {
        return new Endpoint(
                name,
                arn,
                next.orElse(configuration),
                Optional.empty(),
                Status.IN_SERVICE,
                Optional.empty(),
                created,
                now,
                Optional.of(answering));
    }

    /** The update has failed: the old configuration goes on, and the reason is kept. */
    Endpoint rolledBack(String reason, Instant now) {
        return new Endpoint(
                name,
                arn,
                configuration,
                Optional.empty(),
                Status.IN_SERVICE,
                Optional.of(reason),
                created,
                now,
                fleet);
    }

    Endpoint failed(String reason, Instant now) {
        return new Endpoint(
                name,
                arn,
                configuration,
                Optional.empty(),
                Status.FAILED,
                Optional.of(reason),
                created,
                now,
                Optional.empty());
    }

    Endpoint deleting(Instant now) {
        return new Endpoint(
                name, arn, configuration, Optional.empty(), Status.DELETING, failure, created, now, Optional.empty());
    }

    /** What ListEndpoints says of it. */
    ObjectNode summary() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("EndpointName", name)
                .put("EndpointArn", arn)
                .put("CreationTime", seconds(created))
                .put("LastModifiedTime", seconds(modified))
                .put("EndpointStatus", status.text());
    }

    /**
     * What DescribeEndpoint says of it.
     *
     * @param atZero whether it has no instance at the moment
     */
    ObjectNode description(boolean atZero) {
        ObjectNode all = summary().put("EndpointConfigName", configuration.name());
        failure.ifPresent(reason -> all.put("FailureReason", reason));
        next.ifPresent(to -> all.putObject("PendingDeploymentSummary").put("EndpointConfigName", to.name()));
        fleet.ifPresent(running -> all.set("ProductionVariants", running.description(atZero)));
        return all;
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / 1000.0;
    }
}
