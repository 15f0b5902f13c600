package parkmeter.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import parkmeter.local.edge.Throttle;

/**
 * One stage of a REST API and who may call it: all that the gateway serves from.
 *
 * @param id the API's id, such as {@code a1b2c3d4e5}
 * @param stage the stage's name: the first part of each URL's path
 * @param account AWS account number, for the proxy event
 * @param region AWS region, for the proxy event's domain name
 * @param openApi OpenAPI 3.0.1 with API Gateway's extensions
 * @param stageThrottle the stage's method settings for {@code *}/{@code *}; empty: none
 * @param methodThrottles the stage's method settings for single methods, by {@code METHOD /resource/path}
 * @param stageVariables the stage's variables
 * @param keys the account's API keys
 * @param plans the usage plans that have this stage
 */
public record Api(
        String id,
        String stage,
        String account,
        String region,
        JsonNode openApi,
        Optional<Throttle> stageThrottle,
        Map<String, Throttle> methodThrottles,
        Map<String, String> stageVariables,
        List<ApiKey> keys,
        List<UsagePlan> plans) {
    /** Copies lists and maps, so that a stage never changes. */
    public Api {
        methodThrottles = Map.copyOf(methodThrottles);
        stageVariables = Map.copyOf(stageVariables);
        keys = List.copyOf(keys);
        plans = List.copyOf(plans);
    }

    /** An API whose stage has no variables, and one throttle for each of its methods. */
    public Api(
            String id,
            String stage,
            String account,
            String region,
            JsonNode openApi,
            Optional<Throttle> stageThrottle,
            List<ApiKey> keys,
            List<UsagePlan> plans) {
        this(id, stage, account, region, openApi, stageThrottle, Map.of(), Map.of(), keys, plans);
    }
}
