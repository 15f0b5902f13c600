package parkmeter.local.states;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * {@code arn:aws:states:::aws-sdk:sagemakerruntime:invokeEndpoint}: SageMaker's runtime by the AWS SDK (Step Functions developer guide,
 * "Using AWS service SDK integrations"; API reference of InvokeEndpoint). An object as Body is sent as its JSON. Errors are named as the
 * SDK names its exceptions.
 */
public final class InvokeEndpoint implements TaskResource {
    /** What a Task state has as its Resource. */
    public static final String RESOURCE = "arn:aws:states:::aws-sdk:sagemakerruntime:invokeEndpoint";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The parameters that travel as headers. */
    private static final Map<String, String> HEADERS = Map.of(
            "ContentType", "Content-Type",
            "Accept", "Accept",
            "CustomAttributes", "X-Amzn-SageMaker-Custom-Attributes",
            "TargetModel", "X-Amzn-SageMaker-Target-Model",
            "TargetVariant", "X-Amzn-SageMaker-Target-Variant",
            "InferenceId", "X-Amzn-SageMaker-Inference-Id");

    /** What comes back in headers. */
    private static final Map<String, String> ANSWERED = Map.of(
            "ContentType", "Content-Type",
            "InvokedProductionVariant", "x-Amzn-Invoked-Production-Variant",
            "CustomAttributes", "X-Amzn-SageMaker-Custom-Attributes");

    /** The errors that the SDK has exceptions for; any other is its base exception. */
    private static final Set<String> MODELED = Set.of(
            "InternalDependencyException",
            "InternalFailure",
            "ModelError",
            "ModelNotReadyException",
            "ServiceUnavailable",
            "ValidationError");

    private final URI runtime;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** For SageMaker's runtime at an address. */
    public InvokeEndpoint(URI runtime) {
        this.runtime = runtime;
    }

    @Override
    public JsonNode run(JsonNode parameters) throws InterruptedException {
        String endpoint = parameters.path("EndpointName").asText();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                runtime.resolve("/endpoints/" + URLEncoder.encode(endpoint, StandardCharsets.UTF_8) + "/invocations"));
        parameters.properties().forEach(parameter -> {
            String header = HEADERS.get(parameter.getKey());
            if (header != null) {
                request.header(header, parameter.getValue().asText());
            } else if (!parameter.getKey().equals("Body") && !parameter.getKey().equals("EndpointName")) {
                throw new TaskFailed(
                        "States.Runtime", "The field '" + parameter.getKey() + "' is not supported by InvokeEndpoint.");
            }
        });
        JsonNode body = parameters.path("Body");
        try {
            return answer(client.send(
                    request.POST(HttpRequest.BodyPublishers.ofString(
                                    body.isTextual() ? body.asText() : body.toString()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        } catch (IOException away) {
            throw new TaskFailed("SageMakerRuntime.SdkClientException", "Unable to execute HTTP request.");
        }
    }

    private static JsonNode answer(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw failure(response);
        }
        ObjectNode result = JsonNodeFactory.instance.objectNode().put("Body", response.body());
        new LinkedHashMap<>(ANSWERED)
                .forEach((name, header) ->
                        response.headers().firstValue(header).ifPresent(value -> result.put(name, value)));
        return result;
    }

    private static TaskFailed failure(HttpResponse<String> response) {
        String type =
                response.headers().firstValue("x-amzn-ErrorType").orElse("").split(":", 2)[0];
        String name = !MODELED.contains(type)
                ? "SageMakerRuntimeException"
                : type.endsWith("Exception") ? type : type + "Exception";
        return new TaskFailed(
                "SageMakerRuntime." + name,
                "%s (Service: SageMakerRuntime, Status Code: %d, Request ID: %s)"
                        .formatted(
                                message(response.body()),
                                response.statusCode(),
                                response.headers()
                                        .firstValue("x-amzn-RequestId")
                                        .orElse("none")));
    }

    private static String message(String body) {
        try {
            JsonNode error = JSON.readTree(body);
            return error.path("Message").asText(error.path("message").asText());
        } catch (JsonProcessingException notJson) {
            return "";
        }
    }
}
