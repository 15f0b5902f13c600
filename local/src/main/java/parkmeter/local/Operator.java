package parkmeter.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * An operator, who issues access tokens through the API.
 *
 * @param tokensUrl where they are issued
 * @param credential what lets him do so; empty where there is no operator on this machine
 */
record Operator(URI tokensUrl, Optional<Credential> credential) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * Issues a token for a day.
     *
     * @param client whose plan is to apply; empty where the API has no clients
     * @throws CannotRun where the API does not issue one
     */
    Credential issue(Optional<String> client) throws CannotRun {
        ObjectNode body =
                JsonNodeFactory.instance.objectNode().put("owner", "local").put("days", 1);
        client.ifPresent(name -> body.put("client", name));
        HttpRequest.Builder request = HttpRequest.newBuilder(tokensUrl)
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        credential.ifPresent(shown -> shown.on(request));
        try {
            HttpResponse<String> answer =
                    HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 201) {
                throw new CannotRun("No token was issued: the API answered " + answer.statusCode() + ".");
            }
            return Credential.bearer(
                    JSON.readTree(answer.body()).path("token").asText(),
                    "token, for a day"
                            + client.map(name -> ", of client " + name).orElse(""));
        } catch (IOException e) {
            throw new CannotRun("No token was issued: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotRun("Interrupted while a token was issued.");
        }
    }
}
