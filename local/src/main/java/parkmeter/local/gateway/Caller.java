package parkmeter.local.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who an authorizer says is calling.
 *
 * @param authorizer what it tells the integration: {@code $context.authorizer}, a text for each name; {@code claims} is a map of texts
 * @param usageKey the API key's value that a Lambda authorizer gives as {@code usageIdentifierKey}; a secret
 */
record Caller(Map<String, Object> authorizer, Optional<String> usageKey) {

    Caller {
        authorizer = Map.copyOf(authorizer);
    }

    /** Of a Lambda authorizer. */
    static Caller of(String principalId, Map<String, String> context, Optional<String> usageKey) {
        Map<String, Object> authorizer = new LinkedHashMap<>(context);
        authorizer.put("principalId", principalId);
        return new Caller(authorizer, usageKey);
    }

    /** Of a user pool. */
    static Caller of(Map<String, String> claims) {
        return new Caller(Map.of("claims", Map.copyOf(claims)), Optional.empty());
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "Caller[authorizer=" + authorizer.keySet() + "]";
    }
}
