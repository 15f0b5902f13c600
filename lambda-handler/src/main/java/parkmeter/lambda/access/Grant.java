package parkmeter.lambda.access;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may, and who he is.
 *
 * @param routes {@code METHOD /path}, as the API declares them
 * @param caller tells him from others
 * @param client whose plan applies; null where there is none
 * @param apiKeyId the id of that client's API key; null where it has none
 * @param apiKey the key itself, by which a REST API counts; null where it has none
 * @param tokenId names the token; empty where he showed none, or it has no name
 */
record Grant(
        List<String> routes,
        String caller,
        @Nullable String client,
        @Nullable String apiKeyId,
        @Nullable String apiKey,
        String tokenId) {

    /** What the functions behind are told. */
    Map<String, Object> context() {
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("caller", caller);
        if (client != null) {
            context.put("client", client);
        }
        if (apiKeyId != null) {
            context.put("apiKeyId", apiKeyId);
        }
        return context;
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "Grant[" + caller + "]";
    }
}
