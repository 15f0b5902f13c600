package parkmeter.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import parkmeter.config.Access;
import parkmeter.config.Route;

/** What callers of a model's route send and get, whatever stands behind it. */
final class ModelOperation {

    /** The header that goes between a caller and a model's container (SageMaker API reference, InvokeEndpoint). */
    static final String CUSTOM_ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes";

    private ModelOperation() {}

    /**
     * The route as OpenAPI's Operation Object.
     *
     * @param schema what the gateway checks a prompt by
     */
    static ObjectNode of(Route route, String schema) {
        boolean prompt = takesPrompt(route);
        ObjectNode post = OpenApiDocument.object()
                .put("summary", prompt ? "One prompt, one answer" : "What the model itself takes and gives");
        if (prompt) {
            post.put("x-amazon-apigateway-request-validator", "body");
            post.putObject("requestBody").put("required", true).set("content", Schemas.json(schema));
        } else {
            header(post.withArrayProperty("parameters").addObject().put("in", "header"))
                    .put("name", CUSTOM_ATTRIBUTES)
                    .put("required", false);
        }
        ObjectNode responses = post.putObject("responses");
        ObjectNode ok = responses.putObject("200").put("description", "The model's answer");
        if (prompt) {
            ok.set("content", Schemas.json("InvokeResponse"));
        } else {
            header(ok.putObject("headers").putObject(CUSTOM_ATTRIBUTES));
        }
        GatewayResponses.STATUSES.entrySet().stream()
                .filter(status -> concerns(route.access(), status.getKey()))
                .filter(status -> prompt || !status.getKey().equals("415"))
                .forEach(status -> responses
                        .putObject(status.getKey())
                        .put("description", status.getValue())
                        .set("content", Schemas.json("Error")));
        return post;
    }

    /** Whether callers of a kind may see a status: who needs no credential can't have a wrong one. */
    static boolean concerns(Access access, String status) {
        return switch (status) {
            case "401" -> access instanceof Access.Token || access instanceof Access.Cognito;
            case "403" -> !(access instanceof Access.Public);
            default -> true;
        };
    }

    static boolean takesPrompt(Route route) {
        return route.body() instanceof Route.Body.Prompt;
    }

    private static ObjectNode header(ObjectNode header) {
        header.put("description", "What SageMaker hands on beside the body")
                .putObject("schema")
                .put("type", "string");
        return header;
    }
}
