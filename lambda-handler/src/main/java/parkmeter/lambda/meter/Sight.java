package parkmeter.lambda.meter;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What SageMaker shows of one endpoint. */
public sealed interface Sight {

    /** There is no endpoint of that name. */
    record Absent() implements Sight {}

    /**
     * What ListEndpoints tells of an endpoint.
     *
     * @param status its status
     * @param createdAt CreationTime: no two endpoints of one name have the same
     * @param modifiedAt LastModifiedTime
     */
    record Listed(Status status, Instant createdAt, Instant modifiedAt) implements Sight {}

    /**
     * What DescribeEndpoint tells of an endpoint.
     *
     * @param status its status
     * @param createdAt CreationTime
     * @param modifiedAt LastModifiedTime
     * @param configuration the name of the EndpointConfiguration that it runs with, or moves to
     * @param variants the names of its production variants, under which CloudWatch counts its invocations
     * @param instances how many instances the variant {@link Endpoints#VARIANT} is to have; null where there is no such
     *     variant, or it has no number
     * @param failureReason SageMaker's FailureReason; null where there is none
     */
    record Described(
            Status status,
            Instant createdAt,
            Instant modifiedAt,
            String configuration,
            List<String> variants,
            @Nullable Integer instances,
            @Nullable String failureReason)
            implements Sight {
        public Described {
            variants = List.copyOf(variants);
        }
    }
}
