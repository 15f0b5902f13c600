package parkmeter.lambda.invoke;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import parkmeter.lambda.clock.FunctionClock;
import parkmeter.lambda.gateway.GatewayCall;
import parkmeter.lambda.sagemaker.ModelEndpoint;
import parkmeter.lambda.sagemaker.SageMakerEndpoint;

/** What Lambda starts for a model's routes. */
public final class InvokeHandler implements RequestStreamHandler {
    private final String model;
    private final String endpoint;
    private final ModelRoutes routes;
    private final ServedModel served;
    private final Clock clock;

    /**
     * Called by Lambda, once for each process.
     *
     * @throws IllegalStateException when the environment lacks something, in one sentence
     */
    public InvokeHandler() {
        this(Settings.of(System.getenv()));
    }

    private InvokeHandler(Settings settings) {
        this(settings, () -> SageMakerEndpoint.named(settings.endpoint(), settings.region()));
    }

    /** Primed, with a model of the caller's that is made last. */
    InvokeHandler(Settings settings, Supplier<ModelEndpoint> endpoint) {
        this(
                settings,
                primed(settings, endpoint),
                ModelMeter.of(
                        settings.endpoint(), settings.region(), settings.table(), FunctionClock.of(System.getenv())),
                Clock.systemUTC());
    }

    /** With a model and a meter of the caller's. */
    InvokeHandler(Settings settings, ModelEndpoint endpoint, ModelMeter meter, Clock clock) {
        this.model = settings.model();
        this.endpoint = settings.endpoint();
        this.routes = new ModelRoutes(settings.routes());
        this.served = new ServedModel(endpoint, meter, settings.engine());
        this.clock = clock;
    }

    private static ModelEndpoint primed(Settings settings, Supplier<ModelEndpoint> endpoint) {
        // Meanwhile, and only that: two threads that start the SDK itself could wait for each other's classes for ever.
        new Thread(SageMakerEndpoint::loadNativeLibrary, "native-library").start();
        Priming.run(settings);
        return endpoint.get();
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        output.write(answer(
                input.readAllBytes(),
                Duration.ofMillis(context.getRemainingTimeInMillis()),
                context.getAwsRequestId(),
                line -> context.getLogger().log(line)));
    }

    /**
     * Answers one event of API Gateway's.
     *
     * @param left how long Lambda lets the function run on
     * @param lambdaId Lambda's id of the call, for an event without one
     * @param log takes the one line about it
     * @throws IOException when the event is not JSON: it comes from API Gateway, so it always is
     */
    byte[] answer(byte[] json, Duration left, String lambdaId, Consumer<String> log) throws IOException {
        return GatewayCall.answer(json, lambdaId, log, clock, (event, line) -> {
            line.about("model", model);
            line.about("endpoint", endpoint);
            return routes.answer(event, served, left, line);
        });
    }
}
