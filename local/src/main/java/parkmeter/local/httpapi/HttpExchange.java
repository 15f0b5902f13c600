package parkmeter.local.httpapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import parkmeter.local.edge.Request;

/**
 * A request on its way to its route.
 *
 * @param api the stage that serves it
 * @param request as it came
 * @param path behind the stage, still encoded
 * @param routeKey where it leads
 * @param pathParameters from the path, decoded
 * @param authorizer what the authorizer says of the caller: {@code {"jwt": …}} or {@code {"lambda": …}}; missing where none is asked
 */
record HttpExchange(
        HttpApi api,
        Request request,
        String path,
        String routeKey,
        Map<String, String> pathParameters,
        JsonNode authorizer) {

    HttpExchange(HttpApi api, Request request, String path, String routeKey, Map<String, String> pathParameters) {
        this(api, request, path, routeKey, pathParameters, MissingNode.getInstance());
    }

    HttpExchange by(JsonNode caller) {
        return new HttpExchange(api, request, path, routeKey, pathParameters, caller);
    }

    String routeArn() {
        return api.routeArn(request.method(), path);
    }

    /**
     * The value of a selection expression such as {@code $request.header.x}, {@code $request.querystring.x}, {@code $context.x} or
     * {@code $stageVariables.x}; empty for nothing.
     */
    Optional<String> select(String expression) {
        String name = expression.substring(expression.lastIndexOf('.') + 1);
        Optional<String> value = expression.startsWith("$request.header.")
                ? request.headers().first(name)
                : expression.startsWith("$request.querystring.")
                        ? request.parameters().getOrDefault(name, List.of()).stream()
                                .findFirst()
                        : expression.startsWith("$stageVariables.")
                                ? Optional.ofNullable(api.stageVariables().get(name))
                                : Optional.of(variable(expression.substring("$context.".length())));
        return value.filter(text -> !text.isEmpty());
    }

    /** A variable of {@code $context} (API Gateway developer guide, "Customize HTTP API access logs"); empty for nothing. */
    String variable(String name) {
        return switch (name) {
            case "accountId" -> api.account();
            case "apiId", "domainPrefix" -> api.id();
            case "domainName" -> domainName();
            case "extendedRequestId", "requestId" -> request.extendedId();
            case "httpMethod" -> request.method();
            case "identity.sourceIp" -> request.sourceIp();
            case "identity.userAgent" -> request.headers().first("User-Agent").orElse("");
            case "path" -> request.fullPath();
            case "protocol" -> "HTTP/1.1";
            case "requestTime" -> request.timeText();
            case "requestTimeEpoch" -> String.valueOf(request.time().getEpochSecond());
            case "routeKey" -> routeKey;
            case "stage" -> api.stage();
            default -> name.startsWith("authorizer.") ? ofAuthorizer(name.substring("authorizer.".length())) : "";
        };
    }

    String domainName() {
        return api.id() + ".execute-api." + api.region() + ".amazonaws.com";
    }

    private String ofAuthorizer(String name) {
        return name.startsWith("claims.")
                ? authorizer
                        .path("jwt")
                        .path("claims")
                        .path(name.substring("claims.".length()))
                        .asText()
                : authorizer.path("lambda").path(name).asText();
    }
}
