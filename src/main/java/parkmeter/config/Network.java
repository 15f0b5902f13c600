package parkmeter.config;

/** Which network a model's container sees. */
public enum Network {
    /** SageMaker's own, with a way to the internet. */
    PUBLIC,
    /** The subnets of the stack's VPC. */
    PRIVATE,
    /** None (SageMaker API reference, CreateModel, EnableNetworkIsolation). */
    ISOLATED
}
