package parkmeter.lambda.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import parkmeter.lambda.StubAws;
import parkmeter.lambda.meter.MeterTable;
import parkmeter.lambda.meter.Rows;
import parkmeter.lambda.meter.table.DynamoTable;
import parkmeter.lambda.meter.table.LocalTable;
import parkmeter.lambda.runtime.LambdaRuntime;
import parkmeter.lambda.runtime.RuntimeApi;

/**
 * One tick over a thousand registered endpoints, from the zip, in Lambda's runtime client. The table is DynamoDB Local;
 * SageMaker answers as fast as its limits allow, which AWS does not publish: ten calls a second of each operation are
 * assumed, and ten at once.
 */
final class TickBench {
    private static final int ENDPOINTS = 1000;
    private static final int CHANGED = 50; // so many have to start in one tick, and so many to stop
    private static final double A_SECOND = 10;
    private static final Path ZIP = Path.of("target", "meter.zip");

    private TickBench() {}

    /** Measures and prints. */
    @SuppressWarnings("SystemOut")
    static void run(Path folder) throws Exception {
        Path function = folder.resolve("meter");
        LambdaRuntime.unpack(ZIP, function);
        try (LocalTable local = new LocalTable();
                StubAws aws = new StubAws(Clock.systemUTC());
                RuntimeApi api = new RuntimeApi()) {
            aws.pages(100, 100_000);
            DynamoTable table = new DynamoTable(local.sdk(), LocalTable.NAME);
            Instant now = Instant.now();
            for (int i = 0; i < ENDPOINTS; i++) {
                boolean runs = i >= CHANGED;
                table.put(Rows.waking(name(i), now.plus(Duration.ofHours(runs ? 2 : -1))));
                if (runs) {
                    aws.endpoint(name(i), "c", "InService");
                    aws.invoked(name(i), now.minusSeconds(i % 1500));
                }
            }
            Process first = start(function, api, aws, local);
            int described;
            do { // the meter sees the endpoints for the first time
                described = aws.calls("DescribeEndpoint").size();
                tick(api);
            } while (aws.calls("DescribeEndpoint").size() > described);
            first.destroyForcibly().onExit().join();
            for (String operation : List.of(
                    "ListEndpoints", "DescribeEndpoint", "CreateEndpoint", "UpdateEndpoint", "DeleteEndpoint")) {
                aws.limits(operation, A_SECOND, A_SECOND);
            }
            Process process = start(function, api, aws, local);
            try {
                double cold = tick(api);
                double warm = tick(api);
                for (int i = 0; i < 2 * CHANGED; i++) {
                    paidUntil(table, name(i), now.plus(Duration.ofHours(i < CHANGED ? 2 : -1)));
                }
                double busy = tick(api);
                System.out.printf(
                        "%n%d registered endpoints; %.0f calls a second of each operation of SageMaker's%n",
                        ENDPOINTS, A_SECOND);
                Bench.target("first tick, s", cold, 20);
                Bench.target("next tick, s", warm, 20);
                Bench.target("with 50 starts, 50 stops", busy, 20);
                System.out.printf(
                        "  calls: %d CreateEndpoint and %d DeleteEndpoint, throttled ones counted in%n",
                        aws.calls("CreateEndpoint").size(),
                        aws.calls("DeleteEndpoint").size());
                Bench.target("memory at most, MB", Bench.kilobytes(process, "VmHWM:") / 1024.0, 512);
                Bench.target("its zip, MB", Files.size(ZIP) / 1e6, 34);
            } finally {
                process.destroyForcibly().onExit().join();
            }
        }
    }

    private static String name(int i) {
        return "parkmeter-dev-model-" + i;
    }

    private static void paidUntil(DynamoTable table, String endpoint, Instant until) {
        MeterTable.Row row = table.find(endpoint).orElseThrow();
        String json = row.json().replaceFirst("\"paidUntil\":\"[^\"]*\"", "\"paidUntil\":\"" + until + "\"");
        table.put(new MeterTable.Row(endpoint, row.version(), json));
    }

    /** How long it took, in seconds. */
    private static double tick(RuntimeApi api) throws InterruptedException {
        api.offer("{\"source\":\"aws.events\"}");
        long start = System.nanoTime();
        RuntimeApi.Answer answer = api.answer();
        if (!answer.body().contains("\"records\":" + ENDPOINTS + ",\"unreadable\":0")) {
            throw new IllegalStateException("The tick failed: " + answer.body());
        }
        return (answer.nanoTime() - start) / 1e9;
    }

    private static Process start(Path function, RuntimeApi api, StubAws aws, LocalTable local) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(LambdaRuntime.command(
                        function,
                        Files.createTempDirectory("bench-process").toString(),
                        "parkmeter.lambda.meter.tick.TickHandler::handleRequest"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        String path = environment.getOrDefault("PATH", "");
        environment.clear();
        environment.putAll(LambdaRuntime.environment(api));
        environment.put("PATH", path);
        environment.put("PARKMETER_TABLE", LocalTable.NAME);
        environment.put("PARKMETER_TOPIC", "arn:aws:sns:eu-west-2:123456789012:bench");
        environment.put("AWS_ENDPOINT_URL", aws.url().toString());
        environment.put("AWS_ENDPOINT_URL_DYNAMODB", local.url().toString());
        return builder.start();
    }
}
