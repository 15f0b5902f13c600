package parkmeter.lambda.access;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.access.store.ClientKeys;
import parkmeter.lambda.access.store.Tokens;

/** Decides who may call what. */
final class Authorizer {
    private final AuthorizerSettings settings;
    private final Tokens tokens;
    private final ClientKeys keys;

    Authorizer(AuthorizerSettings settings, Tokens tokens, ClientKeys keys) {
        this.settings = settings;
        this.tokens = tokens;
        this.keys = keys;
    }

    /**
     * What a credential is good for.
     *
     * @param counted whether the API counts calls by API keys: a REST API does
     * @return nothing where it is good for nothing
     * @throws parkmeter.lambda.access.store.NoAnswer when AWS gives none
     */
    Optional<Grant> grant(Credential credential, boolean counted) {
        if (credential instanceof Credential.Key key) {
            return byKey(key.secret());
        }
        String secret = ((Credential.Bearer) credential).secret();
        // Ours are known by their look: for them nobody needs to know the keys.
        return IssuedToken.looksLike(secret)
                ? byToken(secret, counted)
                : byKey(secret).or(() -> settings.clearText() ? byToken(secret, counted) : Optional.empty());
    }

    private Optional<Grant> byKey(String secret) {
        if (settings.keyRoutes().isEmpty()) {
            return Optional.empty();
        }
        return keys.clientWith(secret)
                .map(client -> new Grant(
                        settings.keyRoutes(),
                        client,
                        client,
                        settings.clientKeys().get(client),
                        secret,
                        ""));
    }

    private Optional<Grant> byToken(String secret, boolean counted) {
        return settings.tokenRoutes().isEmpty()
                ? Optional.empty()
                : tokens.present(secret).flatMap(bearer -> grant(bearer, counted));
    }

    private Optional<Grant> grant(Tokens.Bearer bearer, boolean counted) {
        Map<String, String> clients = settings.clientKeys();
        if (clients.isEmpty()) {
            return Optional.of(new Grant(settings.tokenRoutes(), caller(null, bearer), null, null, null, bearer.id()));
        }
        String client = client(bearer);
        String keyId = clients.get(client);
        if (keyId == null) {
            return Optional.empty();
        }
        Optional<String> key = counted ? keys.of(client) : Optional.empty();
        if (counted && key.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Grant(
                settings.tokenRoutes(), caller(client, bearer), client, keyId, key.orElse(null), bearer.id()));
    }

    /** A table filled by hand may say nothing of clients: then it is the stack's first. */
    private String client(Tokens.Bearer bearer) {
        String client = bearer.client();
        if (client == null && settings.clearText()) {
            return settings.clientKeys().keySet().iterator().next();
        }
        return client == null ? "" : client;
    }

    /** No client's name has a slash in it. */
    private static String caller(@Nullable String client, Tokens.Bearer bearer) {
        return (client == null ? "" : client) + "/" + bearer.owner();
    }
}
