/**
 * API Gateway's HTTP APIs on one machine: routes by their keys, payload format 2.0, JWT and Lambda authorizers, CORS by configuration,
 * a throttle for each route, access log lines (API Gateway developer guide, "Work with HTTP APIs").
 *
 * <p>{@link parkmeter.local.httpapi.HttpApi} says what is served; {@code HttpStage} takes a request through AWS's checks: size, CORS,
 * route, authorizer, throttle, function. An HTTP API has no document of gateway responses: what it says itself is always {@code
 * {"message": …}}.
 */
@NullMarked
package parkmeter.local.httpapi;

import org.jspecify.annotations.NullMarked;
