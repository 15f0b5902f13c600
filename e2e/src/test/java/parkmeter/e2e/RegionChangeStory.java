package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The stack moves: AWS moves nothing from region to region, so all of it goes and comes again. */
@Story
final class RegionChangeStory extends Change {

    RegionChangeStory(Workbench workbench) throws IOException {
        super(workbench, "region");
    }

    @Test
    @Order(1)
    void another_region_takes_everything_down_in_the_old_one_and_then_up_in_the_new_one() throws IOException {
        Account left = stack.account();
        List<String> before = left.of("region");

        stack.change("eu-west-2", "eu-west-1");
        List<String> moves = stack.up().moves();

        assertThat(moves)
                .allMatch(move -> move.startsWith("delete-replaced ") || move.startsWith("create-replacement "));
        assertThat(moves.lastIndexOf(
                        moves.stream().filter(move -> move.startsWith("delete")).reduce("", (first, second) -> second)))
                .isLessThan(moves.indexOf(moves.stream()
                        .filter(move -> move.startsWith("create"))
                        .findFirst()
                        .orElseThrow()));
        // A role belongs to the account, not to a region.
        assertThat(left.of("region")).allMatch(each -> each.startsWith("role "));
        assertThat(stack.account().of("region")).hasSameSizeAs(before);
    }

    @Test
    @Order(2)
    void there_it_stays_as_it_is() {
        stack.preview("--expect-no-changes");
    }
}
