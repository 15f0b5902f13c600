package parkmeter.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.pulumi.core.Output;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import parkmeter.config.Access;
import parkmeter.config.Throttle;

/**
 * One method of one path.
 *
 * @param method {@code GET}, …; {@link #ANY} for those that the path has no operation of its own for
 * @param path with parameters in braces
 * @param contract what goes in and comes out, as OpenAPI's Operation Object
 * @param route what it belongs to
 */
record Operation(String method, String path, ObjectNode contract, FrontRoute route) {

    static final String ANY = "ANY";

    /** The operations of a route. */
    static List<Operation> of(FrontRoute route) {
        if (route instanceof FrontRoute.Meters meters) {
            return MeterOperations.of(meters);
        }
        if (route instanceof FrontRoute.Invoke invoke) {
            return List.of(invoke(invoke));
        }
        throw new IllegalArgumentException("route " + route);
    }

    private static Operation invoke(FrontRoute.Invoke invoke) {
        boolean open = invoke.route().access() instanceof Access.Public;
        ObjectNode post = OpenApiDocument.object().put("summary", "One prompt, one answer");
        if (!open) {
            post.putArray("security").addObject().putArray("api_key");
        }
        post.put("x-amazon-apigateway-request-validator", "body");
        ObjectNode request = post.putObject("requestBody").put("required", true);
        request.set("content", Schemas.json("JsonObject"));
        ObjectNode responses = post.putObject("responses");
        responses
                .putObject("200")
                .put("description", "The model's answer")
                .set("content", Schemas.json("InvokeResponse"));
        GatewayResponses.STATUSES.entrySet().stream()
                .filter(status -> !open || !status.getKey().equals("403"))
                .forEach(status -> responses
                        .putObject(status.getKey())
                        .put("description", status.getValue())
                        .set("content", Schemas.json("Error")));
        return new Operation("POST", invoke.route().path(), post, invoke);
    }

    /** Its own limit over all callers, where it has one. */
    Optional<Throttle> throttle() {
        return route instanceof FrontRoute.Invoke invoke ? invoke.route().throttle() : Optional.empty();
    }

    /** The names of the request headers that it declares. */
    List<String> headers() {
        return contract.path("parameters")
                .valueStream()
                .filter(parameter -> parameter.path("in").asText().equals("header"))
                .map(parameter -> parameter.path("name").asText())
                .toList();
    }

    Output<String> functionName() {
        return route.functionName();
    }

    Output<String> invokeArn() {
        return route.invokeArn();
    }

    /** The operation's key in its path's Path Item Object. */
    String key() {
        return method.equals(ANY) ? "x-amazon-apigateway-any-method" : method.toLowerCase(Locale.ROOT);
    }

    /** Method and path as the ARN of a call has them, {@code GET/meters/*}. */
    String arnSuffix() {
        return (method.equals(ANY) ? "*" : method) + path.replaceAll("\\{\\w+}", "*");
    }
}
