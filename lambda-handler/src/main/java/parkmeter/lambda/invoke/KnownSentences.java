package parkmeter.lambda.invoke;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The sentences of an engine's that a caller may see: those known word for word. The container is the operator's choice, and
 * any other text may quote a prompt or name what is behind the API.
 */
final class KnownSentences {
    private final Pattern pattern;

    /** In the engine's words, with {@code #} for a number. */
    KnownSentences(String... sentences) {
        this.pattern = Stream.of(sentences)
                .map(sentence -> Pattern.quote(sentence).replace("#", "\\E[0-9]{1,20}\\Q"))
                .collect(Collectors.collectingAndThen(Collectors.joining("|"), Pattern::compile));
    }

    /** The sentence where it is one of them. */
    Optional<String> known(String sentence) {
        return pattern.matcher(sentence).matches() ? Optional.of(sentence) : Optional.empty();
    }
}
