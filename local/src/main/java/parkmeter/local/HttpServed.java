package parkmeter.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import parkmeter.local.edge.Throttle;
import parkmeter.local.engine.Plan;
import parkmeter.local.engine.Registration;
import parkmeter.local.httpapi.Cors;
import parkmeter.local.httpapi.HttpApi;
import parkmeter.local.httpapi.HttpGateway;
import parkmeter.local.httpapi.HttpRoute;
import parkmeter.local.httpapi.RouteAccess;

/**
 * An HTTP API.
 *
 * @param api the API with its routes
 */
record HttpServed(HttpApi api) implements ServedApi {

    static final String TYPE = "aws:apigatewayv2/api:Api";

    private static final int DEFAULT_TIMEOUT_MILLIS = 30_000;
    private static final int DEFAULT_RESULT_SECONDS = 300;

    static HttpServed of(Plan plan, String region) throws CannotRun {
        Registration declared = Deployment.only(plan, TYPE);
        JsonNode stage = Deployment.only(plan, "aws:apigatewayv2/stage:Stage").inputs();
        Map<String, Throttle> throttles = new HashMap<>();
        stage.path("routeSettings").forEach(settings -> throttle(settings)
                .ifPresent(throttle -> throttles.put(settings.path("routeKey").asText(), throttle)));
        List<HttpRoute> routes = new ArrayList<>();
        for (Registration each : plan.ofType("aws:apigatewayv2/route:Route")) {
            routes.add(route(each.inputs(), plan));
        }
        return new HttpServed(new HttpApi(
                declared.outputs().path("id").asText(),
                stage.path("name").asText(),
                declared.outputs().path("executionArn").asText().split(":", -1)[4],
                region,
                Deployment.texts(stage.path("stageVariables")),
                cors(declared.inputs().path("corsConfiguration")),
                routes,
                throttle(stage.path("defaultRouteSettings")),
                throttles,
                Optional.of(stage.at("/accessLogSettings/format").asText()).filter(format -> !format.isEmpty())));
    }

    @Override
    public String stage() {
        return api.stage();
    }

    @Override
    public String account() {
        return api.account();
    }

    @Override
    public Optional<String> integration(String path) {
        return api.routes().stream()
                .filter(route -> route.key().equals("POST " + path))
                .map(HttpRoute::integrationUri)
                .findFirst();
    }

    @Override
    public Way way(String path) {
        RouteAccess access = api.routes().stream()
                .filter(route ->
                        route.key().equals("POST " + path) || route.key().equals("ANY " + path))
                .map(HttpRoute::access)
                .findFirst()
                .orElseGet(RouteAccess.Open::new);
        if (access instanceof RouteAccess.Jwt) {
            return Way.USER;
        }
        return access instanceof RouteAccess.Lambda ? Way.TOKEN : Way.OPEN;
    }

    @Override
    public boolean takesPrompt(String path) {
        return false;
    }

    @Override
    public Open open(Surroundings surroundings, Clock clock, int port) {
        HttpGateway gateway = HttpGateway.start(
                api, surroundings.functions(), surroundings.keys(), surroundings.accessLog(), clock, port);
        return new Open(gateway.port(), gateway::close);
    }

    private static HttpRoute route(JsonNode route, Plan plan) throws CannotRun {
        String key = route.path("routeKey").asText();
        String id = route.path("target").asText().replaceFirst("^integrations/", "");
        JsonNode integration = plan.ofType("aws:apigatewayv2/integration:Integration").stream()
                .filter(each -> each.outputs().path("id").asText().equals(id))
                .findFirst()
                .map(Registration::inputs)
                .orElseThrow(() -> new CannotRun("The route " + key + " leads to no integration of the stack's."));
        return new HttpRoute(
                key,
                integration.path("integrationUri").asText(),
                integration.path("payloadFormatVersion").asText("1.0"),
                Duration.ofMillis(integration.path("timeoutMilliseconds").asLong(DEFAULT_TIMEOUT_MILLIS)),
                access(key, route, plan));
    }

    private static RouteAccess access(String key, JsonNode route, Plan plan) throws CannotRun {
        String type = route.path("authorizationType").asText("NONE");
        if (type.equals("NONE")) {
            return new RouteAccess.Open();
        }
        JsonNode authorizer = plan.ofType("aws:apigatewayv2/authorizer:Authorizer").stream()
                .filter(each -> each.outputs().path("id").equals(route.path("authorizerId")))
                .findFirst()
                .map(Registration::inputs)
                .orElseThrow(() -> new CannotRun("The route " + key + " has no authorizer of the stack's."));
        List<String> sources = Deployment.list(authorizer.path("identitySources"));
        return switch (type) {
            case "JWT" ->
                new RouteAccess.Jwt(
                        authorizer.at("/jwtConfiguration/issuer").asText(),
                        Deployment.list(authorizer.at("/jwtConfiguration/audiences")),
                        sources.stream().findFirst().orElse(""),
                        Deployment.list(route.path("authorizationScopes")));
            case "CUSTOM" ->
                new RouteAccess.Lambda(
                        authorizer.path("authorizerUri").asText(),
                        sources,
                        authorizer.path("enableSimpleResponses").asBoolean(),
                        authorizer.path("authorizerPayloadFormatVersion").asText(),
                        Duration.ofSeconds(
                                authorizer.path("authorizerResultTtlInSeconds").asLong(DEFAULT_RESULT_SECONDS)));
            default ->
                throw new CannotRun("The route " + key + " has the authorization " + type
                        + "; the local run serves NONE, JWT and CUSTOM.");
        };
    }

    private static Optional<Cors> cors(JsonNode declared) {
        if (declared.isMissingNode()) {
            return Optional.empty();
        }
        return Optional.of(new Cors(
                Deployment.list(declared.path("allowOrigins")),
                Deployment.list(declared.path("allowMethods")),
                Deployment.list(declared.path("allowHeaders")),
                Deployment.list(declared.path("exposeHeaders")),
                declared.path("allowCredentials").asBoolean(),
                declared.has("maxAge") ? OptionalInt.of(declared.path("maxAge").asInt()) : OptionalInt.empty()));
    }

    private static Optional<Throttle> throttle(JsonNode settings) {
        return RestServed.throttle(settings, "throttlingRateLimit", "throttlingBurstLimit");
    }
}
