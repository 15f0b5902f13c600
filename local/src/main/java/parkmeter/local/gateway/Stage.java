package parkmeter.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parkmeter.local.lambda.Functions;

/**
 * The API's stage: takes a request through AWS's checks, in AWS's order, to its integration. The order: route and size; key;
 * the usage plan's rate, then its quota; the stage's rate; validation.
 */
final class Stage {
    private static final Logger LOG = LoggerFactory.getLogger(Stage.class);
    private static final List<String> METHODS =
            List.of("get", "put", "post", "delete", "options", "head", "patch", "x-amazon-apigateway-any-method");

    private final Api api;
    private final String deploymentId;
    private final Access access;
    private final GatewayResponses responses;
    private final List<Route> routes = new ArrayList<>();

    /**
     * Reads the document into routes.
     *
     * @throws Undeployable for what can't be served
     */
    Stage(Api api, Functions functions, Clock clock) {
        JsonNode openApi = api.openApi();
        if (!openApi.path("x-amazon-apigateway-api-key-source").asText("HEADER").equals("HEADER")) {
            throw new Undeployable("x-amazon-apigateway-api-key-source", "HEADER is the one that is served locally");
        }
        this.api = api;
        deploymentId = shortId(openApi.toString());
        access = new Access(api, clock);
        responses = new GatewayResponses(openApi);
        List<String> binaryMediaTypes = new ArrayList<>();
        openApi.path("x-amazon-apigateway-binary-media-types").forEach(type -> binaryMediaTypes.add(type.asText()));
        openApi.path("paths")
                .properties()
                .forEach(path -> METHODS.stream().filter(path.getValue()::has).forEach(method -> {
                    JsonNode operation = path.getValue().path(method);
                    String name = method.startsWith("x-") ? Route.ANY : method.toUpperCase(Locale.ROOT);
                    String where = name + " " + path.getKey();
                    routes.add(new Route(
                            path.getKey(),
                            Route.parts(path.getKey()),
                            name,
                            shortId(path.getKey()),
                            needsKey(openApi, operation, where),
                            api.stageThrottle().map(throttle -> new Limiter(throttle, clock)),
                            new Validation(openApi, path.getValue(), operation, where),
                            Integration.of(
                                    operation.path("x-amazon-apigateway-integration"),
                                    binaryMediaTypes,
                                    functions,
                                    where)));
                }));
        Collections.sort(routes);
    }

    /** Answers a request; never completes exceptionally. */
    CompletableFuture<Reply> answer(Request request) {
        Exchange unrouted = new Exchange(api, deploymentId, request);
        if (!request.stage().equals(api.stage())) {
            return CompletableFuture.completedFuture(GatewayResponses.forbidden(unrouted));
        }
        Exchange routed = unrouted;
        try {
            routed = route(unrouted);
            Exchange admitted = admit(routed, routed.route().orElseThrow());
            return admitted.route()
                    .orElseThrow()
                    .integration()
                    .answer(admitted)
                    .exceptionally(fault -> refuse(admitted, fault));
        } catch (RuntimeException fault) {
            return CompletableFuture.completedFuture(refuse(routed, fault));
        }
    }

    private Exchange route(Exchange exchange) {
        Request request = exchange.request();
        List<String> path = Route.parts(request.path());
        for (Route route : routes) {
            Optional<Map<String, String>> parameters = route.match(request.method(), path);
            if (parameters.isPresent()) {
                return exchange.to(route, parameters.get());
            }
        }
        throw Refused.as(ResponseType.MISSING_AUTHENTICATION_TOKEN);
    }

    private Exchange admit(Exchange exchange, Route route) {
        if (exchange.request().tooLarge()) {
            throw Refused.as(ResponseType.REQUEST_TOO_LARGE);
        }
        Exchange admitted = route.needsKey() ? exchange.by(access.admit(exchange.request())) : exchange;
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

    /** Whether a method's {@code security} asks for an API key. */
    private static boolean needsKey(JsonNode openApi, JsonNode operation, String where) {
        JsonNode security = operation.has("security") ? operation.path("security") : openApi.path("security");
        boolean needsKey = false;
        for (JsonNode requirement : security) {
            for (Map.Entry<String, JsonNode> scheme : requirement.properties()) {
                JsonNode declared =
                        openApi.path("components").path("securitySchemes").path(scheme.getKey());
                if (!declared.path("type").asText().equals("apiKey")
                        || !declared.path("name").asText().equalsIgnoreCase("x-api-key")
                        || declared.has("x-amazon-apigateway-authtype")) {
                    throw new Undeployable(
                            where,
                            "the security scheme '" + scheme.getKey() + "' is not served locally; an x-api-key is");
                }
                needsKey = true;
            }
        }
        return needsKey;
    }

    /** Six characters that stay the same for the same text, as AWS's ids of resources and deployments have. */
    private static String shortId(String text) {
        String id = Long.toString(
                UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).getMostSignificantBits() >>> 1, 36);
        return id.substring(0, 6);
    }
}
