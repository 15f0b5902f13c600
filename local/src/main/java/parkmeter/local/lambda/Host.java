package parkmeter.local.lambda;

import java.nio.file.Path;
import java.util.Map;

/**
 * What functions run on and with, beside what they declare.
 *
 * @param runtimeClient folder with the jars of Lambda's runtime interface client ({@code local/target/ric})
 * @param variables environment for every function, such as {@code AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME}; wins over what a
 *     function declares
 * @param processes most processes at a time for one function; further calls wait
 * @param log file to which the functions' output is appended
 */
public record Host(Path runtimeClient, Map<String, String> variables, int processes, Path log) {
    /** Checks the number of processes and copies the variables. */
    public Host {
        if (processes < 1) {
            throw new IllegalArgumentException("processes is " + processes + "; a function needs at least 1");
        }
        variables = Map.copyOf(variables);
    }

    /** A host with two processes a core for a function: half of a call is waiting for the model's answer. */
    public static Host of(Path runtimeClient, Map<String, String> variables, Path log) {
        return new Host(runtimeClient, variables, 2 * Runtime.getRuntime().availableProcessors(), log);
    }
}
