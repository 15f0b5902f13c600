package parkmeter.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import software.amazon.awssdk.services.apigateway.model.ApiKey;
import software.amazon.awssdk.services.apigateway.model.RestApi;
import software.amazon.awssdk.services.apigateway.model.UsagePlan;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/**
 * All that AWS holds for a stack, a line for each thing, those without a name of their own too: deployments, statements, policies,
 * keys on a plan. Ids, times and the stack's name are left out, so that two stacks of one description leave the same footprint,
 * and what stands twice is told twice.
 */
final class Footprint {

    private final Account account;
    private final String stack;
    private final List<String> lines = new ArrayList<>();

    /** What stands in the place of what differs from stack to stack. */
    private final Map<String, String> names = new TreeMap<>();

    private Footprint(Account account, String stack) {
        this.account = account;
        this.stack = stack;
    }

    /** The lines, sorted. */
    static List<String> of(Account account, String stack) {
        return new Footprint(account, stack).take();
    }

    private List<String> take() {
        for (RestApi api : account.gateway().getRestApisPaginator().items()) {
            if (api.name().equals("parkmeter-" + stack)) {
                names.put(api.id(), "<id>");
                api(api);
            }
        }
        for (ApiKey key : account.gateway().getApiKeysPaginator().items()) {
            if (ours(key.name())) {
                names.put(key.id(), "<id>");
                tell("key", key.name(), key.description(), key.enabled(), key.tags());
            }
        }
        for (UsagePlan plan : account.gateway().getUsagePlansPaginator().items()) {
            if (ours(plan.name())) {
                plan(plan);
            }
        }
        for (FunctionConfiguration function :
                account.functions().listFunctionsPaginator().functions()) {
            if (ours(function.functionName())) {
                function(function);
            }
        }
        account.of(stack).forEach(this::named);
        return lines.stream().sorted().toList();
    }

    private void api(RestApi api) {
        var gateway = account.gateway();
        tell("api", api.name(), api.description(), api.endpointConfiguration().types(), api.tags());
        gateway.getResourcesPaginator(request -> request.restApiId(api.id()))
                .items()
                .forEach(resource -> tell(
                        "route",
                        resource.path(),
                        new TreeSet<>(resource.resourceMethods().keySet())));
        gateway.getDeploymentsPaginator(request -> request.restApiId(api.id()))
                .items()
                .forEach(deployment -> tell("deployment of", api.name()));
        gateway.getStages(request -> request.restApiId(api.id()))
                .item()
                .forEach(stage -> tell("stage", stage.stageName(), stage.methodSettings(), stage.tags()));
    }

    private void plan(UsagePlan plan) {
        tell("plan", plan.name(), plan.description(), plan.apiStages(), plan.throttle(), plan.quota(), plan.tags());
        account.gateway()
                .getUsagePlanKeysPaginator(request -> request.usagePlanId(plan.id()))
                .items()
                .forEach(key -> tell("key of", plan.name(), key.name()));
    }

    private void function(FunctionConfiguration function) {
        tell(
                "function",
                function.functionName(),
                function.handler(),
                function.runtimeAsString(),
                function.memorySize(),
                function.timeout(),
                function.environment().variables(),
                function.codeSha256(),
                function.role());
        tell("policy of", function.functionName(), policy(function));
    }

    private String policy(FunctionConfiguration function) {
        try {
            return account.functions()
                    .getPolicy(request -> request.functionName(function.functionName()))
                    .policy();
        } catch (ResourceNotFoundException noStatement) {
            return "none";
        }
    }

    private void named(String thing) {
        String name = thing.substring(thing.lastIndexOf(' ') + 1);
        switch (thing.substring(0, thing.lastIndexOf(' '))) {
            case "model" -> {
                var model = account.models().describeModel(request -> request.modelName(name));
                tell(
                        "model",
                        name,
                        model.executionRoleArn(),
                        model.primaryContainer().image(),
                        model.primaryContainer().environment());
            }
            case "endpoint configuration" ->
                tell(
                        "configuration",
                        name,
                        account.models()
                                .describeEndpointConfig(request -> request.endpointConfigName(name))
                                .productionVariants());
            case "endpoint" -> {
                var endpoint = account.models().describeEndpoint(request -> request.endpointName(name));
                tell("endpoint", name, endpoint.endpointConfigName(), endpoint.endpointStatusAsString());
            }
            case "role" -> {
                tell(
                        "role",
                        name,
                        account.roles()
                                .getRole(request -> request.roleName(name))
                                .role()
                                .assumeRolePolicyDocument());
                account.roles()
                        .listRolePoliciesPaginator(request -> request.roleName(name))
                        .policyNames()
                        .forEach(policy -> tell(
                                "policy of",
                                name,
                                policy,
                                account.roles()
                                        .getRolePolicy(request ->
                                                request.roleName(name).policyName(policy))
                                        .policyDocument()));
            }
            case "log group" ->
                tell(
                        "log group",
                        name,
                        account.logs()
                                .describeLogGroups(request -> request.logGroupNamePrefix(name))
                                .logGroups()
                                .get(0)
                                .retentionInDays());
            default -> tell(thing); // told above, with what belongs to it
        }
    }

    private boolean ours(String name) {
        return name.startsWith("parkmeter-" + stack + "-");
    }

    private void tell(Object... words) {
        String line = String.join(
                " ",
                Stream.of(words)
                        .map(word -> word instanceof Map<?, ?> map ? new TreeMap<>(map) : word)
                        .map(String::valueOf)
                        .toList());
        for (var name : names.entrySet()) {
            line = line.replace(name.getKey(), name.getValue());
        }
        // Behind the name of a Model and an EndpointConfiguration stands a hash, of the stack's name too.
        lines.add(line.replaceAll("parkmeter-" + stack + "\\b", "parkmeter-<stack>")
                .replaceAll("\\b(Stack=|stack )" + stack + "\\b", "$1<stack>")
                .replaceAll("(parkmeter-<stack>-\\w+)-[0-9a-f]{8}\\b", "$1-<hash>"));
    }
}
