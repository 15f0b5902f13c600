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
    public boolean takesPrompt(String path) {
        return false;
    }

    @Override
    public Open open(Surroundings surroundings, Clock clock, int port) {
        HttpGateway gateway = HttpGateway.start(
                api, surroundings.functions(), issuer -> Optional.empty(), surroundings.accessLog(), clock, port);
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
        String access = route.path("authorizationType").asText("NONE");
        if (!access.equals("NONE")) {
            throw new CannotRun(
                    "The route " + key + " has the authorization " + access + "; the local run serves NONE.");
        }
        return new HttpRoute(
                key,
                integration.path("integrationUri").asText(),
                integration.path("payloadFormatVersion").asText("1.0"),
                Duration.ofMillis(integration.path("timeoutMilliseconds").asLong(DEFAULT_TIMEOUT_MILLIS)),
                new RouteAccess.Open());
    }

    private static Optional<Cors> cors(JsonNode declared) {
        if (declared.isMissingNode()) {
            return Optional.empty();
        }
        return Optional.of(new Cors(
                list(declared.path("allowOrigins")),
                list(declared.path("allowMethods")),
                list(declared.path("allowHeaders")),
                list(declared.path("exposeHeaders")),
                declared.path("allowCredentials").asBoolean(),
                declared.has("maxAge") ? OptionalInt.of(declared.path("maxAge").asInt()) : OptionalInt.empty()));
    }

    private static List<String> list(JsonNode texts) {
        List<String> list = new ArrayList<>();
        texts.forEach(text -> list.add(text.asText()));
        return list;
    }

    private static Optional<Throttle> throttle(JsonNode settings) {
        return RestServed.throttle(settings, "throttlingRateLimit", "throttlingBurstLimit");
    }
}
