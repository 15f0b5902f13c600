package parkmeter.api;

import com.pulumi.aws.apigateway.ApiKey;
import com.pulumi.aws.apigateway.ApiKeyArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import parkmeter.config.Client;
import parkmeter.config.Names;
import parkmeter.function.JsonVariable;

/**
 * An API key for each client. Keys go by the client's name, so that a client added, renamed or removed leaves the others' keys
 * alone. They stand before the API, so that a function can be told whose calls to take.
 */
public final class Clients extends ComponentResource {

    private final List<Client> clients;
    private final Map<String, ApiKey> keys = new LinkedHashMap<>();

    /**
     * Declares the keys.
     *
     * @param clients who may call; at least one
     * @param names the stack's names
     * @param options the component's options, with the provider
     */
    public Clients(List<Client> clients, Names names, ComponentResourceOptions options) {
        super("parkmeter:api:Clients", "clients", options);
        this.clients = List.copyOf(clients);
        for (Client client : clients) {
            keys.put(
                    client.name(),
                    new ApiKey(
                            client.name() + "-key",
                            ApiKeyArgs.builder()
                                    .name(names.of(client.name()))
                                    .description("Parkmeter client " + client.name())
                                    .build(),
                            CustomResourceOptions.builder()
                                    .parent(this)
                                    .additionalSecretOutputs("value")
                                    .build()));
        }
        registerOutputs(Map.of("keyIds", keyIds()));
    }

    /** The id of the first client's key. */
    public Output<String> firstKeyId() {
        return keyId(clients.get(0));
    }

    /** The first client's key, a secret. */
    public Output<String> firstKeyValue() {
        return key(clients.get(0)).value().asSecret();
    }

    /** The keys' ids by the clients' names. */
    public Output<Map<String, String>> keyIds() {
        var ids = Output.<String>mapBuilder();
        keys.forEach((client, key) -> ids.put(client, key.id()));
        return ids.build();
    }

    /** The operators' key ids, as a JSON list; an empty one where no client is marked. */
    public Output<String> operatorKeyIds() {
        return Output.all(clients.stream()
                        .filter(Client::operator)
                        .map(this::keyId)
                        .toList())
                .applyValue(ids -> JsonVariable.list(ids.stream().sorted().toList()));
    }

    /** The key ids of those who issue tokens, as a JSON list: a lone client needs no mark for it. */
    public Output<String> issuerKeyIds() {
        return clients.size() == 1 ? firstKeyId().applyValue(id -> JsonVariable.list(List.of(id))) : operatorKeyIds();
    }

    /** The keys' ids by the clients' names, in the clients' order, as a JSON object. */
    public Output<String> keyIdsJson() {
        return Output.all(allKeyIds()).applyValue(ids -> {
            Map<String, String> byName = new LinkedHashMap<>();
            for (int i = 0; i < ids.size(); i++) {
                byName.put(clients.get(i).name(), ids.get(i));
            }
            return JsonVariable.object(byName);
        });
    }

    /** The ids of all keys, in the clients' order. */
    public List<Output<String>> allKeyIds() {
        return clients.stream().map(this::keyId).toList();
    }

    /** The clients, in the order of the stack file. */
    public List<Client> all() {
        return clients;
    }

    Output<String> keyId(Client client) {
        return key(client).id();
    }

    private ApiKey key(Client client) {
        return Objects.requireNonNull(keys.get(client.name()), client.name());
    }
}
