package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static parkmeter.local.Api.json;
import static parkmeter.local.Api.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.local.identity.UserPool;
import parkmeter.local.llm.TinyModel;

/**
 * Every route with every credential, on both kinds of API: what is expected, what is seen, and the table of it in docs/security.md,
 * which {@code make golden} writes again.
 */
class AuthorizationMatrixTest {

    private static final Path DOCUMENT = Path.of("../docs/security.md");
    private static final String BEGIN = "<!-- matrix: begin, written by `make golden` -->\n";
    private static final String END = "<!-- matrix: end -->\n";
    /** An hour of a user's token is over in three seconds. */
    private static final int SPEED = 1200;

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private enum Credential {
        NONE("none"),
        WRONG("wrong"),
        EXPIRED("expired"),
        REVOKED("revoked"),
        ANOTHERS("another's"),
        OTHER_KIND("another kind"),
        RIGHT("right");

        private final String title;

        Credential(String title) {
            this.title = title;
        }
    }

    /**
     * A call that somebody tries.
     *
     * @param name what the table calls it
     * @param access who may
     * @param path where; {@code {id}} stands for a job of the right caller's
     * @param status the answer to who may
     * @param others the answer to who has another's good credential
     */
    private record Call(String name, String access, String method, String path, String body, int status, int others) {

        static Call model(String access, String kind) {
            String body =
                    kind.endsWith("raw") ? "{\"inputs\":\"a\",\"parameters\":{\"max_new_tokens\":2}}" : prompt("a");
            String path = "/" + access + "/" + kind;
            return new Call("`POST " + path + "`", access, "POST", path, body, 200, 200);
        }

        int expected(Credential credential) {
            if (access.equals("public")) {
                return status;
            }
            return switch (credential) {
                case RIGHT -> status;
                case ANOTHERS -> others;
                case NONE -> access.equals("key") ? 403 : 401;
                case WRONG, EXPIRED, REVOKED, OTHER_KIND -> access.equals("cognito") ? 401 : 403;
            };
        }

        /** Keys do not end, nor does anybody ask Cognito whether a token has been taken back. */
        boolean hasCredential(Credential credential) {
            return switch (credential) {
                case NONE, RIGHT -> true;
                case EXPIRED -> access.equals("token") || access.equals("cognito");
                case REVOKED -> access.equals("token");
                case WRONG, ANOTHERS, OTHER_KIND -> !access.equals("public");
            };
        }
    }

    private static List<Call> calls(String api) {
        boolean rest = api.equals("REST");
        List<Call> calls = new ArrayList<>();
        List<String> kinds = rest
                ? List.of("prompt", "raw", "direct", "direct-raw", "function")
                : List.of("prompt", "raw", "function");
        for (String access :
                rest ? List.of("key", "token", "cognito", "public") : List.of("token", "cognito", "public")) {
            kinds.forEach(kind -> calls.add(Call.model(access, kind)));
        }
        String jobs = rest ? "token" : "cognito";
        String path = "/" + jobs + "/jobs";
        calls.add(new Call("`POST " + path + "`", jobs, "POST", path, prompt("a"), 202, 202));
        calls.add(new Call("`GET " + path + "/{id}`", jobs, "GET", path + "/{id}", "", 200, 404));
        calls.add(new Call("`POST /startexecution`", jobs, "POST", "/startexecution", started(api), 200, 200));
        calls.add(new Call(
                "`POST /describeexecution`",
                jobs,
                "POST",
                "/describeexecution",
                "{\"executionArn\":\"{arn}\"}",
                200,
                404));
        String operators = rest ? "key" : "cognito";
        calls.add(new Call("`GET /tokens`", operators, "GET", "/tokens", "", 200, 403));
        if (rest) {
            calls.add(new Call("`GET /meters`", "key", "GET", "/meters", "", 200, 403));
        }
        return calls;
    }

    private static String started(String api) {
        ObjectNode request = JsonNodeFactory.instance
                .objectNode()
                .put("endpointname", "parkmeter-" + (api.equals("REST") ? "matrix" : "matrix-http") + "-tiny");
        request.putObject("body").put("inputs", "a").putObject("parameters").put("max_new_tokens", 2);
        return request.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"REST", "HTTP"})
    void every_route_answers_every_credential_as_it_should(String kind, @TempDir Path folder) throws Exception {
        Map<Call, Map<Credential, Integer>> seen = seen(kind, folder);

        assertThat(seen).allSatisfy((call, answers) -> assertThat(answers)
                .as(call.name())
                .isEqualTo(
                        answers.keySet().stream().collect(Collectors.toMap(credential -> credential, call::expected))));
        String table = table(kind, seen);
        String document = Files.readString(DOCUMENT);
        if (Boolean.getBoolean("golden")) {
            Files.writeString(DOCUMENT, with(document, kind, table));
        } else {
            assertThat(document).as("run `make golden`").contains(table);
        }
    }

    @Test
    void the_document_has_one_table_of_each_kind_and_no_more() throws IOException {
        String document = Files.readString(DOCUMENT);
        String tables = document.substring(document.indexOf(BEGIN) + BEGIN.length(), document.indexOf(END));
        assertThat(Stream.of(tables.split("\n")).filter(line -> line.startsWith("### ")))
                .containsExactly("### REST API", "### HTTP API");
    }

    private static Map<Call, Map<Credential, Integer>> seen(String kind, Path folder) throws Exception {
        Path weights = folder.resolve("tiny.gguf");
        TinyModel.write(weights);
        Deployment deployment = TestStacks.deployment(kind.equals("REST") ? "matrix" : "matrix-http");
        try (var run = new LocalRun(
                TestStacks.order(Optional.of(weights), Optional.empty(), 0, SPEED), line -> {}, line -> {})) {
            run.start(deployment, run.findModel());
            var callers = new Callers(new Api(run), deployment, folder);
            Map<Call, Map<Credential, Integer>> seen = new LinkedHashMap<>();
            for (Call call : calls(kind)) {
                Map<Credential, Integer> answers = new EnumMap<>(Credential.class);
                for (Credential credential : Credential.values()) {
                    if (call.hasCredential(credential)) {
                        answers.put(credential, callers.answer(call, credential));
                    }
                }
                seen.put(call, answers);
            }
            return seen;
        }
    }

    private static String table(String kind, Map<Call, Map<Credential, Integer>> seen) {
        StringBuilder table = new StringBuilder("### " + kind + " API\n\n| route | takes |");
        Stream.of(Credential.values())
                .forEach(each -> table.append(' ').append(each.title).append(" |"));
        table.append("\n| --- | --- |")
                .append(" --- |".repeat(Credential.values().length))
                .append('\n');
        seen.forEach((call, answers) -> {
            table.append("| ")
                    .append(call.name())
                    .append(" | ")
                    .append(call.access())
                    .append(" |");
            for (Credential each : Credential.values()) {
                Integer status = answers.get(each);
                table.append(' ').append(status == null ? "" : status + " ").append('|');
            }
            table.append('\n');
        });
        return table.append('\n').toString();
    }

    private static String with(String document, String kind, String table) {
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        int end = document.indexOf(END);
        String tables = document.substring(begin, end);
        int http = tables.indexOf("### HTTP");
        String rest = http < 0 ? tables : tables.substring(0, http);
        String both = kind.equals("REST") ? table + (http < 0 ? "" : tables.substring(http)) : rest + table;
        return document.substring(0, begin) + both + document.substring(end);
    }

    /** Everybody who calls, with what they have. */
    private static final class Callers {

        private final Api api;
        private final Deployment deployment;
        private final JsonNode facts;
        private final String operator;
        private final String expiredUser;
        private final long expiredFrom =
                System.nanoTime() + Duration.ofSeconds(4).toNanos();
        private final String right;
        private final String anothers;
        private final String expired;
        private final String revoked;
        private final String job;
        private final String execution;

        Callers(Api api, Deployment deployment, Path folder) throws Exception {
            this.api = api;
            this.deployment = deployment;
            this.facts = api.facts(folder);
            addUser("bob");
            this.operator = facts.path("users").properties().iterator().next().getKey();
            this.expiredUser = signIn(operator);
            this.right = issued("first").path("token").asText();
            this.anothers = issued("other").path("token").asText();
            this.expired = issued("first").path("token").asText();
            expire(expired);
            JsonNode gone = issued("first");
            this.revoked = gone.path("token").asText();
            HttpResponse<String> deleted =
                    asOperator("DELETE", "/tokens/" + gone.path("id").asText(), "");
            assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(200);
            String path = deployment.clients().isEmpty() ? "/cognito/jobs" : "/token/jobs";
            this.job = started(path, prompt("a")).path("id").asText();
            this.execution = started(
                            "/startexecution",
                            AuthorizationMatrixTest.started(deployment.clients().isEmpty() ? "HTTP" : "REST"))
                    .path("executionArn")
                    .asText();
        }

        private JsonNode started(String path, String body) {
            HttpResponse<String> started =
                    api.post(path, body, "Authorization", deployment.clients().isEmpty() ? signIn(operator) : right);
            assertThat(started.statusCode()).as(started.body()).isBetween(200, 202);
            return json(started);
        }

        int answer(Call call, Credential credential) throws Exception {
            HttpResponse<String> answer = api.call(
                    call.method(),
                    call.path().replace("{id}", job),
                    call.body().replace("{arn}", execution),
                    headers(call.access(), credential));
            if (answer.statusCode() >= 400) {
                assertThat(answer.body())
                        .doesNotContain("arn:")
                        .doesNotContain("123456789012")
                        .doesNotContain("pmt_");
            }
            return answer.statusCode();
        }

        private String[] headers(String access, Credential credential) throws Exception {
            if (credential == Credential.NONE || access.equals("public")) {
                return new String[0];
            }
            return switch (access) {
                case "key" ->
                    switch (credential) {
                        case RIGHT -> new String[] {"x-api-key", key("first")};
                        case ANOTHERS -> new String[] {"x-api-key", key("other")};
                        case OTHER_KIND -> bearer(right);
                        default -> new String[] {"x-api-key", "no-key-of-this-api-at-all"};
                    };
                case "token" ->
                    switch (credential) {
                        case RIGHT -> bearer(right);
                        case ANOTHERS -> bearer(anothers);
                        case EXPIRED -> bearer(expired);
                        case REVOKED -> bearer(revoked);
                        case OTHER_KIND -> bearer(deployment.clients().isEmpty() ? signIn(operator) : key("first"));
                        default -> bearer("pmt_" + "A".repeat(43));
                    };
                default ->
                    switch (credential) {
                        case RIGHT -> bearer(signIn(operator));
                        case ANOTHERS -> bearer(signIn("bob"));
                        case EXPIRED -> bearer(over());
                        case OTHER_KIND -> bearer(right);
                        default -> bearer(ofAnotherPool());
                    };
            };
        }

        private static String[] bearer(String secret) {
            return new String[] {"Authorization", "Bearer " + secret};
        }

        private String over() throws InterruptedException {
            long left = expiredFrom - System.nanoTime();
            if (left > 0) {
                Thread.sleep(Duration.ofNanos(left).toMillis() + 1);
            }
            return expiredUser;
        }

        private String ofAnotherPool() {
            return UserPool.create(
                            "arn:aws:cognito-idp:eu-west-2:123456789012:userpool/eu-west-2_another1", Clock.systemUTC())
                    .idToken("ada", facts.path("userPoolClientId").asText());
        }

        private String signIn(String user) {
            String password = user.equals("bob")
                    ? "a secret"
                    : facts.path("users").path(user).asText();
            return api.signIn(facts.path("userPoolClientId").asText(), user, password);
        }

        private void addUser(String name) {
            for (String action : List.of("AdminCreateUser", "AdminSetUserPassword")) {
                assertThat(api.aws(
                                        "AWSCognitoIdentityProviderService." + action,
                                        JsonNodeFactory.instance
                                                .objectNode()
                                                .put(
                                                        "UserPoolId",
                                                        facts.path("userPoolId").asText())
                                                .put("Username", name)
                                                .put("Password", "a secret")
                                                .put("Permanent", true))
                                .statusCode())
                        .isEqualTo(200);
            }
        }

        private JsonNode issued(String client) {
            ObjectNode request =
                    JsonNodeFactory.instance.objectNode().put("owner", client).put("days", 30);
            if (!deployment.clients().isEmpty()) {
                request.put("client", client);
            }
            HttpResponse<String> answer = asOperator("POST", "/tokens", request.toString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            return json(answer);
        }

        private HttpResponse<String> asOperator(String method, String path, String body) {
            return deployment.clients().isEmpty()
                    ? api.call(method, path, body, bearer(signIn(operator)))
                    : api.call(method, path, body, "x-api-key", key("first"));
        }

        private String key(String client) {
            return Objects.requireNonNull(deployment.clients().get(client));
        }

        /** Puts a token's end into the past, where DynamoDB has not got round to deleting it. */
        private void expire(String token) throws Exception {
            ObjectNode update = JsonNodeFactory.instance
                    .objectNode()
                    .put("TableName", table())
                    .put("UpdateExpression", "SET expiresAt = :then");
            update.putObject("Key")
                    .putObject("hash")
                    .put(
                            "S",
                            HexFormat.of()
                                    .formatHex(MessageDigest.getInstance("SHA-256")
                                            .digest(token.getBytes(StandardCharsets.UTF_8))));
            update.putObject("ExpressionAttributeValues").putObject(":then").put("N", "1000000000");
            HttpResponse<String> answer = HTTP.send(
                    HttpRequest.newBuilder(URI.create(facts.path("dynamodb").asText()))
                            .header("X-Amz-Target", "DynamoDB_20120810.UpdateItem")
                            .header("Content-Type", "application/x-amz-json-1.0")
                            .header(
                                    "Authorization",
                                    "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-2/dynamodb/aws4_request,"
                                            + " SignedHeaders=host, Signature=0")
                            .POST(HttpRequest.BodyPublishers.ofString(update.toString()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }

        private String table() {
            return "parkmeter-" + (deployment.clients().isEmpty() ? "matrix-http" : "matrix") + "-tokens";
        }
    }
}
