package parkmeter.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import parkmeter.local.lambda.Functions;
import parkmeter.local.lambda.InvokeResult;

/**
 * The functions that the API calls. One that the stack only refers to is called where a person says that it is, by Lambda's own
 * protocol: the event is posted, and what it answers comes back. Where nobody says so, what was sent comes back in its place.
 */
final class Elsewhere implements Functions {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Functions here;
    private final Set<String> declared;
    private final Map<String, URI> elsewhere;
    private final Consumer<String> progress;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /**
     * @param here what runs on this machine
     * @param declared the ARNs of these functions
     * @param elsewhere where other functions answer, by their names
     * @param progress takes a line for each other function, when it is first called
     */
    Elsewhere(Functions here, Set<String> declared, Map<String, URI> elsewhere, Consumer<String> progress) {
        this.here = here;
        this.declared = Set.copyOf(declared);
        this.elsewhere = Map.copyOf(elsewhere);
        this.progress = progress;
    }

    @Override
    public CompletableFuture<InvokeResult> invoke(String functionArn, byte[] event) {
        if (declared.contains(functionArn)) {
            return here.invoke(functionArn, event);
        }
        String name = functionArn.substring(functionArn.lastIndexOf(':') + 1);
        URI url = elsewhere.get(name);
        if (url != null) {
            return post(name, url, event);
        }
        if (told.add(functionArn)) {
            progress.accept("The function " + name + " is not this stack's: on this machine what was sent to it comes"
                    + " back. FUNCTIONS=" + name + "=<url> calls one that runs.");
        }
        return CompletableFuture.completedFuture(new InvokeResult.Answer(echo(event)));
    }

    private CompletableFuture<InvokeResult> post(String name, URI url, byte[] event) {
        HttpRequest request = HttpRequest.newBuilder(url)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(event))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .<InvokeResult>thenApply(answer -> new InvokeResult.Answer(answer.body()))
                .exceptionally(fault -> {
                    progress.accept("The function " + name + " does not answer at " + url + ".");
                    return new InvokeResult.Failed(InvokeResult.Reason.RUNTIME_EXITED, "It does not answer.");
                });
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
