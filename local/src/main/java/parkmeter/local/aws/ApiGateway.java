package parkmeter.local.aws;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import parkmeter.local.gateway.ApiKey;

/** API Gateway's control plane, as far as functions ask it: GetApiKey (API reference of API Gateway). */
public final class ApiGateway {
    private final Map<String, ApiKey> keys;

    /** With the account's keys. */
    public ApiGateway(Collection<ApiKey> keys) {
        this.keys = keys.stream().collect(Collectors.toUnmodifiableMap(ApiKey::id, Function.identity()));
    }

    /**
     * A key.
     *
     * @param withValue whether its value is told
     * @throws Refused where there is none of this id
     */
    ObjectNode apiKey(String id, boolean withValue) {
        ApiKey key = keys.get(id);
        if (key == null) {
            throw new Refused(404, "NotFoundException", "Invalid API Key identifier specified");
        }
        ObjectNode known = JsonNodeFactory.instance
                .objectNode()
                .put("id", key.id())
                .put("name", key.name())
                .put("enabled", key.enabled());
        if (withValue) {
            known.put("value", key.value());
        }
        known.putArray("stageKeys");
        return known;
    }
}
