package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.local.engine.Plan;
import parkmeter.local.engine.Registration;
import parkmeter.local.engine.Stack;
import parkmeter.local.migrate.Configurations;
import parkmeter.local.migrate.Importer;

/** What {@code make import} prints, read by the real program. */
class ImportedStackTest {

    @ParameterizedTest
    @CsvSource({
        "falcon-public, Falcon40BPublic-model",
        "flan-lambda, FlanT5-model",
        "flan-api, FlanT5-model",
        "flan-async, FlanT5Async-model",
        "everything, Bare-model",
    })
    void an_imported_stack_is_one_that_the_program_declares(String name, String model, @TempDir Path folder)
            throws Exception {
        Importer.Imported imported = Importer.read(Configurations.text(name), Configurations.VERSIONS);
        Files.writeString(folder.resolve("Pulumi.demo.yaml"), imported.yaml());

        Plan plan = TestStacks.plan(Stack.read(TestStacks.PROJECT, folder, "demo"));

        Set<String> declared = plan.resources().stream().map(Registration::name).collect(Collectors.toSet());
        assertThat(declared).contains(model);
    }
}
