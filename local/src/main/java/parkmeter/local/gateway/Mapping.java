package parkmeter.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a header's value comes from: {@code 'x'}, {@code method.request.header.x} (or {@code querystring}, {@code path}) or
 * {@code context.x} (API Gateway developer guide, "Data mapping reference").
 */
@FunctionalInterface
interface Mapping {
    /** The header's value; empty: the header isn't sent. */
    Optional<String> value(Exchange exchange);

    /**
     * The headers that {@code responseParameters} declare.
     *
     * @param parameters from {@code <prefix>NAME} to an expression
     * @param prefix such as {@code method.response.header.}
     */
    static Map<String, Mapping> headers(JsonNode parameters, String prefix, String where) {
        Map<String, Mapping> headers = new LinkedHashMap<>();
        parameters.properties().forEach(parameter -> {
            if (!parameter.getKey().startsWith(prefix)) {
                throw new Undeployable(
                        where, "responseParameters can name '" + prefix + "…' only, not " + parameter.getKey());
            }
            headers.put(
                    parameter.getKey().substring(prefix.length()),
                    of(parameter.getValue().asText(), where));
        });
        return headers;
    }

    private static Mapping of(String expression, String where) {
        if (expression.length() >= 2 && expression.startsWith("'") && expression.endsWith("'")) {
            Optional<String> value = Optional.of(expression.substring(1, expression.length() - 1));
            return exchange -> value;
        }
        String name = expression.substring(expression.lastIndexOf('.') + 1);
        if (expression.startsWith("method.request.header.")) {
            return exchange -> exchange.request().headers().first(name);
        }
        if (expression.startsWith("method.request.querystring.")) {
            return exchange -> exchange.request().parameters().getOrDefault(name, List.of()).stream()
                    .findFirst();
        }
        if (expression.startsWith("method.request.path.")) {
            return exchange -> Optional.ofNullable(exchange.pathParameters().get(name));
        }
        if (expression.startsWith("context.")) {
            String variable = expression.substring("context.".length());
            return exchange -> Optional.of(exchange.variable(variable)).filter(value -> !value.isEmpty());
        }
        throw new Undeployable(where, "the expression " + expression + " is none that the local gateway knows");
    }
}
