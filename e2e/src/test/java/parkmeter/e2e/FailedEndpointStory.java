package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import parkmeter.e2e.Stack.Running;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointResponse;
import software.amazon.awssdk.services.sagemaker.model.EndpointStatus;

/** An endpoint that does not come up: first the account has no quota for its GPU, then its container does not get well. */
@Story
final class FailedEndpointStory {

    /** SageMaker's own words (troubleshooting guide of real-time inference). */
    private static final String REASON =
            "The primary container for production variant AllTraffic did not pass the ping health check."
                    + " Please check CloudWatch logs for this endpoint.";

    /** An instance type of which no other story has an endpoint: the quota is the account's. */
    private static final String GPU = "ml.g5.24xlarge";

    private final Stack stack;
    private final Emulator emulator;

    FailedEndpointStory(Workbench workbench) throws IOException {
        this.emulator = workbench.emulator();
        this.stack = workbench.stack(
                "failing",
                workbench.file("e2e/src/test/stacks/Pulumi.plain.yaml").replace("ml.g5.xlarge", GPU));
    }

    @AfterAll
    void take_it_down() {
        quota(100);
        stack.close();
    }

    @Test
    @Order(1)
    void without_quota_up_names_the_endpoint_and_the_quota() {
        quota(0);

        Run up = stack.tryUp();

        assertThat(up.exit()).isNotZero();
        assertThat(up.console())
                .contains("creating SageMaker AI Endpoint (parkmeter-failing-small)")
                .contains("ResourceLimitExceeded")
                .contains("The account-level service limit 'ml.g5.24xlarge for endpoint usage' is 0 Instances");
        assertThat(stack.account().of("failing")).doesNotContain("endpoint parkmeter-failing-small");
    }

    @Test
    @Order(2)
    void with_quota_the_next_up_makes_it_and_names_it_with_the_reason_when_it_fails() throws Exception {
        quota(1);
        Wire.Held made = stack.wire().holdAnswer("sagemaker CreateEndpoint");
        Running begun = stack.begin("up", "--yes", "--skip-preview");
        made.reached();
        emulator.post(
                "sagemaker/endpoints/parkmeter-failing-small",
                "{\"status\": \"Failed\", \"reason\": \"%s\", \"region\": \"eu-west-2\"}".formatted(REASON));
        made.release();
        Run up = begun.end();

        assertThat(up.exit()).isNotZero();
        assertThat(up.console())
                .contains(
                        "waiting for SageMaker AI Endpoint (parkmeter-failing-small) create: unexpected state 'Failed'")
                .contains(REASON);
        assertThat(endpoint().endpointStatus()).isEqualTo(EndpointStatus.FAILED);
    }

    @Test
    @Order(3)
    void with_the_cause_gone_the_next_up_puts_a_sound_one_in_its_place() throws IOException {
        note_what_pulumis_own_plugin_notes();

        assertThat(stack.up().moves())
                .containsSubsequence("delete-replaced small-endpoint", "create-replacement small-endpoint")
                .contains("create first-plan-key");

        assertThat(endpoint().endpointStatus()).isEqualTo(EndpointStatus.IN_SERVICE);
        stack.preview("--refresh", "--expect-no-changes");
    }

    /**
     * Pulumi's AWS plugin hands over what AWS has made also where its start failed, and the engine keeps it with the failure
     * (pulumi-terraform-bridge, Provider.Create and initializationError). A plugin that forgets it is made up for here.
     */
    private void note_what_pulumis_own_plugin_notes() throws IOException {
        if (noted(stack.state()).isEmpty()) {
            String parent = urn("parkmeter:model:ModelEndpoint", "small");
            stack.run(
                            "import",
                            "aws:sagemaker/endpoint:Endpoint",
                            "small-endpoint",
                            "parkmeter-failing-small",
                            "--parent",
                            "small=" + parent,
                            "--provider",
                            "aws=" + urn("pulumi:providers:aws", "aws"),
                            "--protect=false",
                            "--generate-code=false",
                            "--skip-preview",
                            "--yes")
                    .succeeded();
            JsonNode state = stack.state();
            noted(state).orElseThrow().putArray("initErrors").add(REASON);
            Path file = stack.folder().resolve("noted.json");
            new ObjectMapper().writeValue(file.toFile(), state);
            stack.run("stack", "import", "--file", file.toString(), "--stack", "failing")
                    .succeeded();
        }
    }

    private static String urn(String type, String name) {
        return "urn:pulumi:failing::parkmeter::" + type + "::" + name;
    }

    private static Optional<ObjectNode> noted(JsonNode state) {
        return state.at("/deployment/resources")
                .valueStream()
                .filter(resource -> resource.path("type").asText().equals("aws:sagemaker/endpoint:Endpoint"))
                .map(ObjectNode.class::cast)
                .findFirst();
    }

    private DescribeEndpointResponse endpoint() {
        return stack.account().models().describeEndpoint(request -> request.endpointName("parkmeter-failing-small"));
    }

    private void quota(int instances) {
        emulator.post("sagemaker/quota", "{\"%s\": %d}".formatted(GPU, instances));
    }
}
