/**
 * Where a stack is private: security groups and VPC endpoints in a VPC that is there already, for models' containers and for a private
 * API. The functions stay outside: they reach SageMaker, DynamoDB and S3 over AWS's own network, signed, and a VPC would put an interface
 * endpoint for each of these services, paid by the hour, before every call.
 */
@NullMarked
package parkmeter.network;

import org.jspecify.annotations.NullMarked;
