package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The examples of SageMaker Endpoint Manager's README, as {@code make import} prints them: one stack is each in turn. */
@Story
final class ImportedStory {

    private static final String NAME = "imported";

    private final Workbench workbench;
    private final Stack stack;

    ImportedStory(Workbench workbench) throws IOException {
        this.workbench = workbench;
        this.stack = workbench.stack(NAME, imported("falcon-public"));
    }

    @AfterAll
    void end() {
        stack.close();
    }

    @Test
    @Order(1)
    void a_public_model_on_two_instances_stands() {
        stack.up();
        assertThat(stack.account().of(NAME))
                .contains(
                        "endpoint parkmeter-imported-Falcon40BPublic",
                        "function parkmeter-imported-Falcon40BPublic-invoke");
    }

    @Test
    @Order(2)
    void a_model_behind_a_function_takes_its_place() throws IOException {
        stack.configure(imported("flan-lambda"));
        stack.up();
        assertThat(stack.account().of(NAME))
                .contains("function parkmeter-imported-FlanT5-invoke")
                .noneMatch(each -> each.contains("Falcon"));
    }

    @Test
    @Order(3)
    void the_gateway_takes_the_functions_place() throws IOException {
        stack.configure(imported("flan-api"));
        assertThat(stack.up().moves())
                .contains("delete FlanT5-function")
                .noneMatch(move -> move.matches(".* FlanT5-(model|configuration|registration)"));
    }

    @Test
    @Order(4)
    void an_asynchronous_endpoint_takes_jobs() throws IOException {
        stack.configure(imported("flan-async"));
        stack.up();
        assertThat(stack.account().of(NAME))
                .contains("endpoint parkmeter-imported-FlanT5Async")
                .anyMatch(each -> each.startsWith("bucket parkmeter-imported-answers-"));
    }

    @Test
    @Order(5)
    void destroy_leaves_nothing() {
        stack.destroy();
        assertThat(stack.account().of(NAME)).isEmpty();
    }

    private String imported(String configuration) throws IOException {
        return workbench.imported("local/src/test/resources/migrate/" + configuration + ".json");
    }
}
