/**
 * How long the function takes, cold and warm, as Lambda runs it: the zip in Lambda's own runtime client, against a TLS
 * stub of SageMaker that answers at once. Beside it a Python function on boto3 that does the same work. And what a tick
 * over a thousand endpoints takes.
 */
@NullMarked
package parkmeter.lambda.bench;

import org.jspecify.annotations.NullMarked;
