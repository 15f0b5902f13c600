package parkmeter.local.httpapi;

import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parkmeter.local.edge.Front;
import parkmeter.local.edge.InvokeArn;
import parkmeter.local.edge.Limiter;
import parkmeter.local.edge.Reply;
import parkmeter.local.edge.Request;
import parkmeter.local.edge.Undeployable;
import parkmeter.local.identity.KeySets;
import parkmeter.local.lambda.Functions;
import parkmeter.local.lambda.InvokeResult;

/** The API's stage: takes a request through size, CORS, route, authorizer and throttle to its function. */
final class HttpStage implements Front {
    private static final Logger LOG = LoggerFactory.getLogger(HttpStage.class);

    /** The longest an integration may take (API Gateway quotas, "HTTP API"). */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final HttpApi api;
    private final Functions functions;
    private final Optional<CorsRules> cors;
    private final Optional<AccessLog> accessLog;
    private final List<Served> routes;

    private record Served(
            RouteKey key, String functionArn, long timeoutMillis, RouteGuard guard, Optional<Limiter> throttle) {}

    HttpStage(HttpApi api, Functions functions, KeySets keys, Consumer<String> logLines, Clock clock) {
        this.api = api;
        this.functions = functions;
        cors = api.cors().map(CorsRules::new);
        accessLog = api.accessLog().map(format -> AccessLog.of(format, logLines));
        RouteGuard.Guards guards = new RouteGuard.Guards(functions, keys, clock);
        routes = api.routes().stream()
                .map(route -> served(route, guards, clock))
                .sorted(Comparator.comparing(Served::key))
                .toList();
    }

    private Served served(HttpRoute route, RouteGuard.Guards guards, Clock clock) {
        String where = "route '" + route.key() + "'";
        if (!route.payloadFormat().equals("2.0")) {
            throw new Undeployable(where, "payload format 2.0 is served locally, not " + route.payloadFormat());
        }
        if (route.timeout().compareTo(LONGEST) > 0) {
            throw new Undeployable(where, "an HTTP API waits 30 seconds at most");
        }
        return new Served(
                RouteKey.of(route.key()),
                InvokeArn.function(route.integrationUri())
                        .orElseThrow(() -> new Undeployable(
                                where, "the integration's uri is no function's: " + route.integrationUri())),
                route.timeout().toMillis(),
                guards.of(route.access(), where),
                Optional.ofNullable(api.routeThrottles().get(route.key()))
                        .or(api::throttle)
                        .map(throttle -> new Limiter(throttle, clock)));
    }

    @Override
    public CompletableFuture<Reply> answer(Request request) {
        Outcome outcome = new Outcome(new HttpExchange(api, request, "", "", Map.of()));
        return cors.flatMap(rules -> rules.preflight(request))
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> reply(request, outcome)
                        .exceptionally(fault -> refuse(outcome, fault))
                        .thenApply(reply ->
                                cors.map(rules -> rules.apply(request, reply)).orElse(reply)))
                .thenApply(reply -> reply.with("apigw-requestid", request.extendedId()))
                .thenApply(reply -> {
                    accessLog.ifPresent(log -> log.write(outcome, reply));
                    return reply;
                });
    }

    private CompletableFuture<Reply> reply(Request request, Outcome outcome) {
        try {
            if (request.bodyTooLarge()) {
                throw Denied.with(413, "Request Entity Too Large");
            }
            if (request.headersTooLarge()) {
                throw Denied.with(431, "Request Header Fields Too Large");
            }
            String path = path(request).orElseThrow(() -> Denied.with(404, "Not Found"));
            List<String> parts = RouteKey.parts(path);
            for (Served route : routes) {
                Optional<Map<String, String>> parameters = route.key().match(request.method(), parts);
                if (parameters.isPresent()) {
                    outcome.exchange =
                            new HttpExchange(api, request, path, route.key().text(), parameters.get());
                    return reply(route, outcome);
                }
            }
            throw Denied.with(404, "Not Found");
        } catch (RuntimeException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private CompletableFuture<Reply> reply(Served route, Outcome outcome) {
        return route.guard().admit(outcome.exchange).thenCompose(admitted -> {
            outcome.exchange = admitted;
            if (!route.throttle().map(Limiter::admits).orElse(true)) {
                throw Denied.with(429, "Too Many Requests");
            }
            return functions
                    .invoke(route.functionArn(), HttpEvent.of(admitted))
                    .copy() // the function's own future is left alone by our timeout
                    .orTimeout(route.timeoutMillis(), TimeUnit.MILLISECONDS)
                    .thenApply(HttpStage::reply);
        });
    }

    private static Reply reply(InvokeResult result) {
        if (result instanceof InvokeResult.Answer answer) {
            return HttpAnswer.reply(answer.payload());
        }
        if (result instanceof InvokeResult.Failed failed && failed.reason() == InvokeResult.Reason.REQUEST_TOO_LARGE) {
            throw Denied.with(413, "Request Entity Too Large");
        }
        throw Denied.internalError("The Lambda function returned an error.");
    }

    /** The path behind the stage; empty for another stage's. */
    private Optional<String> path(Request request) {
        return api.stage().equals(HttpApi.DEFAULT_STAGE)
                ? Optional.of(request.fullPath())
                : Optional.of(request.path()).filter(path -> request.stage().equals(api.stage()));
    }

    private static Reply refuse(Outcome outcome, Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        if (cause instanceof TimeoutException) {
            return refuse(outcome, Denied.with(503, "Service Unavailable", "The function took too long."));
        }
        if (cause instanceof Denied denied) {
            outcome.message = denied.message();
            outcome.why = denied.why();
            return denied.reply();
        }
        LOG.error(
                "request {}: the gateway itself failed",
                outcome.exchange.request().id(),
                cause);
        return Denied.internalError("").reply();
    }

    /** What the access log says of a request once it is answered. */
    static final class Outcome {
        private HttpExchange exchange;
        private String message = "";
        private String why = "";

        Outcome(HttpExchange exchange) {
            this.exchange = exchange;
        }

        /** The request, as far as it came. */
        HttpExchange exchange() {
            return exchange;
        }

        /** The API's own words, if the answer is its own. */
        String message() {
            return message;
        }

        /** What was wrong with authorizer or function. */
        String why() {
            return why;
        }
    }
}
