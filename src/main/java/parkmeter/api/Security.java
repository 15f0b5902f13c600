package parkmeter.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.pulumi.core.Output;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import parkmeter.config.Access;

/**
 * Who may call, as a REST API's document says it (API Gateway developer guide, "x-amazon-apigateway-authorizer object", "Choose an API
 * key source"). An API has one source of keys: where there is an authorizer it is the authorizer, which looks at keys as well.
 */
final class Security {

    private static final String AUTHORIZATION = "Authorization";
    private static final String API_KEY = "api_key";
    private static final String KEY = "key";
    private static final String TOKEN = "token";
    private static final String COGNITO = "cognito";

    private final Guards guards;
    private final List<Operation> operations;

    /**
     * Of an API's operations.
     *
     * @param guards what looks at credentials
     */
    Security(Guards guards, List<Operation> operations) {
        this.guards = guards;
        this.operations = operations;
    }

    /** Where API Gateway takes a call's API key from. */
    String keySource() {
        return byAuthorizer() ? "AUTHORIZER" : "HEADER";
    }

    /** The Security Requirement Objects of an operation; absent where anybody may call it. */
    Optional<ArrayNode> requirement(Access access) {
        if (access instanceof Access.Key) {
            return Optional.of(byAuthorizer() ? all(KEY, API_KEY) : all(API_KEY));
        }
        if (access instanceof Access.Token) {
            return Optional.of(all(TOKEN, API_KEY));
        }
        return access instanceof Access.Cognito ? Optional.of(all(COGNITO)) : Optional.empty();
    }

    /** The headers in which callers of a kind show what they have. */
    List<String> headers(Access access) {
        if (access instanceof Access.Key) {
            return byAuthorizer() ? List.of(Cors.API_KEY, AUTHORIZATION) : List.of(Cors.API_KEY);
        }
        return access instanceof Access.Public ? List.of() : List.of(AUTHORIZATION);
    }

    /** The Security Scheme Objects, known as soon as what they name is. */
    Output<ObjectNode> schemes() {
        Map<String, Output<ObjectNode>> schemes = new LinkedHashMap<>();
        if (Operation.any(operations, Access.Key.class) && byAuthorizer()) {
            // Each header would do, so none can be what API Gateway remembers an answer by.
            schemes.put(KEY, guards.requiredAuthorizer().invokeArn().applyValue(uri -> custom(request(uri, 0))));
        }
        if (Operation.any(operations, Access.Token.class)) {
            Guards.Authorizer authorizer = guards.requiredAuthorizer();
            schemes.put(
                    TOKEN,
                    authorizer
                            .invokeArn()
                            .applyValue(uri -> custom(request(uri, authorizer.cacheSeconds())
                                    .put("identitySource", "method.request.header." + AUTHORIZATION))));
        }
        if (Operation.any(operations, Access.Cognito.class)) {
            schemes.put(COGNITO, guards.requiredUserPool().arn().applyValue(Security::cognito));
        }
        List<String> names = List.copyOf(schemes.keySet());
        return Output.all(List.copyOf(schemes.values())).applyValue(known -> {
            ObjectNode all = OpenApiDocument.object();
            all.putObject(API_KEY)
                    .put("type", "apiKey")
                    .put("name", "x-api-key")
                    .put("in", "header");
            for (int i = 0; i < names.size(); i++) {
                all.set(names.get(i), known.get(i));
            }
            return all;
        });
    }

    private boolean byAuthorizer() {
        return guards.authorizer().isPresent();
    }

    private static ArrayNode all(String... schemes) {
        ArrayNode requirements = JsonNodeFactory.instance.arrayNode();
        ObjectNode requirement = requirements.addObject();
        for (String scheme : schemes) {
            requirement.putArray(scheme);
        }
        return requirements;
    }

    private static ObjectNode request(String uri, int cacheSeconds) {
        return OpenApiDocument.object()
                .put("type", "request")
                .put("authorizerUri", uri)
                .put("authorizerResultTtlInSeconds", cacheSeconds);
    }

    private static ObjectNode custom(ObjectNode authorizer) {
        return scheme("custom", authorizer);
    }

    private static ObjectNode cognito(String arn) {
        ObjectNode authorizer = OpenApiDocument.object().put("type", "cognito_user_pools");
        authorizer.putArray("providerARNs").add(arn);
        return scheme("cognito_user_pools", authorizer);
    }

    private static ObjectNode scheme(String kind, ObjectNode authorizer) {
        ObjectNode scheme = OpenApiDocument.object()
                .put("type", "apiKey")
                .put("name", AUTHORIZATION)
                .put("in", "header")
                .put("x-amazon-apigateway-authtype", kind);
        scheme.set("x-amazon-apigateway-authorizer", authorizer);
        return scheme;
    }
}
