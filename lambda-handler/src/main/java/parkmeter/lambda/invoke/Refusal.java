package parkmeter.lambda.invoke;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/**
 * Why TGI refuses a request, for a caller. Only sentences known word for word are passed on (TGI's {@code
 * router/src/validation.rs}): the container is the operator's choice, and any other text may quote a prompt or name what
 * is behind the API.
 */
final class Refusal {
    /** In TGI's words, with {@code #} for a number. */
    private static final Pattern KNOWN = Stream.of(
                    "`inputs` cannot be empty",
                    "`inputs` must have less than # tokens. Given: #",
                    "`inputs` tokens + `max_new_tokens` must be <= #. Given: # `inputs` tokens and # `max_new_tokens`",
                    "`max_new_tokens` must be strictly positive",
                    "`max_new_tokens` must be <= #. Given: #",
                    "`truncate` must be strictly positive and less than #. Given: #",
                    "`temperature` must be strictly positive",
                    "`repetition_penalty` must be strictly positive",
                    "`frequency_penalty` must be >= -2.0 and <= 2.0",
                    "`top_p` must be > 0.0 and < 1.0",
                    "`typical_p` must be > 0.0 and < 1.0",
                    "`top_k` must be strictly positive",
                    "`top_n_tokens` must be >= 0 and <= #. Given: #",
                    "`stop` supports up to # stop sequences. Given: #",
                    "`seed` must not be set when `best_of` > 1",
                    "you must use sampling when `best_of` is > 1",
                    "`best_of` must be > 0 and <= #. Given: #",
                    "`best_of` != 1 is not allowed for this endpoint",
                    "`watermark` = true is not allowed with FP8 quantization.",
                    "grammar is not supported")
            .map(sentence -> Pattern.quote(sentence).replace("#", "\\E[0-9]{1,20}\\Q"))
            .collect(Collectors.collectingAndThen(Collectors.joining("|"), Pattern::compile));

    private static final String VALIDATION = "Input validation error: ";
    private static final String INVALID_GRAMMAR = VALIDATION + "grammar is not valid: ";

    private Refusal() {}

    /**
     * The reason as the end of a sentence.
     *
     * @param answer what the container answered with its 422, read as JSON; null when it is none
     */
    static String reason(@Nullable Object answer) {
        String words = Json.textAt(answer, "error");
        if (words == null) {
            return "check its parameters.";
        }
        if (words.startsWith("Template error: ")) {
            return "its chat template can't be applied to the prompt.";
        }
        if (words.startsWith(INVALID_GRAMMAR)) { // what follows quotes the grammar
            return "`grammar` is not valid.";
        }
        String sentence = words.startsWith(VALIDATION) ? words.substring(VALIDATION.length()) : words;
        return KNOWN.matcher(sentence).matches() ? sentence : "check its parameters.";
    }
}
