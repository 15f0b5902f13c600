/** The functions' time: the machine's, or one that a local run makes faster. */
@NullMarked
package parkmeter.lambda.clock;

import org.jspecify.annotations.NullMarked;
