package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import io.javalin.http.Context;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parkmeter.local.http.Loopback;

class CallerTest {
    private final Deque<Integer> answers = new ArrayDeque<>();
    private final List<String> progress = new ArrayList<>();
    private String code = "";
    private final Javalin api = Loopback.server(0, Duration.ofSeconds(10), config -> {})
            .post("/prod/invoke", this::answer)
            .start();

    @AfterEach
    void stop() {
        api.stop();
    }

    @Test
    void a_model_that_starts_is_asked_until_it_answers() throws Exception {
        will("model_starting", 503, 503, 200);
        assertThat(caller(false).askUntilItRuns("Hello", Duration.ofSeconds(30)).statusCode())
                .isEqualTo(200);
        assertThat(progress).containsExactly("The model does not run yet; it is asked again until it does.");
    }

    @Test
    void a_stopped_model_is_asked_again_only_where_asking_wakes_it() throws Exception {
        will("model_stopped", 503, 200);
        assertThat(caller(true).askUntilItRuns("Hello", Duration.ofSeconds(30)).statusCode())
                .isEqualTo(200);
        will("model_stopped", 503, 200);
        assertThat(caller(false).askUntilItRuns("Hello", Duration.ofSeconds(30)).statusCode())
                .isEqualTo(503);
        assertThat(answers).hasSize(1);
    }

    @Test
    void another_failure_is_final() throws Exception {
        will("model_unavailable", 503, 200);
        assertThat(caller(true).askUntilItRuns("Hello", Duration.ofSeconds(30)).statusCode())
                .isEqualTo(503);
        assertThat(progress).isEmpty();
    }

    @Test
    void patience_ends() throws Exception {
        will("model_starting", 503, 503, 503, 503, 503, 503);
        assertThat(caller(true).askUntilItRuns("Hello", Duration.ofMillis(1500)).statusCode())
                .isEqualTo(503);
        assertThat(answers).isNotEmpty();
    }

    private void will(String failure, Integer... statuses) {
        code = failure;
        answers.clear();
        answers.addAll(List.of(statuses));
    }

    private Caller caller(boolean wakes) {
        return new Caller(
                URI.create("http://127.0.0.1:" + api.port() + "/prod/invoke"),
                Optional.of(Credential.key("key", "first")),
                Question.PROMPT,
                wakes,
                progress::add);
    }

    private void answer(Context http) {
        assertThat(http.header("x-api-key")).isEqualTo("key");
        http.status(Objects.requireNonNull(answers.poll())).result("{\"code\": \"" + code + "\"}");
    }
}
