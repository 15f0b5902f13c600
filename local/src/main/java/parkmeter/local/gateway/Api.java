package parkmeter.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * One stage of a REST API and who may call it: all that the gateway serves from.
 *
 * @param id the API's id, such as {@code a1b2c3d4e5}
 * @param stage the stage's name: the first part of each URL's path
 * @param account AWS account number, for the proxy event
 * @param region AWS region, for the proxy event's domain name
 * @param openApi OpenAPI 3.0.1 with API Gateway's extensions
 * @param stageThrottle the stage's method settings for {@code *}/{@code *}; empty: none
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
        List<ApiKey> keys,
        List<UsagePlan> plans) {
    /** Copies the lists, so that a stage never changes. */
    public Api {
        keys = List.copyOf(keys);
        plans = List.copyOf(plans);
    }
}
