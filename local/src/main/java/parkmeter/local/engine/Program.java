package parkmeter.local.engine;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The compiled Pulumi program.
 *
 * @param mainClass the class whose {@code main} calls {@code Pulumi.run}
 * @param classPath its classes and libraries, in order
 */
public record Program(String mainClass, List<Path> classPath) {
    /** Copies the list. */
    public Program {
        classPath = List.copyOf(classPath);
    }

    /**
     * The program as its Maven build leaves it.
     *
     * @param classes the folder of compiled classes, {@code target/classes}
     * @param libraries the file that {@code dependency:build-classpath} writes: one class path
     * @throws ProgramFailed when either is missing
     */
    public static Program built(String mainClass, Path classes, Path libraries) throws ProgramFailed {
        List<Path> classPath = new ArrayList<>(List.of(existing(classes)));
        try {
            for (String entry :
                    Files.readString(existing(libraries)).strip().split(Pattern.quote(File.pathSeparator), -1)) {
                classPath.add(Path.of(entry));
            }
        } catch (IOException e) {
            throw notBuilt(libraries, "can't be read: " + e.getMessage());
        }
        return new Program(mainClass, classPath);
    }

    /** The class path as {@code java -cp} takes it. */
    String classPathArgument() throws ProgramFailed {
        for (Path entry : classPath) {
            existing(entry);
        }
        return classPath.stream()
                .map(entry -> entry.toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Path existing(Path path) throws ProgramFailed {
        if (!Files.exists(path)) {
            throw notBuilt(path, "doesn't exist");
        }
        return path;
    }

    private static ProgramFailed notBuilt(Path path, String what) {
        return new ProgramFailed("The Pulumi program isn't built: " + path + " " + what
                + ". Run 'mvn package' in the project's folder.");
    }
}
