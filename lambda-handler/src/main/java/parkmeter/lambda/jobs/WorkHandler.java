package parkmeter.lambda.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import parkmeter.lambda.aws.Sdk;
import parkmeter.lambda.clock.FunctionClock;
import parkmeter.lambda.environment.Environment;
import parkmeter.lambda.invoke.ModelRoutes;
import parkmeter.lambda.jobs.store.Bucket;

/**
 * What the state machine's task starts: it asks the model, and keeps the answer. It fails with {@code TryAgain} where
 * waiting helps, and with {@code JobFailed} where it does not.
 */
public final class WorkHandler implements RequestStreamHandler {
    private final Work work;

    /**
     * Called by Lambda, once for each process.
     *
     * @throws IllegalStateException when the environment lacks something, in one sentence
     */
    public WorkHandler() {
        this(System.getenv());
    }

    WorkHandler(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        String region = environment.text("AWS_REGION");
        String bucket = environment.text("PARKMETER_ANSWERS_BUCKET");
        ModelRoutes routes = ModelRoutes.read(environment.text("PARKMETER_ROUTES"));
        Engines engines = Engines.of(environment);
        environment.check();
        this.work = new Work(
                routes.withPassthrough(Work.START),
                new Bucket(Sdk.in(region), bucket),
                region,
                environment.textOrNull("PARKMETER_TABLE"),
                FunctionClock.of(variables),
                engines);
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        work.run(
                new String(input.readAllBytes(), UTF_8),
                Duration.ofMillis(context.getRemainingTimeInMillis()),
                context.getAwsRequestId(),
                line -> context.getLogger().log(line));
        output.write("{}".getBytes(UTF_8));
    }
}
