package parkmeter.lambda.jobs;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Map;
import parkmeter.lambda.aws.Sdk;
import parkmeter.lambda.clock.FunctionClock;
import parkmeter.lambda.gateway.GatewayCall;
import parkmeter.lambda.jobs.store.Bucket;
import parkmeter.lambda.jobs.store.Executions;
import parkmeter.lambda.sagemaker.SageMakerQueue;

/** What Lambda starts for long routes. */
public final class JobsHandler implements RequestStreamHandler {
    private final JobsApi api;

    /**
     * Called by Lambda, once for each process.
     *
     * @throws IllegalStateException when the environment lacks something, in one sentence
     */
    public JobsHandler() {
        this(System.getenv());
    }

    JobsHandler(Map<String, String> environment) {
        JobsSettings settings = JobsSettings.of(environment);
        Sdk sdk = Sdk.in(settings.region());
        Bucket bucket = new Bucket(sdk, settings.bucket());
        String machine = settings.stateMachine();
        this.api = new JobsApi(
                settings,
                machine == null ? null : new Executions(sdk, machine),
                settings.async().isEmpty()
                        ? null
                        : new AsyncJobs(settings, bucket, new SageMakerQueue(sdk), FunctionClock.of(environment)),
                bucket);
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        output.write(GatewayCall.answer(
                input.readAllBytes(),
                context.getAwsRequestId(),
                line -> context.getLogger().log(line),
                Clock.systemUTC(),
                api));
    }
}
