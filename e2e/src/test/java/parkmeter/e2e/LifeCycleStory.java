package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every sample stack, from nothing to nothing. */
@Story
class LifeCycleStory {

    @ParameterizedTest(name = "{0} comes up, stays as it is, and goes without a trace")
    @ValueSource(strings = {"prod"})
    void a_sample_stack_comes_up_stays_as_it_is_and_goes_without_a_trace(String name, Workbench workbench)
            throws Exception {
        String file = Files.readString(workbench.root().resolve("Pulumi." + name + ".yaml"));
        try (Stack stack = workbench.stack(name, file)) {
            stack.preview();
            assertThat(stack.up().moves()).isNotEmpty().allMatch(move -> move.startsWith("create "));
            assertThat(stack.account().of(name)).isNotEmpty();
            stack.preview("--expect-no-changes");
            stack.refresh("--expect-no-changes");

            stack.destroy();

            assertThat(stack.account().of(name)).isEmpty();
        }
    }
}
