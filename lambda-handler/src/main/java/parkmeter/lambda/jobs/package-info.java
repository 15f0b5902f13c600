/**
 * Answers that take longer than API Gateway waits: a call is taken, runs in a state machine or waits at an asynchronous
 * endpoint, and is asked for later.
 *
 * <p>{@code JobsHandler::handleRequest} serves the routes, {@code WorkHandler::handleRequest} is the state machine's one
 * task. Both have the same environment:
 *
 * <ul>
 *   <li>{@code PARKMETER_STATE_MACHINE}: the state machine's ARN; left out where all of {@code PARKMETER_ENDPOINTS} are
 *       asynchronous, and then there are no {@code /startexecution} and {@code /describeexecution}. The task's function needs
 *       none: its definition names it.
 *   <li>{@code PARKMETER_ANSWERS_BUCKET}: the bucket for requests and answers; how long it keeps them is how long a job can
 *       be asked for.
 *   <li>{@code PARKMETER_ROUTES}: a JSON object from {@code METHOD /path} of each long route, such as {@code POST /jobs}, to
 *       its body, as {@link parkmeter.lambda.invoke} reads it. {@code GET /path/{id}} asks for a job.
 *   <li>{@code PARKMETER_ENDPOINTS}: a JSON object from the same {@code METHOD /path} to the name of its SageMaker endpoint.
 *       {@code POST /startexecution} reaches these endpoints and no others. The task's function needs none.
 *   <li>{@code PARKMETER_ASYNC}: a JSON object from the name of each asynchronous endpoint to its prefix in the bucket, such
 *       as {@code async/model/}. SageMaker is to write answers under {@code <prefix>out/} and containers' errors under {@code
 *       <prefix>failed/}; a request of more than 128 000 bytes goes there by way of {@code <prefix>in/}. The task's function
 *       needs none.
 *   <li>{@code PARKMETER_ENGINES}: a JSON object from an endpoint's name to what runs in its container, as {@link
 *       parkmeter.lambda.invoke} reads it; an endpoint that is not there runs TGI.
 *   <li>{@code PARKMETER_TABLE}: the name of the meter's table, for the task's function; left out where no such model is
 *       metered.
 * </ul>
 *
 * The routes' function needs {@code states:StartExecution} on the machine, {@code states:DescribeExecution} on its
 * executions, {@code s3:PutObject} and {@code s3:GetObject} on the bucket's objects, and {@code s3:ListBucket} on the bucket:
 * without it S3 refuses to say that an object is gone. For asynchronous endpoints it needs {@code
 * sagemaker:InvokeEndpointAsync} on each of them, and without a state machine nothing of {@code states}. Their models' role
 * needs {@code s3:GetObject} under {@code <prefix>in/} and {@code s3:PutObject} under {@code <prefix>out/} and {@code
 * <prefix>failed/}. The task's function needs {@code sagemaker:InvokeEndpoint} on the
 * endpoints, the same of S3, and of the meter's table what {@link parkmeter.lambda.invoke} needs of it. It runs up to 75
 * seconds: SageMaker gives a model 60. Both are in {@code target/jobs.zip}.
 *
 * <p>The state machine (STANDARD) has one Task state, and its input is the task's:
 *
 * <pre>{@code
 * {"StartAt": "Work", "TimeoutSeconds": 3600, "States": {"Work": {
 *   "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSeconds": 90,
 *   "Parameters": {"FunctionName": "<the task's function>", "Payload.$": "$"}, "OutputPath": "$.Payload",
 *   "Retry": [
 *     {"ErrorEquals": ["parkmeter.lambda.jobs.TryAgain"], "IntervalSeconds": 5, "BackoffRate": 2, "MaxDelaySeconds": 60,
 *      "MaxAttempts": 20, "JitterStrategy": "FULL"},
 *     {"ErrorEquals": ["Lambda.TooManyRequestsException", "Lambda.ServiceException", "Lambda.AWSLambdaException",
 *      "Lambda.SdkClientException"], "IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 6}],
 *   "End": true}}}
 * }</pre>
 *
 * The machine's role needs {@code lambda:InvokeFunction} on the task's function. Of a request only its {@code Job} is in the
 * machine's state, which holds 256 KB and may be logged; what was asked and answered is in the bucket. {@code JobsApi} takes
 * and tells, {@code Work} does; a task that fails says an {@code Outcome}, which Step Functions keeps.
 *
 * <p>An asynchronous endpoint needs no task: {@code AsyncJobs} hands the call in, keeps an {@code AsyncJob} that says where its
 * answer will be, and looks there. Seven hours after that, six to wait and one to work, there will be none. The log has no
 * token counts of such a job: no function runs when it is done.
 */
@NullMarked
package parkmeter.lambda.jobs;

import org.jspecify.annotations.NullMarked;
