package parkmeter.lambda.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import parkmeter.lambda.runtime.LambdaRuntime;
import parkmeter.lambda.runtime.RuntimeApi;

/**
 * Measures and prints. Run it from {@code lambda-handler} after {@code mvn package}; {@code PYTHON} names a Python with
 * boto3 (else {@code python3}), {@code JAVA} another JDK's launcher for the function.
 */
public final class Bench {
    private static final int COLD = 15;
    private static final int WARM_UP = 10; // rounds, of CALLS each
    private static final int WARM = 20;
    private static final int CALLS = 100;
    private static final String OWN_FOLDER = "{own folder}";
    private static final Path ZIP = Path.of("target", "function.zip");
    private static final String EVENT =
            """
            {"resource":"/invoke","path":"/invoke","httpMethod":"POST","headers":{"Content-Type":"application/json",\
            "x-api-key":"0123456789abcdefghij","User-Agent":"curl/8.5.0","X-Amzn-Trace-Id":"Root=1-0-0"},\
            "multiValueHeaders":{"Content-Type":["application/json"]},"queryStringParameters":null,\
            "pathParameters":null,"stageVariables":null,"requestContext":{"resourceId":"abc","resourcePath":"/invoke",\
            "httpMethod":"POST","requestId":"c6af9ac6-7b61-11e6-9a41-93e8deadbeef","stage":"prod",\
            "identity":{"sourceIp":"203.0.113.7","apiKeyId":"k"},"apiId":"a1"},\
            "body":"{\\"prompt\\":\\"What is the capital of France?\\",\\"parameters\\":{\\"max_new_tokens\\":64}}",\
            "isBase64Encoded":false}""";

    private Bench() {}

    /** One contender: how to start it, and what it took. */
    private record Contender(String name, List<String> command, Map<String, String> environment) {}

    /** Medians and a percentile, in milliseconds. */
    private record Figures(
            String name, double cold, double first, double p50, double p99, double coldCpu, long residentMegabytes) {}

    /** Takes no arguments. */
    @SuppressWarnings("SystemOut") // its report
    public static void main(String[] args) throws Exception {
        // DynamoDB Local leaves a thread behind, which would keep a failed bench from ending.
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
        Path folder = Files.createTempDirectory("bench");
        LambdaRuntime.unpack(ZIP, folder.resolve("function"));
        Path script = folder.resolve("function.py");
        try (InputStream in = Objects.requireNonNull(Bench.class.getResourceAsStream("function.py"))) {
            Files.copy(in, script);
        }
        try (TlsSageMaker sagemaker = new TlsSageMaker(folder)) {
            Contender java = java(folder, Map.of());
            String python = System.getenv().getOrDefault("PYTHON", "python3");
            List<Contender> contenders = new ArrayList<>(List.of(java, java(folder, Map.of("UNPRIMED", "1"))));
            boolean boto = has(python, "boto3");
            if (boto) {
                boolean client = has(python, "awslambdaric");
                contenders.add(new Contender(
                        client ? "Python + boto3" : "Python + boto3, own loop",
                        client
                                ? List.of(python, "-m", "awslambdaric", "function.handler")
                                : List.of(python, script.toString()),
                        Map.of(
                                "AWS_CA_BUNDLE",
                                        TlsSageMaker.certificate(folder).toString(),
                                "PYTHONPATH", folder.toString())));
            }
            List<Figures> figures = measure(contenders, sagemaker.url());
            System.out.printf(
                    "%-18s %9s %9s %11s %9s %9s %9s%n",
                    "", "cold", "its CPU", "first call", "warm p50", "warm p99", "resident");
            figures.forEach(f -> System.out.printf(
                    "%-18s %6.0f ms %6.0f ms %8.1f ms %6.2f ms %6.2f ms %6d MB%n",
                    f.name(), f.cold(), f.coldCpu(), f.first(), f.p50(), f.p99(), f.residentMegabytes()));
            if (boto) {
                Figures mine = figures.get(0);
                Figures theirs = figures.get(2);
                target("cold start, Python = 1", mine.cold() / theirs.cold(), 2.4);
                target("warm p50, Python = 1", mine.p50() / theirs.p50(), 0.6);
            } else {
                System.out.println("No boto3 in " + python + ": no ratios. PYTHON=… names another one.");
            }
            target("zip, MB", Files.size(ZIP) / 1e6, 12);
        }
        TickBench.run(folder);
        System.exit(0);
    }

    @SuppressWarnings("SystemOut")
    static void target(String what, double value, double most) {
        System.out.printf("%-24s %5.2f  (at most %.1f: %s)%n", what, value, most, value <= most ? "met" : "MISSED");
    }

    /** As Lambda's java21 runtime starts a function of 512 MB. */
    private static Contender java(Path folder, Map<String, String> environment) {
        Path function = folder.resolve("function");
        return new Contender(
                environment.isEmpty() ? "Java" : "Java, not primed",
                LambdaRuntime.command(function, OWN_FOLDER, "parkmeter.lambda.invoke.BenchHandler::handleRequest"),
                environment);
    }

    /** In turns, so that a busy machine, and the bench's own warming up, touch every contender alike. */
    private static List<Figures> measure(List<Contender> contenders, String sagemaker)
            throws IOException, InterruptedException {
        List<Samples> samples = contenders.stream().map(Samples::new).toList();
        for (int i = -1; i < COLD; i++) {
            for (Samples each : samples) {
                try (Running running = new Running(each.contender(), sagemaker)) {
                    running.api().offer(EVENT);
                    long offered = System.nanoTime();
                    long answered = running.api().answered();
                    if (i >= 0) { // the first round warms the bench
                        each.cold().add(answered - running.start());
                        each.first().add(answered - offered);
                        each.coldCpu().add(running.cpuNanos());
                    }
                }
            }
        }
        List<Running> running = new ArrayList<>();
        try {
            for (Samples each : samples) {
                running.add(new Running(each.contender(), sagemaker));
            }
            for (int round = -WARM_UP; round < WARM; round++) {
                for (int i = 0; i < samples.size(); i++) {
                    for (int call = 0; call < CALLS; call++) {
                        running.get(i).api().offer(EVENT);
                        long start = System.nanoTime();
                        long took = running.get(i).api().answered() - start;
                        if (round >= 0) {
                            samples.get(i).warm().add(took);
                        }
                    }
                }
            }
            List<Figures> figures = new ArrayList<>();
            for (int i = 0; i < samples.size(); i++) {
                figures.add(samples.get(i).figures(resident(running.get(i).process())));
            }
            return figures;
        } finally {
            for (Running each : running) {
                each.close();
            }
        }
    }

    /** A contender's process with its Runtime API. */
    private record Running(RuntimeApi api, long start, Process process) implements AutoCloseable {
        private Running(RuntimeApi api, Contender contender, String sagemaker) throws IOException {
            this(api, System.nanoTime(), Bench.start(contender, sagemaker, api));
        }

        Running(Contender contender, String sagemaker) throws IOException {
            this(new RuntimeApi(), contender, sagemaker);
        }

        /** What a busy machine does not change: the process's own time on a CPU. */
        long cpuNanos() {
            return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
            api.close();
        }
    }

    /** What was measured, in nanoseconds. */
    private record Samples(
            Contender contender, List<Long> cold, List<Long> first, List<Long> warm, List<Long> coldCpu) {
        Samples(Contender contender) {
            this(contender, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        Figures figures(long residentKilobytes) {
            return new Figures(
                    contender.name(),
                    millis(cold, 50),
                    millis(first, 50),
                    millis(warm, 50),
                    millis(warm, 99),
                    millis(coldCpu, 50),
                    residentKilobytes / 1024);
        }

        private static double millis(List<Long> samples, int percentile) {
            List<Long> sorted = samples.stream().sorted().toList();
            return sorted.get(sorted.size() * percentile / 100) / 1e6;
        }
    }

    private static Process start(Contender contender, String sagemaker, RuntimeApi api) throws IOException {
        String own = Files.createTempDirectory("bench-process").toString();
        ProcessBuilder builder = new ProcessBuilder(contender.command().stream()
                        .map(argument -> argument.replace(OWN_FOLDER, own))
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        String path = environment.getOrDefault("PATH", "");
        environment.clear();
        environment.putAll(contender.environment());
        environment.putAll(LambdaRuntime.environment(api));
        environment.putAll(Map.of(
                "PATH", path,
                "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", sagemaker,
                "PARKMETER_MODEL", "tinyllama",
                "PARKMETER_ENDPOINT", "parkmeter-dev-tinyllama",
                "PARKMETER_ROUTES", "{\"POST /invoke\":\"prompt\"}"));
        return builder.start();
    }

    private static boolean has(String python, String module) throws InterruptedException {
        try {
            return new ProcessBuilder(python, "-c", "import " + module)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static long resident(Process process) throws IOException {
        return kilobytes(process, "VmRSS:");
    }

    /** A figure from Linux about a process; 0 where nobody says. */
    static long kilobytes(Process process, String name) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) {
            return 0; // only Linux says
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
