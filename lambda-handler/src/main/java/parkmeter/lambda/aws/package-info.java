/**
 * How every client of the AWS SDK is made here: with the environment's credentials, on the CRT client, without looking for
 * profile files that Lambda does not have, and with an explicit answer to the question of retries.
 */
@NullMarked
package parkmeter.lambda.aws;

import org.jspecify.annotations.NullMarked;
