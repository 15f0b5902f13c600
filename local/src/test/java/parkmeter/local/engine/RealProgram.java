package parkmeter.local.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The Pulumi program of this repository, as its build leaves it, and the stacks that it is tested with. */
final class RealProgram {
    /** The repository's root, where the project's file and the stacks that people start from are. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Stacks that only tests use. */
    static final Path TEST_STACKS = Path.of("src/test/stacks").toAbsolutePath();

    private RealProgram() {}

    /** The sample stacks and those of the tests, not a person's own beside them: a name and the folder of its file. */
    static Stream<Arguments> stacks() throws UnusableStack {
        List<Arguments> stacks = new ArrayList<>();
        Stack.names(ROOT).forEach(name -> stacks.add(Arguments.of(name, ROOT)));
        Stack.names(TEST_STACKS).forEach(name -> stacks.add(Arguments.of(name, TEST_STACKS)));
        return stacks.stream();
    }

    /**
     * Runs the program of {@code target/classes} with the libraries that {@code target/classpath.txt} lists; the system
     * properties {@code program.classes} and {@code program.libraries} name others.
     */
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
