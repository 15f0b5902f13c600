package parkmeter.api;

import com.pulumi.aws.apigateway.UsagePlan;
import com.pulumi.aws.apigateway.UsagePlanArgs;
import com.pulumi.aws.apigateway.UsagePlanKey;
import com.pulumi.aws.apigateway.UsagePlanKeyArgs;
import com.pulumi.aws.apigateway.inputs.UsagePlanApiStageArgs;
import com.pulumi.aws.apigateway.inputs.UsagePlanQuotaSettingsArgs;
import com.pulumi.aws.apigateway.inputs.UsagePlanThrottleSettingsArgs;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import parkmeter.config.Client;
import parkmeter.config.Names;
import parkmeter.config.Plan;

/** The usage plans of an API, with each client's key on its client's plan. */
public final class Plans extends ComponentResource {

    /**
     * Declares the plans and who is on them.
     *
     * @param plans the plans that the clients are on
     * @param clients the clients, with their keys
     * @param api the API that the plans are for
     * @param names the stack's names
     * @param options the component's options, with the provider
     */
    public Plans(List<Plan> plans, Clients clients, RestFront api, Names names, ComponentResourceOptions options) {
        super("parkmeter:api:Plans", "plans", options);
        Map<String, UsagePlan> usagePlans = new LinkedHashMap<>();
        plans.forEach(plan -> usagePlans.put(plan.name(), usagePlan(plan, api, names)));
        for (Client client : clients.all()) {
            new UsagePlanKey(
                    client.name() + "-plan-key",
                    UsagePlanKeyArgs.builder()
                            .keyId(clients.keyId(client))
                            .keyType("API_KEY")
                            .usagePlanId(planOf(client, usagePlans).id())
                            .build(),
                    // The provider gives the key's value out here too, and does not call it a secret. A key can't be on
                    // two plans of one stage: for another plan it has to leave the old one first.
                    child().additionalSecretOutputs("value")
                            .deleteBeforeReplace(true)
                            .build());
        }
        registerOutputs(Map.of());
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
