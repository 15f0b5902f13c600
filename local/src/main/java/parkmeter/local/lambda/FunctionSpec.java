package parkmeter.local.lambda;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

/**
 * One function as it was declared.
 *
 * @param name physical name, such as {@code parkmeter-dev-tinyllama-invoke}
 * @param arn what callers name it by; also its region and account
 * @param handler {@code package.Class::method}
 * @param runtime Lambda's name of the runtime, such as {@code java21}
 * @param zip classes at its root, jars under {@code lib/}
 * @param memoryMegabytes what it is given; Lambda's Java runtime makes 85% of it heap
 * @param timeout longest a call may take, initialisation of a new process not counted
 * @param environment the variables that the function declares
 * @param reservedConcurrency calls at a time before the next is throttled; 0 throttles all; empty: no limit of its own
 */
public record FunctionSpec(
        String name,
        String arn,
        String handler,
        String runtime,
        Path zip,
        int memoryMegabytes,
        Duration timeout,
        Map<String, String> environment,
        OptionalInt reservedConcurrency) {
    /** Copies the environment, so that a spec never changes. */
    public FunctionSpec {
        environment = Map.copyOf(environment);
    }
}
