package parkmeter.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import parkmeter.local.lambda.Functions;
import parkmeter.local.lambda.InvokeResult;

/**
 * {@code arn:aws:states:::lambda:invoke}: a function, waited for (Step Functions developer guide, "Invoke an AWS Lambda function with
 * Step Functions"). What a handler throws is an error of its class's name, with Lambda's JSON about it as cause; what Lambda itself
 * refuses is named {@code Lambda.…} as its SDK's exceptions are.
 */
public final class InvokeFunction implements TaskResource {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> PARAMETERS = Set.of("FunctionName", "Payload");

    private final Functions functions;
    private final String arnPrefix;

    /**
     * For these functions.
     *
     * @param arnPrefix what a function that is named without an ARN has before its name, up to {@code function:}
     */
    public InvokeFunction(Functions functions, String arnPrefix) {
        this.functions = functions;
        this.arnPrefix = arnPrefix;
    }

    /**
     * What a Task state has as its Resource.
     *
     * @param partition the part of AWS that the machine runs in, {@code aws}
     */
    public static String resource(String partition) {
        return "arn:" + partition + ":states:::lambda:invoke";
    }

    @Override
    public JsonNode run(JsonNode parameters) throws InterruptedException {
        parameters.fieldNames().forEachRemaining(name -> {
            if (!PARAMETERS.contains(name)) {
                throw new TaskFailed("States.Runtime", "The field '" + name + "' is not run locally.");
            }
        });
        JsonNode payload = parameters.path("Payload");
        try {
            return result(functions
                    .invoke(
                            arn(parameters.path("FunctionName").asText()),
                            (payload.isMissingNode() ? "{}" : payload.toString()).getBytes(StandardCharsets.UTF_8))
                    .get());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** A function is named by its name or its ARN, both with or without a version or an alias. */
    private String arn(String name) {
        String arn = name.startsWith("arn:") ? name : arnPrefix + name;
        String[] parts = arn.split(":", -1);
        return parts.length == 8 ? arn.substring(0, arn.lastIndexOf(':')) : arn;
    }

    private static JsonNode result(InvokeResult result) {
        if (result instanceof InvokeResult.Failed failed) {
            throw failure(failed);
        }
        if (!(result instanceof InvokeResult.Answer answer)) {
            throw new TaskFailed("Lambda.TooManyRequestsException", "Rate Exceeded.");
        }
        ObjectNode known = JsonNodeFactory.instance
                .objectNode()
                .put("ExecutedVersion", "$LATEST")
                .put("StatusCode", 200);
        known.set("Payload", payload(answer.payload()));
        return known;
    }

    /** JSON as it is, any other text as a text. */
    private static JsonNode payload(byte[] payload) {
        try {
            JsonNode read = JSON.readTree(payload);
            return read.isMissingNode() ? NullNode.getInstance() : read;
        } catch (IOException notJson) {
            return TextNode.valueOf(new String(payload, StandardCharsets.UTF_8));
        }
    }

    private static TaskFailed failure(InvokeResult.Failed failed) {
        return switch (failed.reason()) {
            case NO_SUCH_FUNCTION, REQUEST_TOO_LARGE, CLOSED ->
                new TaskFailed("Lambda." + failed.type(), failed.message());
            case HANDLER_ERROR, RUNTIME_EXITED, TIMED_OUT, INIT_FAILED, RESPONSE_TOO_LARGE -> {
                ObjectNode cause = JsonNodeFactory.instance
                        .objectNode()
                        .put("errorMessage", failed.message())
                        .put("errorType", failed.type());
                yield new TaskFailed(failed.type(), cause.toString());
            }
        };
    }
}
