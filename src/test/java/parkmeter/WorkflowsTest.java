package parkmeter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** GitHub's workflows: what they run is run here too, and what they may do is little. */
class WorkflowsTest {

    private static final Path WORKFLOWS = Path.of(".github/workflows");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, String>> STRINGS = new TypeReference<>() {};

    /** What a job may be allowed at most (GitHub's docs, "Permissions for the GITHUB_TOKEN"), by its workflow. */
    private static final Map<String, Map<String, String>> PERMISSIONS = Map.of(
            "ci.yml", Map.of("contents", "read"),
            "deploy.yml", Map.of("contents", "read", "id-token", "write", "pull-requests", "write"));

    static List<String> workflows() throws IOException {
        try (Stream<Path> files = Files.list(WORKFLOWS)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void every_line_of_ci_is_a_line_of_the_check_before_a_change_lands() throws IOException {
        List<String> landing = Files.readAllLines(Path.of(".ci/run")).stream()
                .map(String::strip)
                .toList();
        assertThat(runs("ci.yml")).isNotEmpty().allSatisfy(run -> assertThat(landing)
                .as("%s is in .ci/run, with variables before it or a pipe behind", run)
                .anyMatch(line -> line.replaceFirst("^([A-Z_]+=\\S+ )+", "")
                        .replaceFirst(" \\| .*$", "")
                        .equals(run)));
    }

    @Test
    void every_job_of_the_deployment_is_one_that_a_story_runs() throws IOException {
        assertThat(read("deploy.yml").get("jobs").fieldNames())
                .toIterable()
                .as("PipelineStory runs these")
                .containsExactly("preview", "deploy");
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void an_action_is_pinned_by_its_commit_and_says_its_version(String workflow) throws IOException {
        List<String> actions = Files.readAllLines(WORKFLOWS.resolve(workflow)).stream()
                .filter(line -> line.contains("uses:"))
                .toList();
        assertThat(actions)
                .isNotEmpty()
                .allMatch(line -> line.matches(" +- uses: [a-z-]+/[a-z-]+@[0-9a-f]{40} # v[0-9]+\\.[0-9]+\\.[0-9]+"));
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void a_job_is_allowed_what_it_needs_and_the_workflow_nothing(String workflow) throws IOException {
        assertThat(read(workflow).get("permissions")).isEmpty();
        assertThat(read(workflow).get("jobs")).allSatisfy(job -> assertThat(
                        JSON.convertValue(job.get("permissions"), STRINGS))
                .isNotEmpty()
                .allSatisfy((what, how) -> assertThat(PERMISSIONS.get(workflow)).containsEntry(what, how)));
    }

    /** What a person can choose, such as a branch's name, would be run as part of the line; as a variable it is only text. */
    @ParameterizedTest
    @MethodSource("workflows")
    void no_line_holds_an_expression_and_no_secret_is_stored(String workflow) throws IOException {
        assertThat(runs(workflow)).noneMatch(run -> run.contains("${{"));
        assertThat(Files.readString(WORKFLOWS.resolve(workflow)))
                .doesNotContain("secrets.")
                .doesNotContain("aws-access-key-id");
    }

    @Test
    void one_update_of_a_stack_runs_at_a_time_and_none_is_cut_off() throws IOException {
        JsonNode deploy = read("deploy.yml").at("/jobs/deploy");
        assertThat(deploy.at("/concurrency/group").asText()).isEqualTo("stack-${{ inputs.stack || 'dev' }}");
        assertThat(deploy.at("/concurrency/cancel-in-progress")).isEqualTo(BooleanNode.FALSE);
        assertThat(deploy.get("environment").asText()).isEqualTo("${{ inputs.stack || 'dev' }}");
    }

    private static JsonNode read(String workflow) throws IOException {
        return JSON.valueToTree(new Yaml().load(Files.readString(WORKFLOWS.resolve(workflow))));
    }

    private static List<String> runs(String workflow) throws IOException {
        return read(workflow)
                .get("jobs")
                .valueStream()
                .flatMap(job -> job.get("steps").valueStream())
                .filter(step -> step.has("run"))
                .flatMap(step -> step.get("run").asText().lines())
                .toList();
    }
}
