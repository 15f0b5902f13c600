/** The meter's HTTP API, from API Gateway's event to AWS's wire and back. */
@NullMarked
package parkmeter.lambda.meter.http;

import org.jspecify.annotations.NullMarked;
