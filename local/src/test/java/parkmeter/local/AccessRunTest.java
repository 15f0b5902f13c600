package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static parkmeter.local.Api.CAREFUL;
import static parkmeter.local.Api.json;
import static parkmeter.local.Api.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run of a stack whose REST API has every kind of caller, at sixty times the speed: five minutes are five seconds. */
class AccessRunTest extends TinyRun {

    AccessRunTest(@TempDir Path folder) throws Exception {
        super("access", 60, folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/invoke", "/direct"})
    void a_token_lets_in_from_the_first_second_with_and_without_bearer(String path) {
        String token = issued("first").path("token").asText();
        for (String shown : List.of(token, "Bearer " + token, "bearer " + token)) {
            HttpResponse<String> answer = api.post(path, prompt(CAREFUL), "AUTHORIZATION", shown);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(json(answer).path("prompt").asText()).isEqualTo(CAREFUL);
            assertThat(json(answer).path("generated_text").isTextual()).isTrue();
        }
    }

    @Test
    void a_token_lets_a_body_through_as_it_is() {
        String token = issued("first").path("token").asText();
        HttpResponse<String> answer = api.post(
                "/through",
                "{\"inputs\":\"It's \\\"quoted\\\" \\\\ $x 🙂\",\"parameters\":{\"max_new_tokens\":4}}",
                "Authorization",
                token);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer).at("/0/generated_text").isTextual()).isTrue();
    }

    @Test
    void nobody_gets_in_without_a_token_or_with_a_wrong_one() {
        assertError(api.post("/invoke", prompt("a")), 401, "unauthorized");
        assertError(api.post("/invoke", prompt("a"), "Authorization", "Bearer pmt_wrong"), 403, "forbidden");
        assertError(api.post("/invoke", prompt("a"), "Authorization", key("first")), 403, "forbidden");
        assertError(api.post("/invoke", prompt("a"), "x-api-key", key("first")), 401, "unauthorized");
    }

    @Test
    void a_revoked_token_is_refused_once_the_authorizers_answer_is_forgotten_on_the_stacks_clock() throws Exception {
        JsonNode issued = issued("first");
        String token = "Bearer " + issued.path("token").asText();
        assertThat(api.post("/invoke", prompt("a"), "Authorization", token).statusCode())
                .isEqualTo(200);
        long remembered = System.nanoTime();
        assertThat(api.call("DELETE", "/tokens/" + issued.path("id").asText(), "", "x-api-key", key("first"))
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> answer = api.post("/invoke", prompt("a"), "Authorization", token);
        if (System.nanoTime() - remembered < Duration.ofSeconds(4).toNanos()) {
            assertThat(answer.statusCode()).isEqualTo(200);
        }
        while (answer.statusCode() == 200
                && System.nanoTime() - remembered < Duration.ofSeconds(20).toNanos()) {
            Thread.sleep(250);
            answer = api.post("/invoke", prompt("a"), "Authorization", token);
        }
        assertError(answer, 403, "forbidden");
    }

    @Test
    void a_tokens_calls_count_on_the_plan_of_its_client() {
        String token = issued("small").path("token").asText();
        assertThat(api.post("/invoke", prompt("a"), "Authorization", token).statusCode())
                .isEqualTo(200);
        assertThat(api.post("/clients", prompt("a"), "x-api-key", key("small")).statusCode())
                .isEqualTo(200);
        assertError(api.post("/invoke", prompt("a"), "Authorization", token), 429, "quota_exceeded");
    }

    @Test
    void tokens_are_issued_by_operators_alone() {
        assertError(api.post("/tokens", "{\"owner\":\"a\",\"days\":1}", "x-api-key", key("guest")), 403, "forbidden");
        assertError(api.post("/tokens", "{\"owner\":\"a\",\"days\":1}"), 403, "forbidden");
    }

    @Test
    void a_job_is_told_to_the_holder_of_the_token_that_asked_alone() {
        String token = issued("first").path("token").asText();
        HttpResponse<String> taken = api.post("/jobs", prompt(CAREFUL), "Authorization", "Bearer " + token);
        JsonNode told = api.job(taken, "Authorization", token);
        assertThat(told.path("status").asText()).as(told.toString()).isEqualTo("succeeded");
        assertThat(told.at("/answer/prompt").asText()).isEqualTo(CAREFUL);
        String another = json(api.post(
                        "/tokens", "{\"owner\":\"berta\",\"client\":\"first\",\"days\":1}", "x-api-key", key("first")))
                .path("token")
                .asText();
        assertThat(api.job(taken, "Authorization", another).path("code").asText())
                .isEqualTo("unknown_job");
    }

    @Test
    void a_key_lets_in_as_bearer_too() {
        for (String[] shown : new String[][] {
            {"x-api-key", key("first")},
            {"Authorization", "Bearer " + key("first")},
            {"Authorization", key("first")}
        }) {
            HttpResponse<String> answer = api.post("/clients", prompt(CAREFUL), shown);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(json(answer).path("prompt").asText()).isEqualTo(CAREFUL);
        }
        assertError(api.post("/clients", prompt("a"), "x-api-key", "wrong-wrong-wrong-wrong"), 403, "forbidden");
        assertError(api.post("/clients", prompt("a"), "Authorization", "Bearer wrong"), 403, "forbidden");
        assertError(api.post("/clients", prompt("a")), 403, "forbidden");
        String token = issued("first").path("token").asText();
        assertError(api.post("/clients", prompt("a"), "Authorization", token), 403, "forbidden");
    }

    @Test
    void who_signs_in_at_the_local_pool_gets_in(@TempDir Path folder) throws Exception {
        JsonNode facts = api.facts(folder);
        String client = facts.path("userPoolClientId").asText();
        api.create(facts.path("userPoolId").asText(), "anna", "a secret");
        String token = api.signIn(client, "anna", "a secret");
        for (String shown : List.of(token, "Bearer " + token)) {
            HttpResponse<String> answer = api.post("/users", prompt(CAREFUL), "Authorization", shown);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(json(answer).path("prompt").asText()).isEqualTo(CAREFUL);
        }
        assertError(api.post("/users", prompt("a")), 401, "unauthorized");
        assertError(api.post("/users", prompt("a"), "Authorization", token + "x"), 401, "unauthorized");
        assertError(api.post("/users", prompt("a"), "x-api-key", key("first")), 401, "unauthorized");
        var known = facts.path("users").properties().iterator().next();
        assertThat(api.post(
                                "/users",
                                prompt("a"),
                                "Authorization",
                                api.signIn(
                                        client, known.getKey(), known.getValue().asText()))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void the_first_caller_shows_a_token_that_an_operator_issued() throws Exception {
        assertThat(run.credential().orElseThrow().header()).isEqualTo("Authorization");
        assertThat(run.credential().orElseThrow().value()).startsWith("Bearer pmt_");
        assertThat(run.credential()).isEqualTo(run.credential());
        assertThat(run.credential().orElseThrow()).asString().doesNotContain("pmt_");
        assertThat(run.caller().ask("Say something").statusCode()).isEqualTo(200);
    }

    @Test
    void scripts_find_where_tokens_are_issued_and_where_the_table_is(@TempDir Path folder) throws Exception {
        JsonNode facts = api.facts(folder);
        assertThat(facts.path("tokensUrl").asText()).isEqualTo(run.url() + "/tokens");
        assertThat(facts.path("dynamodb").asText()).startsWith("http://127.0.0.1:");
    }

    private JsonNode issued(String client) {
        HttpResponse<String> answer = api.post(
                "/tokens", "{\"owner\":\"anna\",\"client\":\"" + client + "\",\"days\":1}", "x-api-key", key("first"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json(answer);
    }

    private static void assertError(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(json(answer).path("code").asText()).isEqualTo(code);
        assertThat(answer.body()).doesNotContain("arn:").doesNotContain("123456789012");
    }
}
