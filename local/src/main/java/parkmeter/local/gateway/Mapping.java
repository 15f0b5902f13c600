package parkmeter.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import parkmeter.local.edge.Headers;
import parkmeter.local.edge.Undeployable;
import parkmeter.local.vtl.BadBody;
import parkmeter.local.vtl.Body;

/**
 * Where a parameter's value comes from (API Gateway developer guide, "Amazon API Gateway API request and response data mapping
 * reference"): {@code 'x'}, {@code context.x}, {@code stageVariables.x}, and what the place of the mapping allows besides.
 */
@FunctionalInterface
interface Mapping {
    /**
     * The parameter's value; empty: it isn't sent.
     *
     * @throws BadBody when a body is asked for a member and isn't JSON
     */
    Optional<String> value(Source source);

    /**
     * What a mapping is made from.
     *
     * @param exchange the request and what is known of it
     * @param headers the integration's; none on the way in
     * @param body the integration's answer; the request's on the way in
     */
    record Source(Exchange exchange, Headers headers, Body body) {
        static Source request(Exchange exchange) {
            return new Source(
                    exchange, new Headers(List.of()), Body.of(exchange.request().text()));
        }
    }

    /** Which expressions can be used besides. */
    enum Place {
        /** {@code gatewayresponse.header.x}, and identity sources: the request's parameters. */
        PARAMETERS("responseParameters", "method.request.", false),
        /** {@code integration.request.header.x} (or {@code querystring}, {@code path}): the request's parameters and body. */
        INTEGRATION_REQUEST("requestParameters", "method.request.", true),
        /** {@code method.response.header.x}: the integration's headers and body. */
        INTEGRATION_RESPONSE("responseParameters", "integration.response.", true);

        private final String member;
        private final String source;
        private final boolean body;

        Place(String member, String source, boolean body) {
            this.member = member;
            this.source = source;
            this.body = body;
        }
    }

    /**
     * The parameters that a place declares.
     *
     * @param parameters from {@code <prefix>NAME} to an expression
     * @param prefix such as {@code method.response.header.}; what doesn't begin with it is refused
     */
    static Map<String, Mapping> all(JsonNode parameters, String prefix, Place place, String where) {
        Map<String, Mapping> mappings = new LinkedHashMap<>();
        parameters.properties().forEach(parameter -> {
            if (!parameter.getKey().startsWith(prefix)) {
                throw new Undeployable(
                        where, place.member + " can name '" + prefix + "…' only, not " + parameter.getKey());
            }
            mappings.put(
                    parameter.getKey().substring(prefix.length()),
                    of(parameter.getValue().asText(), place, where));
        });
        return mappings;
    }

    /** The headers of a reply: its content type, then what mappings give. */
    static List<Map.Entry<String, String>> headers(String contentType, Map<String, Mapping> mappings, Source source) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        headers.add(Map.entry("Content-Type", contentType));
        mappings.forEach((name, mapping) -> mapping.value(source).ifPresent(value -> {
            headers.removeIf(header -> header.getKey().equalsIgnoreCase(name));
            headers.add(Map.entry(name, value));
        }));
        return headers;
    }

    /** One expression. */
    static Mapping of(String expression, Place place, String where) {
        if (expression.length() >= 2 && expression.startsWith("'") && expression.endsWith("'")) {
            Optional<String> value = Optional.of(expression.substring(1, expression.length() - 1));
            return source -> value;
        }
        if (expression.startsWith("context.")) {
            return named(
                    expression,
                    "context.",
                    name -> source ->
                            Optional.of(source.exchange().variable(name)).filter(value -> !value.isEmpty()));
        }
        if (expression.startsWith("stageVariables.")) {
            return named(
                    expression,
                    "stageVariables.",
                    name -> source -> Optional.ofNullable(
                            source.exchange().api().stageVariables().get(name)));
        }
        if (!expression.startsWith(place.source)) {
            throw unknown(expression, where);
        }
        String rest = expression.substring(place.source.length());
        if (place.body && rest.equals("body")) {
            return source -> Optional.of(source.body().text());
        }
        if (place.body && rest.startsWith("body.")) {
            return named(rest, "body.", path -> source -> member(source.body(), path));
        }
        if (place == Place.INTEGRATION_RESPONSE) {
            return rest.startsWith("header.")
                    ? named(rest, "header.", name -> source -> source.headers().last(name))
                    : refuse(expression, where);
        }
        return ofRequest(rest, expression, where);
    }

    private static Mapping ofRequest(String rest, String expression, String where) {
        if (rest.startsWith("header.")) {
            return named(
                    rest,
                    "header.",
                    name -> source -> source.exchange().request().headers().last(name));
        }
        if (rest.startsWith("multivalueheader.")) {
            return named(
                    rest,
                    "multivalueheader.",
                    name -> source -> joined(
                            source.exchange().request().headers().grouped().get(name)));
        }
        if (rest.startsWith("querystring.")) {
            return named(
                    rest,
                    "querystring.",
                    name -> source ->
                            last(source.exchange().request().parameters().get(name)));
        }
        if (rest.startsWith("multivaluequerystring.")) {
            return named(
                    rest,
                    "multivaluequerystring.",
                    name -> source ->
                            joined(source.exchange().request().parameters().get(name)));
        }
        if (rest.startsWith("path.")) {
            return named(
                    rest,
                    "path.",
                    name -> source -> Optional.ofNullable(
                            source.exchange().pathParameters().get(name)));
        }
        return refuse(expression, where);
    }

    private static Mapping named(String expression, String prefix, Function<String, Mapping> mapping) {
        return mapping.apply(expression.substring(prefix.length()));
    }

    private static Optional<String> last(@Nullable List<String> values) {
        return values == null ? Optional.empty() : Optional.of(values.get(values.size() - 1));
    }

    private static Optional<String> joined(@Nullable List<String> values) {
        return values == null ? Optional.empty() : Optional.of(String.join(",", values));
    }

    private static Optional<String> member(Body body, String path) {
        Object value = body.path("$." + path);
        return value == null
                ? Optional.empty()
                : Optional.of(value instanceof String text ? text : body.json("$." + path));
    }

    private static Mapping refuse(String expression, String where) {
        throw unknown(expression, where);
    }

    private static Undeployable unknown(String expression, String where) {
        return new Undeployable(where, "the expression " + expression + " is none that can stand here");
    }
}
