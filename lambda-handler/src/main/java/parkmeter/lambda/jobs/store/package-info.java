/**
 * Where jobs are: what runs, in Step Functions ({@link parkmeter.lambda.jobs.store.Executions}), and what was asked and
 * answered, in S3 ({@link parkmeter.lambda.jobs.store.Bucket}), where it may be longer than the 256 KB of a state.
 */
@NullMarked
package parkmeter.lambda.jobs.store;

import org.jspecify.annotations.NullMarked;
