/**
 * How the models are reached. One OpenAPI document is the API's whole contract: routes, validation, integrations, keys, gateway
 * responses; API Gateway imports it and the local run serves it. {@link parkmeter.api.RestFront} deploys it, {@link
 * parkmeter.api.Clients} gives the clients their plans and keys.
 */
@NullMarked
package parkmeter.api;

import org.jspecify.annotations.NullMarked;
