/**
 * Writes the table of prices that the Pulumi program is built with, from AWS's public price list. A person runs it and commits the
 * difference; nothing that deploys or meters asks for a price.
 */
@NullMarked
package parkmeter.local.prices;

import org.jspecify.annotations.NullMarked;
