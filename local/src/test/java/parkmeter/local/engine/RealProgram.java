package parkmeter.local.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The Pulumi program of this repository, as its build leaves it, and the stacks that it is tested with. */
final class RealProgram {
    /** The repository's root, where the project's file and the stacks that people start from are. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Stacks that only tests use. */
    static final Path TEST_STACKS = Path.of("src/test/stacks").toAbsolutePath();

    private RealProgram() {}

    static List<Path> stackFolders() {
        return List.of(ROOT, TEST_STACKS);
    }

    static Engine engine() throws ProgramFailed {
        Program program = Program.built(
                "parkmeter.App",
                path("program.classes", "target/classes"),
                path("program.libraries", "target/classpath.txt"));
        return new Engine(program, ApiKeys.MASKED, Duration.ofSeconds(60));
    }

    private static Path path(String property, String underRoot) {
        return ROOT.resolve(System.getProperty(property, underRoot));
    }
}
