package parkmeter.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import parkmeter.local.edge.Headers;
import parkmeter.local.edge.Reply;
import parkmeter.local.edge.Undeployable;
import parkmeter.local.vtl.BadBody;
import parkmeter.local.vtl.BadTemplate;
import parkmeter.local.vtl.Body;
import parkmeter.local.vtl.MappingTemplate;

/**
 * An integration's {@code responses}: the first whose pattern fits the whole status makes the client's reply, or else {@code default}
 * (API Gateway developer guide, "Set up an integration response using the API Gateway console" and "x-amazon-apigateway-integration.responses
 * object"). Only headers that are mapped reach the client.
 */
final class IntegrationResponses {
    private static final String JSON = "application/json";

    private final List<Response> responses;
    private final Optional<Response> otherwise;
    private final List<String> binaryMediaTypes;

    private IntegrationResponses(
            List<Response> responses, Optional<Response> otherwise, List<String> binaryMediaTypes) {
        this.responses = responses;
        this.otherwise = otherwise;
        this.binaryMediaTypes = binaryMediaTypes;
    }

    /**
     * What an integration answered.
     *
     * @param status chooses the response
     * @param headers what {@code integration.response.header.x} reads
     * @param body as it came
     */
    @SuppressWarnings("ArrayRecordComponent") // up to 10 MB on the hot path, never compared
    record Answer(int status, Headers headers, byte[] body) {}

    static IntegrationResponses of(JsonNode operation, List<String> binaryMediaTypes, String where) {
        List<Response> responses = new ArrayList<>();
        List<Response> otherwise = new ArrayList<>();
        operation
                .path("x-amazon-apigateway-integration")
                .path("responses")
                .properties()
                .forEach(response -> {
                    Response read =
                            Response.of(response.getKey(), response.getValue(), operation.path("responses"), where);
                    (response.getKey().equals("default") ? otherwise : responses).add(read);
                });
        return new IntegrationResponses(responses, otherwise.stream().findFirst(), binaryMediaTypes);
    }

    /**
     * The client's reply.
     *
     * @param context {@code $context}, with what the request's template changed
     * @throws Refused where no response is declared for the status, or it can't be made
     */
    Reply reply(Exchange exchange, Map<String, Object> context, Answer answer) {
        String status = String.valueOf(answer.status());
        Response response = responses.stream()
                .filter(one -> one.pattern().matcher(status).matches())
                .findFirst()
                .or(() -> otherwise)
                .orElseThrow(() -> Refused.as(ResponseType.API_CONFIGURATION_ERROR));
        Payload payload = Payload.toClient(
                answer.body(),
                answer.headers().mediaType("Content-Type").orElse(JSON),
                exchange.request().headers().mediaType("Accept").orElse(JSON),
                binaryMediaTypes,
                response.handling());
        try {
            return response.reply(exchange, context, answer.headers(), payload);
        } catch (BadBody | BadTemplate bad) {
            throw Refused.as(ResponseType.API_CONFIGURATION_ERROR);
        }
    }

    /**
     * @param templates by content type, in the order of the document
     */
    private record Response(
            Pattern pattern,
            int status,
            Map<String, Mapping> headers,
            Map<String, Optional<MappingTemplate>> templates,
            Payload.Handling handling) {

        static Response of(String pattern, JsonNode declared, JsonNode methodResponses, String where) {
            String status = declared.path("statusCode").asText();
            JsonNode methodResponse = methodResponses.path(status);
            if (methodResponse.isMissingNode()) {
                throw new Undeployable(
                        where,
                        "the integration's response '" + pattern + "' has status " + status
                                + ", which the method's responses must name too");
            }
            Map<String, Mapping> headers = Mapping.all(
                    declared.path("responseParameters"),
                    "method.response.header.",
                    Mapping.Place.INTEGRATION_RESPONSE,
                    where);
            headers.keySet().forEach(name -> {
                if (!methodResponse.path("headers").has(name)) {
                    throw new Undeployable(
                            where,
                            "responseParameters names the header " + name + ", which the method's response " + status
                                    + " must declare");
                }
            });
            Map<String, Optional<MappingTemplate>> templates = new LinkedHashMap<>();
            declared.path("responseTemplates").properties().forEach(template -> {
                String text = template.getValue().asText();
                templates.put(
                        template.getKey(),
                        text.isEmpty() // passes the body on
                                ? Optional.empty()
                                : Optional.of(RequestTemplates.template(
                                        text, "the template of response '" + pattern + "'", where)));
            });
            return new Response(
                    pattern.equals("default") ? Pattern.compile("") : Pattern.compile(pattern),
                    Integer.parseInt(status),
                    headers,
                    templates,
                    Payload.Handling.of(declared.path("contentHandling").asText(), where));
        }

        Reply reply(Exchange exchange, Map<String, Object> context, Headers integrationHeaders, Payload payload) {
            Body body = Body.of(payload.isText() ? payload.asText() : "");
            String contentType = contentType(exchange);
            Optional<MappingTemplate> template = templates.getOrDefault(contentType, Optional.empty());
            if (template.isPresent() && !payload.isText()) {
                throw Refused.as(ResponseType.API_CONFIGURATION_ERROR);
            }
            byte[] bytes = template.map(one -> one.render(RequestTemplates.variables(exchange, context, body))
                            .getBytes(StandardCharsets.UTF_8))
                    .orElse(payload.bytes());
            List<Map.Entry<String, String>> all =
                    Mapping.headers(contentType, headers, new Mapping.Source(exchange, integrationHeaders, body));
            Overrides overrides = Overrides.of(context, "responseOverride");
            overrides.header().forEach((name, value) -> {
                all.removeIf(header -> header.getKey().equalsIgnoreCase(name));
                all.add(Map.entry(name, value));
            });
            return new Reply(overrides.status().orElse(status), all, bytes);
        }

        /** The request's Accept chooses the template; where none fits, JSON's is taken, or else the first. */
        private String contentType(Exchange exchange) {
            String accept = exchange.request()
                    .headers()
                    .mediaType("Accept")
                    .orElse(JSON)
                    .toLowerCase(Locale.ROOT);
            return templates.containsKey(accept)
                    ? accept
                    : templates.isEmpty() || templates.containsKey(JSON)
                            ? JSON
                            : templates.keySet().iterator().next();
        }
    }
}
