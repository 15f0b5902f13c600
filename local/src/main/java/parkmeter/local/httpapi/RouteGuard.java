package parkmeter.local.httpapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import parkmeter.local.edge.InvokeArn;
import parkmeter.local.edge.Undeployable;
import parkmeter.local.identity.AuthorizerAnswer;
import parkmeter.local.identity.BadToken;
import parkmeter.local.identity.InvokePolicy.Decision;
import parkmeter.local.identity.KeySets;
import parkmeter.local.identity.Remembered;
import parkmeter.local.identity.Token;
import parkmeter.local.identity.Tokens;
import parkmeter.local.lambda.Functions;
import parkmeter.local.lambda.InvokeResult;

/** Lets callers through to a route, or doesn't. */
@FunctionalInterface
interface RouteGuard {
    /** The exchange with what is known of the caller; completes with {@link Denied} for one that may not. */
    CompletableFuture<HttpExchange> admit(HttpExchange exchange);

    /** Makes the guards of an API: one for each authorizer, however many routes it has. */
    final class Guards {
        private static final Pattern IDENTITY_SOURCE =
                Pattern.compile("\\$(request\\.(header|querystring)|context|stageVariables)\\..+");

        private final Functions functions;
        private final Tokens tokens;
        private final Clock clock;
        private final Map<RouteAccess, RouteGuard> known = new HashMap<>();

        Guards(Functions functions, KeySets keys, Clock clock) {
            this.functions = functions;
            this.tokens = new Tokens(keys, clock);
            this.clock = clock;
        }

        RouteGuard of(RouteAccess access, String where) {
            return known.computeIfAbsent(access, one -> {
                if (one instanceof RouteAccess.Jwt jwt) {
                    check(List.of(jwt.identitySource()), where);
                    return exchange -> CompletableFuture.completedFuture(admit(exchange, jwt));
                }
                if (one instanceof RouteAccess.Lambda lambda) {
                    return ofLambda(lambda, where);
                }
                return CompletableFuture::completedFuture;
            });
        }

        private static void check(List<String> identitySources, String where) {
            identitySources.stream()
                    .filter(source -> !IDENTITY_SOURCE.matcher(source).matches())
                    .forEach(source -> {
                        throw new Undeployable(where, "'" + source + "' is no identity source");
                    });
        }

        private HttpExchange admit(HttpExchange exchange, RouteAccess.Jwt jwt) {
            String sent = exchange.select(jwt.identitySource())
                    .orElseThrow(() -> Denied.token(401, "Unauthorized", "Bearer", "the token is missing"));
            Token token;
            try {
                token = tokens.check(sent, List.of(jwt.issuer()));
            } catch (BadToken bad) {
                throw Denied.token(401, "Unauthorized", challenge(jwt, "invalid_token", bad.why()), bad.why());
            }
            if (!token.isFor(jwt.audiences())) {
                String why = "the token is not for this API";
                throw Denied.token(401, "Unauthorized", challenge(jwt, "invalid_token", why), why);
            }
            if (!jwt.scopes().isEmpty() && !token.hasOneOf(jwt.scopes())) {
                String why = "the token has none of the scopes";
                throw Denied.token(403, "Forbidden", challenge(jwt, "insufficient_scope", why), why);
            }
            ObjectNode authorizer = JsonNodeFactory.instance.objectNode();
            ObjectNode described = authorizer.putObject("jwt");
            ObjectNode claims = described.putObject("claims");
            token.claims().forEach(claims::put);
            if (jwt.scopes().isEmpty()) {
                described.putNull("scopes");
            } else {
                token.scopes().forEach(described.withArray("/scopes")::add);
            }
            return exchange.by(authorizer);
        }

        private static String challenge(RouteAccess.Jwt jwt, String error, String why) {
            return "Bearer scope=\"%s\" error=\"%s\" error_description=\"%s\""
                    .formatted(String.join(" ", jwt.scopes()), error, why);
        }

        private RouteGuard ofLambda(RouteAccess.Lambda lambda, String where) {
            check(lambda.identitySources(), where);
            String functionArn = InvokeArn.function(lambda.authorizerUri())
                    .orElseThrow(() -> new Undeployable(where, "the authorizer's uri is no function's"));
            if (!lambda.payloadFormat().equals("2.0")) {
                throw new Undeployable(where, "an authorizer's payload format other than 2.0 is not served locally");
            }
            if (lambda.identitySources().isEmpty() && !lambda.resultTime().isZero()) {
                throw new Undeployable(where, "without an identity source an authorizer's answer can't be remembered");
            }
            Remembered<List<String>, LambdaAnswer> answers = new Remembered<>(lambda.resultTime(), clock);
            return exchange -> {
                List<String> identity = lambda.identitySources().stream()
                        .map(source -> exchange.select(source).orElseThrow(() -> Denied.with(401, "Unauthorized")))
                        .toList();
                return answers.get(identity, () -> functions
                                .invoke(functionArn, HttpEvent.forAuthorizer(exchange, identity))
                                .thenApply(result -> LambdaAnswer.read(result, lambda.simpleResponses())))
                        .thenApply(answer -> answer.admit(exchange));
            };
        }
    }

    /** What an authorizer's function answered. */
    @FunctionalInterface
    interface LambdaAnswer {
        JsonMapper JSON = JsonMapper.builder().build();

        HttpExchange admit(HttpExchange exchange);

        static LambdaAnswer read(InvokeResult result, boolean simple) {
            if (result instanceof InvokeResult.Answer answer) {
                return simple ? ofSimple(answer.payload()) : ofPolicy(answer.payload());
            }
            if (result instanceof InvokeResult.Failed failed
                    && failed.reason() == InvokeResult.Reason.HANDLER_ERROR
                    && failed.message().equals("Unauthorized")) {
                throw Denied.with(401, "Unauthorized");
            }
            throw Denied.internalError("The authorizer's function failed.");
        }

        private static LambdaAnswer ofSimple(byte[] payload) {
            JsonNode answer;
            try {
                answer = JSON.readTree(payload);
            } catch (IOException notJson) {
                throw malformed();
            }
            if (!answer.path("isAuthorized").isBoolean()) {
                throw malformed();
            }
            boolean authorized = answer.path("isAuthorized").asBoolean();
            return exchange -> admit(exchange, authorized, answer.path("context"));
        }

        private static LambdaAnswer ofPolicy(byte[] payload) {
            AuthorizerAnswer answer = AuthorizerAnswer.read(payload, false).orElseThrow(LambdaAnswer::malformed);
            return exchange ->
                    admit(exchange, answer.policy().decide(exchange.routeArn()) == Decision.ALLOWED, answer.context());
        }

        private static HttpExchange admit(HttpExchange exchange, boolean authorized, JsonNode context) {
            if (!authorized) {
                throw Denied.with(403, "Forbidden");
            }
            ObjectNode authorizer = JsonNodeFactory.instance.objectNode();
            authorizer.set("lambda", context.isObject() ? context : JsonNodeFactory.instance.nullNode());
            return exchange.by(authorizer);
        }

        private static Denied malformed() {
            return Denied.internalError("The authorizer's response doesn't have the format that API Gateway expects.");
        }
    }
}
