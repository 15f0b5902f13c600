/** What all tests of the functions use. */
@NullMarked
package parkmeter.lambda;

import org.jspecify.annotations.NullMarked;
