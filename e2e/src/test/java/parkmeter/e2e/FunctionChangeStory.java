package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What runs on Lambda: a person edits the source and types {@code pulumi up}, and Pulumi builds the zip on its way. */
@Story
final class FunctionChangeStory extends Change {

    private final Path sources = stack.project().resolve("lambda-handler/src/main/java/parkmeter/lambda/invoke");
    private final Path zip = stack.project().resolve("lambda-handler/target/function.zip");

    FunctionChangeStory(Workbench workbench) throws IOException {
        super(workbench.cloned("function", config(workbench)));
    }

    @Test
    @Order(1)
    void a_comment_in_the_handler_changes_nothing() throws IOException {
        Path handler = sources.resolve("InvokeHandler.java");
        String source = Files.readString(handler);
        FileTime built = Files.getLastModifiedTime(zip);

        Files.writeString(handler, source.replaceFirst("(?m)^import ", "// A line that moves all others.\nimport "));
        stack.preview("--expect-no-changes");

        assertThat(Files.getLastModifiedTime(zip)).as("the zip was built again").isGreaterThan(built);
    }

    @Test
    @Order(2)
    void the_handlers_code_changes_the_function_and_nothing_else() throws IOException {
        Files.writeString(
                sources.resolve("Added.java"), "package parkmeter.lambda.invoke;\n\n/** New. */\ninterface Added {}\n");
        assertThat(stack.up().moves()).containsExactly("update small-invoke-function");
    }
}
