package parkmeter.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import parkmeter.config.Access;
import parkmeter.config.FunctionRoute;
import parkmeter.config.Route;
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
        if (route instanceof FrontRoute.Tokens tokens) {
            return TokenOperations.of(tokens);
        }
        if (route instanceof FrontRoute.Invoke invoke) {
            return List.of(new Operation(
                    "POST", invoke.route().path(), ModelOperation.of(invoke.route(), "JsonObject"), invoke));
        }
        if (route instanceof FrontRoute.Later later) {
            return JobOperations.of(later);
        }
        if (route instanceof FrontRoute.Executions executions) {
            return JobOperations.of(executions);
        }
        if (route instanceof FrontRoute.Direct direct) {
            return List.of(new Operation("POST", direct.route().path(), DirectOperation.of(direct), direct));
        }
        if (route instanceof FrontRoute.Existing existing) {
            return List.of(existing(existing));
        }
        throw new IllegalArgumentException("route " + route);
    }

    private static Operation existing(FrontRoute.Existing existing) {
        FunctionRoute route = existing.route();
        ObjectNode operation = OpenApiDocument.object().put("summary", "What the function behind it answers");
        operation.putObject("responses").putObject("200").put("description", "The function's answer");
        return new Operation(route.method(), route.path(), operation, existing);
    }

    /** Whether the function behind it answers a browser's preflight too. */
    boolean answersPreflight() {
        return method.equals(ANY) && route instanceof FrontRoute.Existing;
    }

    /** Whether one of these is for callers of a kind. */
    static boolean any(List<Operation> operations, Class<? extends Access> kind) {
        return operations.stream().map(Operation::access).anyMatch(kind::isInstance);
    }

    /** Who may call it. */
    Access access() {
        if (route instanceof FrontRoute.Meters) {
            return new Access.Key();
        }
        if (route instanceof FrontRoute.Tokens tokens) {
            return tokens.access();
        }
        if (route instanceof FrontRoute.Later later) {
            return later.route().access();
        }
        if (route instanceof FrontRoute.Executions executions) {
            return executions.access();
        }
        if (route instanceof FrontRoute.Existing existing) {
            return existing.route().access();
        }
        return modelRoute().map(Route::access).orElseThrow(() -> new IllegalStateException("route " + route));
    }

    /** The model's route that it is; empty for those of others, and for what tells of jobs. */
    Optional<Route> modelRoute() {
        if (route instanceof FrontRoute.Invoke invoke) {
            return Optional.of(invoke.route());
        }
        if (route instanceof FrontRoute.Later later && path.equals(later.route().path())) {
            return Optional.of(later.route());
        }
        return route instanceof FrontRoute.Direct direct ? Optional.of(direct.route()) : Optional.empty();
    }

    /** Its own limit over all callers, where it has one. */
    Optional<Throttle> throttle() {
        return route instanceof FrontRoute.Existing existing
                ? existing.route().throttle()
                : modelRoute().flatMap(Route::throttle);
    }

    /** The names of the request headers that it declares. */
    List<String> headers() {
        return contract.path("parameters")
                .valueStream()
                .filter(parameter -> parameter.path("in").asText().equals("header"))
                .map(parameter -> parameter.path("name").asText())
                .toList();
    }

    /** The operation's key in its path's Path Item Object. */
    String key() {
        return method.equals(ANY) ? "x-amazon-apigateway-any-method" : method.toLowerCase(Locale.ROOT);
    }

    /** Method and path, as HTTP APIs and the functions name them. */
    String routeKey() {
        return method + " " + path;
    }

    /** Method and path as the ARN of a call has them, {@code GET/meters/*}. */
    String arnSuffix() {
        return (method.equals(ANY) ? "*" : method) + path.replaceAll("\\{\\w+}", "*");
    }
}
