package parkmeter.lambda.access;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.access.store.AccessToken;
import parkmeter.lambda.access.store.NoAnswer;
import parkmeter.lambda.access.store.TokenTable;
import parkmeter.lambda.gateway.CallFailed;
import parkmeter.lambda.gateway.Code;
import parkmeter.lambda.gateway.GatewayAnswer;
import parkmeter.lambda.gateway.GatewayCall;
import parkmeter.lambda.gateway.GatewayEvent;
import parkmeter.lambda.gateway.LogLine;
import parkmeter.lambda.gateway.Problem;

/** The routes of {@code /tokens}: issue a token, list those there are, revoke one. */
final class TokensApi implements GatewayCall.Route {
    private static final int MOST_DAYS = 3650;

    /** One that people can read, and that a policy and a log can hold. */
    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._@+-]{0,99}");

    private static final Set<String> FIELDS = Set.of("owner", "client", "days");

    private final TokensSettings settings;
    private final TokenTable table;
    private final Clock clock;
    private final SecureRandom random;

    TokensApi(TokensSettings settings, TokenTable table, Clock clock, SecureRandom random) {
        this.settings = settings;
        this.table = table;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public GatewayAnswer answer(GatewayEvent event, LogLine line) throws CallFailed {
        line.about("client", event.apiKeyId());
        line.about("method", event.method());
        if (!settings.operators().contains(event.apiKeyId())
                && !settings.operators().contains(event.caller())) {
            throw new CallFailed(Code.FORBIDDEN, "Tokens are issued by operators: this caller is none.");
        }
        try {
            return switch (event.route()) {
                case "/tokens" ->
                    switch (event.method()) {
                        case "GET" -> all();
                        case "POST" -> issued(GatewayEvent.object(event.json()), line);
                        default -> throw new CallFailed(Code.METHOD_NOT_ALLOWED, "Method not allowed");
                    };
                case "/tokens/{id}" -> {
                    if (!event.method().equals("DELETE")) {
                        throw new CallFailed(Code.METHOD_NOT_ALLOWED, "Method not allowed");
                    }
                    yield revoked(event.pathParameter("id"), line);
                }
                default -> throw new CallFailed(Code.UNKNOWN_ROUTE, "There is no such route.");
            };
        } catch (NoAnswer e) {
            throw new CallFailed(
                    Code.TOKENS_UNAVAILABLE,
                    "The table of tokens gave no answer: try again after the time in Retry-After.",
                    String.valueOf(e.getMessage()));
        }
    }

    private GatewayAnswer all() {
        return GatewayAnswer.ok(
                Map.of("tokens", table.all().stream().map(TokensApi::json).toList()));
    }

    private GatewayAnswer issued(Map<?, ?> request, LogLine line) throws CallFailed {
        List<Problem> problems = new ArrayList<>();
        String owner = owner(request.get("owner"), problems);
        String client = client(request.get("client"), problems);
        int days = days(request.get("days"), problems);
        request.forEach((name, value) -> {
            if (!FIELDS.contains(String.valueOf(name))) {
                problems.add(Problem.withText(
                        String.valueOf(name), value, "is unknown; the fields are owner, client and days"));
            }
        });
        if (!problems.isEmpty()) {
            throw CallFailed.invalid(problems);
        }
        // Seconds are what DynamoDB's time-to-live counts in.
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        String token = IssuedToken.secret(random);
        AccessToken known =
                new AccessToken(IssuedToken.id(random), owner, client, now, now.plus(Duration.ofDays(days)), null);
        table.add(token, known);
        line.about("token", known.id());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("token", token);
        body.putAll(json(known));
        return GatewayAnswer.createdSecret(body);
    }

    private static String owner(@Nullable Object value, List<Problem> problems) {
        if (value instanceof String owner && OWNER.matcher(owner).matches()) {
            return owner;
        }
        problems.add(Problem.with(
                "owner",
                value,
                value == null
                        ? "is missing"
                        : "must be 1 to 100 letters, digits, spaces and . _ @ + -, the first one a letter or a digit"));
        return "";
    }

    private @Nullable String client(@Nullable Object value, List<Problem> problems) {
        List<String> clients = settings.clients();
        if (value == null && clients.size() <= 1) {
            return clients.isEmpty() ? null : clients.get(0);
        }
        if (value instanceof String client && clients.contains(client)) {
            return client;
        }
        problems.add(Problem.with(
                "client",
                value,
                clients.isEmpty()
                        ? "must be left out: this API has no clients"
                        : "must be one of " + String.join(", ", clients)));
        return null;
    }

    private static int days(@Nullable Object value, List<Problem> problems) {
        if (value instanceof Integer days && days >= 1 && days <= MOST_DAYS) {
            return days;
        }
        problems.add(Problem.with(
                "days", value, value == null ? "is missing" : "must be a whole number from 1 to " + MOST_DAYS));
        return 1;
    }

    private GatewayAnswer revoked(String id, LogLine line) throws CallFailed {
        AccessToken known = table.remove(id)
                .orElseThrow(() -> new CallFailed(
                        Code.UNKNOWN_TOKEN, "There is no token of this id: GET /tokens lists those there are."));
        line.about("token", known.id());
        return GatewayAnswer.ok(json(known));
    }

    private static Map<String, Object> json(AccessToken token) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", token.id());
        json.put("owner", token.owner());
        if (token.client() != null) {
            json.put("client", token.client());
        }
        json.put("createdAt", token.createdAt().toString());
        json.put("expiresAt", token.expiresAt().toString());
        if (token.lastUsedAt() != null) {
            json.put("lastUsedAt", token.lastUsedAt().toString());
        }
        return json;
    }
}
