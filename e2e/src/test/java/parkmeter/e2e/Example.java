package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A stack of {@code examples/}: it is deployed as its plan says, its own script gets what it expects, and nothing stays. */
abstract class Example {

    /** What stands between {@code up} and {@code destroy}. */
    final Stack stack;

    private final Workbench workbench;
    private final String name;
    private final String file;

    /**
     * @param name the folder's, and the stack's
     */
    Example(Workbench workbench, String name) throws IOException {
        this.workbench = workbench;
        this.name = name;
        this.file = workbench.file("examples/" + name + "/Pulumi." + name + ".yaml");
        this.stack = workbench.stack(name, file);
    }

    @AfterAll
    void end() {
        stack.close();
    }

    @Test
    @Order(1)
    void up_creates_all_of_it() {
        assertThat(stack.up().moves()).isNotEmpty().allMatch(move -> move.startsWith("create "));
    }

    @Test
    @Order(2)
    void it_stands_as_its_plan_says_and_as_it_was_declared() throws IOException {
        stands();
        JsonNode standing = stack.preview("--json", "--show-sames", "--refresh", "--expect-no-changes")
                .json();
        assertThat(Agreement.differences(workbench.plan(name, file), standing))
                .filteredOn(difference -> !unplanned(difference))
                .isEmpty();
    }

    @Test
    @Order(3)
    void its_own_script_gets_what_it_expects() throws Exception {
        stands();
        workbench.emulator();
        workbench.model();
        ProcessBuilder script = new ProcessBuilder(workbench
                        .root()
                        .resolve("examples/" + name + "/call.sh")
                        .toString())
                .redirectErrorStream(true);
        script.environment().putAll(given(stack.outputs()));
        letIn();
        Process running = script.start();
        String output = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(running.waitFor()).as(output).isZero();
    }

    @Test
    @Order(90)
    void destroy_leaves_nothing() {
        stands();
        stack.destroy();
        assertThat(stack.account().of(name)).isEmpty();
    }

    /** Whether a difference comes from what no plan can know. */
    boolean unplanned(String difference) {
        return false;
    }

    /** Takes out of the way what is right in AWS, and no emulator can get past. */
    void letIn() {}

    private Map<String, String> given(JsonNode outputs) {
        return Map.of(
                "URL",
                workbench.served(URI.create(outputs.path("invokeUrl").asText())).toString(),
                "KEY",
                outputs.path("apiKey").asText());
    }

    /** Without a stack there is nothing to tell. */
    final void stands() {
        Assumptions.assumeTrue(stack.outputs().has("invokeUrl"), "skipped: the stack does not stand");
    }
}
