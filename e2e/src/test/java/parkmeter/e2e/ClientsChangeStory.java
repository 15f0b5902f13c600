package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.apigateway.model.ApiKey;

/** Who may call, and how much: whoever stays keeps the key. */
@Story
final class ClientsChangeStory extends Change {

    private static final String WEBSITE = "    - {name: website, plan: roomy}\n";

    private Map<String, ApiKey> before = Map.of();

    ClientsChangeStory(Workbench workbench) throws IOException {
        super(workbench, "clients");
    }

    @BeforeEach
    void remember_the_keys() {
        before = keys();
    }

    @Test
    @Order(1)
    void a_plans_rate_and_quota_change_the_plan_in_place() throws IOException {
        stack.change(
                "rate: 50, burst: 100, quota: {limit: 10000, period: DAY}",
                "rate: 40, burst: 80, quota: {limit: 9000, period: DAY}");
        assertThat(stack.up().moves()).containsExactly("update roomy-plan");
        assertThat(keys()).isEqualTo(before);
        assertThat(stack.account().gateway().getUsagePlansPaginator().items())
                .filteredOn(plan -> plan.name().equals("parkmeter-clients-roomy"))
                .singleElement()
                .satisfies(plan -> {
                    assertThat(plan.throttle().rateLimit()).isEqualTo(40);
                    assertThat(plan.quota().limit()).isEqualTo(9000);
                });
    }

    @Test
    @Order(2)
    void a_client_added_gets_a_key_and_the_others_keep_theirs() throws IOException {
        // Before the others: keys go by name, not by place.
        stack.change(WEBSITE, "    - {name: support, plan: roomy}\n" + WEBSITE);
        assertThat(stack.up().moves()).containsExactly("create support-key", "create support-plan-key");
        assertThat(keys()).containsKey("support").containsAllEntriesOf(before);
    }

    @Test
    @Order(3)
    void a_client_renamed_gets_a_new_key_and_the_others_keep_theirs() throws IOException {
        stack.change("name: support", "name: helpdesk");
        assertThat(stack.up().moves())
                .containsExactly(
                        "create helpdesk-key",
                        "create helpdesk-plan-key",
                        "delete support-plan-key",
                        "delete support-key");
        Map<String, ApiKey> after = keys();
        assertThat(after.remove("helpdesk")).isNotNull();
        before.remove("support");
        assertThat(after).isEqualTo(before);
    }

    @Test
    @Order(4)
    void a_client_on_another_plan_keeps_its_key() throws IOException {
        stack.change("name: helpdesk, plan: roomy", "name: helpdesk, plan: tight");
        assertThat(stack.up().moves())
                .containsExactly("delete-replaced helpdesk-plan-key", "create-replacement helpdesk-plan-key");
        assertThat(keys()).isEqualTo(before);
    }

    @Test
    @Order(5)
    void a_client_removed_loses_its_key_and_the_others_keep_theirs() throws IOException {
        stack.change("    - {name: helpdesk, plan: tight}\n", "");
        assertThat(stack.up().moves()).containsExactly("delete helpdesk-plan-key", "delete helpdesk-key");
        before.remove("helpdesk");
        assertThat(keys()).isEqualTo(before);
    }

    /** The keys by their clients, with id and value. */
    private Map<String, ApiKey> keys() {
        var keys = new TreeMap<String, ApiKey>();
        String prefix = "parkmeter-clients-";
        stack.account().gateway().getApiKeys(request -> request.includeValues(true)).items().stream()
                .filter(key -> key.name().startsWith(prefix))
                .forEach(key -> keys.put(key.name().substring(prefix.length()), key));
        return keys;
    }
}
