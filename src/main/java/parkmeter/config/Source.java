package parkmeter.config;

import java.util.Optional;

/** What is served. */
public sealed interface Source {

    /** The image that it brings; empty where it brings none, or one that nobody here knows. */
    default Optional<ContainerImage> image() {
        return this instanceof JumpStart jumpStart
                        && jumpStart.locked().runs() instanceof LockedModel.Container container
                ? Optional.of(container.image())
                : Optional.empty();
    }

    /** The ARN of the model package that it is, by itself or by its lock. */
    default Optional<String> packageArn() {
        if (this instanceof ModelPackage own) {
            return Optional.of(own.arn());
        }
        return this instanceof JumpStart jumpStart
                        && jumpStart.locked().runs() instanceof LockedModel.ModelPackage locked
                ? Optional.of(locked.arn())
                : Optional.empty();
    }

    /**
     * A model on the Hugging Face hub; the container downloads it when it starts.
     *
     * @param id the model's id, {@code owner/name}
     * @param revision a branch, tag or commit; absent: the hub's main branch at each start
     * @param file the GGUF file that is served, for llama.cpp
     */
    record Hub(String id, Optional<String> revision, Optional<String> file) implements Source {}

    /**
     * Weights in a bucket of the stack's region, which SageMaker puts into the container (SageMaker API reference,
     * S3ModelDataSource).
     *
     * @param location all under a prefix, or one archive
     * @param acceptEula whether the licence of weights behind one is accepted
     */
    record S3(S3Location location, boolean acceptEula) implements Source {}

    /**
     * A model package, of AWS Marketplace or one's own: it brings its container, and that has no network.
     *
     * @param arn the package's ARN
     */
    record ModelPackage(String arn) implements Source {}

    /**
     * An EndpointConfiguration of others: the stack has the endpoint and the API alone.
     *
     * @param name its name
     */
    record EndpointConfig(String name) implements Source {}

    /**
     * A model of JumpStart.
     *
     * @param id the model's id
     * @param version its version
     * @param locked what the lock says of it
     */
    record JumpStart(String id, String version, LockedModel locked) implements Source {}
}
