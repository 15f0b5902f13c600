/** The meter's ports, over HTTP. */
@NullMarked
package parkmeter.lambda.meter.aws;

import org.jspecify.annotations.NullMarked;
