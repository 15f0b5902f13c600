/** The meter's table, on DynamoDB Local. */
@NullMarked
package parkmeter.lambda.meter.table;

import org.jspecify.annotations.NullMarked;
