package parkmeter.lambda.access.store;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import parkmeter.lambda.aws.Sdk;
import software.amazon.awssdk.services.apigateway.ApiGatewayClient;
import software.amazon.awssdk.services.apigateway.model.NotFoundException;

/**
 * The clients' API keys. A key's value never changes, and a key that is gone does not come back, so each is asked for once:
 * API Gateway answers few such calls a second. Whether a key is enabled and in a plan, API Gateway itself checks.
 * Thread-safe.
 */
public final class ClientKeys {
    private static final Duration ATTEMPT = Duration.ofSeconds(2);

    private final ApiGatewayClient gateway;
    private final Map<String, String> ids;
    private final Map<String, Optional<String>> values = new ConcurrentHashMap<>();

    /**
     * Of an API's clients.
     *
     * @param ids from each client's name to its key's id, in the order in which they are tried
     */
    public ClientKeys(Sdk sdk, Map<String, String> ids) {
        this.gateway = sdk.client(ApiGatewayClient.builder(), Sdk.retried(ATTEMPT));
        this.ids = new LinkedHashMap<>(ids);
    }

    /**
     * A client's key.
     *
     * @return nothing where there is no such client, or its key is gone
     * @throws NoAnswer when AWS gives none
     */
    public Optional<String> of(String client) {
        String id = ids.get(client);
        if (id == null) {
            return Optional.empty();
        }
        Optional<String> known = values.get(id);
        if (known != null) {
            return known;
        }
        Optional<String> value = TokenTable.answered("GetApiKey", () -> value(id));
        values.put(id, value);
        return value;
    }

    private Optional<String> value(String id) {
        try {
            return Optional.of(
                    gateway.getApiKey(get -> get.apiKey(id).includeValue(true)).value());
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    /**
     * Whose key this is.
     *
     * @return the client's name; nothing where it is nobody's
     * @throws NoAnswer when AWS gives none
     */
    public Optional<String> clientWith(String key) {
        return ids.keySet().stream()
                .filter(client ->
                        of(client).map(value -> Sha256.same(value, key)).orElse(false))
                .findFirst();
    }
}
