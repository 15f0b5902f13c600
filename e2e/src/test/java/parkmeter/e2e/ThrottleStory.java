package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** AWS's APIs when they have too much to do: each service refuses some calls, as it does, and takes them a moment later. */
@Story
final class ThrottleStory {

    private final Stack stack;

    ThrottleStory(Workbench workbench) throws IOException {
        this.stack = workbench.stack("throttled", workbench.file("e2e/src/test/stacks/Pulumi.plain.yaml"));
        // What a person's stack has: the provider's own patience.
        stack.change("  aws:maxRetries: \"2\"\n", "");
    }

    @AfterAll
    void take_it_down() {
        stack.close();
    }

    @Test
    @Order(1)
    void up_carries_on_where_calls_are_throttled_or_answered_500() {
        Wire wire = stack.wire();
        List<Wire.Fault> faults = List.of(
                wire.fail("sts GetCallerIdentity", 1, 503, "ServiceUnavailable"),
                wire.fail("iam CreateRole", 3, 400, "Throttling"),
                wire.fail("iam PutRolePolicy", 2, 500, "ServiceFailure"),
                wire.fail("logs CreateLogGroup", 2, 400, "ThrottlingException"),
                wire.fail("sagemaker CreateModel", 2, 400, "ThrottlingException"),
                wire.fail("sagemaker CreateEndpoint", 2, 500, "InternalFailure"),
                wire.fail("sagemaker DescribeEndpoint", 2, 400, "ThrottlingException"),
                wire.fail("lambda POST /2015-03-31/functions", 2, 429, "TooManyRequestsException"),
                wire.fail("lambda POST /2015-03-31/functions/.*/policy", 1, 500, "ServiceException"),
                wire.fail("apigateway POST /restapis", 2, 429, "TooManyRequestsException"),
                wire.fail("apigateway PUT /restapis/.*", 1, 500, "InternalServerErrorException"),
                wire.fail("apigateway POST /restapis/.*/(deployments|stages)", 3, 429, "TooManyRequestsException"),
                wire.fail("apigateway (POST|PATCH) /usageplans.*", 2, 503, "ServiceUnavailableException"));

        assertThat(stack.up().moves()).hasSize(21).doesNotHaveDuplicates().allMatch(move -> move.startsWith("create "));

        assertThat(faults).as("each fault met as many calls as it was to").allMatch(Wire.Fault::spent);
    }

    @Test
    @Order(2)
    void all_of_it_stands_once_and_as_declared() {
        assertThat(stack.account().of("throttled")).hasSize(11).doesNotHaveDuplicates();
        stack.preview("--refresh", "--expect-no-changes");
    }

    @Test
    @Order(3)
    void destroy_carries_on_too() {
        Wire.Fault roles = stack.wire().fail("iam DeleteRole", 2, 400, "Throttling");
        Wire.Fault plans = stack.wire().fail("apigateway DELETE .*", 3, 429, "TooManyRequestsException");
        Wire.Fault endpoint = stack.wire().fail("sagemaker DeleteEndpoint", 1, 500, "InternalFailure");

        stack.destroy();

        assertThat(List.of(roles, plans, endpoint)).allMatch(Wire.Fault::spent);
        assertThat(stack.account().of("throttled")).isEmpty();
    }
}
