package parkmeter.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import parkmeter.config.Route;

/** A route that API Gateway answers by calling SageMaker itself (API Gateway developer guide, "AWS integrations"). */
final class DirectOperation {

    private static final String JSON = "application/json";
    private static final List<String> HEADERS = List.of("Content-Type", "Accept", ModelOperation.CUSTOM_ATTRIBUTES);

    private DirectOperation() {}

    /** What goes in and comes out, as OpenAPI's Operation Object. */
    static ObjectNode of(FrontRoute.Direct direct) {
        Route route = direct.route();
        boolean prompt = ModelOperation.takesPrompt(route);
        ObjectNode post = ModelOperation.of(route, chat(route) ? "ChatRequest" : "InvokeRequest");
        if (!prompt) {
            post.putArray("parameters");
            HEADERS.forEach(name -> post.withArrayProperty("parameters")
                    .addObject()
                    .put("name", name)
                    .put("in", "header")
                    .put("required", false)
                    .putObject("schema")
                    .put("type", "string"));
        }
        // A header that the integration sets must be declared for its status.
        post.path("responses").properties().forEach(response -> {
            ObjectNode headers = ((ObjectNode) response.getValue()).withObjectProperty("headers");
            Cors.HEADERS.keySet().forEach(name -> declare(headers, name));
            if (response.getKey().equals("200") && !prompt) {
                declare(headers, "Content-Type");
            }
        });
        return post;
    }

    private static void declare(ObjectNode headers, String name) {
        headers.withObjectProperty(name).putObject("schema").put("type", "string");
    }

    /**
     * How SageMaker is called, and what its answers become.
     *
     * @param uri the endpoint's invocations, as API Gateway names them
     * @param credentials the ARN of the role that may call them
     */
    static ObjectNode integration(FrontRoute.Direct direct, String uri, String credentials) {
        Route route = direct.route();
        boolean prompt = ModelOperation.takesPrompt(route);
        ObjectNode integration = OpenApiDocument.object()
                .put("type", "aws")
                .put("httpMethod", "POST")
                .put("uri", uri)
                .put("credentials", credentials)
                .put("timeoutInMillis", RestFront.TIMEOUT.toMillis())
                .put("passthroughBehavior", prompt ? "never" : "when_no_match");
        ObjectNode parameters = integration.putObject("requestParameters");
        if (prompt) {
            parameters.put("integration.request.header.Accept", Cors.quoted(JSON));
            integration.putObject("requestTemplates").put(JSON, PromptTemplates.request(chat(route)));
        } else {
            HEADERS.forEach(
                    name -> parameters.put("integration.request.header." + name, "method.request.header." + name));
        }
        ObjectNode responses = integration.putObject("responses");
        ObjectNode answered = response(responses, "2\\d{2}", "200");
        if (prompt) {
            answered.putObject("responseTemplates").put(JSON, PromptTemplates.answer(chat(route)));
        } else {
            for (String name : List.of("Content-Type", ModelOperation.CUSTOM_ATTRIBUTES)) {
                answered.withObjectProperty("responseParameters")
                        .put("method.response.header." + name, "integration.response.header." + name);
            }
        }
        Map<String, String> errors = DirectErrors.templates(direct.metered(), prompt);
        errors.forEach((pattern, template) -> response(responses, pattern, DirectErrors.status(pattern))
                .putObject("responseTemplates")
                .put(JSON, template));
        return integration;
    }

    private static ObjectNode response(ObjectNode responses, String pattern, String status) {
        ObjectNode response = responses.putObject(pattern).put("statusCode", status);
        ObjectNode headers = response.putObject("responseParameters");
        Cors.HEADERS.forEach((name, value) -> headers.put("method.response.header." + name, Cors.quoted(value)));
        return response;
    }

    private static boolean chat(Route route) {
        return route.body() instanceof Route.Body.Prompt prompt && prompt.template() == Route.Template.CHAT;
    }
}
