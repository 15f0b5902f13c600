package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The policies of docs/deploying-role.md, held against what all the other stories asked AWS for. Isolated, it is told when
 * they have ended.
 */
@Story
@Isolated("it asks what the others did")
final class DeployingRoleStory {

    private final Policy policy;
    private final Policy more;

    /** One for each kind of thing that stood before the stack. */
    private final List<Policy> others;

    private final Set<Permission> asked;

    DeployingRoleStory(Workbench workbench) throws IOException {
        String page = workbench.file("docs/deploying-role.md");
        policy = Policy.of(page, "deploy").and(Policy.of(page, "state"));
        more = Stream.of(
                        "http",
                        "private api",
                        "direct",
                        "access",
                        "answers",
                        "jobs",
                        "scaling",
                        "watch",
                        "vpc",
                        "token",
                        "kept token")
                .map(part -> Policy.of(page, part))
                .reduce(Policy::and)
                .orElseThrow();
        others = Stream.of("functions", "tables", "endpoint configurations")
                .map(kind -> Policy.of(page, kind + " of others"))
                .toList();
        asked = workbench.calls().permissions();
    }

    @Test
    @Order(1)
    void it_allows_all_that_up_refresh_and_destroy_call() {
        assertThat(others.stream().reduce(policy.and(more), Policy::and).missing(asked))
                .isEmpty();
    }

    @Test
    @Order(2)
    void it_allows_nothing_else() {
        Assumptions.assumeTrue(
                asked.stream().anyMatch(permission -> permission.action().equals("s3:PutObject"))
                        && asked.stream()
                                .anyMatch(permission -> permission.action().equals("lambda:UpdateFunctionCode")),
                "skipped: the stories that change a stack and that deploy as the pipeline does were not told");
        assertThat(policy.idle(asked)).isEmpty();
        assertThat(policy.wild(asked)).isEmpty();
    }

    @Test
    @Order(3)
    void what_the_samples_do_without_allows_nothing_else() {
        Assumptions.assumeTrue(
                Stream.of("states:CreateStateMachine", "apigateway:POST").allMatch(action -> asked.stream()
                        .anyMatch(permission -> permission.action().equals(action)
                                && !permission.resource().contains("/restapis"))),
                "skipped: the stories of the examples were not told");
        assertThat(more.idle(asked)).isEmpty();
        assertThat(more.wild(asked)).isEmpty();
    }

    @Test
    @Order(4)
    void it_allows_nothing_else_on_what_others_have_made() {
        List<Policy> used = others.stream().filter(this::used).toList();
        Assumptions.assumeFalse(used.isEmpty(), "skipped: no story had anything of somebody else's");
        assertThat(used).allSatisfy(theirs -> assertThat(theirs.idle(asked)).isEmpty());
    }

    private boolean used(Policy theirs) {
        return asked.stream()
                .anyMatch(permission -> theirs.missing(Set.of(permission)).isEmpty());
    }
}
