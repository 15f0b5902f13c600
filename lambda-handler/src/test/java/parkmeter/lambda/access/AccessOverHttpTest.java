package parkmeter.lambda.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.lambda.LambdaContext;
import parkmeter.lambda.access.store.NoAnswer;
import parkmeter.lambda.gateway.Answer;
import parkmeter.lambda.gateway.Event;
import parkmeter.lambda.meter.table.LocalTable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tokens from their issue to their end, and what the authorizer makes of them. */
class AccessOverHttpTest {
    private static final String TABLE = "parkmeter-dev-tokens";
    private static final String CLEAR = "AuthTable";
    private static final String STAGE = "arn:aws:execute-api:eu-west-2:123456789012:a1b2c3d4e5/prod";
    private static final String FIRST_KEY = "first-key-0123456789abcdef";
    private static final String SECOND_KEY = "second-key-0123456789abcdef";

    private static LocalTable local;

    private final List<String> log = new ArrayList<>();
    private StubApiGateway gateway;
    private TokensHandler tokens;
    private AuthorizerHandler authorizer;

    @BeforeAll
    static void startTable() throws Exception {
        local = new LocalTable();
        local.create(TABLE, "hash");
        local.create(CLEAR, "token");
    }

    @AfterAll
    static void stopTable() {
        local.close();
    }

    @BeforeEach
    void start() throws IOException {
        gateway = new StubApiGateway(Map.of("k1", FIRST_KEY, "k2", SECOND_KEY));
        tokens = new TokensHandler(Map.of(
                "AWS_REGION",
                "eu-west-2",
                "PARKMETER_TOKEN_TABLE",
                TABLE,
                "PARKMETER_CLIENTS",
                "[\"first\",\"second\"]",
                "PARKMETER_OPERATORS",
                "[\"k1\"]"));
        authorizer = new AuthorizerHandler(environment());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static Map<String, String> environment() {
        return new HashMap<>(Map.of(
                "AWS_REGION",
                "eu-west-2",
                "PARKMETER_TOKEN_TABLE",
                TABLE,
                "PARKMETER_CLIENT_KEYS",
                "{\"first\":\"k1\",\"second\":\"k2\",\"third\":\"gone\"}",
                "PARKMETER_TOKEN_ROUTES",
                "[\"POST /falcon\",\"GET /jobs/{id}\",\"ANY /model/{proxy+}\"]",
                "PARKMETER_KEY_ROUTES",
                "[\"POST /invoke\"]"));
    }

    @Test
    void a_token_is_shown_once_and_lets_its_owner_call_the_tokens_routes_on_the_clients_plan() throws IOException {
        Answer issued = tokens("POST", "{\"owner\":\"Ada\",\"client\":\"second\",\"days\":30}");
        String token = Objects.requireNonNull(issued.textAt("token"));

        assertThat(issued.status()).isEqualTo(201);
        assertThat(issued.headers().get("Cache-Control")).isEqualTo("no-store");
        assertThat(token).matches("pmt_[A-Za-z0-9_-]{43}");
        assertThat(decision(rest(token)))
                .isEqualTo(
                        "{\"principalId\":\"second/Ada\",\"policyDocument\":{\"Version\":\"2012-10-17\",\"Statement\":"
                                + "[{\"Action\":\"execute-api:Invoke\",\"Effect\":\"Allow\",\"Resource\":[\"" + STAGE
                                + "/POST/falcon\",\"" + STAGE + "/GET/jobs/*\",\"" + STAGE + "/*/model/*\"]}]},"
                                + "\"context\":{\"caller\":\"second/Ada\",\"client\":\"second\",\"apiKeyId\":\"k2\"},"
                                + "\"usageIdentifierKey\":\"" + SECOND_KEY + "\"}");
    }

    @Test
    void an_http_api_counts_by_no_key_and_is_told_none() throws IOException {
        String answer = decision(http(issue()));

        assertThat(answer).contains("\"Allow\"", STAGE + "/POST/falcon", "\"caller\":\"first/Ada\"");
        assertThat(answer).doesNotContain("usageIdentifierKey", FIRST_KEY);
        assertThat(gateway.asked()).isEmpty();
        assertThat(decision(http("Bearer " + FIRST_KEY)))
                .contains("\"Allow\"", STAGE + "/POST/invoke")
                .doesNotContain("usageIdentifierKey", FIRST_KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "Bearer %s", "bearer %s", "BEARER   %s", " %s "})
    void a_token_stands_alone_or_after_the_word_bearer(String form) throws IOException {
        assertThat(allows(rest(form.formatted(issue())))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "authorization", "AUTHORIZATION", "aUTHORIZATION"})
    void the_headers_name_has_any_case(String name) throws IOException {
        assertThat(allows(event(name, issue()).with("methodArn", STAGE + "/POST/falcon")))
                .isTrue();
    }

    @Test
    void an_api_key_may_come_as_bearer_or_in_its_own_header_and_calls_the_keys_routes() throws IOException {
        String expected =
                "{\"principalId\":\"second\",\"policyDocument\":{\"Version\":\"2012-10-17\",\"Statement\":[{\"Action\":"
                        + "\"execute-api:Invoke\",\"Effect\":\"Allow\",\"Resource\":[\"" + STAGE
                        + "/POST/invoke\"]}]},\"context\":{\"caller\":\"second\",\"client\":\"second\",\"apiKeyId\":\"k2\"},"
                        + "\"usageIdentifierKey\":\"" + SECOND_KEY + "\"}";

        assertThat(decision(rest("Bearer " + SECOND_KEY))).isEqualTo(expected);
        assertThat(decision(event("X-Api-Key", SECOND_KEY).with("methodArn", STAGE + "/POST/invoke")))
                .isEqualTo(expected);
    }

    @Test
    void a_keys_value_is_asked_for_once() throws IOException {
        String token = issue();
        for (int i = 0; i < 3; i++) {
            decision(rest(token));
            decision(rest("Bearer " + FIRST_KEY));
        }

        assertThat(gateway.asked()).containsExactly("/apikeys/k1?includeValue=true");
    }

    @Test
    void guesses_make_nobody_ask_again_not_even_for_a_key_that_is_gone() throws IOException {
        for (int i = 0; i < 3; i++) {
            decision(rest("guess " + i));
        }

        assertThat(gateway.asked())
                .containsExactly(
                        "/apikeys/k1?includeValue=true",
                        "/apikeys/k2?includeValue=true",
                        "/apikeys/gone?includeValue=true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pmt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "Bearer first-key-0123456789abcdeg",
                "Bearer first-key-0123456789abcde",
                "Bearer",
                "Bearer ",
                "Basic Zmlyc3Q6a2V5",
                "k1",
                "first",
                "*",
                "-",
                "é",
            })
    void anything_else_is_good_for_nothing(String authorization) throws IOException {
        assertThat(decision(rest(authorization))).isEqualTo(DENIED);
        assertThat(decision(http(authorization))).isEqualTo(DENIED);
    }

    private static final String DENIED =
            "{\"principalId\":\"nobody\",\"policyDocument\":{\"Version\":\"2012-10-17\",\"Statement\":[{\"Action\":"
                    + "\"execute-api:Invoke\",\"Effect\":\"Deny\",\"Resource\":[\"*\"]}]}}";

    @Test
    void without_a_header_or_with_two_that_differ_nobody_gets_in() throws IOException {
        String token = issue();
        Event none = Event.rest(null).with("methodArn", STAGE + "/POST/falcon");

        assertThat(decision(none.with("headers", Map.of()))).isEqualTo(DENIED);
        assertThat(decision(none.with("headers", null).with("multiValueHeaders", null)))
                .isEqualTo(DENIED);
        assertThat(decision(rest(token).with("multiValueHeaders", Map.of("authorization", List.of("x", token)))))
                .isEqualTo(DENIED);
        assertThat(allows(rest(token).with("multiValueHeaders", Map.of("Authorization", List.of(token, token)))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "arn:aws:execute-api:eu-west-2:123456789012:*/prod/POST/x", "x"})
    void an_event_of_no_stage_is_refused(String arn) throws IOException {
        assertThat(decision(rest(issue()).with("methodArn", arn))).isEqualTo(DENIED);
    }

    @Test
    void a_token_is_good_at_once_and_refused_at_once_when_it_is_revoked() throws IOException {
        Answer issued = tokens("POST", "{\"owner\":\"Ada\",\"client\":\"first\",\"days\":1}");
        String token = Objects.requireNonNull(issued.textAt("token"));
        String id = Objects.requireNonNull(issued.textAt("id"));
        assertThat(allows(rest(token))).isTrue();

        Answer revoked = delete(id);

        assertThat(revoked.status()).isEqualTo(200);
        assertThat(revoked.textAt("owner")).isEqualTo("Ada");
        assertThat(allows(rest(token))).isFalse();
        assertThat(delete(id).textAt("code")).isEqualTo("unknown_token");
    }

    @Test
    void an_expired_token_is_refused_before_dynamodb_deletes_it_and_no_longer_listed() throws IOException {
        keep("pmt_expired", "first", Instant.now().minusSeconds(1), null);
        keep("pmt_valid", "first", Instant.now().plusSeconds(60), null);

        assertThat(allows(rest("pmt_expired"))).isFalse();
        assertThat(allows(rest("pmt_valid"))).isTrue();
        assertThat(tokens("GET", null).text()).contains("id of pmt_valid").doesNotContain("id of pmt_expired");
    }

    @Test
    void a_token_whose_client_or_whose_clients_key_is_gone_is_refused() throws IOException {
        keep("pmt_fourth", "fourth", Instant.now().plusSeconds(60), null);
        keep("pmt_third", "third", Instant.now().plusSeconds(60), null);

        assertThat(allows(rest("pmt_fourth"))).isFalse();
        assertThat(allows(rest("pmt_third"))).isFalse();
    }

    @Test
    void an_item_that_somebody_wrote_by_hand_without_an_expiry_is_refused() throws IOException {
        local.byHand(
                TABLE, Map.of("hash", AttributeValue.fromS(hash("pmt_hand")), "client", AttributeValue.fromS("first")));

        assertThat(allows(rest("pmt_hand"))).isFalse();
    }

    @Test
    void a_use_is_noted_once_in_ten_minutes() throws IOException {
        Instant recently = Instant.now().minus(Duration.ofMinutes(9));
        keep("pmt_recent", "first", Instant.now().plusSeconds(60), recently);
        keep("pmt_old", "first", Instant.now().plusSeconds(60), Instant.now().minus(Duration.ofMinutes(11)));
        keep("pmt_new", "first", Instant.now().plusSeconds(60), null);

        for (String token : List.of("pmt_recent", "pmt_old", "pmt_new")) {
            assertThat(allows(rest(token))).isTrue();
        }

        assertThat(lastUse("pmt_recent")).isEqualTo(recently.getEpochSecond());
        assertThat(lastUse("pmt_old"))
                .isGreaterThan(Instant.now().minusSeconds(60).getEpochSecond());
        assertThat(lastUse("pmt_new"))
                .isGreaterThan(Instant.now().minusSeconds(60).getEpochSecond());
        assertThat(tokens("GET", null).text()).contains("\"lastUsedAt\":\"");
    }

    @Test
    void where_aws_gives_no_answer_the_function_fails_so_that_nobody_remembers_a_refusal() throws IOException {
        String token = issue();
        gateway.fails(403);
        AuthorizerHandler fresh = new AuthorizerHandler(environment());

        assertThatThrownBy(() -> LambdaContext.call(fresh, rest(token).bytes(), Duration.ofSeconds(10), log))
                .isInstanceOf(NoAnswer.class)
                .hasMessage("GetApiKey: AccessDeniedException");
        assertThat(log.get(log.size() - 1)).contains("\"cause\":\"GetApiKey: AccessDeniedException\"");

        Map<String, String> elsewhere = environment();
        elsewhere.put("PARKMETER_TOKEN_TABLE", "no-such-table");
        AuthorizerHandler lost = new AuthorizerHandler(elsewhere);
        assertThatThrownBy(() -> LambdaContext.call(lost, rest(token).bytes(), Duration.ofSeconds(10), log))
                .isInstanceOf(NoAnswer.class)
                .hasMessage("GetItem: ResourceNotFoundException");
    }

    @Test
    void where_no_route_takes_tokens_keys_alone_are_looked_at() throws IOException {
        String token = issue();
        Map<String, String> keysAlone = environment();
        keysAlone.remove("PARKMETER_TOKEN_TABLE");
        keysAlone.remove("PARKMETER_TOKEN_ROUTES");
        authorizer = new AuthorizerHandler(keysAlone);

        assertThat(allows(rest("Bearer " + FIRST_KEY))).isTrue();
        assertThat(allows(rest("Bearer " + FIRST_KEY + "x"))).isFalse();
        assertThat(allows(rest(token))).isFalse();
    }

    @Test
    void a_table_of_tokens_in_clear_is_read_where_the_stack_says_so_on_the_first_clients_plan() throws IOException {
        Map<String, String> environment = environment();
        environment.put("PARKMETER_TOKEN_TABLE", CLEAR);
        local.byHand(CLEAR, Map.of("token", AttributeValue.fromS("pass code")));
        local.byHand(
                CLEAR,
                Map.of(
                        "token", AttributeValue.fromS("hers"),
                        "owner", AttributeValue.fromS("Ada"),
                        "client", AttributeValue.fromS("second")));
        environment.put("PARKMETER_LEGACY_CLEAR_TEXT", "true");
        authorizer = new AuthorizerHandler(environment);

        assertThat(decision(rest("pass code"))).contains("\"Allow\"", "\"principalId\":\"first/\"", FIRST_KEY);
        assertThat(decision(rest("Bearer hers"))).contains("\"Allow\"", "\"principalId\":\"second/Ada\"", SECOND_KEY);
        assertThat(decision(rest("Bearer " + FIRST_KEY))).contains("\"Allow\"", STAGE + "/POST/invoke");
        assertThat(decision(rest("other"))).isEqualTo(DENIED);
        assertThat(decision(rest("a".repeat(1024)))).isEqualTo(DENIED);
        assertThat(log).noneMatch(line -> line.contains("pass code") || line.contains("hers"));
    }

    @Test
    void without_clients_a_token_needs_none_and_gets_no_key() throws IOException {
        Map<String, String> environment = environment();
        environment.put("PARKMETER_CLIENT_KEYS", "{}");
        authorizer = new AuthorizerHandler(environment);
        tokens = new TokensHandler(Map.of(
                "AWS_REGION", "eu-west-2", "PARKMETER_TOKEN_TABLE", TABLE, "PARKMETER_OPERATORS", "[\"sub-1\"]"));
        Event operator = http(null)
                .with("routeKey", "POST /tokens")
                .with("body", "{\"owner\":\"Bob\",\"days\":1}")
                .with(
                        "requestContext",
                        Map.of(
                                "http", Map.of("method", "POST"),
                                "authorizer", Map.of("jwt", Map.of("claims", Map.of("sub", "sub-1")))));

        Answer issued = Answer.of(LambdaContext.call(tokens, operator.bytes(), Duration.ofSeconds(10), log));

        assertThat(issued.status()).isEqualTo(201);
        assertThat(decision(http(issued.textAt("token"))))
                .contains("\"Allow\"", "\"context\":{\"caller\":\"/Bob\"}")
                .doesNotContain("usageIdentifierKey");
    }

    @Test
    void a_route_list_that_is_left_out_lets_nobody_in() throws IOException {
        String token = issue();
        Map<String, String> environment = environment();
        environment.remove("PARKMETER_TOKEN_ROUTES");
        environment.remove("PARKMETER_KEY_ROUTES");
        authorizer = new AuthorizerHandler(environment);

        assertThat(decision(rest(token))).isEqualTo(DENIED);
        assertThat(decision(rest("Bearer " + FIRST_KEY))).isEqualTo(DENIED);
    }

    @Test
    void only_an_operator_issues_lists_and_revokes() throws IOException {
        for (String method : List.of("POST", "GET")) {
            Event event = request(method, "/tokens", "{\"owner\":\"Ada\",\"client\":\"first\",\"days\":1}")
                    .with("requestContext", Map.of("identity", Map.of("apiKeyId", "k2")));
            assertThat(answer(event).textAt("code")).isEqualTo("forbidden");
        }
        assertThat(answer(request("DELETE", "/tokens/{id}", null).with("requestContext", null))
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"client\":\"first\",\"days\":1} | owner=null: is missing",
                "{\"owner\":\"\",\"client\":\"first\",\"days\":1} | owner=: must be 1 to 100 letters, digits, spaces and . _ @ + -, the first one a letter or a digit",
                "{\"owner\":\"a/b\",\"client\":\"first\",\"days\":1} | owner=a/b: must be 1 to 100 letters, digits, spaces and . _ @ + -, the first one a letter or a digit",
                "{\"owner\":\"Ada\",\"days\":1} | client=null: must be one of first, second",
                "{\"owner\":\"Ada\",\"client\":\"third\",\"days\":1} | client=third: must be one of first, second",
                "{\"owner\":\"Ada\",\"client\":\"first\"} | days=null: is missing",
                "{\"owner\":\"Ada\",\"client\":\"first\",\"days\":0} | days=0: must be a whole number from 1 to 3650",
                "{\"owner\":\"Ada\",\"client\":\"first\",\"days\":1.5} | days=1.5: must be a whole number from 1 to 3650",
                "{\"owner\":\"Ada\",\"client\":\"first\",\"days\":3651} | days=3651: must be a whole number from 1 to 3650",
                "{\"owner\":\"Ada\",\"client\":\"first\",\"days\":1,\"x\":\"y\"} | x=(a string of 1 characters): is unknown; the fields are owner, client and days",
            })
    void a_request_for_a_token_is_told_what_is_wrong_with_it(String body, String problem) throws IOException {
        Answer answer = tokens("POST", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problems()).containsExactly(problem);
    }

    @Test
    void other_methods_and_routes_there_are_not() throws IOException {
        assertThat(tokens("PUT", "{}").status()).isEqualTo(405);
        assertThat(answer(request("GET", "/tokens/{id}", null)).status()).isEqualTo(405);
        assertThat(answer(request("GET", "/other", null)).status()).isEqualTo(404);
        assertThat(tokens("POST", "{").textAt("code")).isEqualTo("invalid_json");
    }

    @Test
    void a_table_that_is_not_there_is_a_503() throws IOException {
        tokens = new TokensHandler(Map.of(
                "AWS_REGION",
                "eu-west-2",
                "PARKMETER_TOKEN_TABLE",
                "no-such-table",
                "PARKMETER_OPERATORS",
                "[\"k1\"]"));

        Answer answer = tokens("GET", null);

        assertThat(answer.textAt("code")).isEqualTo("tokens_unavailable");
        assertThat(answer.headers().get("Retry-After")).isEqualTo("5");
        assertThat(log.get(0)).contains("\"cause\":\"Scan: ResourceNotFoundException\"");
    }

    @Test
    void neither_token_nor_hash_nor_key_is_in_any_log_or_list_or_in_the_table_in_clear() throws IOException {
        String token = issue();
        decision(rest(token));
        decision(rest("Bearer " + FIRST_KEY));
        decision(rest("Bearer wrong-secret"));
        String all = tokens("GET", null).text();

        for (String secret : List.of(token, token.substring(4), hash(token), FIRST_KEY, "wrong-secret")) {
            assertThat(all).doesNotContain(secret);
            assertThat(log).noneMatch(line -> line.contains(secret));
        }
        assertThat(local.items(TABLE).toString()).contains(hash(token)).doesNotContain(token.substring(4));
        assertThat(log).allMatch(line -> line.endsWith("}\n"));
    }

    private static final List<String> FORMS = List.of("Bearer ", "", "pmt_", "Bearer pmt_");

    @Test
    void ten_thousand_random_headers_let_nobody_in_and_break_nothing() throws IOException {
        Random random = new Random(20_261_126);
        String pieces = "Bearer pmt_ Basic =,;:/*?{}$\"'\\\u0000\t\r\né🙂" + FIRST_KEY;
        for (int i = 0; i < 10_000; i++) {
            StringBuilder value = new StringBuilder(FORMS.get(i % FORMS.size()));
            for (int n = random.nextInt(24); n > 0; n--) {
                value.append(pieces.charAt(random.nextInt(pieces.length())));
            }
            String text = new String(value.toString().getBytes(UTF_8), UTF_8);
            Event event = (i % 2 == 0 ? rest(text) : http(text)).header(text.isEmpty() ? "x" : text, text);
            byte[] answer = authorizer.answer(event.bytes(), "id", log::add);
            assertThat(new String(answer, UTF_8)).as(text).isEqualTo(DENIED);
        }
    }

    @Test
    void settings_that_make_no_sense_end_the_start_with_everything_that_is_wrong() {
        assertThatThrownBy(() -> new AuthorizerHandler(Map.of(
                        "PARKMETER_TOKEN_ROUTES", "[\"/falcon\"]",
                        "PARKMETER_KEY_ROUTES", "[\"POST /*\"]",
                        "PARKMETER_CLIENT_KEYS", "[]",
                        "PARKMETER_LEGACY_CLEAR_TEXT", "yes")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "The function's environment can't be read: AWS_REGION is missing."
                                + " PARKMETER_LEGACY_CLEAR_TEXT must be true, or left out. PARKMETER_CLIENT_KEYS must be"
                                + " a JSON object. PARKMETER_TOKEN_ROUTES must be a JSON list of routes, such as \"POST /invoke\"."
                                + " PARKMETER_KEY_ROUTES must be a JSON list of routes, such as \"POST /invoke\". PARKMETER_TOKEN_TABLE must"
                                + " be the name of a table, where there are routes for tokens. The Pulumi program sets PARKMETER_*, and Lambda sets AWS_REGION.");
        assertThatThrownBy(() -> new TokensHandler(Map.of("AWS_REGION", "x", "PARKMETER_TOKEN_TABLE", "t")))
                .hasMessageContaining("PARKMETER_OPERATORS must be a JSON list of at least one operator");
    }

    private String issue() throws IOException {
        return Objects.requireNonNull(tokens("POST", "{\"owner\":\"Ada\",\"client\":\"first\",\"days\":1}")
                .textAt("token"));
    }

    private static void keep(String token, String client, Instant expiresAt, @Nullable Instant lastUse) {
        Map<String, AttributeValue> item = new HashMap<>(Map.of(
                "hash", AttributeValue.fromS(hash(token)),
                "id", AttributeValue.fromS("id of " + token),
                "owner", AttributeValue.fromS("Ada"),
                "client", AttributeValue.fromS(client),
                "createdAt", AttributeValue.fromN("1795363200"),
                "expiresAt", AttributeValue.fromN(Long.toString(expiresAt.getEpochSecond()))));
        if (lastUse != null) {
            item.put("lastUsedAt", AttributeValue.fromN(Long.toString(lastUse.getEpochSecond())));
        }
        local.byHand(TABLE, item);
    }

    private static long lastUse(String token) {
        return local.items(TABLE).stream()
                .filter(item -> hash(token)
                        .equals(Objects.requireNonNull(item.get("hash")).s()))
                .map(item -> Long.parseLong(
                        Objects.requireNonNull(item.get("lastUsedAt")).n()))
                .findFirst()
                .orElseThrow();
    }

    private static String hash(String token) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static Event event(String header, String value) {
        return Event.rest(null)
                .with("type", "REQUEST")
                .with("headers", Map.of("Host", "x", header, value))
                .with("multiValueHeaders", Map.of(header, List.of(value)));
    }

    private static Event rest(String authorization) {
        return event("Authorization", authorization).with("methodArn", STAGE + "/POST/falcon");
    }

    private static Event http(@Nullable String authorization) {
        return Event.http(null)
                .with("type", "REQUEST")
                .with("routeArn", STAGE + "/POST/falcon")
                .with("headers", authorization == null ? Map.of() : Map.of("authorization", authorization));
    }

    private boolean allows(Event event) throws IOException {
        return decision(event).contains("\"Effect\":\"Allow\"");
    }

    private String decision(Event event) throws IOException {
        String answer = new String(LambdaContext.call(authorizer, event.bytes(), Duration.ofSeconds(10), log), UTF_8);
        assertThat(Answer.read(answer).containsKey("principalId")).isTrue();
        return answer;
    }

    private static Event request(String method, String route, @Nullable String body) {
        return Event.rest(body).with("httpMethod", method).with("resource", route);
    }

    private Answer tokens(String method, @Nullable String body) throws IOException {
        return answer(request(method, "/tokens", body));
    }

    private Answer delete(String id) throws IOException {
        return answer(request("DELETE", "/tokens/{id}", null).with("pathParameters", Map.of("id", id)));
    }

    private Answer answer(Event event) throws IOException {
        return Answer.of(LambdaContext.call(tokens, event.bytes(), Duration.ofSeconds(10), log));
    }
}
