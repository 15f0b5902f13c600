package parkmeter.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import parkmeter.local.edge.InvokeArn;
import parkmeter.local.edge.Undeployable;
import parkmeter.local.identity.AuthorizerAnswer;
import parkmeter.local.identity.Remembered;
import parkmeter.local.lambda.Functions;
import parkmeter.local.lambda.InvokeResult;

/**
 * A Lambda authorizer, of type {@code TOKEN} or {@code REQUEST} (API Gateway developer guide, "Use API Gateway Lambda authorizers"). A
 * request without one of the identity sources gets 401, and the function doesn't see it. What it answered is remembered by the values of
 * the identity sources; the policy in it is evaluated anew for each request.
 */
final class LambdaAuthorizer implements Authorizer {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MOST_ARN_BYTES = 1600;
    private static final int DEFAULT_SECONDS = 300;
    private static final int MOST_SECONDS = 3600;

    private final boolean token;
    private final String functionArn;
    private final List<Mapping> identitySources;
    private final Optional<Pattern> tokenForm;
    private final Functions functions;
    private final Remembered<List<String>, AuthorizerAnswer> answers;

    private LambdaAuthorizer(
            boolean token,
            String functionArn,
            List<Mapping> identitySources,
            Optional<Pattern> tokenForm,
            Functions functions,
            Remembered<List<String>, AuthorizerAnswer> answers) {
        this.token = token;
        this.functionArn = functionArn;
        this.identitySources = identitySources;
        this.tokenForm = tokenForm;
        this.functions = functions;
        this.answers = answers;
    }

    static LambdaAuthorizer of(JsonNode scheme, Functions functions, Clock clock, String where) {
        JsonNode declared = scheme.path("x-amazon-apigateway-authorizer");
        boolean token = declared.path("type").asText().equalsIgnoreCase("token");
        String functionArn = InvokeArn.function(declared.path("authorizerUri").asText())
                .orElseThrow(() -> new Undeployable(
                        where,
                        "authorizerUri is not a Lambda function's invoke ARN: " + declared.path("authorizerUri")));
        int seconds = declared.path("authorizerResultTtlInSeconds").asInt(DEFAULT_SECONDS);
        if (seconds < 0 || seconds > MOST_SECONDS) {
            throw new Undeployable(where, "authorizerResultTtlInSeconds is from 0 to " + MOST_SECONDS);
        }
        List<Mapping> sources = identitySources(scheme, declared, token, where);
        if (sources.isEmpty() && seconds > 0) {
            throw new Undeployable(
                    where,
                    "without an identitySource nothing can be remembered: authorizerResultTtlInSeconds must be 0");
        }
        return new LambdaAuthorizer(
                token,
                functionArn,
                sources,
                Optional.ofNullable(declared.get("identityValidationExpression"))
                        .map(form -> Pattern.compile(form.asText())),
                functions,
                new Remembered<>(Duration.ofSeconds(seconds), clock));
    }

    private static List<Mapping> identitySources(JsonNode scheme, JsonNode declared, boolean token, String where) {
        String header = "method.request.header." + scheme.path("name").asText();
        String sources = declared.path("identitySource").asText(token ? header : "");
        List<Mapping> mappings = new ArrayList<>();
        Arrays.stream(sources.split(","))
                .map(String::strip)
                .filter(source -> !source.isEmpty())
                .forEach(source -> mappings.addAll(Mapping.all(
                                JsonNodeFactory.instance.objectNode().put("identitySource", source),
                                "",
                                Mapping.Place.PARAMETERS,
                                where)
                        .values()));
        return mappings;
    }

    @Override
    public CompletableFuture<Caller> authorize(Exchange exchange) {
        if (exchange.methodArn().getBytes(StandardCharsets.UTF_8).length > MOST_ARN_BYTES) {
            throw Refused.uriTooLong();
        }
        Mapping.Source request = Mapping.Source.request(exchange);
        List<String> identity = identitySources.stream()
                .map(source -> source.value(request)
                        .filter(value -> !value.isEmpty())
                        .orElseThrow(() -> Refused.as(ResponseType.UNAUTHORIZED)))
                .toList();
        if (token
                && tokenForm
                        .map(form -> !form.matcher(identity.get(0)).matches())
                        .orElse(false)) {
            throw Refused.as(ResponseType.UNAUTHORIZED);
        }
        return answers.get(identity, () -> ask(exchange, identity)).thenApply(answer -> caller(answer, exchange));
    }

    private CompletableFuture<AuthorizerAnswer> ask(Exchange exchange, List<String> identity) {
        byte[] event = token
                ? bytes(Map.of(
                        "type", "TOKEN", "methodArn", exchange.methodArn(), "authorizationToken", identity.get(0)))
                : ProxyEvent.forAuthorizer(exchange);
        return functions.invoke(functionArn, event).thenApply(LambdaAuthorizer::read);
    }

    /** A function that throws exactly "Unauthorized" means the caller; anything else is a fault of the API's own. */
    private static AuthorizerAnswer read(InvokeResult result) {
        if (result instanceof InvokeResult.Answer answer) {
            return AuthorizerAnswer.read(answer.payload(), true)
                    .orElseThrow(() -> Refused.as(ResponseType.AUTHORIZER_CONFIGURATION_ERROR));
        }
        if (result instanceof InvokeResult.Failed failed) {
            throw Refused.as(
                    failed.reason() == InvokeResult.Reason.HANDLER_ERROR
                                    && failed.message().equals("Unauthorized")
                            ? ResponseType.UNAUTHORIZED
                            : ResponseType.AUTHORIZER_CONFIGURATION_ERROR);
        }
        throw Refused.as(ResponseType.AUTHORIZER_FAILURE); // Lambda's throttling
    }

    private static Caller caller(AuthorizerAnswer answer, Exchange exchange) {
        switch (answer.policy().decide(exchange.methodArn())) {
            case DENIED ->
                throw Refused.as(
                        ResponseType.ACCESS_DENIED, ResponseType.ACCESS_DENIED.message() + " with an explicit deny");
            case NOT_ALLOWED -> throw Refused.as(ResponseType.ACCESS_DENIED);
            case ALLOWED -> {
                return Caller.of(answer.principalId(), answer.contextTexts(), answer.usageKey());
            }
        }
        throw new IllegalStateException("there are three decisions");
    }

    private static byte[] bytes(Map<String, String> event) {
        try {
            return JSON.writeValueAsBytes(event);
        } catch (IOException impossible) {
            throw new IllegalStateException("texts can be written as JSON", impossible);
        }
    }
}
