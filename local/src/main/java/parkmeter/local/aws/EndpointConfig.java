package parkmeter.local.aws;

import java.util.List;
import java.util.Optional;

/**
 * An endpoint configuration.
 *
 * @param name its name
 * @param variants what requests are shared out among, one or more
 * @param async where an asynchronous endpoint writes; empty for one that answers at once
 */
public record EndpointConfig(String name, List<Variant> variants, Optional<Async> async) {

    /** The variant that the program declares where the stack file names none. */
    public static final String ALL_TRAFFIC = "AllTraffic";

    /**
     * One of the models behind an endpoint.
     *
     * @param instanceType SageMaker's instance type, such as {@code ml.g5.xlarge}; empty where it is serverless
     * @param instances how many of them
     * @param weight its share of the requests
     */
    public record Variant(String name, Optional<String> instanceType, int instances, double weight) {
        /** Whether there are no instances of its own. */
        public boolean serverless() {
            return instanceType.isEmpty();
        }
    }

    /**
     * Where an asynchronous endpoint writes, and whom it tells.
     *
     * @param output {@code s3://bucket/prefix/} of the answers
     * @param failure of the failures; empty where they are not written
     * @param successTopic the ARN of the topic that is told of answers
     * @param errorTopic the ARN of the topic that is told of failures
     * @param concurrency how many requests run at once on an instance
     */
    public record Async(
            String output,
            Optional<String> failure,
            Optional<String> successTopic,
            Optional<String> errorTopic,
            int concurrency) {}

    /** Whether it has no instances of its own. */
    public boolean serverless() {
        return variants.stream().allMatch(Variant::serverless);
    }
}
