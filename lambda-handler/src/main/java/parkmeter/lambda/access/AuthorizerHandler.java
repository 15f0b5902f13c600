package parkmeter.lambda.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.access.store.ClearTextTable;
import parkmeter.lambda.access.store.ClientKeys;
import parkmeter.lambda.access.store.NoAnswer;
import parkmeter.lambda.access.store.TokenTable;
import parkmeter.lambda.access.store.Tokens;
import parkmeter.lambda.aws.Sdk;
import parkmeter.lambda.clock.FunctionClock;
import parkmeter.lambda.json.Json;

/**
 * What Lambda starts for API Gateway's question who calls. It refuses by a policy that denies everything, a 403 for the
 * caller. It fails where AWS gives no answer: API Gateway remembers a refusal, and does not remember a failure.
 */
public final class AuthorizerHandler implements RequestStreamHandler {
    private final Authorizer authorizer;

    /**
     * Called by Lambda, once for each process.
     *
     * @throws IllegalStateException when the environment lacks something, in one sentence
     */
    public AuthorizerHandler() {
        this(System.getenv());
    }

    AuthorizerHandler(Map<String, String> environment) {
        this(AuthorizerSettings.of(environment), FunctionClock.of(environment));
    }

    private AuthorizerHandler(AuthorizerSettings settings, FunctionClock clock) {
        Sdk sdk = Sdk.in(settings.region());
        Tokens tokens = tokens(settings, sdk, clock);
        ClientKeys keys = new ClientKeys(sdk, settings.clientKeys());
        this.authorizer = new Authorizer(settings, tokens, keys);
        prime(settings, tokens, keys);
    }

    private static Tokens tokens(AuthorizerSettings settings, Sdk sdk, FunctionClock clock) {
        String table = settings.table();
        if (table == null) {
            return secret -> Optional.empty();
        }
        return settings.clearText() ? new ClearTextTable(sdk, table) : new TokenTable(sdk, table, clock);
    }

    /** Asks while Lambda is still starting the function: for a token that nobody has, or else for a key. */
    private static void prime(AuthorizerSettings settings, Tokens tokens, ClientKeys keys) {
        try {
            if (settings.table() == null) {
                settings.clientKeys().keySet().stream().findFirst().ifPresent(keys::of);
            } else {
                tokens.present("-");
            }
        } catch (NoAnswer e) {
            return; // the first caller will be told
        }
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        output.write(answer(input.readAllBytes(), context.getAwsRequestId(), line -> context.getLogger()
                .log(line)));
    }

    /**
     * Answers one event of API Gateway's.
     *
     * @param lambdaId Lambda's id of the call, for an event without one
     * @param log takes the one line about it
     * @throws IOException when the event is not JSON: it comes from API Gateway, so it always is
     * @throws NoAnswer when AWS gives none
     */
    byte[] answer(byte[] json, String lambdaId, Consumer<String> log) throws IOException {
        long start = System.nanoTime();
        Object event = Json.read(new String(json, UTF_8));
        String requestId = Json.textAt(event, "requestContext", "requestId");
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("requestId", requestId == null ? lambdaId : requestId);
        try {
            Map<String, Object> answer = decide(event, line);
            return Json.bytes(answer);
        } catch (NoAnswer e) {
            line.put("cause", String.valueOf(e.getMessage()));
            throw e;
        } finally {
            line.put("latencyMs", (System.nanoTime() - start) / 1_000_000);
            log.accept(Json.text(line) + "\n");
        }
    }

    private Map<String, Object> decide(@Nullable Object event, Map<String, Object> line) {
        String methodArn = Json.textAt(event, "methodArn");
        String arn = methodArn == null ? Json.textAt(event, "routeArn") : methodArn;
        Policy policy = arn == null ? null : Policy.forStageOf(arn);
        Credential credential = Credential.of(event);
        Optional<Grant> grant = policy == null || credential == null
                ? Optional.empty()
                : authorizer.grant(credential, methodArn != null);
        line.put("allowed", grant.isPresent());
        if (policy == null || grant.isEmpty()) {
            return Policy.deny();
        }
        Grant granted = grant.get();
        line.put("caller", granted.caller());
        if (!granted.tokenId().isEmpty()) {
            line.put("token", granted.tokenId());
        }
        Map<String, Object> answer = policy.allow(granted);
        String key = granted.apiKey();
        if (key != null && methodArn != null) {
            answer.put("usageIdentifierKey", key);
        }
        return answer;
    }
}
