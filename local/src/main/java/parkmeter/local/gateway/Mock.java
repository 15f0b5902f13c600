package parkmeter.local.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * A mock integration: the request's template says a status, and the response declared for that status is the answer (API
 * Gateway developer guide, "Mock integrations").
 */
final class Mock implements Integration {
    /** AWS reads the template's result less strictly than JSON is defined. */
    private static final ObjectReader LENIENT_JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .build()
            .reader();

    private final Map<String, Template> requestTemplates = new HashMap<>();
    private final String passthrough;
    private final List<Response> responses = new ArrayList<>();
    private Optional<Response> otherwise = Optional.empty();

    Mock(JsonNode declared, String where) {
        passthrough =
                declared.path("passthroughBehavior").asText("when_no_match").toLowerCase(Locale.ROOT);
        declared.path("requestTemplates")
                .properties()
                .forEach(template -> requestTemplates.put(
                        template.getKey(), Template.of(template.getValue().asText(), where)));
        declared.path("responses").properties().forEach(response -> {
            Response read = Response.of(response.getKey(), response.getValue(), where);
            if (response.getKey().equals("default")) {
                otherwise = Optional.of(read);
            } else {
                responses.add(read);
            }
        });
    }

    @Override
    public CompletableFuture<Reply> answer(Exchange exchange) {
        String status = status(exchange);
        return responses.stream()
                .filter(response -> response.pattern.matcher(status).matches())
                .findFirst()
                .or(() -> otherwise)
                .map(response -> CompletableFuture.completedFuture(response.reply(exchange)))
                .orElseThrow(() -> Refused.as(ResponseType.API_CONFIGURATION_ERROR));
    }

    private String status(Exchange exchange) {
        Template template = requestTemplates.get(exchange.request().contentType());
        if (template == null && passthroughIsRefused()) {
            throw Refused.as(ResponseType.UNSUPPORTED_MEDIA_TYPE);
        }
        String text = template == null ? exchange.request().text() : template.fill(exchange::variable);
        try {
            JsonNode status = LENIENT_JSON.readTree(text).path("statusCode");
            if (status.isIntegralNumber()) {
                return status.asText();
            }
        } catch (JsonProcessingException notJson) {
            // AWS's answer is the same as for a text without a status.
        }
        throw Refused.as(ResponseType.API_CONFIGURATION_ERROR);
    }

    private boolean passthroughIsRefused() {
        return passthrough.equals("never") || (passthrough.equals("when_no_templates") && !requestTemplates.isEmpty());
    }

    private record Response(
            Pattern pattern, int status, Map<String, Mapping> headers, String contentType, Optional<Template> body) {
        static Response of(String pattern, JsonNode declared, String where) {
            JsonNode templates = declared.path("responseTemplates");
            String contentType = templates.isEmpty()
                    ? "application/json"
                    : templates.fieldNames().next();
            return new Response(
                    Pattern.compile(pattern),
                    declared.path("statusCode").asInt(200),
                    Mapping.headers(declared.path("responseParameters"), "method.response.header.", where),
                    contentType,
                    Optional.ofNullable(templates.get(contentType)).map(text -> Template.of(text.asText(), where)));
        }

        Reply reply(Exchange exchange) {
            String text =
                    body.map(template -> template.fill(exchange::variable)).orElse("");
            return new Reply(
                    status, Reply.headers(contentType, headers, exchange), text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
