package parkmeter.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import parkmeter.local.engine.ApiKeys;
import parkmeter.local.engine.Engine;
import parkmeter.local.engine.Program;
import parkmeter.local.engine.Stack;

/** {@code make bench}: what the local run and the program take on this machine, beside their targets. */
final class LocalBench {

    private static final int CONNECTIONS = 16;
    /** The first thousands of calls are interpreted, here as on Lambda. */
    private static final Duration WARM_UP = Duration.ofSeconds(15);

    private static final Duration LOAD = Duration.ofSeconds(10);

    private static final int CALLS = 2000;
    private static final Path FACTS = TestStacks.PROJECT.resolve("target/local.json");

    private final PrintStream out;

    private LocalBench(PrintStream out) {
        this.out = out;
    }

    /** Runs all of it; about a minute. */
    public static void main(String[] args) throws Exception {
        var bench = new LocalBench(System.out);
        bench.program();
        bench.throughput();
        bench.startAndMemory();
        System.exit(0);
    }

    /** The program's time on the embedded engine against that of a program that declares nothing. */
    private void program() throws Exception {
        Path target = TestStacks.PROJECT.resolve("target");
        Program real = Program.built("parkmeter.App", target.resolve("classes"), target.resolve("classpath.txt"));
        var classPath = new ArrayList<>(real.classPath());
        classPath.add(Path.of("target/test-classes"));
        var empty = new Program("parkmeter.local.EmptyProgram", classPath);
        Stack stack = Stack.read(TestStacks.PROJECT, "dev");
        List<Double> ratios = new ArrayList<>();
        double last = 0;
        for (int i = 0; i < 6; i++) {
            double nothing = seconds(empty, stack);
            last = seconds(real, stack);
            ratios.add(last / nothing);
        }
        ratios.remove(0);
        ratios.sort(null);
        say("program, against an empty one", "%.2f (%.2f s)", "at most 1.9", ratios.get(ratios.size() / 2), last);
    }

    private static double seconds(Program program, Stack stack) throws Exception {
        long start = System.nanoTime();
        new Engine(program, ApiKeys.MASKED, Duration.ofSeconds(60)).run(stack);
        return (System.nanoTime() - start) / 1e9;
    }

    /** Requests through gateway and function to a model that answers at once. */
    private void throughput() throws Exception {
        Deployment deployment = TestStacks.deployment("bench");
        try (StubModel model = new StubModel(Duration.ZERO);
                LocalRun run = new LocalRun(
                        TestStacks.order(Optional.empty(), Optional.of(model.url()), 0), line -> {}, line -> {})) {
            run.start(deployment, run.findModel());
            String key = deployment.clients().values().iterator().next();
            load(run.invokeUrl(), key, WARM_UP);
            Load load = load(run.invokeUrl(), key, LOAD);
            long[] micros = load.micros();
            say("requests a second, 16 connections", "%.0f", "at least 500", micros.length / (double) LOAD.toSeconds());
            say("p50, ms", "%.1f", "", micros[micros.length / 2] / 1e3);
            say("p99, ms", "%.1f", "below 50", micros[micros.length * 99 / 100] / 1e3);
            say("errors", "%d", "0", load.errors());
            direct(run, key);
        }
    }

    /** What a call takes whose templates API Gateway runs, against one that goes through the function: one at a time, in turn. */
    private void direct(LocalRun run, String key) throws Exception {
        URI url = URI.create(run.url() + "/direct");
        load(url, key, WARM_UP);
        HttpClient http = client();
        HttpRequest function = request(run.invokeUrl(), key);
        HttpRequest direct = request(url, key);
        long[][] micros = new long[2][CALLS];
        for (int i = 0; i < CALLS; i++) {
            micros[0][i] = micros(http, function);
            micros[1][i] = micros(http, direct);
        }
        Arrays.stream(micros).forEach(Arrays::sort);
        double through = micros[0][CALLS / 2] / 1e3;
        double without = micros[1][CALLS / 2] / 1e3;
        say("direct against function, p50 of a call", "%.2f (%.2f ms)", "below 1", without / through, without);
    }

    private static long micros(HttpClient http, HttpRequest request) throws IOException, InterruptedException {
        long start = System.nanoTime();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(request.uri() + " answered " + answer.statusCode());
        }
        return (System.nanoTime() - start) / 1000;
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private static HttpRequest request(URI url, String key) {
        return HttpRequest.newBuilder(url)
                .header("x-api-key", key)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\": \"Say something\"}"))
                .build();
    }

    @SuppressWarnings("ArrayRecordComponent") // sorted numbers, read once
    private record Load(long[] micros, int errors) {}

    private static Load load(URI url, String key, Duration length) throws Exception {
        HttpClient http = client();
        HttpRequest request = request(url, key);
        var errors = new AtomicInteger();
        var micros = new ArrayList<long[]>();
        long end = System.nanoTime() + length.toNanos();
        var threads = Executors.newFixedThreadPool(CONNECTIONS);
        var workers = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> worker(http, request, end, errors), threads))
                .limit(CONNECTIONS)
                .toList();
        for (var worker : workers) {
            micros.add(worker.get());
        }
        threads.shutdown();
        threads.awaitTermination(1, TimeUnit.SECONDS);
        long[] all = micros.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return new Load(all, errors.get());
    }

    private static long[] worker(HttpClient http, HttpRequest request, long end, AtomicInteger errors) {
        var micros = new ArrayList<Long>();
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            try {
                if (http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() != 200) {
                    errors.incrementAndGet();
                }
            } catch (IOException e) {
                errors.incrementAndGet();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            micros.add((System.nanoTime() - start) / 1000);
        }
        return micros.stream().mapToLong(Long::longValue).toArray();
    }

    /** `make local`, built and with its weights cached: until it has answered its first prompt, and what it holds then. */
    private void startAndMemory() throws Exception {
        Files.deleteIfExists(FACTS);
        long start = System.nanoTime();
        Process local = new ProcessBuilder("make", "local")
                .directory(TestStacks.PROJECT.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(new File("target/bench-local.log"))
                .start();
        try {
            while (!Files.exists(FACTS)) {
                if (!local.isAlive()
                        || System.nanoTime() - start > Duration.ofMinutes(3).toNanos()) {
                    throw new IllegalStateException("make local did not come up: local/target/bench-local.log");
                }
                Thread.sleep(50);
            }
            say("make local, seconds until ready", "%.1f", "at most 15", (System.nanoTime() - start) / 1e9);
            long kilobytes = Stream.concat(Stream.of(local.toHandle()), local.descendants())
                    .mapToLong(LocalBench::residentKilobytes)
                    .sum();
            say("resident memory of all processes, MiB", "%d", "at most 1024", kilobytes / 1024);
            String served = new ObjectMapper()
                    .readTree(FACTS.toFile())
                    .path("models")
                    .elements()
                    .next()
                    .path("served")
                    .asText();
            say("with the model", "%s", "", served);
        } finally {
            List<ProcessHandle> all = local.descendants().toList();
            all.forEach(ProcessHandle::destroy);
            local.destroy();
        }
    }

    private static long residentKilobytes(ProcessHandle process) {
        try (Stream<String> lines =
                Files.lines(Path.of("/proc/" + process.pid() + "/status"), StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private void say(String what, String format, String target, Object... values) {
        out.printf(
                Locale.ROOT,
                "%-42s %-18s %s%n",
                Objects.requireNonNull(what),
                String.format(Locale.ROOT, format, values),
                target);
    }
}
