/**
 * What instances cost: {@code prices.csv}, a checked-in table whose lines name their source; {@code make prices} writes those of a region
 * from AWS's price list. No deployment, preview or tick asks AWS for a price, so the same commit shows the same figures. Money is a {@link java.math.BigDecimal}; what is
 * not in the table is unknown, never 0.
 */
@NullMarked
package parkmeter.price;

import org.jspecify.annotations.NullMarked;
