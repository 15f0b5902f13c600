package parkmeter.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import parkmeter.local.edge.Undeployable;
import parkmeter.local.vtl.BadBody;
import parkmeter.local.vtl.BadTemplate;
import parkmeter.local.vtl.Body;
import parkmeter.local.vtl.MappingTemplate;
import parkmeter.local.vtl.Variables;

/**
 * An integration's {@code requestTemplates}, chosen by the request's content type, and what is done where none fits (API Gateway
 * developer guide, "Integration passthrough behaviors").
 */
final class RequestTemplates {
    private static final Set<String> BEHAVIORS = Set.of("when_no_match", "when_no_templates", "never");

    private final Map<String, MappingTemplate> templates = new HashMap<>();
    private final String passthrough;

    private RequestTemplates(String passthrough) {
        this.passthrough = passthrough;
    }

    static RequestTemplates of(JsonNode declared, String where) {
        String passthrough =
                declared.path("passthroughBehavior").asText("when_no_match").toLowerCase(Locale.ROOT);
        if (!BEHAVIORS.contains(passthrough)) {
            throw new Undeployable(
                    where, "passthroughBehavior is when_no_match, when_no_templates or never, not " + passthrough);
        }
        RequestTemplates templates = new RequestTemplates(passthrough);
        declared.path("requestTemplates")
                .properties()
                .forEach(template -> templates.templates.put(
                        template.getKey().toLowerCase(Locale.ROOT),
                        template(template.getValue().asText(), "the request's template", where)));
        return templates;
    }

    /** Reads a template. */
    static MappingTemplate template(String text, String which, String where) {
        try {
            return MappingTemplate.of(text);
        } catch (BadTemplate bad) {
            throw new Undeployable(where, which + " can't be read: " + bad.getMessage());
        }
    }

    /** What a template can refer to. */
    static Variables variables(Exchange exchange, Map<String, Object> context, Body body) {
        Map<String, String> query = new HashMap<>();
        exchange.request().parameters().forEach((name, values) -> query.put(name, values.get(values.size() - 1)));
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        exchange.request()
                .headers()
                .grouped()
                .forEach((name, values) -> headers.put(name, values.get(values.size() - 1)));
        return new Variables(
                body,
                new Variables.Parameters(exchange.pathParameters(), query, headers),
                context,
                exchange.api().stageVariables());
    }

    /**
     * The integration's body.
     *
     * @param context {@code $context}, which a template may change
     * @throws Refused for a content type that isn't taken, a body that the template can't read, or a template that fails
     */
    byte[] fill(Exchange exchange, Map<String, Object> context, Payload payload) {
        MappingTemplate template = choose(exchange.request().contentType());
        if (template == null) {
            return payload.bytes();
        }
        if (!payload.isText()) {
            throw Refused.as(ResponseType.API_CONFIGURATION_ERROR);
        }
        try {
            return template.render(variables(exchange, context, Body.of(payload.asText())))
                    .getBytes(StandardCharsets.UTF_8);
        } catch (BadBody bad) {
            throw Refused.as(
                    ResponseType.BAD_REQUEST_BODY, "Could not parse request body into json: " + bad.getMessage());
        } catch (BadTemplate bad) {
            throw Refused.as(ResponseType.API_CONFIGURATION_ERROR);
        }
    }

    private @Nullable MappingTemplate choose(String contentType) {
        MappingTemplate template = templates.get(contentType);
        if (template == null
                && (passthrough.equals("never") || (passthrough.equals("when_no_templates") && !templates.isEmpty()))) {
            throw Refused.as(ResponseType.UNSUPPORTED_MEDIA_TYPE);
        }
        return template;
    }
}
