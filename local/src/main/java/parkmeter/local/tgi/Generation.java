package parkmeter.local.tgi;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the model said.
 *
 * @param tokens every token, the last one included
 * @param seed of the sampling, 64 bits unsigned; null when decoding was greedy
 */
record Generation(List<Token> tokens, Finish finish, @Nullable Long seed) {

    /** The text: what is special (the end token) is left out, a stop sequence isn't. */
    String text() {
        return tokens.stream()
                .filter(token -> !token.special())
                .map(Token::text)
                .collect(Collectors.joining());
    }

    /** The token that ended it. */
    Token last() {
        return tokens.get(tokens.size() - 1);
    }

    /** One token. A character of several tokens is the text of the last of them; the others' text is empty. */
    record Token(int id, String text, boolean special) {}

    /** Why it ended, with TGI's names: in generate's answers, and in a chat's. */
    enum Finish {
        LENGTH("length", "length"),
        END("eos_token", "stop"),
        STOP_SEQUENCE("stop_sequence", "stop_sequence");

        private final String generate;
        private final String chat;

        Finish(String generate, String chat) {
            this.generate = generate;
            this.chat = chat;
        }

        String generateName() {
            return generate;
        }

        String chatName() {
            return chat;
        }
    }

    /** Takes the tokens of a generation as they come, all but the last; the index counts from 1. */
    interface Listener {
        /** Says whether anybody still listens; if not, the generation ends. */
        boolean token(int index, Token token);
    }
}
