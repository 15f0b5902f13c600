/**
 * The meter's HTTP API. {@code MeterApi} has this project's routes, {@code /meters}; {@code ExpiryApi} has {@code
 * /endpoint-expiry}, whose keys, formats and error texts tools know from the system that it comes from.
 */
@NullMarked
package parkmeter.lambda.meter.http;

import org.jspecify.annotations.NullMarked;
