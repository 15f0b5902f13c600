package parkmeter.api;

import com.pulumi.core.Output;
import parkmeter.config.Route;

/** What the API offers, with the function that answers it. */
public sealed interface FrontRoute {

    /** The function's name. */
    Output<String> functionName();

    /** The address under which API Gateway calls the function. */
    Output<String> invokeArn();

    /**
     * A model under one path.
     *
     * @param route the path and what goes over it
     */
    record Invoke(Route route, Output<String> functionName, Output<String> invokeArn) implements FrontRoute {}

    /** The meters: all of their paths. */
    record Meters(Output<String> functionName, Output<String> invokeArn) implements FrontRoute {}
}
