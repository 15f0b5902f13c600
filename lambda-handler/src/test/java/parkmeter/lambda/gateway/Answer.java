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

/** What API Gateway gets from the function, read back; {@code body} is empty where it is no object. */
public record Answer(int status, Map<?, ?> headers, Map<?, ?> body, String text, boolean encoded) {

    public static Answer of(byte[] bytes) {
        Map<?, ?> answer = read(new String(bytes, UTF_8));
        assertThat(answer.keySet().stream().map(String::valueOf).toList())
                .containsExactly("isBase64Encoded", "statusCode", "headers", "body");
        String text = String.valueOf(answer.get("body"));
        return new Answer(
                (Integer) Objects.requireNonNull(answer.get("statusCode")),
                (Map<?, ?>) Objects.requireNonNull(answer.get("headers")),
                text.startsWith("{") ? read(text) : Map.of(),
                text,
                (Boolean) Objects.requireNonNull(answer.get("isBase64Encoded")));
    }

    public static Map<?, ?> read(String json) {
        try {
            return (Map<?, ?>) Objects.requireNonNull(Json.read(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public @Nullable String textAt(String... keys) {
        return Json.textAt(body, keys);
    }

    /** What API Gateway sends. */
    public byte[] bytes() {
        return encoded ? Base64.getDecoder().decode(text) : text.getBytes(UTF_8);
    }

    /** The problems as {@code field=value: rule}. */
    public List<String> problems() {
        Object problems = body.get("problems");
        return problems == null
                ? List.of()
                : ((List<?>) problems)
                        .stream()
                                .map(problem -> Json.textAt(problem, "field") + "=" + Json.at(problem, "value") + ": "
                                        + Json.textAt(problem, "rule"))
                                .toList();
    }
}
