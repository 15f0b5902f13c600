/**
 * The meter's ports over the AWS SDK: endpoints in SageMaker, their invocations in CloudWatch, notices by SNS, the mirror
 * in SSM. What AWS answers becomes the meter's own closed choices; no message of AWS's goes further with an ARN or an
 * account in it. Reads are retried; a change of an endpoint is sent again only where SageMaker said that it did nothing, since the meter itself
 * finds out what came of the others.
 */
@NullMarked
package parkmeter.lambda.meter.aws;

import org.jspecify.annotations.NullMarked;
