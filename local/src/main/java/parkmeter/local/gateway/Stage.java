package parkmeter.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parkmeter.local.edge.Front;
import parkmeter.local.edge.Limiter;
import parkmeter.local.edge.Reply;
import parkmeter.local.edge.Request;
import parkmeter.local.edge.Undeployable;

/**
 * The API's stage: takes a request through AWS's checks, in AWS's order, to its integration. The order: route and size;
 * authorizer; key; the usage plan's rate, then its quota; the stage's rate; validation.
 */
final class Stage implements Front {
    private static final Logger LOG = LoggerFactory.getLogger(Stage.class);
    private static final List<String> METHODS =
            List.of("get", "put", "post", "delete", "options", "head", "patch", "x-amazon-apigateway-any-method");

    private final Api api;
    private final String deploymentId;
    private final Access access;
    private final GatewayResponses responses;
    private final List<Resource> resources;

    /**
     * Reads the document into routes.
     *
     * @throws Undeployable for what can't be served
     */
    Stage(Api api, Backends backends, Clock clock) {
        JsonNode openApi = api.openApi();
        this.api = api;
        deploymentId = shortId(openApi.toString());
        access = new Access(api, clock);
        responses = new GatewayResponses(openApi);
        Integrations integrations = new Integrations(api, backends);
        SecuritySchemes schemes = new SecuritySchemes(api, backends, clock);
        Map<List<String>, Map<String, Route>> methods = new HashMap<>();
        openApi.path("paths").properties().forEach(path -> {
            List<String> parts = Resource.parts(path.getKey());
            for (int end = 1; end <= parts.size(); end++) { // a path's beginning is a resource too
                methods.computeIfAbsent(parts.subList(0, end), resource -> new HashMap<>());
            }
            METHODS.stream().filter(path.getValue()::has).forEach(method -> {
                String name = method.startsWith("x-") ? Resource.ANY : method.toUpperCase(Locale.ROOT);
                JsonNode operation = path.getValue().path(method);
                String where = name + " " + path.getKey();
                Objects.requireNonNull(methods.get(parts))
                        .put(
                                name,
                                new Route(
                                        path.getKey(),
                                        shortId(path.getKey()),
                                        schemes.of(operation, where),
                                        throttle(where, clock),
                                        new Validation(openApi, path.getValue(), operation, where),
                                        integrations.of(path.getValue(), operation, where)));
            });
        });
        resources = methods.entrySet().stream()
                .map(resource -> new Resource(resource.getKey(), resource.getValue()))
                .sorted()
                .toList();
    }

    private Optional<Limiter> throttle(String method, Clock clock) {
        return Optional.ofNullable(api.methodThrottles().get(method))
                .or(api::stageThrottle)
                .map(throttle -> new Limiter(throttle, clock));
    }

    @Override
    public CompletableFuture<Reply> answer(Request request) {
        return reply(request).thenApply(reply -> reply.with("x-amzn-RequestId", request.id())
                .with("x-amz-apigw-id", request.extendedId()));
    }

    private CompletableFuture<Reply> reply(Request request) {
        Exchange unrouted = new Exchange(api, deploymentId, request);
        if (!request.stage().equals(api.stage())) {
            return CompletableFuture.completedFuture(GatewayResponses.forbidden(unrouted));
        }
        return route(unrouted)
                .map(this::reply)
                .orElseGet(() -> CompletableFuture.completedFuture(
                        responses.reply(unrouted, Refused.as(ResponseType.MISSING_AUTHENTICATION_TOKEN))));
    }

    private CompletableFuture<Reply> reply(Exchange routed) {
        try {
            if (routed.request().bodyTooLarge() || routed.request().headersTooLarge()) {
                throw Refused.as(ResponseType.REQUEST_TOO_LARGE);
            }
            return routed.route()
                    .orElseThrow()
                    .security()
                    .authorize(routed)
                    .thenCompose(this::replyToAuthorized)
                    .exceptionally(fault -> refuse(routed, fault));
        } catch (RuntimeException fault) {
            return CompletableFuture.completedFuture(refuse(routed, fault));
        }
    }

    private CompletableFuture<Reply> replyToAuthorized(Exchange authorized) {
        try {
            Exchange admitted = admit(authorized, authorized.route().orElseThrow());
            return admitted.route()
                    .orElseThrow()
                    .integration()
                    .answer(admitted)
                    .exceptionally(fault -> refuse(admitted, fault));
        } catch (RuntimeException fault) {
            return CompletableFuture.completedFuture(refuse(authorized, fault));
        }
    }

    private Optional<Exchange> route(Exchange exchange) {
        List<String> path = Resource.parts(exchange.request().path());
        for (Resource resource : resources) {
            Optional<Map<String, String>> parameters = resource.match(path);
            if (parameters.isPresent()) {
                return Optional.ofNullable(resource.route(exchange.request().method()))
                        .map(route -> exchange.to(route, parameters.get()));
            }
        }
        return Optional.empty();
    }

    private Exchange admit(Exchange exchange, Route route) {
        Exchange admitted = route.security().needsKey() ? exchange.by(access.admit(exchange)) : exchange;
        if (!route.throttle().map(Limiter::admits).orElse(true)) {
            throw Refused.as(ResponseType.THROTTLED);
        }
        route.validation().check(admitted);
        return admitted;
    }

    private Reply refuse(Exchange exchange, Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        if (cause instanceof Refused refused) {
            return responses.reply(exchange, refused);
        }
        LOG.error("request {}: the gateway itself failed", exchange.request().id(), cause);
        return responses.reply(exchange, Refused.failure(500));
    }

    /** Six characters that stay the same for the same text, as AWS's ids of resources and deployments have. */
    private static String shortId(String text) {
        String id = Long.toString(
                UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).getMostSignificantBits() >>> 1, 36);
        return id.substring(0, 6);
    }
}
