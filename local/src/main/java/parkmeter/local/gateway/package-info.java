/**
 * API Gateway on one machine: a REST API's stage, served from its OpenAPI document as AWS would.
 *
 * <p>The document, the keys and the plans are read once, into routes that hold everything a request needs; a request then passes
 * AWS's checks in AWS's order (route, key, throttle and quota, validation, integration), and the first that refuses it ends it
 * with a gateway response. Functions are called without holding a thread. Nothing here knows where the document comes from or
 * how functions run.
 */
@NullMarked
package parkmeter.local.gateway;

import org.jspecify.annotations.NullMarked;
