package parkmeter.lambda.invoke;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.gateway.Answer;
import parkmeter.lambda.gateway.Event;
import parkmeter.lambda.json.Json;
import parkmeter.lambda.sagemaker.Ask;
import parkmeter.lambda.sagemaker.Content;
import parkmeter.lambda.sagemaker.Reply;

/**
 * Whatever a caller sends, the answer is the model's or says what was wrong with the request, and what reaches the model
 * is something that TGI can read and does not refuse for a value out of range.
 */
class AnyBodyTest {
    private static final Settings SETTINGS = new Settings(
            "m",
            "e",
            "eu-west-2",
            Map.of("POST /invoke", new Body.Prompt(Template.CHAT), "POST /complete", new Body.Prompt(Template.NONE)),
            null,
            Engine.tgi());

    @Property(tries = 300)
    void random_bytes_never_break_the_function(@ForAll byte[] body, @ForAll("routes") String route) throws IOException {
        check(Event.base64(body), route);
    }

    @Property(tries = 300)
    void random_text_never_breaks_the_function(
            @ForAll String body,
            @ForAll("contentTypes") String contentType,
            @ForAll boolean base64,
            @ForAll("routes") String route)
            throws IOException {
        check(
                Event.rest(new String(body.getBytes(UTF_8), UTF_8))
                        .contentType(contentType)
                        .with("isBase64Encoded", base64),
                route);
    }

    @Property(tries = 500)
    void random_json_never_breaks_the_function(@ForAll("json") Object body, @ForAll("routes") String route)
            throws IOException {
        check(Event.rest(Json.text(body)), route);
    }

    @Property(tries = 1_500)
    void a_request_with_random_parameters_never_breaks_the_function(
            @ForAll("requests") Map<String, Object> body,
            @ForAll("contentTypes") String contentType,
            @ForAll boolean base64,
            @ForAll("routes") String route)
            throws IOException {
        Event event = base64 ? Event.base64(Json.bytes(body)) : Event.http(Json.text(body));
        check(event.contentType(contentType), route);
    }

    @Property(tries = 500)
    void a_request_cut_or_changed_anywhere_never_breaks_the_function(
            @ForAll("requests") Map<String, Object> body,
            @ForAll("routes") String route,
            @ForAll int where,
            @ForAll byte change,
            @ForAll boolean cut)
            throws IOException {
        byte[] bytes = Json.bytes(body);
        int at = Math.floorMod(where, bytes.length);
        byte[] changed = cut ? Arrays.copyOf(bytes, at) : bytes;
        if (!cut) {
            changed[at] = change;
        }
        check(Event.base64(changed), route);
    }

    private static void check(Event event, String route) throws IOException {
        List<String> log = new ArrayList<>();
        InvokeHandler handler = new InvokeHandler(SETTINGS, AnyBodyTest::tgi, ModelMeter.NONE, Clock.systemUTC());

        Answer answer = Answer.of(handler.answer(event.to(route).bytes(), Duration.ofSeconds(29), "id", log::add));

        assertThat(log).hasSize(1);
        assertThat(answer.headers().get("Access-Control-Allow-Origin")).isEqualTo("*");
        if (answer.status() == 200) {
            assertThat(names(answer.body())).containsExactly("generated_text", "prompt", "parameters");
        } else {
            assertThat(answer.status()).as(answer.text()).isIn(400, 413, 415);
            assertThat(names(answer.body()))
                    .startsWith("error", "code", "requestId")
                    .isSubsetOf("error", "code", "requestId", "problems");
            assertThat(answer.textAt("error")).isNotBlank();
        }
    }

    private static List<String> names(Map<?, ?> object) {
        return object.keySet().stream().map(String::valueOf).toList();
    }

    /** As strict as TGI's own reader and its validation; what it does not like is a defect of the function. */
    private static Reply tgi(Ask ask, Duration atMost) {
        Map<?, ?> request = Answer.read(ask.content().text());
        if (request.containsKey("messages")) {
            assertThat(names(request))
                    .isSubsetOf(
                            "messages",
                            "max_tokens",
                            "temperature",
                            "top_p",
                            "stop",
                            "seed",
                            "frequency_penalty",
                            "presence_penalty",
                            "response_format");
            between(request.get("presence_penalty"), -2, 98);
            check(request, "max_tokens", 0);
        } else {
            assertThat(names(request)).containsExactly("inputs", "parameters");
            Map<?, ?> parameters = (Map<?, ?>) Objects.requireNonNull(request.get("parameters"));
            between(parameters.get("repetition_penalty"), 0, 100);
            between(parameters.get("top_k"), 0, Integer.MAX_VALUE);
            between(parameters.get("typical_p"), 0, 1);
            check(parameters, "max_new_tokens", Double.MIN_VALUE);
        }
        return new Reply.Answered(Content.json("{\"generated_text\":\"ok\"}"), "");
    }

    private static void check(Map<?, ?> parameters, String tokens, double leastTemperature) {
        assertThat(parameters.get(tokens)).isInstanceOfSatisfying(Integer.class, count -> assertThat(count)
                .isPositive());
        if (parameters.get("temperature") instanceof Number temperature) {
            assertThat(temperature.floatValue()).isBetween((float) leastTemperature, 100f);
        }
        between(parameters.get("top_p"), 0, 1);
        between(parameters.get("frequency_penalty"), -2.1, 2.1);
        if (parameters.get("stop") instanceof List<?> stop) {
            assertThat(stop).allMatch(String.class::isInstance);
        }
        assertThat(parameters.containsKey("stop") && !(parameters.get("stop") instanceof List))
                .isFalse();
    }

    /** TGI's bounds are exclusive, and its numbers have 32 bits. */
    private static void between(@Nullable Object value, double low, double high) {
        if (value != null) {
            assertThat(((Number) value).floatValue()).isStrictlyBetween((float) low, (float) high);
        }
    }

    @Provide
    Arbitrary<String> routes() {
        return Arbitraries.of("/invoke", "/complete");
    }

    @Provide
    Arbitrary<String> contentTypes() {
        Arbitrary<String> part =
                Arbitraries.of("application/json", "text/plain", "charset=utf-8", "charset=latin1", "+json", "\"", " ");
        return Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just("application/json")),
                Tuple.of(2, part.list().ofMaxSize(3).map(parts -> String.join(";", parts))),
                Tuple.of(1, Arbitraries.strings().withChars("; =/+\"json").ofMaxLength(5)));
    }

    @Provide
    Arbitrary<Object> json() {
        return json(3);
    }

    private static Arbitrary<Object> json(int depth) {
        Arbitrary<Object> scalar = Arbitraries.oneOf(
                texts().map(Object.class::cast),
                Arbitraries.integers().map(Object.class::cast),
                Arbitraries.bigIntegers().map(Object.class::cast),
                Arbitraries.doubles().map(Object.class::cast),
                Arbitraries.of(true, false).map(Object.class::cast),
                Arbitraries.of(0, 1, -1, 0.0, 1.0, 1e-60, 2, 100, 101, Long.MAX_VALUE)
                        .map(Object.class::cast),
                Arbitraries.of("1e999", "-1e999", "1e-999", "0e-999", "1e-45", "1e999999999", "1e-999999999")
                        .map(BigDecimal::new));
        if (depth == 0) {
            return scalar;
        }
        return Arbitraries.oneOf(
                scalar,
                json(depth - 1).list().ofMaxSize(3).map(Object.class::cast),
                Arbitraries.maps(texts(), json(depth - 1)).ofMaxSize(3).map(Object.class::cast));
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(8).map(text -> new String(text.getBytes(UTF_8), UTF_8)),
                Arbitraries.of("", "prompt", "parameters", "json", "regex", "\"'\\\u0000\u2028", "🙂"));
    }

    @Provide
    Arbitrary<Map<String, Object>> requests() {
        Arbitrary<String> name = Arbitraries.oneOf(
                Arbitraries.of(Parameter.values()).map(Parameter::key), Arbitraries.of("max_tokens", "n", ""));
        Arbitrary<Object> grammar = Combinators.combine(Arbitraries.of("json", "regex", "json_schema", "x"), json(1))
                .as((type, value) -> Map.of("type", type, "value", value));
        Arbitrary<Map<String, Object>> parameters =
                Arbitraries.maps(name, Arbitraries.oneOf(json(1), grammar)).ofMaxSize(4);
        return Combinators.combine(Arbitraries.oneOf(texts().map(Object.class::cast), json(1)), parameters, json(1))
                .as((prompt, given, extra) -> {
                    Map<String, Object> request = new LinkedHashMap<>();
                    request.put("prompt", prompt);
                    request.put("parameters", given);
                    if (Set.of(1, true).contains(extra)) {
                        request.put("extra", extra);
                    }
                    return request;
                });
    }
}
