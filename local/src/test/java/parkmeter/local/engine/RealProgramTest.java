package parkmeter.local.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the program of this repository says on the wire. */
class RealProgramTest {
    private static Plan dev;

    @BeforeAll
    static void run_the_first_environment() throws Exception {
        dev = run(RealProgram.ROOT, "dev");
    }

    @Test
    void the_hugging_face_token_is_a_secret_on_the_wire() throws Exception {
        Plan plan = run(RealProgram.TEST_STACKS, "gated");

        Registration model = plan.ofType("aws:sagemaker/model:Model").get(0);
        assertThat(model.inputs().findValuesAsText("HF_TOKEN")).containsExactly(Stack.ENCRYPTED);
        assertThat(model.secrets()).isNotEmpty();
        assertThat(PlanJson.write(plan)).doesNotContain(Stack.ENCRYPTED);
        assertThat(PlanText.render(plan)).doesNotContain(Stack.ENCRYPTED);
    }

    @Test
    void a_preview_warns_of_public_routes_and_of_what_they_can_cost() throws Exception {
        Plan preview = RealProgram.engine().preview(Stack.read(RealProgram.ROOT, RealProgram.TEST_STACKS, "http"));

        assertThat(preview.warnings())
                .hasSize(3)
                .allMatch(warning -> warning.contains("is public") && warning.contains("1.41 USD an hour"));
        assertThat(dev.warnings()).isEmpty();
    }

    @Test
    void two_runs_give_the_same_plan_byte_for_byte() throws Exception {
        Plan again = run(RealProgram.ROOT, "dev");

        assertThat(PlanJson.write(again)).isEqualTo(PlanJson.write(dev));
        assertThat(PlanText.render(again)).isEqualTo(PlanText.render(dev));
    }

    @Test
    void every_resource_has_a_parent_and_every_aws_resource_the_stacks_provider() throws Exception {
        assertThat(dev.resources()).filteredOn(each -> each.parent().isEmpty()).hasSize(1);
        assertThat(dev.resources())
                .filteredOn(each -> each.type().startsWith("aws:"))
                .isNotEmpty()
                .extracting(each -> each.provider().map(provider -> provider.replaceFirst("::[^:]*$", "")))
                .containsOnly(Optional.of("urn:pulumi:dev::parkmeter::pulumi:providers:aws::aws"));
    }

    @Test
    void the_endpoint_waits_for_its_configuration_and_that_for_its_model() throws Exception {
        Plan prod = run(RealProgram.ROOT, "prod");
        Registration endpoint = prod.ofType("aws:sagemaker/endpoint:Endpoint").get(0);
        Registration configuration = prod.ofType("aws:sagemaker/endpointConfiguration:EndpointConfiguration")
                .get(0);
        Registration model = prod.ofType("aws:sagemaker/model:Model").get(0);
        assertThat(endpoint.dependencies()).contains(configuration.urn());
        assertThat(configuration.dependencies()).contains(model.urn());
    }

    /** Pulumi deletes what depends on a resource before the resource: all that ending an endpoint needs outlives its registration. */
    @Test
    void a_metered_endpoint_ends_before_anything_goes_that_its_end_needs() throws Exception {
        Plan plan = run(RealProgram.TEST_STACKS, "metered");

        assertThat(outliving(plan, "tinyllama-registration"))
                .contains(
                        "tinyllama-configuration",
                        "tinyllama-model",
                        "tinyllama-execution",
                        "tinyllama-execution-image",
                        "tinyllama-endpoint-logs",
                        "meter-everything")
                .doesNotContain("Falcon-registration", "Falcon-configuration");
        assertThat(outliving(plan, "meter-everything"))
                .contains(
                        "meter-table",
                        "meter-registration-function",
                        "meter-registration-role",
                        "meter-registration-role-calls",
                        "meter-registration-log-group",
                        "meter-tick-function",
                        "meter-tick-role-calls",
                        "meter-tick-target",
                        "meter-tick-permission",
                        "meter-rule",
                        "meter-topic",
                        "meter-mail-ops@example.com")
                .doesNotContain("tinyllama-registration");
    }

    /** What a resource waits for, directly or not, by logical name. */
    private static Set<String> outliving(Plan plan, String name) {
        Map<String, Registration> byUrn =
                plan.resources().stream().collect(Collectors.toMap(Registration::urn, each -> each));
        var open = new ArrayDeque<>(
                byUrn.values().stream().filter(each -> each.name().equals(name)).toList());
        var names = new TreeSet<String>();
        while (!open.isEmpty()) {
            for (String urn : open.remove().dependencies()) {
                Registration needed = Objects.requireNonNull(byUrn.get(urn), urn);
                if (names.add(needed.name())) {
                    open.add(needed);
                }
            }
        }
        return names;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("parkmeter.local.engine.RealProgram#stacks")
    void a_preview_declares_the_same_resources_with_all_outputs_unknown(String name, Path folder) throws Exception {
        Stack stack = Stack.read(RealProgram.ROOT, folder, name);

        Plan preview = RealProgram.engine().preview(stack);

        assertThat(urns(preview)).isEqualTo(urns(RealProgram.engine().run(stack)));
        assertThat(PlanText.render(preview)).contains("[known after deployment]");
    }

    @Test
    void the_gpus_are_those_of_all_instances() throws Exception {
        assertThat(run(RealProgram.ROOT, "prod").gpus()).singleElement().satisfies(gpus -> assertThat(gpus.total())
                .isEqualTo(8));
    }

    @Test
    void a_wrong_configuration_ends_with_exit_code_32_and_names_every_problem(@TempDir Path stacks) throws Exception {
        Files.writeString(
                stacks.resolve("Pulumi.bad.yaml"),
                """
                config:
                  aws:region: eu-west-2
                  parkmeter:models:
                    - {name: tiny, source: {hub: a/b}, hostng: {}, hosting: {instances: many}}
                """);

        ProgramFailed failed = catchThrowableOfType(ProgramFailed.class, () -> run(stacks, "bad"));

        assertThat(failed.exitCode()).hasValue(ProgramFailed.TOLD_WHAT_TO_MEND);
        // The SDK declares the stack itself, before or beside the program.
        assertThat(failed.declared()).allMatch(urn -> urn.contains("pulumi:pulumi:Stack"));
        assertThat(failed.messages())
                .singleElement()
                .asString()
                .contains(
                        "parkmeter:models[0].hostng", "parkmeter:models[0].hosting.instances", "nothing was declared");
    }

    private static String urns(Plan plan) {
        return plan.resources().stream().map(Registration::urn).collect(Collectors.joining("\n"));
    }

    private static Plan run(Path stacks, String name) throws UnusableStack, ProgramFailed {
        return RealProgram.engine().run(Stack.read(RealProgram.ROOT, stacks, name));
    }
}
