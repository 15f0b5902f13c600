/** The registration, over HTTP. */
@NullMarked
package parkmeter.lambda.meter.registration;

import org.jspecify.annotations.NullMarked;
