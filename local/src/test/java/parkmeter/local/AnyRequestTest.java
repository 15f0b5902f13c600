package parkmeter.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Ten thousand requests of any kind for each kind of access, byte by byte, on both kinds of API: nothing fails by this project's own
 * fault, nobody gets an answer without the credential for it, and whatever a prompt holds, it comes back as it was.
 */
class AnyRequestTest {

    private static final int TRIES = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SMILE = new String(Character.toChars(0x1F642));

    /** What breaks templates, quotes and encodings. */
    private static final List<String> PIECES = List.of(
            "It's \"quoted\"",
            "\\",
            "\\\\u0027",
            "$input.path('$')",
            "$util.escapeJavaScript($x)",
            "#set($x=1)",
            "#end",
            "#if(true)",
            "##",
            "#*",
            "$context.stage",
            "${x}",
            "$",
            "#",
            "\"",
            "'",
            "\n",
            "\r",
            "\t",
            "\u0000",
            "\u001f",
            "\u2028",
            "\u00e9",
            SMILE,
            "}",
            "{",
            "]",
            "</script>",
            "%0a",
            "a",
            " ");

    private record Served(LocalRun run, int port, String stage, List<String> paths) {}

    /** Both APIs in front of one model, and what their callers have. */
    private record Scene(
            EchoModel model,
            Served rest,
            Served http,
            String key,
            String token,
            String userToken,
            String httpToken,
            String httpUserToken) {

        static Scene open() {
            try {
                Path folder = Files.createTempDirectory("any-request");
                EchoModel model = new EchoModel();
                Served rest = served("matrix", model);
                Served http = served("matrix-http", model);
                var restApi = new Api(rest.run());
                JsonNode facts = restApi.facts(folder);
                String key = facts.path("clients").path("first").asText();
                var httpApi = new Api(http.run());
                String httpUserToken = signIn(httpApi, httpApi.facts(folder));
                return new Scene(
                        model,
                        rest,
                        http,
                        key,
                        issued(restApi, "{\"owner\":\"a\",\"client\":\"first\",\"days\":9}", "x-api-key", key),
                        signIn(restApi, facts),
                        issued(httpApi, "{\"owner\":\"a\",\"days\":9}", "Authorization", httpUserToken),
                        httpUserToken);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        void close() {
            rest.run().close();
            http.run().close();
            model.close();
        }
    }

    private static final Scene SCENE = Scene.open();

    /**
     * A request; each character of its body is a byte.
     *
     * @param api which of the two APIs it goes to
     * @param target the request line's middle
     * @param credential the header that shows who calls; empty for none
     * @param entitled whether that is the credential that the target's routes take
     * @param prompt the prompt in the body, where it is a good one
     */
    private record Try(
            Served api,
            String method,
            String target,
            List<String> headers,
            String credential,
            boolean entitled,
            String body,
            Optional<String> prompt) {

        @Override
        public String toString() {
            return method + " " + target + " " + headers
                    + (credential.isEmpty() ? "" : " " + credential.substring(0, credential.indexOf(':'))) + " " + body;
        }
    }

    /** With the body as text, whatever its bytes are. */
    private record Answer(int status, String head, String text) {}

    @AfterContainer
    static void stop() {
        SCENE.close();
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void keys(@ForAll("withKey") Try request) throws Exception {
        holds(request);
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void tokens(@ForAll("withToken") Try request) throws Exception {
        holds(request);
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void users(@ForAll("withSignIn") Try request) throws Exception {
        holds(request);
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void everybody(@ForAll("withNothing") Try request) throws Exception {
        holds(request);
    }

    private static void holds(Try request) throws Exception {
        Answer answer = send(request);

        assertThat(answer.status()).as("%s -> %s", request, answer.text()).isBetween(200, 499);
        if (answer.status() < 300 && !request.entitled()) {
            assertThat(request.method())
                    .as("%s was answered without its credential: %s", request, answer.text())
                    .isEqualTo("OPTIONS");
        }
        if (answer.head().toLowerCase(Locale.ROOT).contains("content-type: application/json")
                && !request.target().contains("raw")
                && !request.target().contains("function")
                && !answer.text().isEmpty()) {
            JsonNode json = JSON.readTree(answer.text());
            if (answer.status() >= 400) {
                assertThat(answer.text()).doesNotContain("arn:").doesNotContain("123456789012");
            } else if (request.prompt().isPresent() && json.has("generated_text")) {
                assertThat(json.path("generated_text").asText())
                        .isEqualTo(request.prompt().get());
                assertThat(json.path("prompt").asText())
                        .isEqualTo(request.prompt().get());
            }
        }
    }

    @Provide
    Arbitrary<Try> withKey() {
        return tries("key", List.of(SCENE.rest()));
    }

    @Provide
    Arbitrary<Try> withToken() {
        return tries("token", List.of(SCENE.rest(), SCENE.http()));
    }

    @Provide
    Arbitrary<Try> withSignIn() {
        return tries("cognito", List.of(SCENE.rest(), SCENE.http()));
    }

    @Provide
    Arbitrary<Try> withNothing() {
        return tries("public", List.of(SCENE.rest(), SCENE.http()));
    }

    private static Arbitrary<Try> tries(String access, List<Served> apis) {
        return Arbitraries.of(apis).flatMap(api -> Combinators.combine(
                        methods(), targets(access, api), headers(), credentials(access, api), bodies())
                .as((method, target, headers, credential, body) -> new Try(
                        api,
                        method,
                        "/" + api.stage() + target,
                        headers,
                        credential.get1(),
                        credential.get2(),
                        body.get1(),
                        body.get2())));
    }

    private static Arbitrary<String> methods() {
        return Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.just("POST")),
                Tuple.of(2, Arbitraries.of("GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW", "post")));
    }

    private static Arbitrary<String> targets(String access, Served api) {
        List<String> own = api.paths().stream()
                .filter(path -> path.startsWith("/" + access + "/"))
                .toList();
        Arbitrary<String> known = Arbitraries.of(own);
        Arbitrary<String> bent = Combinators.combine(
                        known,
                        Arbitraries.of(
                                "/",
                                "//",
                                "?",
                                "?a=b&a=c",
                                "?x=%00",
                                "?%zz",
                                "/..",
                                "/%2e%2e/public/prompt",
                                "%2f",
                                "x",
                                "/id",
                                "#f",
                                "?q=" + "y".repeat(3000)))
                .as((path, end) -> path + end);
        Arbitrary<String> cased = known.map(path -> path.toUpperCase(Locale.ROOT));
        return Arbitraries.frequencyOf(Tuple.of(7, known), Tuple.of(2, bent), Tuple.of(1, cased));
    }

    private static Arbitrary<List<String>> headers() {
        return Arbitraries.frequencyOf(
                        Tuple.of(5, Arbitraries.just("Content-Type: application/json")),
                        Tuple.of(
                                1,
                                Arbitraries.of(
                                        "content-type: text/plain",
                                        "Content-Type: application/json; charset=utf-16",
                                        "Content-Type: multipart/form-data; boundary=x",
                                        "Content-Type: image/png",
                                        "Content-Type: ",
                                        "X-Nothing: x")))
                .flatMap(type -> Arbitraries.of(
                                "Accept: */*",
                                "Accept: text/html;q=0.1",
                                "Content-Encoding: gzip",
                                "X-Amzn-SageMaker-Custom-Attributes: c000b4f9-df62-4c85-a0bf-7c525f9104a4",
                                "X-Amzn-SageMaker-Custom-Attributes: \u00e9\"'$#",
                                "Expect: nothing",
                                "X-Forwarded-For: 127.0.0.1",
                                "X-HTTP-Method-Override: GET",
                                "Cookie: a=b; a=c",
                                "Origin: null")
                        .list()
                        .ofMaxSize(3)
                        .map(others -> {
                            List<String> all = new ArrayList<>(List.of(type));
                            all.addAll(others);
                            return all;
                        }));
    }

    /** What callers show, and whether routes of that access take it. */
    private static Arbitrary<Tuple.Tuple2<String, Boolean>> credentials(String access, Served api) {
        boolean onRest = api.equals(SCENE.rest());
        String right =
                switch (access) {
                    case "key" -> SCENE.key();
                    case "token" -> onRest ? SCENE.token() : SCENE.httpToken();
                    case "cognito" -> onRest ? SCENE.userToken() : SCENE.httpUserToken();
                    default -> "";
                };
        boolean open = access.equals("public");
        List<String> all = onRest
                ? List.of(SCENE.key(), SCENE.token(), SCENE.userToken())
                : List.of(SCENE.httpToken(), SCENE.httpUserToken());
        List<String> wrong = new ArrayList<>(List.of(
                "",
                "Authorization: ",
                "Authorization: Bearer",
                "Authorization: Basic YTpi",
                "Authorization: Bearer pmt_" + "B".repeat(43),
                "Authorization: Bearer " + right + "x",
                "Authorization: Bearer eyJhbGciOiJub25lIn0.e30.",
                "x-api-key: " + right + "x",
                "x-api-key: $input.path('$')",
                "x-api-key: \u00e9\"'",
                "X-Token: " + right));
        all.stream().filter(each -> !each.equals(right)).forEach(each -> wrong.add("Authorization: Bearer " + each));
        if (!access.equals("key")) {
            wrong.add("x-api-key: " + (onRest ? SCENE.key() : "some-key"));
        }
        List<String> good = access.equals("key")
                ? List.of("x-api-key: " + right, "X-API-KEY: " + right, "authorization: bearer " + right)
                : List.of("Authorization: Bearer " + right, "AUTHORIZATION: " + right);
        return Arbitraries.frequencyOf(
                Tuple.of(open ? 1 : 3, Arbitraries.of(open ? List.of("") : good).map(header -> Tuple.of(header, true))),
                Tuple.of(open ? 1 : 2, Arbitraries.of(wrong).map(header -> Tuple.of(header, open))));
    }

    /** A body, and the prompt in it where it is a good one. */
    private static Arbitrary<Tuple.Tuple2<String, Optional<String>>> bodies() {
        Arbitrary<Tuple.Tuple2<String, Optional<String>>> prompts = Arbitraries.frequencyOf(
                        Tuple.of(3, Arbitraries.of(PIECES)),
                        Tuple.of(1, Arbitraries.strings().ofMinLength(1).ofMaxLength(8)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(12)
                .map(pieces -> new String(String.join("", pieces).getBytes(UTF_8), UTF_8))
                .map(prompt -> Tuple.of(json(prompt), Optional.of(prompt)));
        Arbitrary<Tuple.Tuple2<String, Optional<String>>> bytes = Arbitraries.bytes()
                .array(byte[].class)
                .ofMaxSize(60)
                .map(body -> Tuple.of(new String(body, ISO_8859_1), Optional.empty()));
        Arbitrary<Tuple.Tuple2<String, Optional<String>>> bent = prompts.map(good ->
                Tuple.of(good.get1().substring(0, Math.min(9, good.get1().length())), Optional.empty()));
        Arbitrary<Tuple.Tuple2<String, Optional<String>>> odd = Arbitraries.of(
                        "",
                        "null",
                        "[]",
                        "\"a\"",
                        "{}",
                        "{\"prompt\":\"\\ud800\"}",
                        "{\"prompt\":\"\\udc00\\ud83d$x\"}",
                        "{\"prompt\":1}",
                        "{\"prompt\":\"a\",\"prompt\":\"b\"}",
                        "{\"prompt\":\"a\",\"parameters\":{\"stop\":[\"'\",\"\\\"\",\"$x\",\"#end\"]}}",
                        "{\"prompt\":\"a\",\"parameters\":{\"max_new_tokens\":1e99}}",
                        "{\"prompt\":\"a\",\"$x\":\"#set\"}",
                        "{\"inputs\":\"It's\",\"parameters\":{}}",
                        "{\"endpointname\":\"x\",\"body\":{}}",
                        "[".repeat(3000),
                        "{\"a\":".repeat(2000))
                .map(body -> Tuple.of(body, Optional.empty()));
        return Arbitraries.frequencyOf(Tuple.of(6, prompts), Tuple.of(1, bytes), Tuple.of(1, bent), Tuple.of(2, odd));
    }

    private static String json(String prompt) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("prompt", prompt);
        return new String(body.toString().getBytes(UTF_8), ISO_8859_1);
    }

    private static Answer send(Try request) throws IOException {
        StringBuilder head =
                new StringBuilder(request.method() + " " + request.target() + " HTTP/1.1\r\nHost: localhost\r\n");
        request.headers().forEach(header -> head.append(header).append("\r\n"));
        if (!request.credential().isEmpty()) {
            head.append(request.credential()).append("\r\n");
        }
        head.append("Connection: close\r\nContent-Length: ")
                .append(request.body().length())
                .append("\r\n\r\n");
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), request.api().port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write((head + request.body()).getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            return answer(socket.getInputStream().readAllBytes());
        }
    }

    private static Answer answer(byte[] bytes) {
        String text = new String(bytes, ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        assertThat(end).as(text).isPositive();
        String head = text.substring(0, end);
        String body = text.substring(end + 4);
        if (head.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked")) {
            body = joined(body);
        }
        int status = Integer.parseInt(head.substring(9, 12));
        return new Answer(status, head, new String(body.getBytes(ISO_8859_1), UTF_8));
    }

    private static String joined(String chunked) {
        StringBuilder body = new StringBuilder();
        int at = 0;
        while (at < chunked.length()) {
            int line = chunked.indexOf("\r\n", at);
            int size = Integer.parseInt(chunked.substring(at, line).trim(), 16);
            body.append(chunked, line + 2, line + 2 + size);
            at = line + 2 + size + 2;
        }
        return body.toString();
    }

    private static Served served(String stack, EchoModel model) throws Exception {
        Deployment deployment = TestStacks.deployment(stack);
        var run = new LocalRun(TestStacks.order(Optional.empty(), Optional.of(model.url()), 0), line -> {}, line -> {});
        run.start(deployment, run.findModel());
        List<String> lines = Files.readAllLines(Path.of("src/test/resources/stacks/Pulumi." + stack + ".yaml"));
        List<String> paths = lines.stream()
                .filter(line -> line.contains("path: /"))
                .map(line -> line.replaceFirst(".*path: (/[^,}]+).*", "$1"))
                .collect(Collectors.toList());
        return new Served(run, run.url().getPort(), run.url().getPath().substring(1), paths);
    }

    private static String issued(Api api, String request, String header, String value) {
        return Api.json(api.post("/tokens", request, header, value))
                .path("token")
                .asText();
    }

    private static String signIn(Api api, JsonNode facts) {
        var user = Objects.requireNonNull(
                facts.path("users").properties().iterator().next());
        return api.signIn(
                facts.path("userPoolClientId").asText(),
                user.getKey(),
                user.getValue().asText());
    }
}
