package parkmeter.api;

import com.pulumi.aws.apigateway.ApiKey;
import com.pulumi.aws.apigateway.ApiKeyArgs;
import com.pulumi.aws.apigateway.UsagePlan;
import com.pulumi.aws.apigateway.UsagePlanArgs;
import com.pulumi.aws.apigateway.UsagePlanKey;
import com.pulumi.aws.apigateway.UsagePlanKeyArgs;
import com.pulumi.aws.apigateway.inputs.UsagePlanApiStageArgs;
import com.pulumi.aws.apigateway.inputs.UsagePlanQuotaSettingsArgs;
import com.pulumi.aws.apigateway.inputs.UsagePlanThrottleSettingsArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import parkmeter.config.Client;
import parkmeter.config.Names;
import parkmeter.config.Plan;

/**
 * The usage plans, and an API key for each client on its plan. Keys go by the client's name, so that a client added, renamed or
 * removed leaves the others' keys alone.
 */
public final class Clients extends ComponentResource {

    private final Map<String, ApiKey> keys = new LinkedHashMap<>();

    /**
     * Declares the plans and keys.
     *
     * @param clients who may call; at least one
     * @param plans the plans that the clients are on
     * @param api the API that the plans are for
     * @param names the stack's names
     * @param options the component's options, with the provider
     */
    public Clients(
            List<Client> clients, List<Plan> plans, RestFront api, Names names, ComponentResourceOptions options) {
        super("parkmeter:api:Clients", "clients", options);
        Map<String, UsagePlan> usagePlans = new LinkedHashMap<>();
        plans.forEach(plan -> usagePlans.put(plan.name(), usagePlan(plan, api, names)));
        for (Client client : clients) {
            ApiKey key = new ApiKey(
                    client.name() + "-key",
                    ApiKeyArgs.builder()
                            .name(names.of(client.name()))
                            .description("Parkmeter client " + client.name())
                            .build(),
                    child().additionalSecretOutputs("value").build());
            new UsagePlanKey(
                    client.name() + "-plan-key",
                    UsagePlanKeyArgs.builder()
                            .keyId(key.id())
                            .keyType("API_KEY")
                            .usagePlanId(planOf(client, usagePlans).id())
                            .build(),
                    // The provider gives the key's value out here too, and does not call it a secret. A key can't be on
                    // two plans
                    // of one stage: for another plan it has to leave the old one first.
                    child().additionalSecretOutputs("value")
                            .deleteBeforeReplace(true)
                            .build());
            keys.put(client.name(), key);
        }
        registerOutputs(Map.of("keyIds", keyIds()));
    }

    /** The id of the first client's key. */
    public Output<String> firstKeyId() {
        return first().id();
    }

    /** The first client's key, a secret. */
    public Output<String> firstKeyValue() {
        return first().value().asSecret();
    }

    /** The keys' ids by the clients' names. */
    public Output<Map<String, String>> keyIds() {
        List<Output<String>> ids = new ArrayList<>();
        keys.values().forEach(key -> ids.add(key.id()));
        List<String> clientNames = List.copyOf(keys.keySet());
        return Output.all(ids).applyValue(known -> {
            Map<String, String> byName = new TreeMap<>();
            for (int i = 0; i < known.size(); i++) {
                byName.put(clientNames.get(i), known.get(i));
            }
            return byName;
        });
    }

    private ApiKey first() {
        return keys.values().iterator().next();
    }

    private UsagePlan usagePlan(Plan plan, RestFront api, Names names) {
        var args = UsagePlanArgs.builder()
                .name(names.of(plan.name()))
                .description("Parkmeter plan " + plan.name())
                .apiStages(UsagePlanApiStageArgs.builder()
                        .apiId(api.id())
                        .stage(api.stage())
                        .build())
                .throttleSettings(UsagePlanThrottleSettingsArgs.builder()
                        .rateLimit(plan.throttle().rate())
                        .burstLimit(plan.throttle().burst())
                        .build());
        plan.quota()
                .ifPresent(quota -> args.quotaSettings(UsagePlanQuotaSettingsArgs.builder()
                        .limit(quota.limit())
                        .period(quota.period().name())
                        .build()));
        return new UsagePlan(plan.name() + "-plan", args.build(), child().build());
    }

    private static UsagePlan planOf(Client client, Map<String, UsagePlan> usagePlans) {
        UsagePlan plan = usagePlans.get(client.plan());
        if (plan == null) {
            throw new IllegalArgumentException("client " + client.name() + ": no plan " + client.plan());
        }
        return plan;
    }

    private CustomResourceOptions.Builder child() {
        return CustomResourceOptions.builder().parent(this);
    }
}
