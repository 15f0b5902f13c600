package parkmeter.lambda.access;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import parkmeter.lambda.access.store.TokenTable;
import parkmeter.lambda.aws.Sdk;
import parkmeter.lambda.clock.FunctionClock;
import parkmeter.lambda.gateway.GatewayCall;

/** What Lambda starts for the routes of {@code /tokens}. */
public final class TokensHandler implements RequestStreamHandler {
    private final TokensApi api;

    /**
     * Called by Lambda, once for each process.
     *
     * @throws IllegalStateException when the environment lacks something, in one sentence
     */
    public TokensHandler() {
        this(System.getenv());
    }

    TokensHandler(Map<String, String> environment) {
        this(TokensSettings.of(environment), FunctionClock.of(environment));
    }

    private TokensHandler(TokensSettings settings, FunctionClock clock) {
        this.api = new TokensApi(
                settings,
                new TokenTable(Sdk.in(settings.region()), settings.table(), clock),
                clock,
                new SecureRandom());
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        output.write(GatewayCall.answer(
                input.readAllBytes(),
                context.getAwsRequestId(),
                line -> context.getLogger().log(line),
                Clock.systemUTC(), // how long a call takes, a faster clock must not change
                api));
    }
}
