package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static parkmeter.local.Api.CAREFUL;
import static parkmeter.local.Api.json;
import static parkmeter.local.Api.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of a stack whose HTTP API is for users and holders of tokens, at sixty times the speed. */
class SignInRunTest extends TinyRun {
    private static final String OPERATOR = "4f1c2b8e-3d5a-4c6b-9e7f-0a1b2c3d4e5f";

    private final JsonNode facts;

    SignInRunTest(@TempDir Path folder) throws Exception {
        super("signin", 60, folder);
        facts = api.facts(folder);
    }

    @Test
    void who_signs_in_at_the_pool_that_the_stack_refers_to_gets_in() {
        assertThat(facts.path("userPoolId").asText()).isEqualTo("eu-west-2_a1b2c3d4e");
        HttpResponse<String> answer = api.post("/users", prompt(CAREFUL), "Authorization", "Bearer " + signIn());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer).path("prompt").asText()).isEqualTo(CAREFUL);
    }

    @Test
    void who_does_not_sign_in_gets_401_with_the_reason_in_a_header() {
        assertThat(api.post("/users", prompt("a")).statusCode()).isEqualTo(401);
        HttpResponse<String> answer = api.post("/users", prompt("a"), "Authorization", "Bearer " + signIn() + "x");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("www-authenticate").orElse("")).contains("invalid_token");
    }

    @Test
    void a_job_is_told_to_the_user_who_asked_alone() {
        String shown = "Bearer " + signIn();
        HttpResponse<String> taken = api.post("/jobs", prompt(CAREFUL), "Authorization", shown);
        JsonNode told = api.job(taken, "Authorization", shown);
        assertThat(told.path("status").asText()).as(told.toString()).isEqualTo("succeeded");
        assertThat(told.at("/answer/prompt").asText()).isEqualTo(CAREFUL);
        api.create("eu-west-2_a1b2c3d4e", "berta", "a secret");
        String other = api.signIn(facts.path("userPoolClientId").asText(), "berta", "a secret");
        assertThat(api.job(taken, "Authorization", other).path("code").asText()).isEqualTo("unknown_job");
    }

    @Test
    void the_operator_issues_tokens_that_let_in_until_they_are_revoked() throws Exception {
        HttpResponse<String> issued =
                api.post("/tokens", "{\"owner\":\"anna\",\"days\":1}", "Authorization", "Bearer " + signIn());
        assertThat(issued.statusCode()).as(issued.body()).isEqualTo(201);
        String token = json(issued).path("token").asText();
        HttpResponse<String> answer = api.post("/invoke", prompt(CAREFUL), "Authorization", token);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer).path("prompt").asText()).isEqualTo(CAREFUL);
        assertThat(api.call(
                                "DELETE",
                                "/tokens/" + json(issued).path("id").asText(),
                                "",
                                "Authorization",
                                "Bearer " + signIn())
                        .statusCode())
                .isEqualTo(200);
        long revoked = System.nanoTime();
        while (answer.statusCode() == 200
                && System.nanoTime() - revoked < Duration.ofSeconds(20).toNanos()) {
            Thread.sleep(250);
            answer = api.post("/invoke", prompt("a"), "Authorization", token);
        }
        assertThat(answer.statusCode()).isEqualTo(403);
    }

    @Test
    void nobody_gets_in_with_a_wrong_token_or_none() {
        assertThat(api.post("/invoke", prompt("a")).statusCode()).isEqualTo(401);
        assertThat(api.post("/invoke", prompt("a"), "Authorization", "pmt_wrong")
                        .statusCode())
                .isEqualTo(403);
        assertThat(api.post("/invoke", prompt("a"), "Authorization", "Bearer " + signIn())
                        .statusCode())
                .isEqualTo(403);
        assertThat(api.post("/tokens", "{\"owner\":\"a\",\"days\":1}").statusCode())
                .isEqualTo(401);
    }

    @Test
    void the_first_caller_shows_a_token_that_the_operator_issued() throws Exception {
        assertThat(run.credential().orElseThrow().value()).startsWith("Bearer pmt_");
        assertThat(run.caller().ask("Say something").statusCode()).isEqualTo(200);
    }

    private String signIn() {
        return api.signIn(
                facts.path("userPoolClientId").asText(),
                OPERATOR,
                facts.path("users").path(OPERATOR).asText());
    }
}
