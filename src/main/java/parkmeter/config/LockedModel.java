package parkmeter.config;

import java.util.Map;
import java.util.Optional;

/**
 * What {@code parkmeter.lock.json} says of one JumpStart model: all that SageMaker's public hub says of it and a deployment needs.
 *
 * @param key which model it is, and where it runs
 * @param runs what runs
 * @param startupHealthCheckSeconds how long the container may take until it answers its health check
 * @param modelDownloadSeconds how long SageMaker may take to fetch the weights
 * @param volumeGigabytes the size of the instance's EBS volume
 * @param networkIsolation whether the model is made to run without a network
 * @param inferenceAmi the version of SageMaker's machine image
 * @param gated whether it may be had only by who accepts its licence; the lock holds such a model only when somebody did
 */
public record LockedModel(
        Key key,
        Runs runs,
        Optional<Integer> startupHealthCheckSeconds,
        Optional<Integer> modelDownloadSeconds,
        Optional<Integer> volumeGigabytes,
        boolean networkIsolation,
        Optional<String> inferenceAmi,
        boolean gated) {

    /**
     * What decides an entry: images, buckets and packages differ by region, and images and settings by instance type.
     *
     * @param id JumpStart's model id
     * @param version the model's version, whole
     * @param region the region
     * @param instanceType the SageMaker instance type
     * @param config the inference config that was asked for; empty: the one that the model ranks first
     */
    public record Key(String id, String version, String region, String instanceType, Optional<String> config) {}

    /** What runs. */
    public sealed interface Runs {}

    /**
     * A container with weights beside it.
     *
     * @param image its image
     * @param artifact the weights; empty where the image brings or fetches them
     * @param environment its environment variables
     */
    public record Container(ContainerImage image, Optional<Artifact> artifact, Map<String, String> environment)
            implements Runs {

        public Container {
            environment = Map.copyOf(environment);
        }
    }

    /**
     * A model package, which takes neither an image nor an environment.
     *
     * @param arn its ARN, in the key's region
     */
    public record ModelPackage(String arn) implements Runs {}

    /**
     * Weights in S3, as SageMaker's S3ModelDataSource takes them.
     *
     * @param uri {@code s3://bucket/key}; ends in a slash where it is a prefix
     * @param type {@code S3Prefix} or {@code S3Object}
     * @param compression {@code None} or {@code Gzip}
     */
    public record Artifact(String uri, String type, String compression) {}
}
