package parkmeter.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import parkmeter.local.lambda.Functions;
import parkmeter.local.lambda.InvokeResult;

/**
 * The functions that the API calls. One that the stack only refers to has no code on this machine: in its place what was sent comes
 * back.
 */
final class Elsewhere implements Functions {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Functions here;
    private final Set<String> declared;
    private final Consumer<String> progress;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /**
     * @param here what runs on this machine
     * @param declared the ARNs of these functions
     * @param progress takes a line for each other function, when it is first called
     */
    Elsewhere(Functions here, Set<String> declared, Consumer<String> progress) {
        this.here = here;
        this.declared = Set.copyOf(declared);
        this.progress = progress;
    }

    @Override
    public CompletableFuture<InvokeResult> invoke(String functionArn, byte[] event) {
        if (declared.contains(functionArn)) {
            return here.invoke(functionArn, event);
        }
        if (told.add(functionArn)) {
            progress.accept("The function " + functionArn.substring(functionArn.lastIndexOf(':') + 1)
                    + " is not this stack's: on this machine what was sent to it comes back.");
        }
        return CompletableFuture.completedFuture(new InvokeResult.Answer(echo(event)));
    }

    /** The answer to a proxy event of either payload format: its body, under its content type. */
    private static byte[] echo(byte[] event) {
        try {
            JsonNode request = JSON.readTree(event);
            ObjectNode answer = JsonNodeFactory.instance
                    .objectNode()
                    .put("statusCode", 200)
                    .put("isBase64Encoded", request.path("isBase64Encoded").asBoolean())
                    .put("body", request.path("body").asText(""));
            ObjectNode headers = answer.putObject("headers");
            request.path("headers").properties().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase("content-type"))
                    .forEach(header ->
                            headers.put("Content-Type", header.getValue().asText()));
            return JSON.writeValueAsBytes(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
