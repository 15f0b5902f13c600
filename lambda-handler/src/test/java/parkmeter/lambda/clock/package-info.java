/** The functions' time. */
@NullMarked
package parkmeter.lambda.clock;

import org.jspecify.annotations.NullMarked;
