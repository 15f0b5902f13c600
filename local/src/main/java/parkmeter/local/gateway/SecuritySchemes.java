package parkmeter.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import parkmeter.local.edge.Undeployable;

/**
 * The document's {@code securitySchemes}: API keys, Lambda authorizers and user pools (API Gateway developer guide,
 * "x-amazon-apigateway-authorizer object"). A scheme's authorizer is one for all methods that use it, and so is what it remembers.
 */
final class SecuritySchemes {
    private final Api api;
    private final Backends backends;
    private final Clock clock;
    private final Map<String, Authorizer> lambdas = new ConcurrentHashMap<>();

    SecuritySchemes(Api api, Backends backends, Clock clock) {
        this.api = api;
        this.backends = backends;
        this.clock = clock;
    }

    /**
     * Reads a method's {@code security}. API Gateway takes all schemes in it together, however they are grouped: a method has one
     * authorizer at most, and needs a key or doesn't.
     */
    Security of(JsonNode operation, String where) {
        JsonNode openApi = api.openApi();
        JsonNode security = operation.has("security") ? operation.path("security") : openApi.path("security");
        boolean needsKey = false;
        Optional<Authorizer> authorizer = Optional.empty();
        for (JsonNode requirement : security) {
            for (Map.Entry<String, JsonNode> scheme : requirement.properties()) {
                JsonNode declared =
                        openApi.path("components").path("securitySchemes").path(scheme.getKey());
                if (isKey(declared)) {
                    needsKey = true;
                } else if (authorizer.isPresent()) {
                    throw new Undeployable(where, "a method has one authorizer at most");
                } else {
                    authorizer = Optional.of(authorizer(scheme.getKey(), declared, scopes(scheme.getValue()), where));
                }
            }
        }
        return new Security(authorizer, needsKey);
    }

    private static boolean isKey(JsonNode declared) {
        return declared.path("type").asText().equals("apiKey")
                && declared.path("name").asText().equalsIgnoreCase("x-api-key")
                && !declared.has("x-amazon-apigateway-authtype")
                && !declared.has("x-amazon-apigateway-authorizer");
    }

    private Authorizer authorizer(String name, JsonNode scheme, List<String> scopes, String where) {
        JsonNode declared = scheme.path("x-amazon-apigateway-authorizer");
        String type = declared.path("type").asText().toLowerCase(Locale.ROOT);
        return switch (type) {
            case "token", "request" ->
                lambdas.computeIfAbsent(
                        name,
                        one -> LambdaAuthorizer.of(
                                scheme, backends.functions(), clock, "security scheme '" + name + "'"));
            case "cognito_user_pools" -> CognitoAuthorizer.of(scheme, scopes, backends.keys(), clock, where);
            default ->
                throw new Undeployable(
                        where,
                        "the security scheme '" + name
                                + "' is not served locally; an x-api-key and authorizers of type token, request and"
                                + " cognito_user_pools are");
        };
    }

    private static List<String> scopes(JsonNode declared) {
        List<String> scopes = new ArrayList<>();
        declared.forEach(scope -> scopes.add(scope.asText()));
        return scopes;
    }
}
