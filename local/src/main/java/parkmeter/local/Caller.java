package parkmeter.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** A client of the API: sends prompts through all of it. */
final class Caller {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI invokeUrl;
    private final Optional<Credential> credential;
    private final Question question;
    private final boolean wakes;
    private final Consumer<String> progress;

    /**
     * @param invokeUrl where prompts go
     * @param credential what the route asks for; absent where it asks for nothing
     * @param question how the route is asked
     * @param wakes whether a prompt starts the model where it is stopped
     * @param progress takes a line when an answer takes long
     */
    Caller(
            URI invokeUrl,
            Optional<Credential> credential,
            Question question,
            boolean wakes,
            Consumer<String> progress) {
        this.invokeUrl = invokeUrl;
        this.credential = credential;
        this.question = question;
        this.wakes = wakes;
        this.progress = progress;
    }

    /**
     * Sends a prompt; where it is answered later, waits for that.
     *
     * @throws CannotRun also where it was taken and failed later
     */
    HttpResponse<String> ask(String prompt) throws CannotRun {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(invokeUrl)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(question.request(prompt))));
        while (isUnderWay(answer)) {
            pause();
            answer = send(HttpRequest.newBuilder(
                    answer.statusCode() == 202
                            ? invokeUrl.resolve(
                                    answer.headers().firstValue("Location").orElse(""))
                            : answer.uri()));
        }
        return answer;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws CannotRun {
        credential.ifPresent(shown -> shown.on(request));
        try {
            return http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new CannotRun("The gateway at " + invokeUrl + " gave no answer: " + e.getMessage());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static boolean isUnderWay(HttpResponse<String> answer) throws CannotRun {
        if (answer.statusCode() / 100 != 2) {
            return false;
        }
        JsonNode body = json(answer);
        if (body.path("status").asText().equals("failed")) {
            throw new CannotRun("The job failed: " + body.path("error").asText());
        }
        return body.path("status").asText().equals("running");
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /**
     * Sends a prompt, and again each second while the model starts, or was woken by it and is going to.
     *
     * @param patience how long to ask for an answer
     * @return the last answer
     */
    HttpResponse<String> askUntilItRuns(String prompt, Duration patience) throws CannotRun {
        long end = System.nanoTime() + patience.toNanos();
        HttpResponse<String> answer = ask(prompt);
        for (boolean first = true; goingToRun(answer) && System.nanoTime() - end < 0; first = false) {
            if (first) {
                progress.accept("The model does not run yet; it is asked again until it does.");
            }
            pause();
            answer = ask(prompt);
        }
        return answer;
    }

    private boolean goingToRun(HttpResponse<String> answer) {
        if (answer.statusCode() != 503) {
            return false;
        }
        String code = json(answer).path("code").asText();
        return code.equals("model_starting") || (code.equals("model_stopped") && wakes);
    }

    private static void pause() throws CannotRun {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static CannotRun interrupted() {
        Thread.currentThread().interrupt();
        return new CannotRun("Interrupted while waiting for an answer.");
    }
}
