package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parkmeter.local.Api.CAREFUL;
import static parkmeter.local.Api.json;
import static parkmeter.local.Api.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of a stack with long routes, at twenty times the speed: the state machine's pauses are short. */
class LongRunTest extends TinyRun {

    LongRunTest(@TempDir Path folder) throws Exception {
        super("long", 20, folder);
    }

    @Test
    void a_job_is_taken_at_once_and_told_when_it_is_done() {
        HttpResponse<String> taken = post("/jobs", prompt(CAREFUL), "first");
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
        String location = taken.headers().firstValue("location").orElseThrow();
        assertThat(location).matches("/prod/jobs/[0-9a-f-]{36}");
        JsonNode told = told(location, "first");
        assertThat(told.path("status").asText()).as(told.toString()).isEqualTo("succeeded");
        assertThat(told.at("/answer/prompt").asText()).isEqualTo(CAREFUL);
        assertThat(told.at("/answer/generated_text").isTextual()).isTrue();
    }

    @Test
    void a_body_that_goes_through_comes_back_as_the_model_answered_it() {
        HttpResponse<String> taken = post("/through", inputs(CAREFUL).toString(), "first");
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
        JsonNode told = told(taken.headers().firstValue("location").orElseThrow(), "first");
        assertThat(told.at("/answer/0/generated_text").isTextual())
                .as(told.toString())
                .isTrue();
    }

    @Test
    void what_the_model_refuses_is_told_in_the_apis_words() {
        HttpResponse<String> taken = post("/jobs", prompt("word ".repeat(400)), "first");
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
        JsonNode told = told(taken.headers().firstValue("location").orElseThrow(), "first");
        assertThat(told.path("status").asText()).isEqualTo("failed");
        assertThat(told.path("code").asText()).isEqualTo("model_refused");
    }

    @Test
    void a_job_whose_model_is_down_is_tried_again_until_it_serves() {
        run.modelProcesses()
                .values()
                .forEach(model -> ProcessHandle.of(model.pid()).orElseThrow().destroyForcibly());
        HttpResponse<String> taken = post("/jobs", prompt("a"), "first");
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
        JsonNode told = told(taken.headers().firstValue("location").orElseThrow(), "first");
        assertThat(told.path("status").asText()).as(told.toString()).isEqualTo("succeeded");
    }

    @Test
    void a_caller_sees_its_own_jobs_only() {
        String location = post("/jobs", prompt("a"), "first")
                .headers()
                .firstValue("location")
                .orElseThrow();
        HttpResponse<String> seen = get(location, "other");
        assertThat(seen.statusCode()).isEqualTo(404);
        assertThat(json(seen).path("code").asText()).isEqualTo("unknown_job");
        assertThat(get("/prod/jobs/00000000-0000-4000-8000-000000000000", "first")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void an_execution_is_started_and_described_as_step_functions_does_it() {
        ObjectNode input = JsonNodeFactory.instance.objectNode().put("endpointname", "parkmeter-long-tiny");
        input.set("body", inputs(CAREFUL));
        HttpResponse<String> started = post("/startexecution", input.toString(), "first");
        assertThat(started.statusCode()).as(started.body()).isEqualTo(200);
        String arn = json(started).path("executionArn").asText();
        assertThat(arn).contains(":execution:");
        assertThat(json(started).path("startDate").isNumber()).isTrue();
        String asked =
                JsonNodeFactory.instance.objectNode().put("executionArn", arn).toString();
        JsonNode described = api.until("RUNNING", () -> post("/describeexecution", asked, "first"));
        assertThat(described.path("status").asText()).as(described.toString()).isEqualTo("SUCCEEDED");
        assertThat(parse(described.path("input")).at("/body/inputs").asText()).isEqualTo(CAREFUL);
        assertThat(parse(parse(described.path("output")).path("Body"))
                        .at("/0/generated_text")
                        .isTextual())
                .isTrue();
        assertThat(post("/describeexecution", asked, "other").statusCode()).isEqualTo(404);
    }

    @Test
    void the_first_caller_waits_for_the_answer() throws Exception {
        HttpResponse<String> answer = run.caller().ask("Say something");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Question.PROMPT.text(answer.body()))
                .isEqualTo(json(answer).at("/answer/generated_text").asText().strip());
        assertThatThrownBy(() -> run.caller().ask("word ".repeat(400)))
                .isInstanceOf(CannotRun.class)
                .hasMessageContaining("The job failed");
    }

    private static ObjectNode inputs(String text) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("inputs", text);
        body.putObject("parameters").put("max_new_tokens", 4);
        return body;
    }

    private JsonNode told(String location, String client) {
        return api.until("running", () -> get(location, client));
    }

    private static JsonNode parse(JsonNode text) {
        return Deployment.json(text.asText());
    }
}
