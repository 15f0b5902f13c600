package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Two stacks of one description in one account. */
@Story
final class NeighboursStory {

    private final Stack left;
    private final Stack right;

    NeighboursStory(Workbench workbench) throws IOException {
        this.left = workbench.stack("left", Change.config(workbench));
        this.right = workbench.stack("right", Change.config(workbench));
    }

    @BeforeAll
    void bring_both_up() {
        left.up();
        right.up();
    }

    @AfterAll
    void take_both_down() {
        left.close();
        right.close();
    }

    @Test
    @Order(1)
    void each_has_all_of_its_own() {
        assertThat(parts(left)).isNotEmpty().isEqualTo(parts(right));
        assertThat(right.outputs().path("clients"))
                .doesNotContainAnyElementsOf(left.outputs().path("clients"));
        untouched(left);
    }

    @Test
    @Order(2)
    void a_change_of_one_leaves_the_other_alone() throws IOException {
        List<String> before = standing(left);

        right.change("maxInputTokens: 1536", "maxInputTokens: 1024");
        right.change("{name: tight, rate: 2, burst: 4}", "{name: tight, rate: 3, burst: 4}");
        assertThat(right.up().moves()).contains("update small-endpoint", "update tight-plan");

        assertThat(standing(left)).isEqualTo(before);
    }

    @Test
    @Order(3)
    void the_end_of_one_leaves_the_other_alone() {
        List<String> before = standing(left);

        right.destroy();

        assertThat(standing(right)).isEmpty();
        assertThat(standing(left)).isEqualTo(before);
        untouched(left);
        left.destroy();
        assertThat(standing(left)).isEmpty();
    }

    private static List<String> standing(Stack stack) {
        return stack.account().of(stack.name());
    }

    /** What stands of the stack, without what makes the names its own: the stack's name, and the hash of a configuration with it. */
    private static List<String> parts(Stack stack) {
        return standing(stack).stream()
                .map(each -> each.replace("parkmeter-" + stack.name(), "").replaceFirst("-[0-9a-f]{8}$", ""))
                .sorted()
                .toList();
    }

    /** What AWS has of the stack is what the stack knows of. */
    private static void untouched(Stack stack) {
        stack.preview("--refresh", "--expect-no-changes");
    }
}
