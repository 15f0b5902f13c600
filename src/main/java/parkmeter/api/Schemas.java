package parkmeter.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** The document's schemas, in what API Gateway's models know of JSON Schema draft 4. */
final class Schemas {

    private static final String ONLY_WITHOUT_TEMPLATE = "; on routes without a chat template only";

    private Schemas() {}

    static ObjectNode all() {
        ObjectNode schemas = OpenApiDocument.object();
        schemas.putObject("JsonObject")
                .put("type", "object")
                .put("description", "What the gateway checks; see InvokeRequest");
        schemas.set("InvokeRequest", invokeRequest());
        schemas.set("InvokeResponse", invokeResponse());
        schemas.set("Error", error());
        return schemas;
    }

    /** A body of one of the schemas, as OpenAPI's Content Object. */
    static ObjectNode json(String schema) {
        ObjectNode content = OpenApiDocument.object();
        content.putObject("application/json").set("schema", reference(schema));
        return content;
    }

    static ObjectNode reference(String schema) {
        return OpenApiDocument.object().put("$ref", "#/components/schemas/" + schema);
    }

    private static ObjectNode invokeRequest() {
        ObjectNode request = OpenApiDocument.object().put("type", "object").put("additionalProperties", false);
        request.putArray("required").add("prompt");
        ObjectNode properties = request.putObject("properties");
        properties.putObject("prompt").put("type", "string").put("minLength", 1);
        ObjectNode parameters =
                properties.putObject("parameters").put("type", "object").put("additionalProperties", false);
        ObjectNode known = parameters.putObject("properties");
        integer(known, "max_new_tokens", 1, "The longest answer, in tokens").put("default", 512);
        number(known, "temperature", 0, 100, "0 takes the likeliest token each time")
                .put("default", 0.7);
        share(known, "top_p", "Sample among the likeliest tokens that together have this share; 1: among all")
                .put("default", 0.9);
        flag(known, "do_sample", "false takes the likeliest token each time").put("default", true);
        known.putObject("stop")
                .put("description", "Where the answer ends: a text or an array of texts")
                .putArray("oneOf")
                .add(text())
                .add(OpenApiDocument.object().put("type", "array").set("items", text()));
        integer(known, "seed", 0, "The same seed gives the same answer");
        number(known, "frequency_penalty", -2, 2, "Above 0: tokens get less likely the more often they have come");
        number(known, "repetition_penalty", 0.01, 100, "Above 1: tokens that have come get less likely");
        known.putObject("grammar")
                .put("type", "object")
                .put(
                        "description",
                        "{\"type\": \"json\", \"value\": <JSON Schema>} or {\"type\": \"regex\", \"value\": <text>}");
        withoutTemplate(known);
        return request;
    }

    /** What of it a chat has room for; the gateway alone can check no more than a schema says. */
    static ObjectNode chatRequest() {
        ObjectNode request = invokeRequest();
        ObjectNode unknown = OpenApiDocument.object();
        withoutTemplate(unknown);
        ((ObjectNode) request.at("/properties/parameters/properties"))
                .remove(unknown.properties().stream().map(Map.Entry::getKey).toList());
        return request;
    }

    private static void withoutTemplate(ObjectNode known) {
        integer(known, "top_k", 0, "Sample among this many tokens" + ONLY_WITHOUT_TEMPLATE);
        share(known, "typical_p", "Typical decoding mass" + ONLY_WITHOUT_TEMPLATE);
        integer(known, "best_of", 1, "The best of so many answers" + ONLY_WITHOUT_TEMPLATE);
        integer(known, "truncate", 1, "Cut the prompt to its last tokens" + ONLY_WITHOUT_TEMPLATE);
        flag(known, "watermark", "Watermark the answer" + ONLY_WITHOUT_TEMPLATE);
        flag(known, "return_full_text", "Put the prompt before the answer" + ONLY_WITHOUT_TEMPLATE);
    }

    private static ObjectNode integer(ObjectNode properties, String name, int least, String description) {
        return properties
                .putObject(name)
                .put("type", "integer")
                .put("minimum", least)
                .put("description", description);
    }

    private static ObjectNode number(
            ObjectNode properties, String name, double least, double most, String description) {
        return properties
                .putObject(name)
                .put("type", "number")
                .put("minimum", least)
                .put("maximum", most)
                .put("description", description);
    }

    private static ObjectNode share(ObjectNode properties, String name, String description) {
        // API Gateway's models know no exclusive bounds (developer guide, "Important notes").
        return number(properties, name, 0, 1, description + "; above 0");
    }

    private static ObjectNode flag(ObjectNode properties, String name, String description) {
        return properties.putObject(name).put("type", "boolean").put("description", description);
    }

    private static ObjectNode text() {
        return OpenApiDocument.object().put("type", "string").put("minLength", 1);
    }

    private static ObjectNode invokeResponse() {
        ObjectNode response = OpenApiDocument.object().put("type", "object");
        response.putArray("required").add("generated_text").add("prompt").add("parameters");
        ObjectNode properties = response.putObject("properties");
        properties.putObject("generated_text").put("type", "string");
        properties.putObject("prompt").put("type", "string");
        properties.putObject("parameters").put("type", "object");
        return response;
    }

    private static ObjectNode error() {
        ObjectNode error = OpenApiDocument.object().put("type", "object");
        error.putArray("required").add("error").add("code").add("requestId");
        ObjectNode properties = error.putObject("properties");
        properties.putObject("error").put("type", "string").put("description", "What is wrong, as a sentence");
        properties
                .putObject("code")
                .put("type", "string")
                .put("description", "The same, for programs; it stays the same");
        properties.putObject("message").put("type", "string").put("description", "API Gateway's own words");
        properties.putObject("requestId").put("type", "string");
        ObjectNode problem = properties
                .putObject("problems")
                .put("type", "array")
                .putObject("items")
                .put("type", "object");
        ObjectNode fields = problem.putObject("properties");
        fields.putObject("field").put("type", "string");
        fields.putObject("value").put("description", "What stands there");
        fields.putObject("rule").put("type", "string");
        return error;
    }
}
