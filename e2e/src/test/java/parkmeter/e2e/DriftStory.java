package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.apigateway.ApiGatewayClient;
import software.amazon.awssdk.services.apigateway.model.ApiKey;
import software.amazon.awssdk.services.apigateway.model.Op;
import software.amazon.awssdk.services.apigateway.model.PatchOperation;
import software.amazon.awssdk.services.apigateway.model.RestApi;
import software.amazon.awssdk.services.apigateway.model.UsagePlan;

/** What somebody changed by hand, past Pulumi: a usage plan gone, a throttle at another rate, a permission taken away. */
@Story
final class DriftStory extends Change {

    private List<String> declared = List.of();
    private List<String> keys = List.of();

    DriftStory(Workbench workbench) throws IOException {
        super(workbench.stack("drift", workbench.file("e2e/src/test/stacks/Pulumi.plain.yaml")));
    }

    @Test
    @Order(1)
    void a_preview_that_refreshes_shows_what_was_changed_by_hand() {
        declared = footprint();
        keys = keys();
        ApiGatewayClient gateway = stack.account().gateway();
        UsagePlan plan = gateway.getUsagePlansPaginator().items().stream()
                .filter(each -> each.name().equals("parkmeter-drift-default"))
                .findFirst()
                .orElseThrow();
        RestApi api = gateway.getRestApisPaginator().items().stream()
                .filter(each -> each.name().equals("parkmeter-drift"))
                .findFirst()
                .orElseThrow();
        // AWS deletes no plan that a stage is on, and takes its keys off with it.
        gateway.getUsagePlanKeys(request -> request.usagePlanId(plan.id()))
                .items()
                .forEach(key -> gateway.deleteUsagePlanKey(
                        request -> request.usagePlanId(plan.id()).keyId(key.id())));
        gateway.updateUsagePlan(request ->
                request.usagePlanId(plan.id()).patchOperations(patch(Op.REMOVE, "/apiStages", api.id() + ":prod")));
        gateway.deleteUsagePlan(request -> request.usagePlanId(plan.id()));
        gateway.updateStage(request -> request.restApiId(api.id())
                .stageName("prod")
                .patchOperations(patch(Op.REPLACE, "/*/*/throttling/rateLimit", "7")));
        stack.account().functions().removePermission(request -> request.functionName("parkmeter-drift-small-invoke")
                .statementId(statement()));
        assertThat(footprint()).isNotEqualTo(declared);

        assertThat(stack.preview("--refresh").moves())
                .containsExactlyInAnyOrder(
                        "create default-plan",
                        "create first-plan-key",
                        "update api-method-settings",
                        "create api-permission/invoke");
    }

    @Test
    @Order(2)
    void a_refresh_shows_it_too_and_changes_nothing_in_aws() {
        List<String> before = footprint();

        assertThat(stack.refresh().moves())
                .containsExactlyInAnyOrder(
                        "delete default-plan",
                        "delete first-plan-key",
                        "update api-method-settings",
                        "delete api-permission/invoke");

        assertThat(footprint()).isEqualTo(before);
    }

    @Test
    @Order(3)
    void up_restores_it_and_nothing_else_and_the_key_stays_the_same() {
        assertThat(stack.up().moves())
                .containsExactlyInAnyOrder(
                        "create default-plan",
                        "create first-plan-key",
                        "update api-method-settings",
                        "create api-permission/invoke");

        assertThat(footprint()).isEqualTo(declared);
        assertThat(keys()).isEqualTo(keys);
        stack.preview("--refresh", "--expect-no-changes");
    }

    private static PatchOperation patch(Op op, String path, String value) {
        return PatchOperation.builder().op(op).path(path).value(value).build();
    }

    private List<String> footprint() {
        return Footprint.of(stack.account(), "drift");
    }

    private List<String> keys() {
        return stack.account().gateway().getApiKeys(request -> request.includeValues(true)).items().stream()
                .filter(key -> key.name().startsWith("parkmeter-drift-"))
                .map(ApiKey::value)
                .toList();
    }

    /** The statement that lets the API call the function. */
    private String statement() {
        String policy = stack.account()
                .functions()
                .getPolicy(request -> request.functionName("parkmeter-drift-small-invoke"))
                .policy();
        return policy.replaceFirst("(?s).*\"Sid\" *: *\"([^\"]+)\".*", "$1");
    }
}
