package parkmeter.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import com.pulumi.core.Output;
import java.util.List;
import java.util.Optional;
import parkmeter.config.Names;
import parkmeter.iam.PolicyDocument;

/**
 * The API as one OpenAPI 3.0.1 document with API Gateway's extensions (API Gateway developer guide, "OpenAPI extensions").
 *
 * <p>The gateway itself refuses what is no JSON object; what is in it, the function checks, which can name each field, value and
 * rule where the gateway's message names none. {@code InvokeRequest} says the same as a schema, for the callers.
 */
final class OpenApiDocument {

    /** What models take and give that is no text: API Gateway would read it as UTF-8, and break it. */
    private static final List<String> BINARY_MEDIA_TYPES = List.of(
            "application/octet-stream",
            "application/x-image",
            "application/x-npy",
            "audio/mpeg",
            "audio/wav",
            "image/jpeg",
            "image/png");

    private OpenApiDocument() {}

    /**
     * The document, known as soon as the functions' addresses are.
     *
     * @param direct what stands behind the routes without a function
     * @param security who may call
     * @param policy from where one may call; absent: from anywhere
     */
    static Output<String> of(
            Names names,
            List<Operation> operations,
            DirectCalls direct,
            Security security,
            Optional<PolicyDocument> policy) {
        Output<List<ObjectNode>> integrations = Output.all(operations.stream()
                .map(operation -> integration(operation, direct))
                .toList());
        Output<ObjectNode> document = Output.tuple(integrations, security.schemes())
                .applyValue(known -> write(names, operations, known.t1, security, known.t2));
        return policy.map(PolicyDocument::json)
                .map(json -> Output.tuple(document, json).applyValue(known -> {
                    ObjectNode whole = known.t1.deepCopy();
                    whole.putRawValue("x-amazon-apigateway-policy", new RawValue(known.t2));
                    return whole.toString();
                }))
                .orElseGet(() -> document.applyValue(ObjectNode::toString));
    }

    private static Output<ObjectNode> integration(Operation operation, DirectCalls direct) {
        if (operation.route() instanceof FrontRoute.ToFunction function) {
            return function.invokeArn().applyValue(OpenApiDocument::integration);
        }
        if (operation.route() instanceof FrontRoute.Direct route) {
            return direct.integration(route);
        }
        throw new IllegalArgumentException("route " + operation.route());
    }

    private static ObjectNode write(
            Names names,
            List<Operation> operations,
            List<ObjectNode> integrations,
            Security security,
            ObjectNode securitySchemes) {
        ObjectNode document = object().put("openapi", "3.0.1");
        document.putObject("info").put("title", names.stackWide()).put("version", "1");
        document.put("x-amazon-apigateway-api-key-source", security.keySource());
        if (operations.stream().anyMatch(OpenApiDocument::handsBytesOn)) {
            BINARY_MEDIA_TYPES.forEach(document.putArray("x-amazon-apigateway-binary-media-types")::add);
        }
        document.putObject("x-amazon-apigateway-request-validators")
                .putObject("body")
                .put("validateRequestBody", true)
                .put("validateRequestParameters", false);
        ObjectNode paths = document.putObject("paths");
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            ObjectNode contract = operation.contract().deepCopy();
            security.requirement(operation.access()).ifPresent(requirement -> contract.set("security", requirement));
            contract.set("x-amazon-apigateway-integration", integrations.get(i));
            paths.withObjectProperty(operation.path()).set(operation.key(), contract);
        }
        operations.stream()
                .filter(operation -> !operation.answersPreflight())
                .map(Operation::path)
                .distinct()
                .forEach(path -> paths.withObjectProperty(path)
                        .set(
                                "options",
                                preflight(
                                        operations.stream()
                                                .filter(operation ->
                                                        operation.path().equals(path))
                                                .toList(),
                                        security)));
        ObjectNode components = document.putObject("components");
        components.set("securitySchemes", securitySchemes);
        components.set("schemas", Schemas.all());
        if (operations.stream().anyMatch(operation -> operation.route() instanceof FrontRoute.Direct)) {
            components.withObjectProperty("schemas").set("ChatRequest", Schemas.chatRequest());
        }
        if (operations.stream().anyMatch(operation -> operation.route() instanceof FrontRoute.Meters)) {
            MeterSchemas.addTo(components.withObjectProperty("schemas"));
        }
        if (operations.stream().anyMatch(operation -> operation.route() instanceof FrontRoute.Later)) {
            JobSchemas.addTo(components.withObjectProperty("schemas"));
        }
        if (operations.stream().anyMatch(operation -> operation.route() instanceof FrontRoute.Tokens)) {
            TokenSchemas.addTo(components.withObjectProperty("schemas"));
        }
        document.set("x-amazon-apigateway-gateway-responses", GatewayResponses.all());
        return document;
    }

    private static boolean handsBytesOn(Operation operation) {
        return operation
                .modelRoute()
                .filter(route -> !ModelOperation.takesPrompt(route))
                .isPresent();
    }

    private static ObjectNode integration(String invokeArn) {
        return object().put("type", "aws_proxy")
                .put("httpMethod", "POST")
                .put("uri", invokeArn)
                .put("payloadFormatVersion", "1.0")
                .put("timeoutInMillis", RestFront.TIMEOUT.toMillis());
    }

    /** A browser asks before it sends a key or JSON to another origin (Fetch standard, "CORS-preflight request"). */
    private static ObjectNode preflight(List<Operation> operations, Security security) {
        ObjectNode options = object().put("summary", "CORS preflight");
        ObjectNode declared =
                options.putObject("responses").putObject("204").put("description", "What a browser may send");
        ObjectNode headers = declared.putObject("headers");
        ObjectNode integration = options.putObject("x-amazon-apigateway-integration")
                .put("type", "mock")
                .put("passthroughBehavior", "never");
        integration.putObject("requestTemplates").put("application/json", "{\"statusCode\": 204}");
        ObjectNode values = integration
                .putObject("responses")
                .putObject("default")
                .put("statusCode", "204")
                .putObject("responseParameters");
        Cors.preflightHeaders(operations, security).forEach((name, value) -> {
            headers.putObject(name).putObject("schema").put("type", "string");
            values.put("method.response.header." + name, Cors.quoted(value));
        });
        return options;
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
