package parkmeter.lambda.meter;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** SageMaker's endpoints in this account and region: what the meter looks at and changes. */
public interface Endpoints {
    /** The production variant whose instances the meter counts: the one that the stack's configurations have. */
    String VARIANT = "AllTraffic";

    /**
     * One page of all endpoints (ListEndpoints, 100 at most).
     *
     * @param after null for the first page, then {@link Page#next} of the page before
     * @throws Unavailable when there is no answer
     */
    Page list(@Nullable String after);

    /**
     * One endpoint (DescribeEndpoint).
     *
     * @return {@link Sight.Described}, or {@link Sight.Absent} where there is none of that name
     * @throws Unavailable when there is no answer
     */
    Sight describe(String endpoint);

    /**
     * Whether the endpoint of this name is one that the stack itself declares: Pulumi's, which the meter must not delete. Where
     * nothing but the meter makes endpoints, none is.
     *
     * @throws Unavailable when there is no answer
     */
    default boolean declared(String endpoint) {
        return false;
    }

    /** Creates an endpoint (CreateEndpoint), with the tags that the implementation was made with. Sent again inside only where it was throttled. */
    Outcome create(String endpoint, String configuration);

    /** Moves an endpoint to another configuration (UpdateEndpoint). Sent again inside only where it was throttled. */
    Outcome update(String endpoint, String configuration);

    /**
     * Gives an endpoint's {@link #VARIANT} another number of instances (UpdateEndpointWeightsAndCapacities). Sent again inside
     * only where it was throttled.
     */
    Outcome scale(String endpoint, int instances);

    /** Deletes an endpoint (DeleteEndpoint), unless it is {@link #declared}. Sent again inside only where it was throttled. */
    Outcome delete(String endpoint);

    /**
     * A page of the list.
     *
     * @param endpoints from an endpoint's name to what the list tells of it
     * @param next the next page's token; null on the last page
     */
    record Page(Map<String, Sight.Listed> endpoints, @Nullable String next) {
        public Page {
            endpoints = Map.copyOf(endpoints);
        }
    }

    /** What came of a change. */
    sealed interface Outcome {

        /** SageMaker has taken it on. */
        record Done() implements Outcome {}

        /** Too many calls at the moment (ThrottlingException and the like): nothing was done. */
        record Throttled() implements Outcome {}

        /** There is no endpoint of that name: nothing was done. */
        record NotFound() implements Outcome {}

        /** CreateEndpoint of a name that there is already: nothing was done. */
        record AlreadyExists() implements Outcome {}

        /** The endpoint is in a status that lets no change through: nothing was done. */
        record InTransition() implements Outcome {}

        /**
         * The account has no more quota for it (ResourceLimitExceeded): nothing was done.
         *
         * @param reason SageMaker's sentence, without ARNs and account
         */
        record LimitExceeded(String reason) implements Outcome {}

        /**
         * SageMaker refused for a reason that this call will not outlive, such as a missing configuration: nothing was done.
         *
         * @param reason SageMaker's sentence, without ARNs and account
         */
        record Refused(String reason) implements Outcome {}

        /**
         * No answer, or a server's error: it may have been done or not.
         *
         * @param cause an error code or a class name, for the log
         */
        record Unanswered(String cause) implements Outcome {}
    }
}
