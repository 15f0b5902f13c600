package parkmeter.local.gateway;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parkmeter.local.edge.Limiter;
import parkmeter.local.edge.Undeployable;

/**
 * Who may call, and how much: the enabled keys that a usage plan of this stage holds, each with its own bucket and count. The key is
 * the header {@code x-api-key}, or what the authorizer gives as {@code usageIdentifierKey} (API Gateway developer guide, "Choose an API
 * key source").
 */
final class Access {
    private final boolean keyFromAuthorizer;
    private final List<Holder> holders = new ArrayList<>();

    /**
     * Reads the keys.
     *
     * @throws Undeployable for a source of keys that API Gateway doesn't have
     */
    Access(Api api, Clock clock) {
        String source = api.openApi().path("x-amazon-apigateway-api-key-source").asText("HEADER");
        if (!source.equals("HEADER") && !source.equals("AUTHORIZER")) {
            throw new Undeployable("x-amazon-apigateway-api-key-source", "it is HEADER or AUTHORIZER, not " + source);
        }
        keyFromAuthorizer = source.equals("AUTHORIZER");
        for (ApiKey key : api.keys()) {
            api.plans().stream()
                    .filter(plan -> key.enabled() && plan.keyIds().contains(key.id()))
                    .findFirst() // AWS takes a key into one plan a stage
                    .map(plan -> new Holder(
                            key,
                            key.value().getBytes(StandardCharsets.UTF_8),
                            plan.throttle().map(throttle -> new Limiter(throttle, clock)),
                            plan.quota().map(quota -> new QuotaCount(quota, clock))))
                    .ifPresent(holders::add);
        }
    }

    /**
     * The caller's key, its use counted. A throttled request isn't counted against the quota.
     *
     * @throws Refused without a key, with a wrong one, or when its rate or quota is used up
     */
    ApiKey admit(Exchange exchange) {
        Optional<String> value = keyFromAuthorizer
                ? exchange.caller().flatMap(Caller::usageKey)
                : exchange.request().headers().first("x-api-key");
        Holder holder = value.map(this::find).orElseThrow(() -> Refused.as(ResponseType.INVALID_API_KEY));
        if (!holder.rate.map(Limiter::admits).orElse(true)) {
            throw Refused.as(ResponseType.THROTTLED);
        }
        if (!holder.quota.map(QuotaCount::admits).orElse(true)) {
            throw Refused.as(ResponseType.QUOTA_EXCEEDED);
        }
        return holder.key;
    }

    /** Compares with every key to the end, so that the time says nothing about how near a guess is. */
    private @Nullable Holder find(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        Holder found = null;
        for (Holder holder : holders) {
            if (MessageDigest.isEqual(holder.value, bytes)) {
                found = holder;
            }
        }
        return found;
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by isEqual only
    private record Holder(ApiKey key, byte[] value, Optional<Limiter> rate, Optional<QuotaCount> quota) {}
}
