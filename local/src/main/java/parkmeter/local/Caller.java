package parkmeter.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
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
    private final Optional<String> key;
    private final Question question;
    private final boolean wakes;
    private final Consumer<String> progress;

    /**
     * @param invokeUrl where prompts go
     * @param key the client's API key; absent where none is asked for
     * @param question how the route is asked
     * @param wakes whether a prompt starts the model where it is stopped
     * @param progress takes a line when an answer takes long
     */
    Caller(URI invokeUrl, Optional<String> key, Question question, boolean wakes, Consumer<String> progress) {
        this.invokeUrl = invokeUrl;
        this.key = key;
        this.question = question;
        this.wakes = wakes;
        this.progress = progress;
    }

    /** Sends a prompt. */
    HttpResponse<String> ask(String prompt) throws CannotRun {
        var request = HttpRequest.newBuilder(invokeUrl)
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(question.request(prompt)));
        key.ifPresent(value -> request.header("x-api-key", value));
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new CannotRun("The gateway at " + invokeUrl + " gave no answer: " + e.getMessage());
        } catch (InterruptedException e) {
            throw interrupted();
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
        try {
            String code = JSON.readTree(answer.body()).path("code").asText();
            return code.equals("model_starting") || (code.equals("model_stopped") && wakes);
        } catch (JsonProcessingException e) {
            return false;
        }
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
