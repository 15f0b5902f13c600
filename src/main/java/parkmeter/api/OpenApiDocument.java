package parkmeter.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.pulumi.core.Output;
import java.util.List;
import parkmeter.config.Names;

/**
 * The API as one OpenAPI 3.0.1 document with API Gateway's extensions (API Gateway developer guide, "OpenAPI extensions").
 *
 * <p>The gateway itself refuses what is no JSON object; what is in it, the function checks, which can name each field, value and
 * rule where the gateway's message names none. {@code InvokeRequest} says the same as a schema, for the callers.
 */
final class OpenApiDocument {

    private OpenApiDocument() {}

    /** The document, known as soon as the functions' addresses are. */
    static Output<String> of(Names names, List<FrontRoute> routes) {
        return Output.all(routes.stream().map(FrontRoute::invokeArn).toList())
                .applyValue(invokeArns -> write(names, routes, invokeArns));
    }

    private static String write(Names names, List<FrontRoute> routes, List<String> invokeArns) {
        ObjectNode document = object().put("openapi", "3.0.1");
        document.putObject("info").put("title", names.stackWide()).put("version", "1");
        document.put("x-amazon-apigateway-api-key-source", "HEADER");
        document.putObject("x-amazon-apigateway-request-validators")
                .putObject("body")
                .put("validateRequestBody", true)
                .put("validateRequestParameters", false);
        ObjectNode paths = document.putObject("paths");
        for (int i = 0; i < routes.size(); i++) {
            ObjectNode path = paths.putObject(routes.get(i).route().path());
            path.set("post", post(invokeArns.get(i)));
            path.set("options", preflight());
        }
        ObjectNode components = document.putObject("components");
        components
                .putObject("securitySchemes")
                .putObject("api_key")
                .put("type", "apiKey")
                .put("name", "x-api-key")
                .put("in", "header");
        components.set("schemas", Schemas.all());
        document.set("x-amazon-apigateway-gateway-responses", GatewayResponses.all());
        return document.toString();
    }

    private static ObjectNode post(String invokeArn) {
        ObjectNode post = object().put("summary", "One prompt, one answer");
        post.putArray("security").addObject().putArray("api_key");
        post.put("x-amazon-apigateway-request-validator", "body");
        ObjectNode request = post.putObject("requestBody").put("required", true);
        request.set("content", json("JsonObject"));
        ObjectNode responses = post.putObject("responses");
        responses.putObject("200").put("description", "The model's answer").set("content", json("InvokeResponse"));
        GatewayResponses.STATUSES.forEach((status, meaning) ->
                responses.putObject(status).put("description", meaning).set("content", json("Error")));
        post.putObject("x-amazon-apigateway-integration")
                .put("type", "aws_proxy")
                .put("httpMethod", "POST")
                .put("uri", invokeArn)
                .put("payloadFormatVersion", "1.0")
                .put("timeoutInMillis", RestFront.TIMEOUT.toMillis());
        return post;
    }

    /** A browser asks before it sends a key or JSON to another origin (Fetch standard, "CORS-preflight request"). */
    private static ObjectNode preflight() {
        ObjectNode options = object().put("summary", "CORS preflight");
        ObjectNode declared =
                options.putObject("responses").putObject("204").put("description", "What a browser may send");
        ObjectNode headers = declared.putObject("headers");
        ObjectNode integration =
                options.putObject("x-amazon-apigateway-integration").put("type", "mock");
        integration.putObject("requestTemplates").put("application/json", "{\"statusCode\": 204}");
        ObjectNode values = integration
                .putObject("responses")
                .putObject("default")
                .put("statusCode", "204")
                .putObject("responseParameters");
        Cors.PREFLIGHT_HEADERS.forEach((name, value) -> {
            headers.putObject(name).putObject("schema").put("type", "string");
            values.put("method.response.header." + name, Cors.quoted(value));
        });
        return options;
    }

    private static ObjectNode json(String schema) {
        ObjectNode content = object();
        content.putObject("application/json").putObject("schema").put("$ref", "#/components/schemas/" + schema);
        return content;
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
