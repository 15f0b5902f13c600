/**
 * API Gateway on one machine: a REST API's stage, served from its OpenAPI document as AWS would.
 *
 * <p>The document, the keys and the plans are read once, into routes that hold everything a request needs; a request then passes
 * AWS's checks in AWS's order (route, authorizer, key, throttle and quota, validation, integration), and the first that refuses it
 * ends it with a gateway response. An integration is a function ({@code LambdaProxy}), an AWS service with mapping templates ({@code
 * AwsIntegration}) or nothing but a template ({@code Mock}). What the document says that AWS would refuse is refused when it is read.
 * Nothing waits on a thread. Nothing here knows where the document comes from, how functions run or what the services are.
 */
@NullMarked
package parkmeter.local.gateway;

import org.jspecify.annotations.NullMarked;
