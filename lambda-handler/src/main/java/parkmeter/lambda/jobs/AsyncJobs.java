package parkmeter.lambda.jobs;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import parkmeter.lambda.gateway.CallFailed;
import parkmeter.lambda.gateway.Code;
import parkmeter.lambda.gateway.GatewayAnswer;
import parkmeter.lambda.gateway.GatewayEvent;
import parkmeter.lambda.invoke.Engine;
import parkmeter.lambda.invoke.ModelRoutes;
import parkmeter.lambda.jobs.store.Bucket;
import parkmeter.lambda.sagemaker.Ask;
import parkmeter.lambda.sagemaker.Content;
import parkmeter.lambda.sagemaker.Reply;
import parkmeter.lambda.sagemaker.SageMakerQueue;
import parkmeter.lambda.sagemaker.Taken;

/** Jobs of asynchronous endpoints: SageMaker itself lets them wait, runs them, and keeps what came of them. */
final class AsyncJobs {
    private final ModelRoutes routes;
    private final Engines engines;
    private final Map<String, String> prefixes;
    private final Bucket bucket;
    private final SageMakerQueue queue;
    private final Clock clock;

    AsyncJobs(JobsSettings settings, Bucket bucket, SageMakerQueue queue, Clock clock) {
        this.routes = settings.routes();
        this.engines = settings.engines();
        this.prefixes = settings.async();
        this.bucket = bucket;
        this.queue = queue;
        this.clock = clock;
    }

    /** What became of a job. */
    sealed interface State {
        /** Nothing yet. */
        record Running() implements State {}

        /** The answer, as its route would have given it at once. */
        record Succeeded(GatewayAnswer answer) implements State {}

        /** None, for this reason. */
        record Failed(Outcome outcome) implements State {}
    }

    /**
     * Hands a call in, whose request is kept already.
     *
     * @throws CallFailed where SageMaker does not take it
     */
    void take(Job job, Ask ask) throws CallFailed {
        String location = null;
        if (ask.content().bytes().length > SageMakerQueue.MOST_INLINE) {
            String key = prefixes.getOrDefault(job.endpoint(), "") + "in/" + job.id();
            bucket.put(key, ask.content());
            location = bucket.location(key);
        }
        Taken taken = queue.ask(job.endpoint(), ask, location);
        if (taken instanceof Taken.Refused refused) {
            throw refused.failed().reason() == Reply.Reason.TIMED_OUT
                    ? new CallFailed(
                            Code.JOBS_UNAVAILABLE,
                            "AWS gave no answer about jobs: try again after the time in Retry-After.",
                            refused.failed().cause())
                    : routes.failure(job.route(), refused.failed());
        }
        Taken.Waiting waiting = (Taken.Waiting) taken;
        String output = bucket.key(waiting.output())
                .orElseThrow(() -> new CallFailed(
                        Code.INTERNAL_ERROR, "The model's answers go to another bucket.", "OutputElsewhere"));
        bucket.put(
                AsyncJob.key(job.id()),
                Content.json(new AsyncJob(
                                job,
                                clock.instant(),
                                output,
                                bucket.key(waiting.failure()).orElse(""))
                        .json()));
    }

    /** The job of this id; nothing where none is kept. */
    Optional<AsyncJob> named(String id) {
        return bucket.get(AsyncJob.key(id)).map(kept -> AsyncJob.read(kept.text()));
    }

    /**
     * What became of one.
     *
     * @param request the one that it was taken with
     */
    State state(AsyncJob async, GatewayEvent request) {
        Engine engine = engines.of(async.job().endpoint());
        try {
            Optional<Content> output = bucket.get(async.outputKey());
            if (output.isPresent()) {
                return new State.Succeeded(routes.told(request, engine, output.get()));
            }
            Optional<Content> failure =
                    async.failureKey().isEmpty() ? Optional.empty() : bucket.get(async.failureKey());
            if (failure.isPresent()) {
                throw routes.failure(async.job().route(), engine, failure.get().text());
            }
        } catch (CallFailed failed) {
            return new State.Failed(Outcome.of(failed));
        }
        Instant end = async.takenAt().plus(SageMakerQueue.LAST_ANSWER);
        return clock.instant().isBefore(end) ? new State.Running() : new State.Failed(Outcome.TOO_LATE);
    }
}
