package parkmeter.local.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each sample stack declares, as committed in {@code src/test/golden/<stack>.json}. A change of the program is
 * reviewed as the difference of these files; {@code make golden} writes them again.
 */
class GoldenPlanTest {
    private static final Path GOLDEN = Path.of("src/test/golden");
    private static final Path ACTUAL = Path.of("target/golden");

    @BeforeAll
    static void rewrite() throws Exception {
        if (!Boolean.getBoolean("golden")) {
            return;
        }
        try (Stream<Path> old = Files.list(GOLDEN)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        for (Arguments stack : RealProgram.stacks().toList()) {
            String name = (String) stack.get()[0];
            write(GOLDEN, name, plan(name, (Path) stack.get()[1]));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("parkmeter.local.engine.RealProgram#stacks")
    void a_stack_declares_what_its_golden_file_says(String name, Path folder) throws Exception {
        Path actual = write(ACTUAL, name, plan(name, folder));

        assertThat(actual)
                .as("The plan of stack '%s' changed. Where the change is meant: make golden", name)
                .hasSameTextualContentAs(GOLDEN.resolve(name + ".json"));
    }

    @Test
    void every_golden_file_belongs_to_a_stack() throws Exception {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(RealProgram.stacks()
                            .map(stack -> stack.get()[0] + ".json")
                            .toList());
        }
    }

    private static String plan(String name, Path folder) throws Exception {
        return PlanJson.write(RealProgram.engine().run(Stack.read(RealProgram.ROOT, folder, name)));
    }

    private static Path write(Path folder, String stack, String plan) throws IOException {
        Files.createDirectories(folder);
        return Files.writeString(folder.resolve(stack + ".json"), plan);
    }
}
