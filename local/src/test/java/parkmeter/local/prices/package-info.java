/** Tests of the command that writes the table of prices. */
@NullMarked
package parkmeter.local.prices;

import org.jspecify.annotations.NullMarked;
