/** Long routes, with the wire formats of Step Functions, S3 and SageMaker behind the functions. */
@NullMarked
package parkmeter.lambda.jobs;

import org.jspecify.annotations.NullMarked;
