package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import parkmeter.e2e.Stack.Running;

/**
 * Pulumi killed in the middle of an update. It leaves its lock, and a note of each resource whose creation it had begun; what it
 * asks for, and what a person types then, are in docs/operations.md.
 */
@Story
@Order(2)
final class KillStory {

    private final Workbench workbench;
    private final String config;
    private final List<ProcessHandle> orphans = new ArrayList<>();
    private List<String> undisturbed = List.of();

    KillStory(Workbench workbench) throws IOException {
        this.workbench = workbench;
        this.config = workbench.file("e2e/src/test/stacks/Pulumi.plain.yaml");
    }

    @BeforeAll
    void see_what_an_undisturbed_update_makes() throws IOException {
        try (Stack stack = workbench.stack("undisturbed", config)) {
            stack.up();
            undisturbed = Footprint.of(stack.account(), stack.name());
            stack.destroy();
        }
    }

    @AfterAll
    void end_what_outlived_pulumi() {
        orphans.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    @Order(1)
    void with_the_model_made_and_the_whole_machine_gone_the_next_up_goes_on() throws Exception {
        try (Stack stack = workbench.stack("gone", config)) {
            Wire.Held configuration = stack.wire().holdCall("sagemaker CreateEndpointConfig");
            Wire.Held function = stack.wire().holdCall("lambda POST /2015-03-31/functions");
            Running up = stack.begin("up", "--yes", "--skip-preview");
            configuration.reached();
            function.reached();
            until(up, "create small-model");
            until(stack, "creating small-configuration", "creating small-invoke-function");
            for (ProcessHandle each : up.kill()) {
                each.destroyForcibly();
                each.onExit().get(10, TimeUnit.SECONDS);
            }
            configuration.lose();
            function.lose();

            unlock(stack);
            Run next = stack.up();

            assertThat(next.console()).contains("::small-configuration, interrupted while creating");
            assertThat(next.moves())
                    .contains("create small-configuration", "create small-invoke-function")
                    .doesNotContain("create small-model");
            as_undisturbed(stack);
        }
    }

    @Test
    @Order(2)
    void with_an_endpoint_on_its_way_that_aws_has_taken_on_the_next_up_takes_it_in() throws Exception {
        try (Stack stack = workbench.stack("underway", config)) {
            Wire.Held answer = stack.wire().holdAnswer("sagemaker CreateEndpoint");
            killed_while(stack, answer, "creating small-endpoint", "create first-plan-key");

            unlock(stack);
            Run refused = stack.tryUp();
            assertThat(refused.exit()).isNotZero();
            assertThat(refused.console())
                    .contains("::small-endpoint, interrupted while creating")
                    .contains("Cannot create already existing endpoint")
                    .contains("parkmeter-underway-small");
            take_in(stack, "parkmeter-underway-small");
            assertThat(stack.up().moves()).isEmpty();
            as_undisturbed(stack);
        }
    }

    @Test
    @Order(3)
    void with_a_deployment_on_its_way_that_aws_has_made_the_next_up_leaves_no_second_one() throws Exception {
        try (Stack stack = workbench.stack("halfway", config)) {
            Wire.Held answer = stack.wire().holdAnswer("apigateway POST /restapis/[^/]*/deployments");
            killed_while(
                    stack, answer, "creating api-deployment", "create small-endpoint", "create api-permission/invoke");
            String api = stack.account().gateway().getRestApis().items().stream()
                    .filter(each -> each.name().equals("parkmeter-halfway"))
                    .findFirst()
                    .orElseThrow()
                    .id();
            String deployment = stack.account()
                    .gateway()
                    .getDeployments(request -> request.restApiId(api))
                    .items()
                    .get(0)
                    .id();

            unlock(stack);
            take_in(stack, api + "/" + deployment);
            // AWS keeps no word of the document that a deployment was made from: the one taken in is replaced.
            assertThat(stack.up().moves())
                    .startsWith("create-replacement api-deployment")
                    .endsWith("delete-replaced api-deployment");
            as_undisturbed(stack);
        }
    }

    /** The CLI alone is killed, once nothing else is on its way; AWS has done what was called, and Pulumi never hears of it. */
    private void killed_while(Stack stack, Wire.Held answer, String pending, String... done) throws Exception {
        Running up = stack.begin("up", "--yes", "--skip-preview");
        answer.reached();
        until(up, done);
        until(stack, pending);
        for (ProcessHandle orphan : up.kill()) {
            String command = orphan.info().command().orElse("");
            if (command.contains("resource-aws") || command.contains("terraform-provider")) {
                orphans.add(orphan); // looks for its engine every five minutes, and ends then
            } else {
                orphan.onExit().get(10, TimeUnit.SECONDS);
            }
        }
        answer.release();
    }

    /** What Pulumi asks for: the lock of the killed update has to go. */
    private static void unlock(Stack stack) {
        Run refused = stack.tryUp();
        assertThat(refused.exit()).isNotZero();
        assertThat(refused.console()).contains("the stack is currently locked by 1 lock(s)", "`pulumi cancel`");
        stack.run("cancel", "--yes").succeeded();
    }

    /** Takes what AWS has made into the stack's state, and Pulumi's note of it out. */
    private static void take_in(Stack stack, String id) {
        JsonNode made = stack.state().at("/deployment/pending_operations/0/resource");
        String name = name(made.path("urn").asText());
        String parent = made.path("parent").asText();
        String provider = made.path("provider").asText().replaceFirst("::[^:]*$", "");
        stack.run(
                        "import",
                        made.path("type").asText(),
                        name,
                        id,
                        "--parent",
                        name(parent) + "=" + parent,
                        "--provider",
                        name(provider) + "=" + provider,
                        "--protect=false",
                        "--generate-code=false",
                        "--skip-preview",
                        "--yes")
                .succeeded();
        stack.refresh("--clear-pending-creates");
        assertThat(stack.pending()).isEmpty();
    }

    private static String name(String urn) {
        return urn.substring(urn.lastIndexOf("::") + 2);
    }

    private void as_undisturbed(Stack stack) {
        assertThat(Footprint.of(stack.account(), stack.name())).isEqualTo(undisturbed);
        stack.preview("--expect-no-changes");
        stack.destroy();
        assertThat(stack.account().of(stack.name())).isEmpty();
    }

    /** Waits until the engine has told that all this is done. */
    private static void until(Running up, String... moves) throws InterruptedException {
        until(() -> up.begun().moves(), told -> told.containsAll(List.of(moves)));
    }

    /** Waits until Pulumi has noted that this, and nothing else, is on its way. */
    private static void until(Stack stack, String... pending) throws InterruptedException {
        until(stack::pending, noted -> noted.equals(List.of(pending)));
    }

    private static void until(Supplier<List<String>> what, Predicate<List<String>> reached)
            throws InterruptedException {
        for (int i = 0; i < 2400; i++) {
            if (reached.test(what.get())) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new AssertionError("after two minutes: " + what.get());
    }
}
