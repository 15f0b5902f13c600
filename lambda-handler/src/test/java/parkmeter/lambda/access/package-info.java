/** Who may call, with DynamoDB Local and API Gateway's wire format behind the functions. */
@NullMarked
package parkmeter.lambda.access;

import org.jspecify.annotations.NullMarked;
