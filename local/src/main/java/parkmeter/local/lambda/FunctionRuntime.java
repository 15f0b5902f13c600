package parkmeter.local.lambda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import parkmeter.local.lambda.InvokeResult.Failed;
import parkmeter.local.lambda.InvokeResult.Reason;

/**
 * Runs functions from their zip files, each call in one of a function's processes, until it is closed. The processes end
 * with this one, however it ends.
 */
public final class FunctionRuntime implements Functions, AutoCloseable {
    /** Lambda's limit for an event: 6 MB. */
    private static final int MOST_BYTES = 6 * 1024 * 1024;

    private final Map<String, Pool> pools = new LinkedHashMap<>();
    private final Map<Path, Path> code = new HashMap<>();
    private final Path folder;
    private final RuntimeApi api = new RuntimeApi();
    private final ScheduledThreadPoolExecutor timer;

    private FunctionRuntime(Path folder) {
        this.folder = folder;
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "lambda-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    /**
     * Makes functions ready to be called; no process is started before {@link #warm} or the first call.
     *
     * @throws IOException when a zip can't be read or unpacked
     * @throws IllegalArgumentException when a function can't run here: no zip, not a Java runtime, no runtime client
     */
    public static FunctionRuntime start(List<FunctionSpec> specs, Host host) throws IOException {
        FunctionRuntime runtime =
                new FunctionRuntime(Folders.ofThisProcess(Path.of(System.getProperty("java.io.tmpdir"))));
        try {
            Path clientFolder = Files.createDirectory(runtime.folder.resolve("client"));
            RuntimeClient client = RuntimeClient.prepare(host.runtimeClient(), clientFolder);
            for (FunctionSpec spec : specs) {
                runtime.add(spec, host, client);
            }
            return runtime;
        } catch (IOException | RuntimeException e) {
            runtime.close();
            throw e;
        }
    }

    /**
     * Sees to it that a process of a function is up.
     *
     * @param functionArn one of the functions that it was started with
     * @return completes when it is, exceptionally with {@link IllegalStateException} naming the function and why it can't come up
     */
    public CompletableFuture<Void> warm(String functionArn) {
        Pool pool = Objects.requireNonNull(pools.get(functionArn), functionArn);
        return pool.invoke(Call.forProbe()).thenAccept(result -> {
            if (result instanceof Failed failed) {
                String name = functionArn.substring(functionArn.lastIndexOf(':') + 1);
                throw new IllegalStateException("function " + name + " doesn't come up: " + failed.message());
            }
        });
    }

    @Override
    public CompletableFuture<InvokeResult> invoke(String functionArn, byte[] event) {
        Pool pool = pools.get(functionArn);
        if (pool == null) {
            return CompletableFuture.completedFuture(
                    new Failed(Reason.NO_SUCH_FUNCTION, "Function not found: " + functionArn));
        }
        if (event.length > MOST_BYTES) {
            return CompletableFuture.completedFuture(new Failed(
                    Reason.REQUEST_TOO_LARGE,
                    "Request must be smaller than " + MOST_BYTES + " bytes for the InvokeFunction operation"));
        }
        return pool.invoke(Call.of(event));
    }

    /** The processes of all functions that run now. */
    public List<ProcessHandle> processes() {
        return pools.values().stream()
                .map(Pool::processes)
                .flatMap(Collection::stream)
                .toList();
    }

    /** Ends every process and fails what is under way; returns when they have gone. */
    @Override
    public void close() {
        pools.values().forEach(Pool::close);
        timer.shutdownNow();
        api.close();
        Folders.delete(folder);
    }

    private void add(FunctionSpec spec, Host host, RuntimeClient client) throws IOException {
        if (!spec.runtime().startsWith("java")) {
            throw new IllegalArgumentException("function " + spec.name() + " has the runtime " + spec.runtime()
                    + "; the local run has Java's only (java17, java21)");
        }
        if (!Files.isRegularFile(spec.zip())) {
            throw new IllegalArgumentException("function " + spec.name() + " has no code at " + spec.zip()
                    + ": `mvn -f lambda-handler package` builds it");
        }
        Path own = Files.createDirectory(folder.resolve("function-" + pools.size()));
        Sandbox sandbox = new Sandbox(spec, host, client, code(spec.zip()), own);
        pools.put(spec.arn(), new Pool(spec, host.processes(), sandbox, api, timer));
    }

    /**
     * Functions of one zip share what is made of it. Its classes, tens of thousands, stay packed, in a library as Lambda takes
     * them too: to unpack and to delete them would take longer than all the rest of a run's start and end.
     */
    private Path code(Path zip) throws IOException {
        Path known = code.get(zip);
        if (known != null) {
            return known;
        }
        Path unpacked = folder.resolve("task-" + code.size());
        Folders.unpack(zip, unpacked, name -> !name.endsWith(".class"));
        Path libraries = Files.createDirectories(unpacked.resolve("lib"));
        Files.copy(zip, libraries.resolve(zip.getFileName() + ".jar"), StandardCopyOption.REPLACE_EXISTING);
        code.put(zip, unpacked);
        return unpacked;
    }
}
