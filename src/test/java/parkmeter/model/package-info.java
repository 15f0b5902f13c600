/** Tests of the table of prices. */
@NullMarked
package parkmeter.model;

import org.jspecify.annotations.NullMarked;
