package parkmeter.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parkmeter.lambda.access.StubApiGateway;
import parkmeter.lambda.gateway.Answer;
import parkmeter.lambda.gateway.Event;
import parkmeter.lambda.meter.table.LocalTable;
import parkmeter.lambda.runtime.LambdaRuntime;

/** The functions of access from their zip alone: nothing that they need of the SDK was left out of it. */
class AccessZipIT {
    private static final String TABLE = "parkmeter-dev-tokens";

    private Path folder;
    private LocalTable local;
    private StubApiGateway gateway;

    @BeforeEach
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        LambdaRuntime.unpack(Path.of("target", "access.zip"), folder.resolve("zip"));
        local = new LocalTable();
        local.create(TABLE, "hash");
        gateway = new StubApiGateway(Map.of("k1", "first-key-0123456789abcdef"));
    }

    @AfterEach
    void stop() {
        gateway.close();
        local.close();
    }

    @Test
    void a_token_is_issued_lets_its_owner_in_and_is_revoked() throws Exception {
        Answer issued = tokens(Event.rest("{\"owner\":\"Ada\",\"days\":1}"), "POST", "/tokens");
        String token = Objects.requireNonNull(issued.textAt("token"));

        assertThat(authorize(token)).contains("\"Effect\":\"Allow\"", "first-key-0123456789abcdef");
        assertThat(authorize("first-key-0123456789abcdef")).contains("\"Effect\":\"Allow\"");
        assertThat(tokens(Event.rest(null), "GET", "/tokens").text()).contains("\"owner\":\"Ada\"", "lastUsedAt");
        assertThat(tokens(
                                Event.rest(null)
                                        .with(
                                                "pathParameters",
                                                Map.of("id", Objects.requireNonNull(issued.textAt("id")))),
                                "DELETE",
                                "/tokens/{id}")
                        .status())
                .isEqualTo(200);
        assertThat(authorize(token)).contains("\"Effect\":\"Deny\"");
    }

    private Answer tokens(Event event, String method, String route) throws IOException, InterruptedException {
        Event request = event.with("httpMethod", method).with("resource", route);
        return Answer.of(call("TokensHandler", request).getBytes(UTF_8));
    }

    private String authorize(String credential) throws IOException, InterruptedException {
        return call(
                "AuthorizerHandler",
                Event.rest(null)
                        .with("methodArn", "arn:aws:execute-api:eu-west-2:123456789012:a1/prod/POST/falcon")
                        .header("authorization", "Bearer " + credential));
    }

    private String call(String handler, Event event) throws IOException, InterruptedException {
        return LambdaRuntime.answer(
                folder.resolve("zip"),
                "parkmeter.lambda.access." + handler + "::handleRequest",
                Map.of(
                        "PARKMETER_TOKEN_TABLE", TABLE,
                        "PARKMETER_CLIENTS", "[\"first\"]",
                        "PARKMETER_OPERATORS", "[\"k1\"]",
                        "PARKMETER_CLIENT_KEYS", "{\"first\":\"k1\"}",
                        "PARKMETER_TOKEN_ROUTES", "[\"POST /falcon\"]",
                        "PARKMETER_KEY_ROUTES", "[\"POST /invoke\"]",
                        "AWS_ENDPOINT_URL_API_GATEWAY", gateway.url().toString(),
                        "AWS_ENDPOINT_URL_DYNAMODB", local.url().toString()),
                new String(event.bytes(), UTF_8));
    }
}
