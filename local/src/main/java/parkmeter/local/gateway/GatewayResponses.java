package parkmeter.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import parkmeter.local.edge.Reply;
import parkmeter.local.edge.Substitution;

/** The gateway's own answers, as {@code x-amazon-apigateway-gateway-responses} declares them; AWS's where it doesn't. */
final class GatewayResponses {
    private final Map<ResponseType, Declared> byType = new EnumMap<>(ResponseType.class);

    GatewayResponses(JsonNode openApi) {
        JsonNode all = openApi.path("x-amazon-apigateway-gateway-responses");
        for (ResponseType type : ResponseType.values()) {
            JsonNode own = all.path(type.name());
            JsonNode declared = own.isMissingNode() ? all.path(type.fallback().name()) : own;
            byType.put(type, Declared.of(declared, type));
        }
    }

    /** The answer to a refused request, in the shape that is declared for its type. */
    Reply reply(Exchange exchange, Refused refused) {
        Declared declared = Objects.requireNonNull(byType.get(refused.type()));
        return declared.reply(exchange.refused(refused), refused);
    }

    /** AWS's answer for a stage that isn't there: it has no document, so none applies. */
    static Reply forbidden(Exchange exchange) {
        Refused refused = Refused.as(ResponseType.INVALID_API_KEY);
        return Declared.of(MissingNode.getInstance(), refused.type()).reply(exchange.refused(refused), refused);
    }

    /**
     * @param status 0: the type's own
     * @param headers from the name
     */
    private record Declared(int status, Map<String, Mapping> headers, String contentType, Substitution body) {
        static Declared of(JsonNode declared, ResponseType type) {
            String where = "gateway response " + type;
            JsonNode templates = declared.path("responseTemplates");
            String contentType = templates.isEmpty() || templates.has("application/json")
                    ? "application/json"
                    : templates.fieldNames().next();
            return new Declared(
                    declared.path("statusCode").asInt(),
                    Mapping.all(
                            declared.path("responseParameters"),
                            "gatewayresponse.header.",
                            Mapping.Place.PARAMETERS,
                            where),
                    contentType,
                    Substitution.of(templates.path(contentType).asText(type.body()), where));
        }

        Reply reply(Exchange exchange, Refused refused) {
            List<Map.Entry<String, String>> all =
                    Mapping.headers(contentType, headers, Mapping.Source.request(exchange));
            if (all.stream().noneMatch(header -> header.getKey().equalsIgnoreCase("x-amzn-ErrorType"))) {
                all.add(Map.entry("x-amzn-ErrorType", refused.type().errorType()));
            }
            byte[] text = body.fill(exchange::variable).getBytes(StandardCharsets.UTF_8);
            return new Reply(status > 0 ? status : refused.status(), all, text);
        }
    }
}
