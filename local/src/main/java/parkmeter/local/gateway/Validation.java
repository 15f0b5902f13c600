package parkmeter.local.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import parkmeter.local.edge.Request;
import parkmeter.local.edge.Undeployable;

/**
 * What a route's request validator checks (API Gateway developer guide, "Request validation for REST APIs"): that required
 * parameters are there and not blank, and that the body fits the schema of its content type. Where no schema is declared for
 * a content type, the body isn't checked.
 */
final class Validation {
    /** No limits of its own but the body's: what is JSON is the function's to judge. */
    private static final ObjectReader JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNumberLength(Request.BODY_LIMIT)
                            .build())
                    .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private final List<Parameter> required = new ArrayList<>();
    private final Map<String, Schema> schemas = new HashMap<>();

    Validation(JsonNode openApi, JsonNode path, JsonNode operation, String where) {
        JsonNode rules = rules(openApi, operation, where);
        if (rules.path("validateRequestParameters").asBoolean()) {
            List.of(path, operation).forEach(at -> at.path("parameters").forEach(parameter -> {
                if (parameter.path("required").asBoolean()) {
                    required.add(new Parameter(
                            parameter.path("name").asText(),
                            parameter.path("in").asText()));
                }
            }));
        }
        if (rules.path("validateRequestBody").asBoolean()) {
            SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4);
            operation.path("requestBody").path("content").properties().forEach(content -> {
                // A reference leads to the document's components: they stand beside the schema for it.
                ObjectNode schema = JsonNodeFactory.instance.objectNode();
                schema.putArray("allOf").add(content.getValue().path("schema"));
                schema.set("components", openApi.path("components"));
                schemas.put(content.getKey(), registry.getSchema(schema));
            });
        }
    }

    private static JsonNode rules(JsonNode openApi, JsonNode operation, String where) {
        String member = "x-amazon-apigateway-request-validator";
        String name = operation.path(member).asText(openApi.path(member).asText());
        JsonNode rules = openApi.path(member + "s").path(name);
        if (!name.isEmpty() && rules.isMissingNode()) {
            throw new Undeployable(where, "the validator '" + name + "' is not among " + member + "s");
        }
        return rules;
    }

    /**
     * Lets a good request pass.
     *
     * @throws Refused for one that isn't
     */
    void check(Exchange exchange) {
        List<String> missing = required.stream()
                .filter(parameter -> parameter.isMissing(exchange))
                .map(Parameter::name)
                .sorted()
                .toList();
        if (!missing.isEmpty()) {
            throw Refused.parameters(missing);
        }
        Schema schema = schemaFor(exchange.request().contentType());
        if (schema != null) {
            checkBody(schema, exchange.request());
        }
    }

    private @Nullable Schema schemaFor(String contentType) {
        Schema schema = schemas.get(contentType);
        return schema != null ? schema : schemas.get("$default");
    }

    private static void checkBody(Schema schema, Request request) {
        List<Error> problems;
        try {
            // AWS checks no body at all as an empty object.
            problems = schema.validate(JSON.readTree(request.body().length == 0 ? "{}" : withoutMark(request.text())));
        } catch (JsonProcessingException notJson) {
            throw Refused.body("[the body is not JSON]");
        }
        if (!problems.isEmpty()) {
            throw Refused.body(problems.stream().map(Error::getMessage).collect(Collectors.joining(", ", "[", "]")));
        }
    }

    /** A byte order mark may stand before JSON, and a parser may pass over it (RFC 8259, section 8.1). */
    private static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private record Parameter(String name, String in) {
        boolean isMissing(Exchange exchange) {
            String value =
                    switch (in) {
                        case "header" ->
                            exchange.request().headers().first(name).orElse("");
                        case "query" ->
                            String.join("", exchange.request().parameters().getOrDefault(name, List.of()));
                        case "path" -> exchange.pathParameters().getOrDefault(name, "");
                        default -> name; // cookies: AWS doesn't check them
                    };
            return value.isBlank();
        }
    }
}
