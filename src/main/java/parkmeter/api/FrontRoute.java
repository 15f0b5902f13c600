package parkmeter.api;

import com.pulumi.core.Output;
import parkmeter.config.Route;

/**
 * A route with the function that answers it.
 *
 * @param route the path and what goes over it
 * @param functionName the function's name
 * @param invokeArn the address under which API Gateway calls the function
 */
public record FrontRoute(Route route, Output<String> functionName, Output<String> invokeArn) {}
