package parkmeter.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The gateway's own answers, as {@code x-amazon-apigateway-gateway-responses} declares them; AWS's where it doesn't. */
final class GatewayResponses {
    private static final String AWS_BODY = "{\"message\":$context.error.messageString}";

    private final Map<ResponseType, Declared> byType = new EnumMap<>(ResponseType.class);

    GatewayResponses(JsonNode openApi) {
        JsonNode all = openApi.path("x-amazon-apigateway-gateway-responses");
        for (ResponseType type : ResponseType.values()) {
            JsonNode own = all.path(type.name());
            JsonNode declared = own.isMissingNode() ? all.path(type.fallback().name()) : own;
            byType.put(type, Declared.of(declared, "gateway response " + type));
        }
    }

    /** The answer to a refused request, in the shape that is declared for its type. */
    Reply reply(Exchange exchange, Refused refused) {
        Declared declared = byType.getOrDefault(refused.type(), Declared.AWS);
        return declared.reply(exchange.refused(refused), refused);
    }

    /** AWS's answer for a stage that isn't there: it has no document, so none applies. */
    static Reply forbidden(Exchange exchange) {
        Refused refused = Refused.as(ResponseType.INVALID_API_KEY);
        return Declared.AWS.reply(exchange.refused(refused), refused);
    }

    /**
     * @param status 0: the type's own
     * @param headers from the name
     */
    private record Declared(int status, Map<String, Mapping> headers, String contentType, Template body) {
        static final Declared AWS = new Declared(0, Map.of(), "application/json", Template.of(AWS_BODY, ""));

        static Declared of(JsonNode declared, String where) {
            JsonNode templates = declared.path("responseTemplates");
            String contentType = templates.isEmpty() || templates.has("application/json")
                    ? "application/json"
                    : templates.fieldNames().next();
            return new Declared(
                    declared.path("statusCode").asInt(),
                    Mapping.headers(declared.path("responseParameters"), "gatewayresponse.header.", where),
                    contentType,
                    Template.of(templates.path(contentType).asText(AWS_BODY), where));
        }

        Reply reply(Exchange exchange, Refused refused) {
            List<Map.Entry<String, String>> all = Reply.headers(contentType, headers, exchange);
            if (all.stream().noneMatch(header -> header.getKey().equalsIgnoreCase("x-amzn-ErrorType"))) {
                all.add(Map.entry("x-amzn-ErrorType", refused.type().errorType()));
            }
            byte[] text = body.fill(exchange::variable).getBytes(StandardCharsets.UTF_8);
            return new Reply(status > 0 ? status : refused.status(), all, text);
        }
    }
}
