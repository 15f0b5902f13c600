/** What EventBridge starts every minute. */
@NullMarked
package parkmeter.lambda.meter.tick;

import org.jspecify.annotations.NullMarked;
