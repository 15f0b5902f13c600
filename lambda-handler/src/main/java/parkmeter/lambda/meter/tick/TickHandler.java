package parkmeter.lambda.meter.tick;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.clock.FunctionClock;
import parkmeter.lambda.json.Json;
import parkmeter.lambda.meter.Gauge;
import parkmeter.lambda.meter.Keeper;
import parkmeter.lambda.meter.Ports;
import parkmeter.lambda.meter.Tick;
import parkmeter.lambda.meter.aws.AwsPorts;
import parkmeter.lambda.meter.aws.MeterSettings;

/**
 * What Lambda starts every minute. Its event says nothing that matters. It fails where there is no list of records or
 * endpoints; a record that fails does not make it fail, and is in the log.
 */
public final class TickHandler implements RequestStreamHandler {
    /** For the steps that are under way when the time is up. */
    private static final Duration MARGIN = Duration.ofSeconds(20);

    /** More would only be throttled: SageMaker takes a few calls a second. */
    private static final int AT_ONCE = 8;

    private final Tick tick;
    private final @Nullable String metrics;
    private final FunctionClock clock;

    /**
     * Called by Lambda, once for each process.
     *
     * @throws IllegalStateException when the environment lacks something, in one sentence
     */
    public TickHandler() {
        this(System.getenv());
    }

    TickHandler(Map<String, String> environment) {
        this(MeterSettings.of(environment), FunctionClock.of(environment));
    }

    private TickHandler(MeterSettings settings, FunctionClock clock) {
        Ports ports = AwsPorts.of(settings, clock);
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, work -> {
            Thread thread = new Thread(work, "step");
            thread.setDaemon(true);
            return thread;
        });
        this.tick = new Tick(ports, new Keeper(ports), threads);
        this.metrics = settings.metrics();
        this.clock = clock;
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        long start = System.nanoTime();
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(MARGIN);
        Tick.Report report = tick.run(clock.inside(left.isNegative() ? Duration.ZERO : left));
        for (String event : report.events()) {
            context.getLogger().log(event + "\n");
        }
        if (metrics != null) {
            for (Gauge gauge : report.gauges()) {
                context.getLogger().log(MetricLine.of(gauge, metrics, clock.instant()));
            }
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("records", report.records());
        line.put("unreadable", report.unreadable());
        line.put("failed", report.failed());
        line.put("late", report.late());
        line.put("latencyMs", Duration.ofNanos(System.nanoTime() - start).toMillis());
        context.getLogger().log(Json.text(line) + "\n");
        output.write(Json.bytes(line));
    }
}
