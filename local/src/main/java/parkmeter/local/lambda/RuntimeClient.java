package parkmeter.local.lambda;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Lambda's runtime interface client, ready to run.
 *
 * @param classPath its jars, and {@link Launcher} alone of ours: whatever else stood there would be in the function's
 *     parent class loader and hide the function's own libraries
 * @param library its native library. Left to itself every process would write the same file under /tmp, while another
 *     one loads it.
 */
record RuntimeClient(String classPath, Path library) {
    /**
     * Prepares the client.
     *
     * @param jars folder with its jars
     * @param folder an empty folder to unpack into
     * @throws IllegalArgumentException when the jars aren't there or have no library for this machine
     */
    static RuntimeClient prepare(Path jars, Path folder) throws IOException {
        String launcher = "/" + Launcher.class.getName().replace('.', '/') + ".class";
        Path ours = folder.resolve(launcher.substring(1));
        Files.createDirectories(ours.getParent());
        try (InputStream bytes = Objects.requireNonNull(Launcher.class.getResourceAsStream(launcher))) {
            Files.copy(bytes, ours);
        }
        Path library = folder.resolve("lambda-runtime-client.so");
        try (ZipFile jar = new ZipFile(clientJar(jars).toFile());
                InputStream bytes = jar.getInputStream(libraryEntry(jar))) {
            Files.copy(bytes, library, StandardCopyOption.REPLACE_EXISTING);
        }
        return new RuntimeClient(folder + File.pathSeparator + jars.toAbsolutePath() + File.separator + "*", library);
    }

    private static Path clientJar(Path jars) throws IOException {
        if (Files.isDirectory(jars)) {
            try (Stream<Path> all = Files.list(jars)) {
                String name = "aws-lambda-java-runtime-interface-client";
                var found = all.filter(p -> p.getFileName().toString().startsWith(name))
                        .findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        throw new IllegalArgumentException("no Lambda runtime client in " + jars
                + ": `mvn -f local process-resources` puts it into local/target/ric");
    }

    private static ZipEntry libraryEntry(ZipFile jar) {
        String arch = System.getProperty("os.arch").equals("aarch64") ? "aarch" : "x86";
        boolean musl = Files.exists(Path.of("/lib/ld-musl-" + (arch.equals("x86") ? "x86_64" : "aarch64") + ".so.1"));
        String name = "jni/libaws-lambda-jni.linux%s-%s_64.so".formatted(musl ? "_musl" : "", arch);
        ZipEntry entry = System.getProperty("os.name").equals("Linux") ? jar.getEntry(name) : null;
        if (entry == null) {
            throw new IllegalArgumentException(
                    "Lambda's runtime client runs on Linux with x86-64 or arm64 only, and this is "
                            + System.getProperty("os.name") + " with " + System.getProperty("os.arch")
                            + ": use a Linux machine or container");
        }
        return entry;
    }
}
