/**
 * API Gateway's side of a function: its event in, its answer out, one log line, and one shape for every failed call.
 *
 * <p>{@link parkmeter.lambda.gateway.GatewayCall} is the path of a call; what is behind it is a {@link
 * parkmeter.lambda.gateway.GatewayCall.Route}, which answers or throws a {@link parkmeter.lambda.gateway.CallFailed}
 * with a stable {@link parkmeter.lambda.gateway.Code}.
 */
@NullMarked
package parkmeter.lambda.gateway;

import org.jspecify.annotations.NullMarked;
