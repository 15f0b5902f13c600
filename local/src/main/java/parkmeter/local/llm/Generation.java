package parkmeter.local.llm;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the model said.
 *
 * @param tokens every token, the last one included
 * @param seed of the sampling, 64 bits unsigned; null when decoding was greedy
 */
public record Generation(List<Token> tokens, Finish finish, @Nullable Long seed) {

    /** The text: what is special (the end token) is left out, a stop sequence isn't. */
    public String text() {
        return tokens.stream()
                .filter(token -> !token.special())
                .map(Token::text)
                .collect(Collectors.joining());
    }

    /** The token that ended it. */
    public Token last() {
        return tokens.get(tokens.size() - 1);
    }

    /** One token. A character of several tokens is the text of the last of them; the others' text is empty. */
    public record Token(int id, String text, boolean special) {}

    /** Why it ended. */
    public enum Finish {
        /** As many tokens as were allowed. */
        LENGTH,
        /** The model's end token. */
        END,
        /** One of the job's stop texts. */
        STOP_SEQUENCE
    }

    /** Takes the tokens of a generation as they come, all but the last; the index counts from 1. */
    public interface Listener {
        /** Says whether anybody still listens; if not, the generation ends. */
        boolean token(int index, Token token);
    }
}
