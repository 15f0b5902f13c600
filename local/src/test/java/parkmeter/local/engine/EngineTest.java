package parkmeter.local.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineTest {
    private static final Path FOLDER = Path.of("").toAbsolutePath();
    private static final List<Path> CLASS_PATH = Arrays.stream(
                    System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), -1))
            .map(Path::of)
            .toList();

    private final Stack stack = inRegion("eu-west-2");

    @Test
    void a_plan_records_parents_dependencies_options_and_computed_outputs() throws Exception {
        Plan plan = engine(Programs.RoleAndFunction.class).run(stack);

        Registration role = plan.ofType("aws:iam/role:Role").get(0);
        Registration function = plan.ofType("aws:lambda/function:Function").get(0);
        assertThat(role.urn()).isEqualTo("urn:pulumi:dev::test::test:part:Part$aws:iam/role:Role::role");
        assertThat(role.parent()).hasValue("urn:pulumi:dev::test::test:part:Part::part");
        assertThat(role.options().path("protect").asBoolean()).isTrue();
        assertThat(role.options().path("version").asText()).isEqualTo("6.83.0");
        assertThat(function.dependencies()).containsExactly(role.urn());
        assertThat(function.propertyDependencies()).isEqualTo(Map.of("role", List.of(role.urn())));
        assertThat(function.inputs().path("role").asText()).isEqualTo("arn:aws:iam::123456789012:role/Reader");
        assertThat(plan.outputs().path("invokeArn").asText())
                .isEqualTo("arn:aws:apigateway:eu-west-2:lambda:path/2015-03-31/functions/"
                        + "arn:aws:lambda:eu-west-2:123456789012:function:Invoke/invocations");
        assertThat(plan.outputs().path("account").asText()).isEqualTo("123456789012");
    }

    @Test
    void a_secret_is_marked_on_the_wire_and_shown_nowhere() throws Exception {
        Plan plan = engine(Programs.RoleAndFunction.class).run(stack);

        Registration function = plan.ofType("aws:lambda/function:Function").get(0);
        assertThat(function.secrets()).containsExactly("/description");
        assertThat(function.inputs().path("description").asText()).isEqualTo("my secret");
        assertThat(plan.root().orElseThrow().secrets()).containsExactly("/token");
        assertThat(PlanJson.write(plan) + PlanText.render(plan))
                .contains("\"description\": {\n          \"secret\": \"[secret]\"")
                .contains("description: [secret]")
                .doesNotContain("my secret", "my token");
    }

    @Test
    void a_preview_leaves_what_aws_computes_unknown() throws Exception {
        Plan plan = engine(Programs.RoleAndFunction.class).preview(stack);

        assertThat(plan.ofType("aws:lambda/function:Function")
                        .get(0)
                        .inputs()
                        .path("role")
                        .asText())
                .isEqualTo(Registration.UNKNOWN);
        assertThat(PlanText.render(plan)).contains("role: [known after deployment]");
    }

    @Test
    void a_type_without_a_rule_gets_an_id_and_an_arn() throws Exception {
        Plan plan = engine(Programs.UnknownType.class).run(stack);

        assertThat(plan.outputs().path("id").asText()).isEqualTo("key");
        assertThat(plan.outputs().path("arn").asText()).startsWith("arn:aws:kms:eu-west-2:123456789012:key/");
    }

    @ParameterizedTest
    @CsvSource({
        "eu-west-2,      763104351884.dkr.ecr.eu-west-2.amazonaws.com",
        "ap-east-1,      871362719292.dkr.ecr.ap-east-1.amazonaws.com",
        "cn-northwest-1, 727897471807.dkr.ecr.cn-northwest-1.amazonaws.com.cn",
        "us-gov-west-1,  442386744353.dkr.ecr.us-gov-west-1.amazonaws.com",
    })
    void an_image_comes_from_the_regions_own_registry(String region, String host) throws Exception {
        Plan plan = engine(Programs.PrebuiltImage.class).run(inRegion(region));

        assertThat(plan.outputs().path("image").asText()).isEqualTo(host + "/huggingface-pytorch-tgi-inference:3");
    }

    @Test
    void an_image_in_an_unknown_region_is_an_error_that_names_it() {
        assertThat(failure(Programs.PrebuiltImage.class, inRegion("eu-west-9")).messages())
                .singleElement()
                .asString()
                .contains("no registry", "'eu-west-9'");
    }

    @Test
    void a_call_that_the_engine_does_not_answer_is_named() {
        assertThat(failure(Programs.UnknownCall.class, stack).messages())
                .singleElement()
                .asString()
                .contains("aws:sns/getTopic:getTopic", "doesn't answer");
    }

    @Test
    void two_resources_of_one_name_are_refused() {
        assertThat(failure(Programs.SameNameTwice.class, stack))
                .hasMessageContaining("urn:pulumi:dev::test::aws:s3/bucketV2:BucketV2::bucket");
    }

    @Test
    void without_a_region_the_message_says_how_to_set_one() {
        Stack nowhere = new Stack(FOLDER, "test", "dev", Map.of(), Set.of());

        assertThat(failure(Programs.UnknownType.class, nowhere)).hasMessageContaining("pulumi config set aws:region");
    }

    @Test
    void what_a_program_refuses_is_handed_on_with_its_exit_code() {
        ProgramFailed failed = failure(Programs.Refuses.class, stack);

        assertThat(failed.exitCode()).hasValue(ProgramFailed.TOLD_WHAT_TO_MEND);
        assertThat(failed.messages()).containsExactly("The size is wrong: mend it");
    }

    @Test
    void a_mistake_in_a_program_is_shown_with_its_place() {
        ProgramFailed failed = failure(Programs.Breaks.class, stack);

        assertThat(failed.messages())
                .singleElement()
                .asString()
                .contains("IllegalStateException: a mistake", "Programs.java")
                .doesNotContain(".jar");
    }

    @Test
    void a_warning_is_shown_with_the_plan() throws Exception {
        Plan plan = engine(Programs.Warns.class).run(stack);

        assertThat(plan.warnings()).containsExactly("A GPU is expensive");
        assertThat(PlanText.render(plan)).contains("warning: A GPU is expensive");
    }

    @Test
    void a_program_that_dies_is_quoted() {
        ProgramFailed failed = failure(Programs.Dies.class, stack);

        assertThat(failed.exitCode()).hasValue(3);
        assertThat(failed.messages()).containsExactly("The Pulumi program ended with exit code 3:\nno such library");
    }

    @Test
    void a_program_that_hangs_is_stopped() {
        Engine engine = new Engine(program(Programs.Hangs.class), ApiKeys.MASKED, Duration.ofSeconds(1));

        ProgramFailed failed = catchThrowableOfType(ProgramFailed.class, () -> engine.run(stack));

        assertThat(failed).hasMessageContaining("still running after 1 s");
        assertThat(failed.exitCode()).isEmpty();
        assertThat(ProcessHandle.current()
                        .children()
                        .flatMap(child -> child.info().arguments().stream())
                        .flatMap(Arrays::stream))
                .noneMatch(argument -> argument.contains("Hangs"));
    }

    @Test
    void a_program_that_is_not_built_says_how_to_build_it() {
        Path classes = FOLDER.resolve("no-such-folder");

        ProgramFailed failed = catchThrowableOfType(
                ProgramFailed.class, () -> Program.built("parkmeter.App", classes, FOLDER.resolve("classpath.txt")));

        assertThat(failed).hasMessageContainingAll("isn't built", classes.toString(), "mvn package");
    }

    private static Stack inRegion(String region) {
        return new Stack(
                FOLDER, "test", "dev", Map.of("aws:region", region, "test:token", "my token"), Set.of("test:token"));
    }

    private static ProgramFailed failure(Class<?> main, Stack stack) {
        return catchThrowableOfType(ProgramFailed.class, () -> engine(main).run(stack));
    }

    private static Engine engine(Class<?> main) {
        return new Engine(program(main), ApiKeys.MASKED, Duration.ofSeconds(60));
    }

    private static Program program(Class<?> main) {
        return new Program(main.getName(), CLASS_PATH);
    }
}
