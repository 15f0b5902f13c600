/** The tick, over HTTP. */
@NullMarked
package parkmeter.lambda.meter.tick;

import org.jspecify.annotations.NullMarked;
