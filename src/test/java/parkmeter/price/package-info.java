/** Tests of the table of prices. */
@NullMarked
package parkmeter.price;

import org.jspecify.annotations.NullMarked;
