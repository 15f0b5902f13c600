package parkmeter.local.aws;

/**
 * An endpoint configuration that the stack declares.
 *
 * @param name its name
 * @param instanceType SageMaker's instance type, such as {@code ml.g5.xlarge}
 * @param instances how many of them
 */
public record EndpointConfig(String name, String instanceType, int instances) {}
