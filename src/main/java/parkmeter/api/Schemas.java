package parkmeter.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The document's schemas, in what API Gateway's models know of JSON Schema draft 4. */
final class Schemas {

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

    private static ObjectNode invokeRequest() {
        ObjectNode request = OpenApiDocument.object().put("type", "object").put("additionalProperties", false);
        request.putArray("required").add("prompt");
        ObjectNode properties = request.putObject("properties");
        properties.putObject("prompt").put("type", "string").put("minLength", 1);
        properties.putObject("parameters").put("type", "object");
        return request;
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
