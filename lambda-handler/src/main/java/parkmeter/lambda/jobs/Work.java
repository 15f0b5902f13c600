package parkmeter.lambda.jobs;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.clock.FunctionClock;
import parkmeter.lambda.gateway.CallFailed;
import parkmeter.lambda.gateway.Code;
import parkmeter.lambda.gateway.GatewayAnswer;
import parkmeter.lambda.gateway.GatewayCall;
import parkmeter.lambda.gateway.GatewayEvent;
import parkmeter.lambda.invoke.ModelRoutes;
import parkmeter.lambda.invoke.ServedModel;
import parkmeter.lambda.jobs.store.Bucket;
import parkmeter.lambda.jobs.store.NoAnswer;
import parkmeter.lambda.sagemaker.Content;

/** Does one job: from its request in the bucket to its answer there. */
final class Work {
    /** A route of every API with long ones. */
    static final String START = "POST /startexecution";

    /** Time mends these; a stopped model's too: the call wakes it, or somebody puts time on its meter. */
    private static final Set<Code> TRANSIENT = EnumSet.of(
            Code.THROTTLED, Code.MODEL_OVERLOADED, Code.MODEL_UNAVAILABLE, Code.MODEL_STOPPED, Code.MODEL_STARTING);

    private final ModelRoutes routes;
    private final Bucket bucket;
    private final String region;
    private final @Nullable String table;
    private final FunctionClock clock;
    private final Engines engines;
    private final Map<String, ServedModel> models = new ConcurrentHashMap<>();

    Work(
            ModelRoutes routes,
            Bucket bucket,
            String region,
            @Nullable String table,
            FunctionClock clock,
            Engines engines) {
        this.routes = routes;
        this.bucket = bucket;
        this.region = region;
        this.table = table;
        this.clock = clock;
        this.engines = engines;
    }

    /**
     * Does it.
     *
     * @param input the state machine's
     * @param left how long Lambda lets the function run on
     * @param log takes the one line about it
     * @throws TryAgain where it may succeed later
     * @throws JobFailed where it will not
     */
    void run(String input, Duration left, String lambdaId, Consumer<String> log) {
        Job job = Job.read(input);
        if (job == null) {
            throw new JobFailed(new Outcome(Code.INTERNAL_ERROR.toString(), "The job can't be read."));
        }
        try {
            GatewayEvent request = GatewayEvent.read(bucket.get(job.requestKey())
                    .orElseThrow(() -> new JobFailed(new Outcome(
                            Code.UNKNOWN_JOB.toString(), "The job waited so long that its request is gone.")))
                    .bytes());
            ServedModel model = models.computeIfAbsent(
                    job.endpoint(), endpoint -> ServedModel.of(endpoint, region, table, clock, engines.of(endpoint)));
            GatewayAnswer answer = GatewayCall.attempt(request, lambdaId, log, Clock.systemUTC(), (event, line) -> {
                line.about("job", job.id());
                line.about("endpoint", job.endpoint());
                return routes.answer(event, model, left, line);
            });
            bucket.put(job.answerKey(), Content.json(answer.bytes()));
        } catch (CallFailed failed) {
            throw TRANSIENT.contains(failed.code())
                    ? new TryAgain(Outcome.of(failed))
                    : new JobFailed(Outcome.of(failed));
        } catch (NoAnswer e) {
            log.accept("{\"job\":\"" + job.id() + "\",\"cause\":\"" + e.getMessage() + "\"}\n");
            throw new TryAgain(new Outcome(Code.JOBS_UNAVAILABLE.toString(), "The bucket of answers gave no answer."));
        } catch (IOException e) {
            throw new JobFailed(new Outcome(Code.INTERNAL_ERROR.toString(), "The job's request can't be read."));
        }
    }
}
