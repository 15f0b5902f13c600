package parkmeter.lambda.meter.http;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Map;
import parkmeter.lambda.clock.FunctionClock;
import parkmeter.lambda.gateway.GatewayCall;
import parkmeter.lambda.meter.Keeper;
import parkmeter.lambda.meter.Meters;
import parkmeter.lambda.meter.Ports;
import parkmeter.lambda.meter.aws.AwsPorts;
import parkmeter.lambda.meter.aws.MeterSettings;

/** What Lambda starts for the meter's routes. */
public final class MeterApiHandler implements RequestStreamHandler {
    private final MeterApi api;

    /**
     * Called by Lambda, once for each process.
     *
     * @throws IllegalStateException when the environment lacks something, in one sentence
     */
    public MeterApiHandler() {
        this(System.getenv());
    }

    MeterApiHandler(Map<String, String> environment) {
        this(MeterSettings.of(environment), FunctionClock.of(environment));
    }

    private MeterApiHandler(MeterSettings settings, FunctionClock clock) {
        this(settings, AwsPorts.of(settings, clock));
    }

    /** Over ports of the caller's. */
    MeterApiHandler(MeterSettings settings, Ports ports) {
        this.api = new MeterApi(
                new Meters(ports, new Keeper(ports)),
                new Adoptable(settings.adopt(), settings.configurations()),
                settings.operators());
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        output.write(GatewayCall.answer(
                input.readAllBytes(),
                context.getAwsRequestId(),
                line -> context.getLogger().log(line),
                Clock.systemUTC(), // how long a call takes, a faster clock must not change
                api));
    }
}
