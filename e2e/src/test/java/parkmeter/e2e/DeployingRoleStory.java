package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The policy of the deploying role in docs/operations.md, held against what all the other stories asked AWS for. Isolated, it is
 * told when they have ended.
 */
@Story
@Isolated("it asks what the others did")
final class DeployingRoleStory {

    private final Policy policy;
    private final Policy more;
    private final Policy others;
    private final Set<Permission> asked;

    DeployingRoleStory(Workbench workbench) throws IOException {
        String operations = workbench.file("docs/operations.md");
        policy = Policy.of(operations, "deploy").and(Policy.of(operations, "state"));
        more = Stream.of(
                        "http",
                        "direct",
                        "access",
                        "jobs",
                        "watch",
                        "scaling",
                        "vpc",
                        "token",
                        "kept token",
                        "known table")
                .map(part -> Policy.of(operations, part))
                .reduce(Policy::and)
                .orElseThrow();
        others = Policy.of(operations, "functions of others");
        asked = workbench.calls().permissions();
    }

    @Test
    @Order(1)
    void it_allows_all_that_up_refresh_and_destroy_call() {
        assertThat(policy.and(more).and(others).missing(asked)).isEmpty();
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
    void it_allows_nothing_else_on_functions_of_others() {
        Assumptions.assumeTrue(
                asked.stream().anyMatch(permission -> others.missing(Set.of(permission))
                        .isEmpty()),
                "skipped: no story had a function of somebody else's");
        assertThat(others.idle(asked)).isEmpty();
    }
}
