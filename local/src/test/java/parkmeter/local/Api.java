package parkmeter.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A run's API as its callers see it. */
record Api(LocalRun run) {
    /** What must come back as it was. */
    static final String CAREFUL = "It's \"quoted\" \\ $input.path('$') #set($x=1) \uD83D\uDE42";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /**
     * Calls a path behind the stage.
     *
     * @param headers names and values in turn
     */
    HttpResponse<String> call(String method, String path, String body, String... headers) {
        return send(method, URI.create(run.url() + path), body, headers);
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        return call("POST", path, body, headers);
    }

    /** Somebody signs in, as with AWS's own command line; a token that says who he is. */
    String signIn(String client, String user, String password) {
        ObjectNode request = JsonNodeFactory.instance
                .objectNode()
                .put("AuthFlow", "USER_PASSWORD_AUTH")
                .put("ClientId", client);
        request.putObject("AuthParameters").put("USERNAME", user).put("PASSWORD", password);
        return json(aws("AWSCognitoIdentityProviderService.InitiateAuth", request))
                .at("/AuthenticationResult/IdToken")
                .asText();
    }

    /** Calls an AWS service of this run. */
    HttpResponse<String> aws(String target, JsonNode request) {
        return send(
                "POST",
                run.awsUrl(),
                request.toString(),
                "X-Amz-Target",
                target,
                "content-type",
                "application/x-amz-json-1.1");
    }

    /** The shortest prompt request. */
    static String prompt(String text) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("prompt", text);
        body.putObject("parameters").put("max_new_tokens", 4);
        return body.toString();
    }

    /** What scripts find in the run's file. */
    JsonNode facts(Path folder) throws IOException {
        Path file = folder.resolve("local.json");
        run.describe(file);
        return JSON.readTree(file.toFile());
    }

    static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    private static HttpResponse<String> send(String method, URI to, String body, String... headers) {
        Map<String, String> sent = new HashMap<>(Map.of("content-type", "application/json"));
        for (int i = 0; i < headers.length; i += 2) {
            sent.put(headers[i], headers[i + 1]);
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(to)
                .timeout(Duration.ofSeconds(60))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        sent.forEach(request::header);
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
