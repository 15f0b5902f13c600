/**
 * The meter's table in DynamoDB: one item per endpoint, {@code endpoint} (the partition key, S), {@code version} (N) and
 * {@code record} (S, JSON). Whoever writes says which version he read; DynamoDB refuses him when it is another by then.
 */
@NullMarked
package parkmeter.lambda.meter.table;

import org.jspecify.annotations.NullMarked;
