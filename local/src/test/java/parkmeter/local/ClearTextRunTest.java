package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static parkmeter.local.Api.CAREFUL;
import static parkmeter.local.Api.json;
import static parkmeter.local.Api.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of a stack whose tokens stand in clear in a table that somebody else fills. */
class ClearTextRunTest extends TinyRun {

    private final JsonNode facts;

    ClearTextRunTest(@TempDir Path folder) throws Exception {
        super("clear", 1, folder);
        facts = api.facts(folder);
    }

    @Test
    void the_token_that_stands_in_the_table_lets_in_and_another_does_not() {
        HttpResponse<String> answer = api.post(
                "/invoke", prompt(CAREFUL), "Authorization", facts.path("token").asText());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer).path("prompt").asText()).isEqualTo(CAREFUL);
        assertThat(api.post("/invoke", prompt("a"), "Authorization", "mine").statusCode())
                .isEqualTo(403);
    }

    @Test
    void a_token_that_somebody_puts_there_lets_in() throws Exception {
        HttpResponse<String> put = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(facts.path("dynamodb").asText()))
                                .header("X-Amz-Target", "DynamoDB_20120810.PutItem")
                                .header("content-type", "application/x-amz-json-1.0")
                                .header(
                                        "Authorization",
                                        "AWS4-HMAC-SHA256 Credential=a/20260101/eu-west-2/dynamodb/aws4_request,"
                                                + " SignedHeaders=host, Signature=a")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"TableName\":\"ApiTokens\",\"Item\":{\"token\":{\"S\":\"theirs\"}}}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
        assertThat(api.post("/invoke", prompt("a"), "Authorization", "theirs").statusCode())
                .isEqualTo(200);
    }

    @Test
    void the_first_caller_shows_the_token_that_stands_there() throws Exception {
        assertThat(run.caller().ask("Say something").statusCode()).isEqualTo(200);
    }
}
