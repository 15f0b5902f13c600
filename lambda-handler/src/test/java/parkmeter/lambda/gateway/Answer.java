package parkmeter.lambda.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/** What API Gateway gets from the function, read back. */
public record Answer(int status, Map<?, ?> headers, String text, boolean encoded) {

    public static Answer of(byte[] bytes) {
        Map<?, ?> answer = read(new String(bytes, UTF_8));
        assertThat(answer.keySet().stream().map(String::valueOf).toList())
                .containsExactly("isBase64Encoded", "statusCode", "headers", "body");
        return new Answer(
                (Integer) Objects.requireNonNull(answer.get("statusCode")),
                (Map<?, ?>) Objects.requireNonNull(answer.get("headers")),
                String.valueOf(answer.get("body")),
                (Boolean) Objects.requireNonNull(answer.get("isBase64Encoded")));
    }

    public static Map<?, ?> read(String json) {
        try {
            return (Map<?, ?>) Objects.requireNonNull(Json.read(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The body as an object, empty where it does not begin as one; read when asked for, as a model's may be any text. */
    public Map<?, ?> body() {
        return text.startsWith("{") ? read(text) : Map.of();
    }

    public @Nullable String textAt(String... keys) {
        return Json.textAt(body(), keys);
    }

    /** What API Gateway sends. */
    public byte[] bytes() {
        return encoded ? Base64.getDecoder().decode(text) : text.getBytes(UTF_8);
    }

    /** The problems as {@code field=value: rule}. */
    public List<String> problems() {
        Object problems = body().get("problems");
        return problems == null
                ? List.of()
                : ((List<?>) problems)
                        .stream()
                                .map(problem -> Json.textAt(problem, "field") + "=" + Json.at(problem, "value") + ": "
                                        + Json.textAt(problem, "rule"))
                                .toList();
    }
}
