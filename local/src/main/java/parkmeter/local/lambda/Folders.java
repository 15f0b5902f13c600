package parkmeter.local.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** The folders that functions run in. */
final class Folders {
    private static final String PREFIX = "parkmeter-lambda-";
    private static final Pattern OF_PROCESS = Pattern.compile(PREFIX + "(\\d{1,18})-.*");

    private Folders() {}

    /**
     * A new folder that is named after this process; those of processes that are no more are deleted, for a killed one
     * leaves its own.
     *
     * @param parent where all processes have theirs
     */
    static Path ofThisProcess(Path parent) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : all) {
                Matcher owner = OF_PROCESS.matcher(folder.getFileName().toString());
                if (owner.matches()
                        && ProcessHandle.of(Long.parseLong(owner.group(1))).isEmpty()) {
                    delete(folder);
                }
            }
        }
        return Files.createTempDirectory(
                parent, PREFIX + ProcessHandle.current().pid() + "-");
    }

    /**
     * Unpacks a zip.
     *
     * @param wanted which of its files, by their paths in it
     * @throws IllegalArgumentException when an entry would land outside of the folder
     */
    static void unpack(Path zip, Path folder, Predicate<String> wanted) throws IOException {
        Files.createDirectories(folder);
        try (ZipFile file = new ZipFile(zip.toFile())) {
            for (ZipEntry entry : Collections.list(file.entries())) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IllegalArgumentException(zip + " has an entry outside of its root: " + entry.getName());
                }
                if (entry.isDirectory() || !wanted.test(entry.getName())) {
                    continue;
                }
                Files.createDirectories(target.getParent());
                try (InputStream bytes = file.getInputStream(entry)) {
                    Files.copy(bytes, target);
                }
            }
        }
    }

    /** Deletes a folder and all in it; what can't be deleted stays, as it's only temporary. */
    static void delete(Path folder) {
        try {
            Files.walkFileTree(folder, new Deletion());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // never: Deletion goes on past every failure
        }
    }

    /** Goes on past what can't be read or deleted: an ending process's files may vanish meanwhile. */
    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return delete(file);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException vanished) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path emptied, @Nullable IOException vanished) {
            return delete(emptied);
        }

        private static FileVisitResult delete(Path one) {
            var unused = one.toFile().delete();
            return FileVisitResult.CONTINUE;
        }
    }
}
