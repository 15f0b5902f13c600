package parkmeter.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import parkmeter.local.edge.Undeployable;
import parkmeter.local.identity.BadToken;
import parkmeter.local.identity.KeySets;
import parkmeter.local.identity.Token;
import parkmeter.local.identity.Tokens;
import parkmeter.local.identity.UserPool;

/**
 * A Cognito user pool as authorizer (API Gateway developer guide, "Control access to a REST API using Amazon Cognito user pools as
 * authorizer"). Without scopes on the method it takes identity tokens; with scopes access tokens, which must have one of them.
 */
final class CognitoAuthorizer implements Authorizer {
    private final String header;
    private final List<String> issuers;
    private final List<String> scopes;
    private final Tokens tokens;

    private CognitoAuthorizer(String header, List<String> issuers, List<String> scopes, Tokens tokens) {
        this.header = header;
        this.issuers = issuers;
        this.scopes = scopes;
        this.tokens = tokens;
    }

    static CognitoAuthorizer of(JsonNode scheme, List<String> scopes, KeySets keys, Clock clock, String where) {
        List<String> issuers = new ArrayList<>();
        scheme.path("x-amazon-apigateway-authorizer")
                .path("providerARNs")
                .forEach(arn -> issuers.add(UserPool.issuer(arn.asText())
                        .orElseThrow(() -> new Undeployable(where, "providerARNs names no user pool: " + arn))));
        if (issuers.isEmpty()) {
            throw new Undeployable(where, "an authorizer of type cognito_user_pools needs providerARNs");
        }
        return new CognitoAuthorizer(scheme.path("name").asText(), issuers, scopes, new Tokens(keys, clock));
    }

    @Override
    public CompletableFuture<Caller> authorize(Exchange exchange) {
        String sent = exchange.request().headers().first(header).orElse("");
        if (sent.isEmpty()) {
            throw Refused.as(ResponseType.UNAUTHORIZED);
        }
        try {
            Token token = tokens.check(sent, issuers);
            if (!token.claims().getOrDefault("token_use", "").equals(scopes.isEmpty() ? "id" : "access")
                    || (!scopes.isEmpty() && !token.hasOneOf(scopes))) {
                throw Refused.as(ResponseType.UNAUTHORIZED);
            }
            return CompletableFuture.completedFuture(Caller.of(token.claimsWithDates()));
        } catch (BadToken bad) {
            throw bad.expired()
                    ? Refused.as(ResponseType.UNAUTHORIZED, "The incoming token has expired")
                    : Refused.as(ResponseType.UNAUTHORIZED);
        }
    }
}
